import { daysBetween } from './london-day';
import { type ContactKind } from './types';

/** Sage's documents of a contact, in Sage's own words (reference sage-api §5). */
export const DOCUMENT_KINDS = [
  'sales_invoice',
  'sales_credit_note',
  'sales_quote',
  'sales_estimate',
  'purchase_invoice',
  'purchase_credit_note',
] as const;

export type DocumentKind = (typeof DOCUMENT_KINDS)[number];

/** Kinds that are asked for at every pass; the rarer ones and deletions wait for the sweep. */
export const FREQUENT_KINDS: readonly DocumentKind[] = [
  'sales_invoice',
  'sales_credit_note',
  'purchase_invoice',
];

/** Offers: listed, never counted. */
export const isQuote = (kind: DocumentKind): boolean => kind === 'sales_quote' || kind === 'sales_estimate';
export const isPurchase = (kind: DocumentKind): boolean => kind.startsWith('purchase_');
export const isCreditNote = (kind: DocumentKind): boolean => kind.endsWith('_credit_note');

/** Which documents a customer has, or a supplier. */
export const documentKindsOf = (contact: ContactKind): DocumentKind[] =>
  DOCUMENT_KINDS.filter((kind) => isPurchase(kind) === (contact === 'VENDOR'));

/** Which kinds a tenant mirrors: suppliers' ones follow the setting *Leave suppliers out* (R10). */
export const kindsFor = ({ excludeSuppliers }: { excludeSuppliers: boolean }): DocumentKind[] =>
  DOCUMENT_KINDS.filter((kind) => !excludeSuppliers || !isPurchase(kind));

/**
 * A document of Sage. Money is in minor units of the document's currency, but for `baseOutstanding`; credit notes
 * are negative. Days are `YYYY-MM-DD`, empty where Sage has none.
 */
export interface SageDocument {
  id: string;
  kind: DocumentKind;
  contactId: string;
  /** As the contact was called when the document was made. */
  contactName: string;
  /** `SI-2`; a draft is `SI-DRAFT`. Of a purchase invoice the supplier's number. */
  number: string;
  reference: string;
  date: string;
  /** Due day; of a quote or estimate the day on which it expires. */
  dueDate: string;
  /** ISO 4217. */
  currency: string;
  total: number;
  outstanding: number;
  /** What is outstanding in the currency of the books: Sage's balance of a contact is a sum of these. */
  baseOutstanding: number;
  /** Sage's status id, such as `PART_PAID`. */
  sageStatus: string;
  /** ISO 8601 UTC, whole seconds. */
  createdAt: string;
  updatedAt: string;
  /** Sage's own page of the document. Its payment page is a secret and never kept. */
  url: string;
}

export const INVOICE_STATUSES = [
  'paid',
  'partPaid',
  'unpaid',
  'overdue',
  'draft',
  'proForma',
  'void',
] as const;

export type InvoiceStatus = (typeof INVOICE_STATUSES)[number];

export interface Standing {
  status: InvoiceStatus;
  /** Whole days since the due day; 0 unless overdue. */
  daysOverdue: number;
  /** A badge beside the status: Sage tells it of purchases only, in place of their status. */
  disputed: boolean;
}

const STATUS_LABELS: Record<InvoiceStatus, string> = {
  paid: 'Paid',
  partPaid: 'Part paid',
  unpaid: 'Unpaid',
  overdue: 'Overdue',
  draft: 'Draft',
  proForma: 'Pro forma',
  void: 'Void',
};

const UNPOSTED = new Set(['DRAFT', 'PRO_FORMA', 'VOID']);

/** True for what stands in the ledger: no draft, pro forma, void document, quote or estimate. */
export const isPosted = ({ kind, sageStatus }: Pick<SageDocument, 'kind' | 'sageStatus'>): boolean =>
  !isQuote(kind) && !UNPOSTED.has(sageStatus);

/** True for what somebody still owes, or is owed. */
export const isOpen = (document: Pick<SageDocument, 'kind' | 'sageStatus' | 'outstanding'>): boolean =>
  isPosted(document) && document.outstanding !== 0;

/** @param today the day in London */
export function isOverdue(
  document: Pick<SageDocument, 'kind' | 'sageStatus' | 'outstanding' | 'dueDate'>,
  today: string,
): boolean {
  const { outstanding, dueDate } = document;
  return isPosted(document) && outstanding > 0 && dueDate !== '' && dueDate < today;
}

/** How an invoice or credit note stands. Sage has no status for overdue, which wins over part paid. @param today the day in London */
export function standingOf(document: SageDocument, today: string): Standing {
  const disputed = document.sageStatus === 'DISPUTED';
  if (isOverdue(document, today)) {
    return { status: 'overdue', daysOverdue: daysBetween(document.dueDate, today), disputed };
  }
  return { status: settledStatus(document), daysOverdue: 0, disputed };
}

function settledStatus({ sageStatus, total, outstanding }: SageDocument): InvoiceStatus {
  switch (sageStatus) {
    case 'DRAFT':
      return 'draft';
    case 'PRO_FORMA':
      return 'proForma';
    case 'VOID':
      return 'void';
    case 'PAID':
      return 'paid';
    case 'PART_PAID':
      return 'partPaid';
    case 'UNPAID':
      return 'unpaid';
    default:
      // Disputed, or a status that Sage has thought of since: the amounts tell.
      if (outstanding === 0 && total !== 0) return 'paid';
      return outstanding === total ? 'unpaid' : 'partPaid';
  }
}

/** In words: `Overdue (3 days)`. */
export function describeStanding({ status, daysOverdue }: Standing): string {
  if (status !== 'overdue') return STATUS_LABELS[status];
  return `${STATUS_LABELS.overdue} (${daysOverdue} ${daysOverdue === 1 ? 'day' : 'days'})`;
}

/** A quote's own status in words: `PENDING` is `Pending`. Sage tells these without a catalogue (§5, B). */
export function describeQuoteStatus({ sageStatus }: Pick<SageDocument, 'sageStatus'>): string {
  const words = sageStatus.toLowerCase().replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
