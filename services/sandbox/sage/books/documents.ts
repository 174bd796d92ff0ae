import { z } from 'zod';

import { totalsOf } from '../../demo';
import { type Contact, type ContactPayment, type DocumentKind, type SalesDocument } from '../records';
import { invalid, notFound } from '../refusal';
import { parse } from './bodies';
import { type Books } from './books';

export const NUMBER_PREFIX: Record<DocumentKind, string> = {
  sales_invoice: 'SI-',
  sales_credit_note: 'SCN-',
  sales_quote: 'SQ-',
  sales_estimate: 'SE-',
  sales_quick_entry: 'QE-',
  purchase_invoice: 'PI-',
  purchase_credit_note: 'PCN-',
};

/** A document before it has an id, a number and totals. */
export type DraftDocument = Pick<
  SalesDocument,
  | 'kind'
  | 'reference'
  | 'date'
  | 'dueDate'
  | 'currency_id'
  | 'status'
  | 'paid'
  | 'sent'
  | 'voidReason'
  | 'lines'
>;

/** Enters a document; the only way by which one comes into the books. */
export function addDocument(
  books: Books,
  contact: Contact,
  draft: DraftDocument,
  at = books.now(),
): SalesDocument {
  const { net, tax, total } = totalsOf({ lines: draft.lines, currency: draft.currency_id });
  const { id, createdAt, updatedAt, deletedAt } = books.stamps(at);
  return books.documents.add({
    id,
    createdAt,
    updatedAt,
    deletedAt,
    kind: draft.kind,
    contact_id: contact.id,
    contact_name: contact.name,
    contact_reference: contact.reference,
    number: draft.status === 'DRAFT' ? null : nextNumber(books, draft.kind),
    reference: draft.reference,
    date: draft.date,
    dueDate: draft.dueDate,
    currency_id: draft.currency_id,
    lines: draft.lines,
    net,
    tax,
    total,
    paid: draft.paid,
    lastPaid: draft.paid > 0 ? draft.dueDate : '',
    status: draft.status,
    sent: draft.sent,
    voidReason: draft.voidReason,
  });
}

/** Of a document in its own currency; zero where nothing is asked for yet or any more (reference §5, A). */
export function outstandingOf(document: SalesDocument): number {
  return ['DRAFT', 'PRO_FORMA', 'VOID', 'PENDING', 'DECLINED'].includes(document.status)
    ? 0
    : document.total - document.paid;
}

const money = z
  .union([z.number(), z.string().regex(/^\d+(\.\d{1,2})?$/)])
  .transform((value) => Math.round(Number(value) * 100));
const quantity = z.union([z.number(), z.string().regex(/^\d+(\.\d+)?$/)]).transform(Number);
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);

const DocumentBody = z.object({
  contact_id: z.string().min(1),
  date: day,
  due_date: day.optional(),
  expiry_date: day.optional(),
  reference: z.string().max(25).optional(),
  vendor_reference: z.string().max(25).optional(),
  currency_id: z.enum(['GBP', 'EUR', 'USD']).optional(),
  status_id: z.enum(['DRAFT', 'PRO_FORMA']).optional(),
});

/** Name of the array of lines in the body and the answer of each kind. */
export const LINES_OF: Record<DocumentKind, string> = {
  sales_invoice: 'invoice_lines',
  sales_credit_note: 'credit_note_lines',
  sales_quote: 'quote_lines',
  sales_estimate: 'estimate_lines',
  sales_quick_entry: 'lines',
  purchase_invoice: 'invoice_lines',
  purchase_credit_note: 'credit_note_lines',
};

const Line = z.object({ description: z.string().min(1), quantity, unit_price: money });
const QuickTotal = z.object({ details: z.string().optional(), net_amount: money });

/**
 * @param body what stands inside the wrapper of a POST
 * @throws Refusal 422
 */
export function createDocument(books: Books, kind: DocumentKind, body: unknown): SalesDocument {
  const input = parse(DocumentBody, body);
  const contact = books.contacts.get(input.contact_id);
  const side = kind.startsWith('purchase') ? 'VENDOR' : 'CUSTOMER';
  if (contact?.type !== side || contact.deletedAt !== null) {
    throw invalid('contact_id', side === 'CUSTOMER' ? "can't find customer" : "can't find vendor");
  }
  if (contact.gdpr_obfuscated) throw invalid('contact_id', 'The contact has been obfuscated.');
  const quote = kind === 'sales_quote' || kind === 'sales_estimate';
  return addDocument(books, contact, {
    kind,
    reference: input.reference ?? input.vendor_reference ?? '',
    date: input.date,
    dueDate: input.due_date ?? input.expiry_date ?? daysAfter(input.date, contact.credit_days ?? 30),
    currency_id: input.currency_id ?? contact.currency_id,
    lines: linesOf(kind, body as Record<string, unknown>),
    status: input.status_id ?? (quote ? 'PENDING' : 'UNPAID'),
    paid: 0,
    sent: false,
    voidReason: null,
  });
}

