import { catalogued, countryGroupOf } from '../catalogue';
import { balanceOf } from '../books/documents';
import { type Address, type Contact, type ContactPerson } from '../records';
import { decimal, deletedAt, nested, type Shape, stub, time, type View } from './shape';

const customersOnly =
  <T>(attribute: (contact: Contact, view: View) => T) =>
  (contact: Contact, view: View): T | undefined =>
    contact.type === 'CUSTOMER' ? attribute(contact, view) : undefined;

const ledgerAccount = (id: string, displayed_as: string) => () => ({
  id,
  displayed_as,
  $path: `/ledger_accounts/${id}`,
});

const mainAddress = (contact: Contact, view: View): unknown =>
  nested(ADDRESS, view.books.addresses.get(contact.main_address_id), view);
const mainPerson = (contact: Contact, view: View): unknown =>
  nested(CONTACT_PERSON, view.books.persons.get(contact.main_contact_person_id), view);

/** As recorded (reference §4): the keys that lists, customers and suppliers lack are lacking here. */
export const CONTACT: Shape<Contact> = {
  path: 'contacts',
  displayedAs: ({ name, reference }) => (reference ? `${name} (${reference})` : name),
  attributes: {
    created_at: ({ createdAt }) => time(createdAt),
    updated_at: ({ updatedAt }) => time(updatedAt),
    deleted_at: deletedAt,
    links: ({ type, number }, { origin, single }) => {
      const section = single ? { CUSTOMER: 'customers', VENDOR: 'suppliers' }[type] : 'contacts';
      return [{ href: `${origin}/contacts/${section}/${number}`, rel: 'alternate', type: 'text/html' }];
    },
    contact_types: ({ type }) => [catalogued('contact_types', type)],
    name: ({ name }) => name,
    reference: ({ reference }) => reference,
    default_sales_ledger_account: customersOnly(
      ledgerAccount('5a1e0000000000000000000000004900', 'Other income (4900)'),
    ),
    default_sales_tax_rate: customersOnly(({ system }) =>
      system ? null : { id: 'GB_STANDARD', displayed_as: 'Standard 20.00%', $path: '/tax_rates/GB_STANDARD' },
    ),
    default_purchase_ledger_account: (contact) =>
      contact.type === 'VENDOR'
        ? ledgerAccount('5a1e0000000000000000000000005000', 'Cost of Sales - Goods (5000)')()
        : undefined,
    tax_number: ({ tax_number }) => tax_number,
    notes: ({ notes }) => notes,
    locale: ({ locale }) => locale,
    main_address: mainAddress,
    preferred_address: customersOnly(mainAddress),
    delivery_address: customersOnly(({ delivery_address_id }, view) =>
      nested(ADDRESS, delivery_address_id ? view.books.addresses.get(delivery_address_id) : null, view),
    ),
    main_contact_person: mainPerson,
    preferred_contact_person: customersOnly(mainPerson),
    bank_account_details: ({ bank_account_details }) => bank_account_details,
    credit_limit: ({ credit_limit }) => credit_limit,
    credit_days: ({ credit_days }) => credit_days,
    credit_terms: ({ credit_terms }) => credit_terms,
    // Sage tells the text "null" where nothing was written (reference §5, B).
    credit_terms_and_conditions: customersOnly(({ credit_terms_and_conditions, system }) =>
      system ? null : (credit_terms_and_conditions ?? 'null'),
    ),
    product_sales_price_type: customersOnly(() => ({
      id: '5a1e0000000000000000000000000001',
      displayed_as: 'Sales Price',
      $path: '/product_sales_price_types/5a1e0000000000000000000000000001',
    })),
    source_guid: ({ source_guid }) => source_guid,
    currency: ({ currency_id }) => catalogued('currencies', currency_id),
    registered_number: ({ registered_number }) => registered_number,
    // True for the system contacts too, although they cannot be deleted (reference §6, B).
    deletable: ({ id }, { books }) => books.documents.of(id).every((document) => document.deletedAt !== null),
    tax_treatment: ({ type }) => ({
      home_tax: true,
      eu_tax_registered: false,
      eu_not_tax_registered: false,
      rest_of_world_tax: false,
      is_importer: type === 'VENDOR' ? false : null,
    }),
    email: ({ main_contact_person_id }, { books }) =>
      books.persons.get(main_contact_person_id)?.email ?? null,
    tax_calculation: () => '',
    gdpr_obfuscated: ({ gdpr_obfuscated }) => gdpr_obfuscated,
    system: ({ system }) => system,
    has_unfinished_recurring_invoices: (_contact, { single }) => (single ? false : undefined),
    cis_registered: () => false,
    ni_based: () => false,
    is_active: ({ is_active }) => is_active,
    gb_based: () => true,
    cis_settings: () => null,
    destination_vat_blocking: () => false,
    mandate_active: () => false,
    send_statements: customersOnly(() => true),
    statement_run: customersOnly(() => ({
      id: 'statement_delivery_method_email',
      name: 'Sent by email',
    })),
    balance: (contact, { books, balance }) => (balance ? decimal(balanceOf(books, contact)) : undefined),
  },
};

export const ADDRESS: Shape<Address> = {
  path: 'addresses',
  displayedAs: ({ address_line_1, address_line_2, city, region, postal_code }) =>
    [address_line_1, address_line_2, city, region, postal_code].filter(Boolean).join('\n'),
  attributes: {
    contact: ({ contact_id }, view) => {
      const contact = view.books.contacts.get(contact_id);
      return contact ? stub(CONTACT, contact, view) : null;
    },
    address_type: ({ address_type_id }) => catalogued('address_types', address_type_id),
    name: ({ name }) => name,
    address_line_1: ({ address_line_1 }) => address_line_1,
    address_line_2: ({ address_line_2 }) => address_line_2,
    city: ({ city }) => city,
    region: ({ region }) => region,
    postal_code: ({ postal_code }) => postal_code,
    country: ({ country_id }) => catalogued('countries', country_id),
    country_group: ({ country_id }) => countryGroupOf(country_id),
    is_main_address: ({ is_main_address }) => is_main_address,
    created_at: ({ createdAt }) => time(createdAt),
    updated_at: ({ updatedAt }) => time(updatedAt),
    deleted_at: deletedAt,
  },
};

/** Tells its address and never its contact (reference §3). */
export const CONTACT_PERSON: Shape<ContactPerson> = {
  path: 'contact_persons',
  displayedAs: ({ name }) => name,
  attributes: {
    contact_person_types: ({ contact_person_type_ids }) =>
      contact_person_type_ids.map((id) => catalogued('contact_person_types', id)),
    name: ({ name }) => name,
    job_title: ({ job_title }) => job_title,
    telephone: ({ telephone }) => telephone,
    mobile: ({ mobile }) => mobile,
    email: ({ email }) => email,
    fax: ({ fax }) => fax,
    is_main_contact: ({ is_main_contact }) => is_main_contact,
    address: ({ address_id }, view) => {
      const address = view.books.addresses.get(address_id);
      return address ? stub(ADDRESS, address, view) : null;
    },
    created_at: ({ createdAt }) => time(createdAt),
    updated_at: ({ updatedAt }) => time(updatedAt),
    deleted_at: deletedAt,
  },
};
