import {
  type Address,
  type AddressFields,
  type Contact,
  type ContactPerson,
  type PersonFields,
} from '../records';
import { invalid, notFound } from '../refusal';
import {
  type AddressInput,
  type ContactChanges,
  ContactForPost,
  ContactForPut,
  parse,
  type PersonInput,
} from './bodies';
import { type Books } from './books';
import { living } from './table';

const NO_BANK_ACCOUNT = {
  account_name: null,
  account_number: null,
  sort_code: null,
  bic: null,
  iban: null,
};

/**
 * @param body what stands inside `contact` of a POST
 * @throws Refusal 422
 */
export function createContact(books: Books, body: unknown): Contact {
  const input = parse(ContactForPost, body);
  const type = input.contact_type_ids[0] as Contact['type'];
  reserveReference(books, input.reference, null);
  const stamps = books.stamps();
  const address = addAddress(books, stamps.id, filledAddress(input.main_address ?? {}, type), true);
  const delivery = input.delivery_address
    ? addAddress(books, stamps.id, filledAddress(input.delivery_address, 'DELIVERY'), false)
    : null;
  const person = addPerson(books, stamps.id, address.id, filledPerson(input.main_contact_person ?? {}), true);
  const contact: Contact = {
    id: stamps.id,
    createdAt: stamps.createdAt,
    updatedAt: stamps.updatedAt,
    deletedAt: stamps.deletedAt,
    number: books.firstContactNumber + books.next('contact'),
    type,
    name: input.name,
    reference: null,
    tax_number: null,
    notes: null,
    locale: 'en',
    source_guid: null,
    credit_limit: null,
    credit_days: null,
    credit_terms: null,
    credit_terms_and_conditions: null,
    registered_number: null,
    currency_id: 'GBP',
    bank_account_details: NO_BANK_ACCOUNT,
    main_address_id: address.id,
    delivery_address_id: delivery?.id ?? null,
    main_contact_person_id: person.id,
    system: false,
    gdpr_obfuscated: false,
    is_active: true,
  };
  assign(contact, input);
  if (contact.reference) books.references.set(contact.reference.toLowerCase(), contact.id);
  return books.contacts.add(contact);
}

/**
 * Partial at the top level. Nested objects: whether Sage merges or replaces them is unknown (reference §4, D);
 * nastier reading: a nested object replaces, and what it leaves out is emptied.
 * @throws Refusal 404, 422; 422 also for a deleted contact (reference §4, C)
 */
export function updateContact(books: Books, id: string, body: unknown): Contact {
  const contact = books.contacts.get(id);
  if (!contact) throw notFound();
  if (contact.deletedAt !== null) throw invalid('base', 'The contact has been deleted.');
  const input = parse(ContactForPut, body);
  if (input.contact_type_ids && input.contact_type_ids[0] !== contact.type) {
    throw invalid('contact_type_ids', 'The type of a contact cannot be changed.');
  }
  if (input.reference !== undefined) reserveReference(books, input.reference, contact);
  if (input.currency_id && input.currency_id !== contact.currency_id && hasDocuments(books, contact)) {
    throw invalid('currency_id', 'The currency cannot be changed once it has been used.');
  }
  assign(contact, input);
  if (input.name !== undefined) contact.name = input.name;
  if (contact.reference) books.references.set(contact.reference.toLowerCase(), contact.id);
  replaceNested(books, contact, input);
  books.touch(contact);
  return contact;
}

/**
 * Soft: the record stays, its reference stays taken, its address and persons go with it.
 * @throws Refusal 404, 422 while it has documents or is Sage's own
 */
export function deleteContact(books: Books, id: string): void {
  const contact = books.live(books.contacts, id);
  if (contact.system) throw invalid('base', 'A system contact cannot be deleted.');
  if (hasDocuments(books, contact)) {
    throw invalid('base', 'The contact has transactions and cannot be deleted.');
  }
  const at = books.now();
  books.contacts.remove(contact, at);
  for (const address of living(books.addresses.of(id))) books.addresses.remove(address, at);
  for (const person of living(books.persons.of(id))) books.persons.remove(person, at);
}

/** What a person does in Sage's own pages and the API cannot. */
export function setActive(books: Books, id: string, active: boolean): void {
  const contact = books.live(books.contacts, id);
  contact.is_active = active;
  books.touch(contact);
}

/** Erasure under the GDPR: the row stays, empty of what said who it was (reference §6, A/D). */
export function eraseContact(books: Books, id: string): void {
  const contact = books.live(books.contacts, id);
  contact.name = `Obfuscated ${contact.id.slice(0, 8)}`;
  contact.tax_number = null;
  contact.notes = null;
  contact.gdpr_obfuscated = true;
  const { main_address_id, main_contact_person_id } = contact;
  replaceNested(books, contact, { main_address: {}, main_contact_person: {} });
  for (const address of books.addresses.of(id)) {
    if (address.id !== main_address_id) Object.assign(address, filledAddress({}, contact.type));
  }
  for (const person of books.persons.of(id)) {
    if (person.id !== main_contact_person_id) Object.assign(person, filledPerson({}));
  }
  books.touch(contact);
}

