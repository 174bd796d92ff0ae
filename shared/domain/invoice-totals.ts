import { isOverdue, isPosted, type SageDocument } from './invoices';
import { lastMonths } from './london-day';
import { add, compareCurrencies, toText } from './money';

/** What the documents of one currency come to, in its minor units. */
export interface CurrencyTotals {
  currency: string;
  /** Invoices less credit notes. */
  outstanding: number;
  overdue: number;
  /** Gross, less credit notes, of the present month and the eleven before it. */
  invoiced12Months: number;
  /** The same month by month, oldest first: always twelve. */
  months: { month: string; invoiced: number }[];
}

/** What is owed in one currency: as much as stands on a Capsule record. */
export interface Debt {
  currency: string;
  outstanding: number;
  overdue: number;
}

/** What reckoning needs of a document. */
export type Reckoned = Pick<
  SageDocument,
  'kind' | 'sageStatus' | 'currency' | 'outstanding' | 'baseOutstanding' | 'dueDate'
>;

/** What totals need of it beside. */
export type Counted = Reckoned & Pick<SageDocument, 'date' | 'total'>;

/** The books of a British business are kept in pounds (R2). */
export const BASE_CURRENCY = 'GBP';

const MONTHS = 12;

/**
 * Totals per currency, pounds first. Sales and purchases are to be handed over apart: what a contact owes and what
 * it is owed are never one sum.
 * @param today the day in London
 * @throws RangeError when a sum is too large to be exact
 */
export function totalsOf(documents: readonly Counted[], today: string): CurrencyTotals[] {
  const months = lastMonths(today, MONTHS);
  const invoiced = new Map<string, Map<string, number>>();
  for (const { currency, date, total } of documents.filter(isPosted)) {
    const month = date.slice(0, 7);
    const sums = invoiced.get(currency) ?? new Map<string, number>();
    sums.set(month, add(sums.get(month) ?? 0, total));
    invoiced.set(currency, sums);
  }
  return sumUp(documents, today).debts.map((debt) => {
    const series = months.map((month) => ({
      month,
      invoiced: invoiced.get(debt.currency)?.get(month) ?? 0,
    }));
    return {
      ...debt,
      invoiced12Months: series.reduce((sum, month) => add(sum, month.invoiced), 0),
      months: series,
    };
  });
}

/** What the documents of a contact come to. */
export interface Sums {
  /** Per currency, pounds first; a currency of settled documents is there with zeros. */
  debts: Debt[];
  /** What they explain of Sage's balance of the contact, in minor units of the base currency. */
  explained: number;
  /** The first day on which something not yet overdue may become so is the one after this due day; empty for none. */
  nextDue: string;
}

export const noSums = (): Sums => ({ debts: [], explained: 0, nextDue: '' });

/** @param today the day in London */
export function sumUp(documents: readonly Reckoned[], today: string): Sums {
  const sums = noSums();
  for (const document of documents) addTo(sums, document, today);
  return sums;
}

/** Adds one document to sums. @throws RangeError when a sum is too large to be exact */
export function addTo(sums: Sums, document: Reckoned, today: string): void {
  if (!isPosted(document)) return;
  const { outstanding, baseOutstanding, dueDate } = document;
  const debt = debtIn(sums.debts, document.currency);
  debt.outstanding = add(debt.outstanding, outstanding);
  if (isOverdue(document, today)) debt.overdue = add(debt.overdue, outstanding);
  sums.explained = add(sums.explained, baseOutstanding);
  const isNext = dueDate >= today && (sums.nextDue === '' || dueDate < sums.nextDue);
  if (outstanding > 0 && isNext) sums.nextDue = dueDate;
}

function debtIn(debts: Debt[], currency: string): Debt {
  const known = debts.find((debt) => debt.currency === currency);
  if (known) return known;
  const fresh = { currency, outstanding: 0, overdue: 0 };
  debts.push(fresh);
  debts.sort((a, b) => compareCurrencies(a.currency, b.currency));
  return fresh;
}

/**
 * What Sage's balance holds beside the documents: quick entries, opening balance, payments on account. In minor units
 * of the base currency, as the balance is (its currency is not documented: D).
 */
export const otherItemsOf = (balance: number, explained: number): number => add(balance, -explained);

/** The two texts that stand on a Capsule record. */
export interface ShownFigures {
  balance: string;
  overdue: string;
}

/**
 * An amount per currency: `£1,234.50; €20.00`, or `£0.00` when all is settled. Empty without anything to tell.
 * @param otherItems in minor units of the base currency: they are owed too
 */
export function shownFigures(debts: readonly Debt[], otherItems: number): ShownFigures {
  if (debts.length === 0 && otherItems === 0) return { balance: '', overdue: '' };
  const balances = debts.map(({ currency, outstanding }) => ({ currency, minor: outstanding }));
  const base = balances.find(({ currency }) => currency === BASE_CURRENCY);
  if (base) base.minor = add(base.minor, otherItems);
  else balances.unshift({ currency: BASE_CURRENCY, minor: otherItems });
  const overdue = debts.map((debt) => ({ currency: debt.currency, minor: debt.overdue }));
  return { balance: amounts(balances), overdue: amounts(overdue) };
}

function amounts(list: readonly { currency: string; minor: number }[]): string {
  const owed = list.filter(({ minor }) => minor !== 0);
  return (owed.length > 0 ? owed : [{ currency: BASE_CURRENCY, minor: 0 }]).map(toText).join('; ');
}
