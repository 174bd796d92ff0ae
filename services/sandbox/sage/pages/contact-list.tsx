import { type VNode } from 'preact';

import { Choice, Page, Pager, Table } from '../../kernel/page';
import { balanceOf } from '../books/documents';
import { type Books } from '../books/books';
import { type Business } from '../directory';
import { type Contact } from '../records';
import { ContactFields } from './contact-form';
import { Flags } from './flags';
import { LOOK } from './look';
import { amount } from './words';

const PER_PAGE = 50;

export interface ContactFilter {
  q: string;
  /** CUSTOMER, VENDOR, DELETED or empty. */
  type: string;
  page: number;
}

export function ContactListPage(props: {
  business: Business;
  filter: ContactFilter;
  notice?: string;
}): VNode {
  const { business, filter, notice } = props;
  const base = `/businesses/${business.id}/contacts`;
  const books = business.books();
  const found = matching(books, filter);
  const pages = Math.max(1, Math.ceil(found.length / PER_PAGE));
  const page = Math.min(filter.page, pages);
  const query = (to: number): string =>
    `${base}?${new URLSearchParams({ q: filter.q, type: filter.type, page: String(to) }).toString()}`;
  return (
    <Page vendor={LOOK} title={`Contacts of ${business.name}`} at="/contacts" notice={notice}>
      <div class="bar">
        <form class="search" method="get" action={base} role="search">
          <input
            name="q"
            type="search"
            value={filter.q}
            placeholder="Name or reference"
            aria-label="Search"
          />
          <select name="type" aria-label="Type">
            {TYPES.map(({ value, label }) => (
              <option value={value} selected={value === filter.type}>
                {label}
              </option>
            ))}
          </select>
          <button>Search</button>
        </form>
        <p>
          <a class="button" href={`${base}/new`}>
            Add a contact
          </a>
        </p>
      </div>
      <p class="soft">
        {found.length} of {books.contacts.living().length} contacts
      </p>
      <Table
        head={['Name', 'Type', 'E-mail', 'Town', 'Balance']}
        figures={[4]}
        empty="No contact matches."
        rows={found.slice((page - 1) * PER_PAGE, page * PER_PAGE).map((contact) => {
          const address = books.addresses.get(contact.main_address_id);
          return [
            <>
              <a href={`${base}/${contact.id}`}>{contact.name}</a>
              <Flags contact={contact} />
              <small>{contact.reference}</small>
            </>,
            <span class="tag">{contact.type === 'CUSTOMER' ? 'Customer' : 'Supplier'}</span>,
            books.persons.get(contact.main_contact_person_id)?.email,
            address?.city && (
              <>
                <span style="white-space: nowrap">{address.city}</span>
                <small>{address.postal_code}</small>
              </>
            ),
            amount(balanceOf(books, contact)),
          ];
        })}
      />
      <Pager page={page} pages={pages} href={query} />
    </Page>
  );
}

export function NewContactPage(props: {
  business: Business;
  form?: Record<string, string>;
  problem?: string;
}): VNode {
  const { business, form = {}, problem } = props;
  return (
    <Page vendor={LOOK} title="Add a contact" at="/contacts">
      <p class="soft">
        of <a href={`/businesses/${business.id}/contacts`}>{business.name}</a>
      </p>
      {problem && <p class="notice bad">{problem}</p>}
      <form class="card" method="post" action={`/businesses/${business.id}/contacts`}>
        <ContactFields form={form}>
          <Choice label="Type" name="type" value={form.type} options={KINDS} />
        </ContactFields>
        <div class="actions">
          <button>Add</button>
          <a class="button quiet" href={`/businesses/${business.id}/contacts`}>
            Cancel
          </a>
        </div>
      </form>
    </Page>
  );
}

const TYPES = [
  { value: '', label: 'All' },
  { value: 'CUSTOMER', label: 'Customers' },
  { value: 'VENDOR', label: 'Suppliers' },
  { value: 'DELETED', label: 'Deleted' },
];

const KINDS = [
  { value: 'CUSTOMER', label: 'Customer' },
  { value: 'VENDOR', label: 'Supplier' },
];

function matching(books: Books, { q, type }: ContactFilter): readonly Contact[] {
  const search = q.trim().toLowerCase();
  const all =
    type === 'DELETED'
      ? books.contacts.all().filter(({ deletedAt }) => deletedAt !== null)
      : books.contacts.living();
  if (!search && !['CUSTOMER', 'VENDOR'].includes(type)) return all;
  return all.filter(
    (contact) =>
      (type === 'DELETED' || type === '' || contact.type === type) &&
      `${contact.name}\n${contact.reference ?? ''}`.toLowerCase().includes(search),
  );
}