export const hasDocuments = (books: Books, { id }: Contact): boolean =>
  books.documents.of(id).some(({ deletedAt }) => deletedAt === null);

export function addAddress(books: Books, contactId: string, fields: AddressFields, main: boolean): Address {
  const { id, createdAt, updatedAt, deletedAt } = books.stamps();
  const { address_type_id, name, address_line_1, address_line_2, city, region, postal_code, country_id } =
    fields;
  // Written out, as spreads would make slow objects of hundreds of thousands of records.
  return books.addresses.add({
    id,
    createdAt,
    updatedAt,
    deletedAt,
    contact_id: contactId,
    is_main_address: main,
    address_type_id,
    name,
    address_line_1,
    address_line_2,
    city,
    region,
    postal_code,
    country_id,
  });
}

export function addPerson(
  books: Books,
  contactId: string,
  addressId: string,
  fields: PersonFields,
  main: boolean,
): ContactPerson {
  const { id, createdAt, updatedAt, deletedAt } = books.stamps();
  const { contact_person_type_ids, name, job_title, telephone, mobile, email, fax } = fields;
  return books.persons.add({
    id,
    createdAt,
    updatedAt,
    deletedAt,
    contact_id: contactId,
    address_id: addressId,
    is_main_contact: main,
    contact_person_type_ids,
    name,
    job_title,
    telephone,
    mobile,
    email,
    fax,
  });
}

/** An address of which everything that is not given is empty; a blank one names no country. */
export function filledAddress(input: AddressInput, use: Contact['type'] | 'DELIVERY'): AddressFields {
  const { address_type_id, country_id, ...texts } = input;
  return {
    address_type_id:
      address_type_id ?? { CUSTOMER: 'ACCOUNTS', VENDOR: 'PURCHASING', DELIVERY: 'DELIVERY' }[use],
    country_id: country_id ? country_id : null,
    name: texts.name ?? 'Main Address',
    address_line_1: texts.address_line_1 ?? null,
    address_line_2: texts.address_line_2 ?? null,
    city: texts.city ?? null,
    region: texts.region ?? null,
    postal_code: texts.postal_code ?? null,
  };
}

export function filledPerson(input: PersonInput): PersonFields {
  return {
    contact_person_type_ids: input.contact_person_type_ids ?? ['ACCOUNTS'],
    name: input.name ? input.name : 'Main Contact',
    job_title: input.job_title ?? null,
    telephone: input.telephone ?? null,
    mobile: input.mobile ?? null,
    email: input.email ?? null,
    fax: input.fax ?? null,
  };
}

/** Copies the plain fields that are given. */
function assign(contact: Contact, input: ContactChanges): void {
  const { name: _name, contact_type_ids: _types, bank_account_details, ...rest } = input;
  const { main_address: _main, delivery_address: _delivery, main_contact_person: _person, ...plain } = rest;
  for (const [field, value] of Object.entries(plain)) {
    if (value !== undefined) Object.assign(contact, { [field]: value });
  }
  if (bank_account_details) {
    contact.bank_account_details = { ...NO_BANK_ACCOUNT, ...(bank_account_details as object) };
  }
}

function replaceNested(
  books: Books,
  contact: Contact,
  input: Pick<ContactChanges, 'main_address' | 'delivery_address' | 'main_contact_person'>,
): void {
  const { main_address, delivery_address, main_contact_person } = input;
  if (main_address) {
    const address = books.live(books.addresses, contact.main_address_id);
    Object.assign(address, filledAddress(main_address, contact.type));
    books.touch(address);
  }
  if (delivery_address) {
    const fields = filledAddress(delivery_address, 'DELIVERY');
    const known = contact.delivery_address_id && books.addresses.get(contact.delivery_address_id);
    if (known) Object.assign(known, fields, { updatedAt: books.now() });
    else contact.delivery_address_id = addAddress(books, contact.id, fields, false).id;
  }
  if (main_contact_person) {
    const person = books.live(books.persons, contact.main_contact_person_id);
    Object.assign(person, filledPerson(main_contact_person));
    books.touch(person);
  }
}

/** @throws Refusal 422 when another contact, even a deleted one, holds the reference */
function reserveReference(books: Books, reference: string | null | undefined, own: Contact | null): void {
  if (reference) {
    const holder = books.references.get(reference.toLowerCase());
    if (holder !== undefined && holder !== own?.id) {
      throw invalid('reference', 'The reference has already been taken.');
    }
  }
  if (own?.reference && own.reference !== reference) books.references.delete(own.reference.toLowerCase());
}
