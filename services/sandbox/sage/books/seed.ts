import { type DemoCompany, type DemoContact } from '../../demo';
import { type Contact } from '../records';
import { type Books } from './books';
import { createContact } from './contacts';
import { addDocument } from './documents';

const DAY = 86_400_000;

/** Enters a demo company's contacts and documents, each at the time at which it is said to have been made. */
export function fillBooks(books: Books, company: Pick<DemoCompany, 'contacts' | 'documents'>): void {
  const contacts = company.contacts.map((contact) => enter(books, contact));
  for (const document of company.documents) {
    const contact = contacts[document.contact];
    if (!contact) continue;
    const { kind, reference, date, dueDate, currency, status, paid, sent, lines } = document;
    const voidReason = document.voidReason || null;
    const draft = {
      kind,
      reference,
      date,
      dueDate,
      currency_id: currency,
      status,
      paid,
      sent,
      lines,
      voidReason,
    };
    addDocument(books, contact, draft, Date.parse(date) + 10 * 3_600_000);
  }
}

function enter(books: Books, demo: DemoContact): Contact {
  const { address } = demo;
  const contact = createContact(books, {
    name: demo.name,
    contact_type_ids: [demo.kind],
    reference: demo.reference || null,
    currency_id: demo.currency,
    credit_limit: demo.kind === 'CUSTOMER' && !demo.system ? '2000.0' : null,
    credit_days: demo.system ? null : 30,
    main_address: address && {
      address_line_1: address.line1,
      address_line_2: address.line2,
      city: address.city,
      region: address.region,
      postal_code: address.postcode,
      country_id: address.countryCode,
    },
    main_contact_person: {
      name: demo.mainPersonName,
      telephone: demo.telephone,
      mobile: demo.mobile,
      email: demo.email || null,
    },
  });
  contact.system = demo.system;
  contact.gdpr_obfuscated = demo.erased;
  contact.is_active = !demo.inactive;
  backdate(books, contact, demo.createdDaysAgo);
  return contact;
}

function backdate(books: Books, contact: Contact, daysAgo: number): void {
  const at = books.now() - daysAgo * DAY;
  for (const record of [contact, ...books.addresses.of(contact.id), ...books.persons.of(contact.id)]) {
    record.createdAt = at;
    record.updatedAt = at;
  }
}
