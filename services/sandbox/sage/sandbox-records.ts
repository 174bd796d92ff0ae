import { isoSeconds } from '../kernel/clock';
import { outstandingOf } from './books/documents';
import { type Directory } from './directory';

/** What `GET /sandbox/records` tells about a contact, to whoever checks a sync from outside. */
export interface SageContactRecord {
  businessId: string;
  id: string;
  name: string;
  kind: 'CUSTOMER' | 'VENDOR';
  reference: string | null;
  email: string | null;
  telephone: string | null;
  postcode: string | null;
  system: boolean;
  gdprObfuscated: boolean;
  active: boolean;
  deletedAt: string | null;
}

export interface SageRecords {
  /** The business that holds the demo company. */
  demoBusinessId: string;
  contacts: SageContactRecord[];
  /** Documents per business. */
  documents: { businessId: string; count: number; outstanding: number }[];
}

/** All contacts of the businesses whose books have been opened, deleted ones too. */
export function sageRecords(directory: Directory): SageRecords {
  const opened = directory.businesses.filter((business) => business.opened());
  return {
    demoBusinessId: directory.demo,
    contacts: opened.flatMap((business) => {
      const businessId = business.id;
      const { contacts, persons, addresses } = business.books();
      return contacts.all().map((contact) => {
        const person = persons.get(contact.main_contact_person_id);
        return {
          businessId,
          id: contact.id,
          name: contact.name,
          kind: contact.type,
          reference: contact.reference,
          email: person?.email ?? null,
          telephone: person?.telephone ?? null,
          postcode: addresses.get(contact.main_address_id)?.postal_code ?? null,
          system: contact.system,
          gdprObfuscated: contact.gdpr_obfuscated,
          active: contact.is_active,
          deletedAt: contact.deletedAt === null ? null : isoSeconds(contact.deletedAt),
        };
      });
    }),
    documents: opened.map((business) => ({
      businessId: business.id,
      count: business.books().documents.size,
      outstanding: business
        .books()
        .documents.all()
        .reduce((sum, document) => sum + outstandingOf(document), 0),
    })),
  };
}
