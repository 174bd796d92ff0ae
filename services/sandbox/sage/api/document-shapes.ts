import { totalsOf } from '../../demo';
import { catalogued, QUOTE_STATUSES } from '../catalogue';
import { LINES_OF, NUMBER_PREFIX, outstandingOf, rateOf } from '../books/documents';
import { type ContactPayment, type DocumentKind, type SalesDocument } from '../records';
import { CONTACT } from './contact-shapes';
import { inPounds, taxRateOf, unusedDetails } from './document-details';
import { decimal, deletedAt, nested, type Shape, stub, time } from './shape';

export const DOCUMENT_PATHS: Record<DocumentKind, string> = {
  sales_invoice: 'sales_invoices',
  sales_credit_note: 'sales_credit_notes',
  sales_quote: 'sales_quotes',
  sales_estimate: 'sales_estimates',
  sales_quick_entry: 'sales_quick_entries',
  purchase_invoice: 'purchase_invoices',
  purchase_credit_note: 'purchase_credit_notes',
};

type Attributes = Shape<SalesDocument>['attributes'];

/** How a document of a kind is told (reference §5 and the recorded examples). */
export function documentShape(kind: DocumentKind): Shape<SalesDocument> {
  return {
    path: DOCUMENT_PATHS[kind],
    displayedAs: (document) => document.number ?? `${NUMBER_PREFIX[kind]}DRAFT`,
    attributes: {
      ...COMMON,
      ...unusedDetails(kind),
      ...(isQuote(kind) ? {} : POSTED),
      ...(kind.startsWith('purchase') ? PURCHASED : numbered(kind)),
      ...(kind === 'sales_quick_entry' ? QUICK : { [LINES_OF[kind]]: lines }),
    },
  };
}

const isQuote = (kind: DocumentKind): boolean => kind === 'sales_quote' || kind === 'sales_estimate';

const COMMON: Attributes = {
  created_at: ({ createdAt }) => time(createdAt),
  updated_at: ({ updatedAt }) => time(updatedAt),
  deleted_at: deletedAt,
  links: (document, { origin }) => {
    const page = `${origin}/invoicing/${DOCUMENT_PATHS[document.kind]}/${document.id}`;
    const alternate = { href: page, rel: 'alternate', type: 'text/html' };
    if (document.kind.startsWith('purchase') || document.number === null) return [alternate];
    // The public payment page: whoever has the address can open it (reference §5, B).
    const payment = `${origin}/online_payment/${[...document.id].reverse().join('')}`;
    return [alternate, { href: payment, rel: 'bookmark', type: 'text/html' }];
  },
  editable: ({ status }) => status !== 'VOID',
  vat_reverse_charge: () => false,
  contact: ({ contact_id }, view) => {
    const contact = view.books.contacts.get(contact_id);
    return nested(CONTACT, contact, view);
  },
  contact_name: ({ contact_name }) => contact_name,
  contact_reference: ({ contact_reference }) => contact_reference,
  date: ({ date }) => date,
  reference: ({ reference }) => reference,
  net_amount: ({ net }) => decimal(net),
  tax_amount: ({ tax }) => decimal(tax),
  total_amount: ({ total }) => decimal(total),
  total_quantity: ({ lines: all }) => decimal(all.reduce((sum, line) => sum + line.quantity, 0) * 100),
  currency: ({ currency_id }) => catalogued('currencies', currency_id),
  exchange_rate: ({ currency_id }) => String(rateOf(currency_id)).replace(/^(\d+)$/, '$1.0'),
  inverse_exchange_rate: ({ currency_id }) =>
    String(Number((1 / rateOf(currency_id)).toFixed(6))).replace(/^(\d+)$/, '$1.0'),
  base_currency_net_amount: inPounds(({ net }) => net),
  base_currency_tax_amount: inPounds(({ tax }) => tax),
  base_currency_total_amount: inPounds(({ total }) => total),
  total_paid: ({ paid }) => decimal(paid),
  status: ({ status }) =>
    catalogued('artefact_statuses', status) ?? { id: status, displayed_as: QUOTE_STATUSES[status] ?? status },
  tax_reconciled: () => false,
};

