import { type VendorKernel } from '../kernel';
import { type Listening } from '../kernel/server';
import { type VendorSandbox } from '../types';
import { type Books } from './books/books';
import { living } from './books/table';
import { createContact, deleteContact, eraseContact, setActive, updateContact } from './books/contacts';
import { createDocument, recordPayment, voidDocument } from './books/documents';
import { type Business, type Directory } from './directory';
import { type Grants, type Scope } from './grants';
import { type Contact, type ContactPayment, type DocumentKind, type SalesDocument } from './records';
import { type SageRecords, sageRecords } from './sandbox-records';

/** What a test does to one business as a person at Sage's own pages would. Bodies are those of the API. */
export interface BusinessHandle {
  readonly id: string;
  readonly name: string;
  /** Live contacts, system ones included. */
  contacts(): Contact[];
  contact(id: string): Contact | undefined;
  /** @param fields as in a POST; CUSTOMER where no `contact_type_ids` is given. Throws Refusal */
  addContact(fields: { name: string } & Record<string, unknown>): Contact;
  editContact(id: string, fields: Record<string, unknown>): Contact;
  deleteContact(id: string): void;
  eraseContact(id: string): void;
  setActive(id: string, active: boolean): void;
  documents(contactId?: string): SalesDocument[];
  /** @param fields as in a POST, such as `{contact_id, date, invoice_lines}` */
  addDocument(kind: DocumentKind, fields: Record<string, unknown>): SalesDocument;
  /** @param amount in the smallest unit of the document's currency */
  recordPayment(documentId: string, amount: number, date?: string): ContactPayment;
  voidDocument(kind: DocumentKind, id: string, reason: string): void;
  /** Ends or renews the Accounting subscription. */
  setSubscriptionActive(active: boolean): void;
  /** Greatest number of POSTs to contacts that were ever under way at once; Sage asks for one. */
  mostParallelContactPosts(): number;
  readonly books: Books;
}

export interface SageSandbox extends VendorSandbox {
  /** Default: the business with the demo company. */
  business(id?: string): BusinessHandle;
  businesses(): { id: string; name: string; countryId: string }[];
  records(): SageRecords;
  /** Tokens of a user without the redirects. @param login `owner`, `single`, `clerk` … */
  issueTokens(login: string, scope?: Scope): { accessToken: string; refreshToken: string };
  /** No refresh token works any more, as after a change of password. */
  revokeGrants(): void;
  /** Every access token is refused from now on; refresh tokens still work. */
  expireAccessTokens(): void;
  /** Grants that can still be refreshed. */
  livingGrants(): number;
}

export function createHandle(
  kernel: VendorKernel,
  directory: Directory,
  grants: Grants,
  listening: Listening,
): Omit<SageSandbox, 'snapshot' | 'restore'> {
  return {
    ...kernel,
    url: listening.url,
    close: () => listening.close(),
    business: (id = directory.demo) => {
      const business = directory.business(id);
      if (!business) throw new RangeError(`The Sage sandbox has no business ${id}.`);
      return handleOf(business);
    },
    businesses: () => directory.businesses.map(({ id, name, countryId }) => ({ id, name, countryId })),
    records: () => sageRecords(directory),
    issueTokens: (login, scope = 'full_access') => {
      const user = directory.user(login);
      if (!user) throw new RangeError(`The Sage sandbox has no user ${login}.`);
      const { access_token, refresh_token } = grants.open(user, scope);
      return { accessToken: access_token, refreshToken: refresh_token };
    },
    revokeGrants: () => {
      grants.revokeAll();
    },
    expireAccessTokens: () => {
      grants.expireAccessTokens();
    },
    livingGrants: () => grants.living().length,
  };
}

function handleOf(business: Business): BusinessHandle {
  const books = business.books();
  return {
    id: business.id,
    name: business.name,
    books,
    contacts: () => living(books.contacts.all()),
    contact: (id) => books.contacts.get(id),
    addContact: (fields) => createContact(books, { contact_type_ids: ['CUSTOMER'], ...fields }),
    editContact: (id, fields) => updateContact(books, id, fields),
    deleteContact: (id) => {
      deleteContact(books, id);
    },
    eraseContact: (id) => {
      eraseContact(books, id);
    },
    setActive: (id, active) => {
      setActive(books, id, active);
    },
    documents: (contactId) => living(contactId ? books.documents.of(contactId) : books.documents.all()),
    addDocument: (kind, fields) => createDocument(books, kind, fields),
    recordPayment: (id, amount, date = books.today()) => recordPayment(books, id, amount, date),
    voidDocument: (kind, id, reason) => {
      voidDocument(books, kind, id, reason);
    },
    setSubscriptionActive: (active) => {
      business.subscription.active = active;
      business.subscription.status = active ? 'paying' : 'cancelled';
    },
    mostParallelContactPosts: () => business.contactPosts.most,
  };
}
