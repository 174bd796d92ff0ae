import fc from 'fast-check';
import { type SageDocument } from '../../../shared/domain/invoices';
import { otherItemsOf, shownFigures, sumUp, totalsOf } from '../../../shared/domain/invoice-totals';
import { addDays } from '../../../shared/domain/london-day';
import { anyDocument, document } from './documents';
import { reckon } from './naive-reckoning';

const TODAY = '2026-06-15';

describe('totals', () => {
  test('are apart by currency, credit notes taken off', () => {
    const totals = totalsOf(
      [
        document({ total: 10_000, outstanding: 4_000, sageStatus: 'PART_PAID' }),
        document({ kind: 'sales_credit_note', total: -1_000, outstanding: -1_000, dueDate: '' }),
        document({ currency: 'EUR', total: 500, outstanding: 500, dueDate: TODAY }),
      ],
      TODAY,
    );
    expect(totals).toMatchObject([
      { currency: 'GBP', outstanding: 3_000, overdue: 4_000, invoiced12Months: 9_000 },
      { currency: 'EUR', outstanding: 500, overdue: 0, invoiced12Months: 500 },
    ]);
  });

  test.each(['DRAFT', 'PRO_FORMA', 'VOID'])('leave out what is %s', (sageStatus) => {
    expect(totalsOf([document({ sageStatus })], TODAY)).toEqual([]);
  });

  test('leave out quotes and estimates', () => {
    const offers = [document({ kind: 'sales_quote' }), document({ kind: 'sales_estimate' })];
    expect(totalsOf(offers, TODAY)).toEqual([]);
  });

  test.each([
    ['2025-06-30', 0],
    ['2025-07-01', 12_000],
    ['2026-06-30', 12_000],
    ['2026-07-01', 0],
  ])('count an invoice of %s as %i of the last twelve calendar months', (date, invoiced) => {
    const [totals] = totalsOf([document({ date })], TODAY);
    expect(totals?.invoiced12Months).toBe(invoiced);
  });

  test('come month by month, oldest first', () => {
    const [totals] = totalsOf([document({ date: '2025-07-31' }), document({ date: '2026-06-01' })], TODAY);
    expect(totals?.months).toHaveLength(12);
    expect(totals?.months[0]).toEqual({ month: '2025-07', invoiced: 12_000 });
    expect(totals?.months[11]).toEqual({ month: '2026-06', invoiced: 12_000 });
  });

  test('equal those of an independent reckoning, whatever the ledger', () => {
    fc.assert(
      fc.property(fc.array(anyDocument(TODAY), { maxLength: 60 }), (ledger) => {
        expect(totalsOf(ledger, TODAY)).toEqual(reckon(ledger, TODAY));
      }),
    );
  });
});

describe('other items', () => {
  test('are what the balance holds beside the documents', () => {
    const documents = [
      document({ baseOutstanding: 700 }),
      document({ kind: 'sales_credit_note', outstanding: -100, baseOutstanding: -100 }),
      document({ sageStatus: 'VOID', baseOutstanding: 9_999 }),
    ];
    expect(otherItemsOf(1_000, sumUp(documents, TODAY).explained)).toBe(400);
    expect(otherItemsOf(600, sumUp(documents, TODAY).explained)).toBe(0);
  });
});

describe('the next due day', () => {
  const due = (dueDate: string, more: Partial<SageDocument> = {}) => document({ dueDate, ...more });

  test('is the first that is not over', () => {
    const documents = [due('2026-06-14'), due('2026-07-02'), due('2026-06-15'), due('')];
    expect(sumUp(documents, TODAY).nextDue).toBe('2026-06-15');
    expect(sumUp([due('2026-06-20', { outstanding: 0 }), due('2026-06-14')], TODAY).nextDue).toBe('');
  });

  test('is the only day whose end changes what is overdue', () => {
    fc.assert(
      fc.property(fc.array(anyDocument(TODAY), { maxLength: 20 }), (ledger) => {
        const debtsOn = (day: string) => sumUp(ledger, day).debts;
        const next = sumUp(ledger, TODAY).nextDue;
        const last = next === '' ? addDays(TODAY, 1_000) : next;
        expect(debtsOn(last)).toEqual(debtsOn(TODAY));
        if (next !== '') expect(debtsOn(addDays(next, 1))).not.toEqual(debtsOn(TODAY));
      }),
    );
  });
});

describe('the texts on a Capsule record', () => {
  const pounds = { currency: 'GBP', outstanding: 123_450, overdue: 2_000 };
  const euros = { currency: 'EUR', outstanding: 2_000, overdue: 0 };

  test.each([
    ['an amount per currency', [pounds, euros], 0, '£1,234.50; €20.00', '£20.00'],
    ['other items are owed in pounds', [pounds, euros], 1_050, '£1,245.00; €20.00', '£20.00'],
    ['other items without an invoice in pounds', [euros], 500, '£5.00; €20.00', '£0.00'],
    ['settled', [{ currency: 'EUR', outstanding: 0, overdue: 0 }], 0, '£0.00', '£0.00'],
    ['in credit', [{ currency: 'GBP', outstanding: -500, overdue: 0 }], 0, '-£5.00', '£0.00'],
    ['nothing at all', [], 0, '', ''],
  ])('%s', (_, debts, otherItems, balance, overdue) => {
    expect(shownFigures(debts, otherItems)).toEqual({ balance, overdue });
  });
});
