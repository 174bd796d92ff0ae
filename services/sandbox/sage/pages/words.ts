import { type SalesDocument } from '../records';

const SYMBOLS: Record<string, string> = { GBP: '£', EUR: '€', USD: '$' };

/** `£1,234.50` */
export function amount(minor: number, currency = 'GBP'): string {
  const digits = Math.abs(minor / 100).toLocaleString('en-GB', { minimumFractionDigits: 2 });
  return `${minor < 0 ? '−' : ''}${SYMBOLS[currency] ?? ''}${digits}`;
}

const STATUSES: Record<string, string> = {
  UNPAID: 'Unpaid',
  PART_PAID: 'Part paid',
  PAID: 'Paid',
  VOID: 'Void',
  DRAFT: 'Draft',
  PRO_FORMA: 'Pro forma',
  DISPUTED: 'Disputed',
  PENDING: 'Pending',
  DECLINED: 'Declined',
};

export const statusWord = ({ status }: SalesDocument): string => STATUSES[status] ?? status;

const KINDS: Record<SalesDocument['kind'], string> = {
  sales_invoice: 'Invoice',
  sales_credit_note: 'Credit note',
  sales_quote: 'Quote',
  sales_estimate: 'Estimate',
  sales_quick_entry: 'Quick entry',
  purchase_invoice: 'Bill',
  purchase_credit_note: 'Credit note',
};

export const kindWord = ({ kind }: SalesDocument): string => KINDS[kind];
