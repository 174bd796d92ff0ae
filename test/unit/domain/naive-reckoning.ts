import { type SageDocument } from '../../../shared/domain/invoices';

/** The totals reckoned another way: by big integers, clause by clause as the product tells them, and slowly. */
export function reckon(ledger: readonly SageDocument[], today: string) {
  const counted = ledger.filter(
    ({ kind, sageStatus }) =>
      ['sales_invoice', 'sales_credit_note', 'purchase_invoice', 'purchase_credit_note'].includes(kind) &&
      !['DRAFT', 'PRO_FORMA', 'VOID'].includes(sageStatus),
  );
  const currencies = [...new Set(counted.map(({ currency }) => currency))].sort((a, b) =>
    a === 'GBP' ? -1 : b === 'GBP' ? 1 : a.localeCompare(b),
  );
  const sum = (list: readonly SageDocument[], amount: 'total' | 'outstanding') =>
    Number(list.reduce((all, document) => all + BigInt(document[amount]), 0n));
  return currencies.map((currency) => {
    const own = counted.filter((document) => document.currency === currency);
    const months = monthsUpTo(today).map((month) => {
      const inMonth = own.filter(({ date }) => date.startsWith(month));
      return { month, invoiced: sum(inMonth, 'total') };
    });
    return {
      currency,
      outstanding: sum(own, 'outstanding'),
      overdue: sum(
        own.filter(({ outstanding, dueDate }) => outstanding > 0 && dueDate !== '' && dueDate < today),
        'outstanding',
      ),
      invoiced12Months: months.reduce((all, { invoiced }) => all + invoiced, 0),
      months,
    };
  });
}

function monthsUpTo(today: string): string[] {
  const months: string[] = [];
  let [year, month] = today.split('-').map(Number) as [number, number];
  while (months.length < 12) {
    months.unshift(`${year}-${String(month).padStart(2, '0')}`);
    month -= 1;
    if (month === 0) [year, month] = [year - 1, 12];
  }
  return months;
}
