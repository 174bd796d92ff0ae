import { type VNode } from 'preact';

import { isoSeconds } from '../../kernel/clock';
import { Choice, Field, Page, Table, Tiles } from '../../kernel/page';
import { balanceOf, outstandingOf } from '../books/documents';
import { hasDocuments } from '../books/contacts';
import { living } from '../books/table';
import { type Business } from '../directory';
import { type Contact, type SalesDocument } from '../records';
import { ContactFields, type Form, formOf } from './contact-form';
import { Flags } from './flags';
import { LOOK } from './look';
import { amount, kindWord, statusWord } from './words';

export function ContactPage(props: {
  business: Business;
  contact: Contact;
  /** What was typed, where it was refused. */
  form?: Form;
  notice?: string;
  problem?: string;
}): VNode {
  const { business, contact, notice, problem } = props;
  const books = business.books();
  const base = `/businesses/${business.id}/contacts/${contact.id}`;
  const documents = [...living(books.documents.of(contact.id))].reverse();
  return (
    <Page vendor={LOOK} title={contact.name} at="/contacts" notice={notice}>
      {problem && <p class="notice bad">{problem}</p>}
      <p class="soft">
        <a href={`/businesses/${business.id}/contacts`}>{business.name}</a> ·{' '}
        {contact.type === 'CUSTOMER' ? 'Customer' : 'Supplier'} {contact.reference} · changed{' '}
        {minute(contact.updatedAt)}
        <Flags contact={contact} />
      </p>
      <Tiles
        tiles={[
          { label: 'Balance', value: amount(balanceOf(books, contact)) },
          { label: 'Documents', value: documents.length },
        ]}
      />
      {contact.deletedAt === null ? (
        <Editor {...props} base={base} form={props.form ?? formOf(books, contact)} />
      ) : (
        <p class="notice">
          Deleted on {minute(contact.deletedAt).replace(' ', ' at ')}.
          {contact.reference && ' Its reference stays taken.'}
        </p>
      )}
      <h2 id="documents">Invoices and other documents</h2>
      <Table
        head={['Number', 'Date', 'Due', 'Total', 'Outstanding', 'Status', '']}
        figures={[3, 4]}
        empty="Nothing has been written to this contact."
        rows={documents.map((document) => [
          <span id={document.id}>
            {document.number ?? 'Draft'}
            <small>{kindWord(document)}</small>
          </span>,
          document.date,
          document.dueDate,
          amount(document.total, document.currency_id),
          amount(outstandingOf(document), document.currency_id),
          <span class="tag">{statusWord(document)}</span>,
          <DocumentButtons base={base} document={document} />,
        ])}
      />
      {contact.deletedAt === null && !contact.gdpr_obfuscated && (
        <NewDocument base={base} contact={contact} />
      )}
    </Page>
  );
}

/** `2026-01-31 09:30 UTC` */
const minute = (ms: number): string => `${isoSeconds(ms).slice(0, 16).replace('T', ' ')} UTC`;

function Editor(props: { business: Business; contact: Contact; base: string; form: Form }): VNode {
  const { business, contact, base, form } = props;
  const kept = contact.system || hasDocuments(business.books(), contact);
  return (
    <>
      <form class="card" method="post" action={base}>
        <ContactFields form={form} />
        <div class="actions">
          <button>Save</button>
        </div>
      </form>
      <form class="actions below" method="post" action={`${base}/do`}>
        <button class="quiet" name="do" value={contact.is_active ? 'deactivate' : 'activate'}>
          {contact.is_active ? 'Make inactive' : 'Make active'}
        </button>
        <button class="quiet" name="do" value="erase">
          Erase under the GDPR
        </button>
        <button class="danger" name="do" value="delete" disabled={kept}>
          Delete
        </button>
        {kept && <small>A contact with documents and a system contact cannot be deleted.</small>}
      </form>
    </>
  );
}

function DocumentButtons({ base, document }: { base: string; document: SalesDocument }): VNode {
  const outstanding = outstandingOf(document);
  const action = `${base}/documents/${document.id}`;
  return (
    <div class="inline">
      {outstanding > 0 && (
        <form method="post" action={`${action}/payment`}>
          <input
            name="amount"
            value={(outstanding / 100).toFixed(2)}
            aria-label="Amount"
            inputmode="decimal"
          />
          <button class="quiet small">Record a payment</button>
        </form>
      )}
      {document.status !== 'VOID' && document.paid === 0 && (
        <form method="post" action={`${action}/void`}>
          <button class="danger small">{document.status === 'DRAFT' ? 'Delete draft' : 'Void'}</button>
        </form>
      )}
    </div>
  );
}

const KIND_OPTIONS = {
  CUSTOMER: [
    { value: 'sales_invoice', label: 'Invoice' },
    { value: 'sales_credit_note', label: 'Credit note' },
    { value: 'sales_quote', label: 'Quote' },
    { value: 'sales_estimate', label: 'Estimate' },
    { value: 'sales_quick_entry', label: 'Quick entry' },
  ],
  VENDOR: [
    { value: 'purchase_invoice', label: 'Bill' },
    { value: 'purchase_credit_note', label: 'Credit note' },
  ],
};

const CURRENCIES = ['GBP', 'EUR', 'USD'].map((value) => ({ value, label: value }));

function NewDocument({ base, contact }: { base: string; contact: Contact }): VNode {
  return (
    <>
      <h2 id="new">Write a new document</h2>
      <form class="card row" method="post" action={`${base}/documents`}>
        <Choice label="New" name="kind" options={KIND_OPTIONS[contact.type]} />
        <Field label="For" name="description" value="Site visit and survey" />
        <Field label="Net amount" name="net" value="100.00" />
        <Choice label="Currency" name="currency" value={contact.currency_id} options={CURRENCIES} />
        <Field label="Due in days" name="days" type="number" value="30" hint="below 0: already overdue" />
        <div class="actions">
          <button>Write it</button>
        </div>
      </form>
    </>
  );
}
