import { z } from 'zod';
import { BASE_CURRENCY } from '../domain/invoice-totals';
import { type DocumentKind, isCreditNote, isPurchase, isQuote, type SageDocument } from '../domain/invoices';
import { parseAmount, parseConverted } from '../domain/money';

/** Sage's wire shapes of documents (reference sage-api §5, A/B). They do not leave this folder. */

/** Sage writes nothing as "", null or the text "null" (B). */
const text = z
  .string()
  .nullish()
  .transform((value) => (value == null || value === 'null' ? '' : value));
/** Amounts come as texts, also where the specification says number (B). */
const amount = z.union([z.string(), z.number()]).nullish();
const stub = z.object({ id: z.string() }).nullish();

const wireShape = z.object({
  id: z.string(),
  displayed_as: text,
  contact: stub,
  contact_name: text,
  date: text,
  due_date: text,
  expiry_date: text,
  reference: text,
  vendor_reference: text,
  currency: stub,
  total_amount: amount,
  outstanding_amount: amount,
  base_currency_outstanding_amount: amount,
  status: stub,
  links: z.array(z.object({ href: text, rel: text, type: text })).nullish(),
  created_at: text,
  updated_at: text,
});

const COMMON = 'contact,contact_name,date,reference,currency,total_amount,status,links,created_at,updated_at';
const POSTED = `${COMMON},outstanding_amount,base_currency_outstanding_amount`;

/** The attributes that the mirror asks for: `all` is slow on large books (§3, B). */
export function documentAttributes(kind: DocumentKind): string {
  if (isQuote(kind)) return `${COMMON},expiry_date`;
  if (isCreditNote(kind)) return isPurchase(kind) ? `${POSTED},vendor_reference` : POSTED;
  return isPurchase(kind) ? `${POSTED},due_date,vendor_reference` : `${POSTED},due_date`;
}

/** Reads a row of a list of one kind; a row whose amounts cannot be read exactly is refused. */
export const documentShape = (kind: DocumentKind): z.ZodType<SageDocument> =>
  wireShape.transform((wire, context) => {
    try {
      return toDocument(kind, wire);
    } catch (error) {
      context.addIssue({ code: 'custom', message: (error as Error).message });
      return z.NEVER;
    }
  });

function toDocument(kind: DocumentKind, wire: z.infer<typeof wireShape>): SageDocument {
  // Businesses on the smallest plan have no currencies, and no such field (§2, A).
  const currency = wire.currency?.id.toUpperCase() ?? BASE_CURRENCY;
  const sign = isCreditNote(kind) ? -1 : 1;
  // Whether Sage itself tells credit notes as negative is not documented: taken either way.
  const signed = (minor: number | null) => (sign < 0 ? -Math.abs(minor ?? 0) || 0 : (minor ?? 0));
  return {
    id: wire.id,
    kind,
    contactId: wire.contact?.id ?? '',
    contactName: wire.contact_name,
    number: wire.displayed_as,
    reference: wire.vendor_reference || wire.reference,
    date: wire.date,
    dueDate: wire.due_date || wire.expiry_date,
    currency,
    total: signed(parseAmount(wire.total_amount, currency)),
    outstanding: signed(parseAmount(wire.outstanding_amount, currency)),
    baseOutstanding: signed(parseConverted(wire.base_currency_outstanding_amount, BASE_CURRENCY)),
    sageStatus: wire.status?.id ?? '',
    createdAt: wire.created_at,
    updatedAt: wire.updated_at,
    // Only Sage's own page: `rel=bookmark` is the public payment page, whose address is a secret (§5, B).
    url: wire.links?.find(({ rel, type }) => rel === 'alternate' && type === 'text/html')?.href ?? '',
  };
}

/** A row of the contacts list with `show_balance`; null where Sage tells none. */
export const balanceShape = z
  .object({ id: z.string(), balance: amount })
  .transform(({ id, balance }, context) => {
    try {
      return { contactId: id, balance: parseConverted(balance, BASE_CURRENCY) };
    } catch (error) {
      context.addIssue({ code: 'custom', message: (error as Error).message });
      return z.NEVER;
    }
  });
