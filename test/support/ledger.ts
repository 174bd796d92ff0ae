import { type SageSandbox } from '../../services/sandbox';

type Book = ReturnType<SageSandbox['business']>;
type Entry = ReturnType<Book['documents']>[number];

/** Pounds for a unit of a currency as the sandbox reckons them, the other way round. */
const RATES: Record<string, number> = { GBP: 1, EUR: 1.16, USD: 1.28 };
const SIGNS: Record<string, { symbol: string; order: number }> = {
  GBP: { symbol: '£', order: 0 },
  EUR: { symbol: '€', order: 1 },
  USD: { symbol: 'US$', order: 2 },
};
const MIRRORED = ['sales_invoice', 'sales_credit_note', 'purchase_invoice', 'purchase_credit_note'];
const IDLE = ['DRAFT', 'PRO_FORMA', 'VOID'];

export interface LedgerFigures {
  debts: { currency: string; outstanding: number; overdue: number }[];
  invoiced: Record<string, number>;
  otherItems: number;
  balanceText: string;
}

/**
 * What a contact owes, reckoned from the sandbox's own records without any of the code under test: clause by clause
 * as the product tells it.
 * @param today the day in London
 */
export function ledgerOf(book: Book, contactId: string, today: string): LedgerFigures {
  const entries = book.documents(contactId).filter(({ status }) => !IDLE.includes(status));
  const posted = entries.filter(({ kind }) => MIRRORED.includes(kind));
  const currencies = [...new Set(posted.map(({ currency_id }) => currency_id))].sort(
    (a, b) => SIGNS[a]!.order - SIGNS[b]!.order,
  );
  const debts = currencies.map((currency) => {
    const own = posted.filter(({ currency_id }) => currency_id === currency);
    const late = own.filter((entry) => owed(entry) > 0 && !isNote(entry) && entry.dueDate < today);
    return { currency, outstanding: sum(own.map(owed)), overdue: sum(late.map(owed)) };
  });
  const quick = entries.filter(({ kind }) => kind === 'sales_quick_entry');
  const otherItems = sum(quick.map((entry) => Math.round(owed(entry) / RATES[entry.currency_id]!)));
  const oldest = `${Number(today.slice(0, 4)) - 1}${today.slice(4, 7)}`;
  const recent = posted.filter(
    ({ date }) => date.slice(0, 7) > oldest && date.slice(0, 7) <= today.slice(0, 7),
  );
  const invoiced = Object.fromEntries(
    currencies.map((currency) => [
      currency,
      sum(recent.filter((entry) => entry.currency_id === currency).map((entry) => sign(entry) * entry.total)),
    ]),
  );
  return { debts, invoiced, otherItems, balanceText: textOf(debts, otherItems) };
}

const isNote = ({ kind }: Entry): boolean => kind.endsWith('credit_note');
const sign = (entry: Entry): number => (isNote(entry) ? -1 : 1);
const owed = (entry: Entry): number => sign(entry) * (entry.total - entry.paid) || 0;
const sum = (amounts: number[]): number => amounts.reduce((all, amount) => all + amount, 0);

function textOf(debts: LedgerFigures['debts'], otherItems: number): string {
  if (debts.length === 0 && otherItems === 0) return '';
  const pounds = sum(
    debts.filter(({ currency }) => currency === 'GBP').map(({ outstanding }) => outstanding),
  );
  const amounts: [string, number][] = [
    ['GBP', pounds + otherItems],
    ...debts
      .filter(({ currency }) => currency !== 'GBP')
      .map(({ currency, outstanding }): [string, number] => [currency, outstanding]),
  ];
  const owing = amounts.filter(([, amount]) => amount !== 0);
  return (owing.length > 0 ? owing : ([['GBP', 0]] as [string, number][]))
    .map(([currency, amount]) => {
      const digits = String(Math.abs(amount)).padStart(3, '0');
      const whole = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ',');
      return `${amount < 0 ? '-' : ''}${SIGNS[currency]!.symbol}${whole}.${digits.slice(-2)}`;
    })
    .join('; ');
}