/** Of documents that count in the ledger. */
const POSTED: Attributes = {
  transaction: ({ id, number }) => ({ id, displayed_as: number ?? '', $path: `/transactions/${id}` }),
  transaction_type: ({ kind }) => ({
    id: kind.toUpperCase(),
    displayed_as: words(kind),
    $path: `/transaction_types/${kind.toUpperCase()}`,
  }),
  due_date: ({ dueDate, kind }) => (kind.endsWith('credit_note') ? undefined : dueDate),
  payments_allocations_total_amount: ({ paid }) => decimal(paid),
  payments_allocations_total_discount: () => '0.0',
  outstanding_amount: (document) => decimal(outstandingOf(document)),
  base_currency_outstanding_amount: inPounds(outstandingOf),
  // An empty text, not null, where nothing was paid (reference §5, B).
  last_paid: ({ lastPaid }) => lastPaid,
  void_reason: ({ voidReason }) => voidReason,
  migrated: () => false,
};

const PURCHASED: Attributes = {
  vendor_reference: ({ reference }) => reference,
  notes: () => '',
};

const QUICK: Attributes = {
  details: ({ lines: all }) => all[0]?.description ?? '',
  quick_entry_type: () => ({
    id: 'invoice',
    displayed_as: 'Invoice',
    $path: '/quick_entry_types/invoice',
  }),
};

/** Own number of an invoice, credit note, quote or estimate, and what is only on papers for customers. */
function numbered(kind: DocumentKind): Attributes {
  const word = { sales_quick_entry: 'entry', sales_credit_note: 'credit_note', sales_quote: 'quote' };
  const name = (word as Partial<Record<DocumentKind, string>>)[kind] ?? kind.replace('sales_', '');
  return {
    [`${name}_number_prefix`]: () => NUMBER_PREFIX[kind],
    [`${name}_number`]: ({ number }: SalesDocument) => number,
    ...(isQuote(kind) ? { expiry_date: ({ dueDate }: SalesDocument) => dueDate } : {}),
    notes: () => '',
    terms_and_conditions: () => 'Payment within 30 days.',
    sent: ({ sent }) => sent,
    sent_by_email: ({ sent }) => sent,
  };
}

const lines = ({ id: documentId, lines: all, currency_id }: SalesDocument): unknown[] =>
  all.map(({ description, quantity, unitPrice }, index) => {
    const line = { description, quantity, unitPrice };
    const { net, tax, total } = totalsOf({ lines: [line], currency: currency_id });
    return {
      id: `${documentId.slice(0, 28)}${String(index).padStart(4, '0')}`,
      displayed_as: description,
      description,
      product: null,
      service: null,
      quantity: decimal(quantity * 100),
      unit_price: decimal(unitPrice),
      net_amount: decimal(net),
      tax_rate: taxRateOf(currency_id),
      tax_amount: decimal(tax),
      total_amount: decimal(total),
      unit_price_includes_tax: false,
      discount_amount: '0.0',
      discount_percentage: '0.0',
    };
  });

const words = (kind: string): string =>
  kind
    .split('_')
    .map((word) => `${word[0]?.toUpperCase() ?? ''}${word.slice(1)}`)
    .join(' ');

export const CONTACT_PAYMENT: Shape<ContactPayment> = {
  path: 'contact_payments',
  displayedAs: ({ date, total }) => `${date} ${decimal(total)}`,
  attributes: {
    created_at: ({ createdAt }) => time(createdAt),
    updated_at: ({ updatedAt }) => time(updatedAt),
    deleted_at: deletedAt,
    transaction_type: ({ transaction_type_id: id }) => ({
      id,
      displayed_as: id === 'CUSTOMER_RECEIPT' ? 'Customer Receipt' : 'Supplier Payment',
      $path: `/transaction_types/${id}`,
    }),
    contact: ({ contact_id }, view) => nested(CONTACT, view.books.contacts.get(contact_id), view),
    date: ({ date }) => date,
    reference: ({ reference }) => reference,
    net_amount: ({ total }) => decimal(total),
    tax_amount: () => '0.0',
    total_amount: ({ total }) => decimal(total),
    currency: ({ currency_id }) => catalogued('currencies', currency_id),
    allocated_artefacts: ({ allocated }, view) =>
      allocated.map(({ documentId, amount }) => {
        const document = view.books.documents.get(documentId);
        const artefact = document && stub(documentShape(document.kind), document, view);
        return { artefact: artefact ?? null, amount: decimal(amount), discount: '0.0' };
      }),
  },
};
