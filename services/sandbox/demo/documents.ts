import { type Random } from '../kernel/random';
import {
  type DemoContact,
  type DemoCurrency,
  type DemoDocument,
  type DemoDocumentKind,
  type DemoOptions,
} from './types';

const DAY = 86_400_000;

/** Net, tax and total in the smallest unit. Pounds bear 20 % VAT, foreign currencies are zero-rated. */
export function totalsOf(document: { lines: DemoDocument['lines']; currency: string }): {
  net: number;
  tax: number;
  total: number;
} {
  const { lines, currency } = document;
  const net = lines.reduce((sum, line) => sum + Math.round(line.quantity * line.unitPrice), 0);
  const tax = currency === 'GBP' ? Math.round(net / 5) : 0;
  return { net, tax, total: net + tax };
}

/** How a document stands: its status, how old it is, when it falls due, and which part of it is paid. */
interface Standing {
  status: string;
  /** Youngest and oldest age in days. */
  age: [number, number];
  /** Days from its date to its due or expiry date. */
  terms: number;
  /** 0 to 1. */
  paid: number;
}

const PAID = { status: 'PAID', age: [20, 700], terms: 30, paid: 1 } satisfies Standing;
const UNPAID = { status: 'UNPAID', age: [0, 28], terms: 30, paid: 0 } satisfies Standing;
const OVERDUE = { status: 'UNPAID', age: [32, 200], terms: 30, paid: 0 } satisfies Standing;
const PART_PAID = { status: 'PART_PAID', age: [5, 28], terms: 30, paid: 0.4 } satisfies Standing;
const PART_PAID_OVERDUE = { status: 'PART_PAID', age: [35, 150], terms: 30, paid: 0.25 } satisfies Standing;
const VOID = { status: 'VOID', age: [10, 400], terms: 30, paid: 0 } satisfies Standing;
const DISPUTED = { status: 'DISPUTED', age: [15, 90], terms: 30, paid: 0 } satisfies Standing;

/** Documents take their standing from these in turn, so that even a small company has every status. */
const STANDINGS: Record<DemoDocumentKind, Standing[]> = {
  sales_invoice: [
    PAID,
    UNPAID,
    OVERDUE,
    PAID,
    PART_PAID,
    { status: 'DRAFT', age: [0, 10], terms: 30, paid: 0 },
    PAID,
    PART_PAID_OVERDUE,
    VOID,
    PAID,
    { status: 'PRO_FORMA', age: [0, 40], terms: 30, paid: 0 },
    OVERDUE,
    PAID,
  ],
  sales_credit_note: [UNPAID, PAID, VOID],
  sales_quote: [
    { status: 'PENDING', age: [0, 20], terms: 30, paid: 0 },
    { status: 'DECLINED', age: [30, 200], terms: 30, paid: 0 },
  ],
  sales_estimate: [{ status: 'PENDING', age: [0, 25], terms: 30, paid: 0 }],
  sales_quick_entry: [UNPAID, PAID],
  purchase_invoice: [PAID, UNPAID, DISPUTED, OVERDUE, PART_PAID, PAID, VOID],
  purchase_credit_note: [UNPAID, PAID],
};

/** Every how manieth customer (supplier) has one of these besides invoices. */
const OCCASIONAL: [kind: DemoDocumentKind, every: number, of: DemoContact['kind']][] = [
  ['sales_credit_note', 6, 'CUSTOMER'],
  ['sales_quote', 8, 'CUSTOMER'],
  ['sales_estimate', 11, 'CUSTOMER'],
  ['sales_quick_entry', 13, 'CUSTOMER'],
  ['purchase_credit_note', 5, 'VENDOR'],
];

/** Documents of the contacts, oldest first, so that they can be numbered in order. */
export function makeDocuments(
  contacts: DemoContact[],
  { now, invoices }: Pick<DemoOptions, 'now' | 'invoices'>,
  random: Random,
): DemoDocument[] {
  const turns = new Map<DemoDocumentKind, number>();
  const documents: DemoDocument[] = [];
  const write = (kind: DemoDocumentKind, contact: number, currency: DemoCurrency): void => {
    const turn = turns.get(kind) ?? 0;
    turns.set(kind, turn + 1);
    const standing = STANDINGS[kind][turn % STANDINGS[kind].length]!;
    documents.push(documentOf(kind, contact, currency, standing, now, random));
  };
  const seen = { CUSTOMER: 0, VENDOR: 0 };
  contacts.forEach((contact, index) => {
    if (contact.system || contact.erased) return;
    const nth = seen[contact.kind]++;
    const invoice = contact.kind === 'CUSTOMER' ? 'sales_invoice' : 'purchase_invoice';
    const count = typeof invoices === 'number' ? invoices : random.chance(0.7) ? random.int(1, 5) : 0;
    for (let i = count; i > 0; i--) write(invoice, index, contact.currency);
    // A few are billed in a second currency, so that no total may be one sum.
    if (nth % 25 === 24) write(invoice, index, contact.currency === 'EUR' ? 'GBP' : 'EUR');
    for (const [kind, every, of] of OCCASIONAL) {
      if (of === contact.kind && nth % every === every - 1) write(kind, index, contact.currency);
    }
  });
  return documents.sort((a, b) => a.date.localeCompare(b.date));
}

function documentOf(
  kind: DemoDocumentKind,
  contact: number,
  currency: DemoCurrency,
  standing: Standing,
  now: number,
  random: Random,
): DemoDocument {
  const age = random.int(...standing.age);
  const lines = Array.from({ length: random.int(1, 4) }, () => ({
    description: random.pick(GOODS),
    quantity: random.int(1, 12),
    unitPrice: random.int(5, 480) * 100 + random.pick([0, 50, 95, 99]),
  }));
  return {
    kind,
    contact,
    status: standing.status,
    date: day(now - age * DAY),
    dueDate: day(now - (age - standing.terms) * DAY),
    currency,
    lines,
    paid: Math.round(totalsOf({ lines, currency }).total * standing.paid),
    reference: random.chance(0.3) ? `PO ${random.int(1000, 9999)}` : '',
    sent: standing.status !== 'DRAFT' && random.chance(0.7),
    voidReason: standing.status === 'VOID' ? random.pick(VOID_REASONS) : '',
  };
}

const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

const VOID_REASONS = ['Raised twice', 'Wrong customer', 'Order cancelled'];
const GOODS = [
  'Site visit and survey',
  'Labour, day rate',
  'Materials as quoted',
  'Annual service contract',
  'Delivery',
  'Hire of equipment, week',
  'Consultancy, half day',
  'Spare parts',
  'Repairs',
  'Design work',
  'Training session',
  'Packing and carriage',
];