/** Voids; a draft is deleted instead. @returns whether it was voided. @throws Refusal 404, 422 */
export function voidDocument(books: Books, kind: DocumentKind, id: string, reason: string | null): boolean {
  const document = documentOf(books, kind, id);
  if (document.status === 'VOID') throw invalid('base', 'The document is already void.');
  if (document.status === 'DRAFT') {
    books.documents.remove(document, books.now());
    return false;
  }
  if (!reason) throw invalid('void_reason', 'This field is required.');
  if (document.paid > 0) throw invalid('base', 'A document with payments cannot be voided.');
  books.touch(document);
  document.status = 'VOID';
  document.voidReason = reason.slice(0, 200);
  return true;
}

/**
 * Takes a payment. That this moves the invoice's `updated_at` is unproven (reference §10.9); nastier reading:
 * it does not, nor the contact's.
 * @param amount in the smallest unit of the document's currency
 * @throws Refusal 422 when it is not within what is outstanding
 */
export function recordPayment(
  books: Books,
  documentId: string,
  amount: number,
  date: string,
): ContactPayment {
  const document = books.live(books.documents, documentId);
  if (!Number.isInteger(amount) || amount <= 0 || amount > outstandingOf(document)) {
    throw invalid('total_amount', 'The amount is not within the outstanding amount.');
  }
  document.paid += amount;
  document.lastPaid = date;
  document.status = document.paid === document.total ? 'PAID' : 'PART_PAID';
  return books.payments.add({
    ...books.stamps(),
    contact_id: document.contact_id,
    transaction_type_id: document.kind.startsWith('purchase') ? 'VENDOR_PAYMENT' : 'CUSTOMER_RECEIPT',
    date,
    total: amount,
    currency_id: document.currency_id,
    reference: '',
    allocated: [{ documentId, amount }],
  });
}

const PaymentBody = z.object({
  contact_id: z.string(),
  date: day,
  total_amount: money,
  allocated_artefacts: z.array(z.object({ artefact_id: z.string(), amount: money })).length(1, {
    error: 'The sandbox takes a payment for exactly one document.',
  }),
});

/** @throws Refusal 404, 422 */
export function createPayment(books: Books, body: unknown): ContactPayment {
  const input = parse(PaymentBody, body);
  const [share] = input.allocated_artefacts;
  const document = share && books.live(books.documents, share.artefact_id);
  if (document?.contact_id !== input.contact_id) {
    throw invalid('allocated_artefacts', 'The document belongs to another contact.');
  }
  return recordPayment(books, document.id, input.total_amount, input.date);
}

/** @throws Refusal 404 when there is no live document of that id and kind */
export function documentOf(books: Books, kind: DocumentKind, id: string): SalesDocument {
  const document = books.live(books.documents, id);
  if (document.kind !== kind) throw notFound();
  return document;
}

/** Sum of what is outstanding, in pounds at the day's rate: credit notes and purchases have their own sign. */
export function balanceOf(books: Books, contact: Contact): number {
  return books.documents.of(contact.id).reduce((sum, document) => {
    const sign = document.kind.endsWith('credit_note') ? -1 : 1;
    return sum + sign * inBase(outstandingOf(document), document.currency_id);
  }, 0);
}

/** Units of a currency for one pound. */
const RATES: Record<string, number> = { GBP: 1, EUR: 1.16, USD: 1.28 };
export const rateOf = (currency: string): number => RATES[currency] ?? 1;
export const inBase = (amount: number, currency: string): number => Math.round(amount / rateOf(currency));

export const daysAfter = (date: string, days: number): string =>
  new Date(Date.parse(date) + days * 86_400_000).toISOString().slice(0, 10);

function linesOf(kind: DocumentKind, body: Record<string, unknown>): DraftDocument['lines'] {
  if (kind === 'sales_quick_entry') {
    const { details, net_amount } = parse(QuickTotal, body);
    return [{ description: details ?? 'Quick entry', quantity: 1, unitPrice: net_amount }];
  }
  const key = LINES_OF[kind];
  const lines = parse(z.object({ [key]: z.array(Line).min(1) }), body)[key] ?? [];
  return lines.map(({ unit_price, ...line }) => ({ ...line, unitPrice: unit_price }));
}

const nextNumber = (books: Books, kind: DocumentKind): string => `${NUMBER_PREFIX[kind]}${books.next(kind)}`;
