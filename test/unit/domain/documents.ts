import fc from 'fast-check';
import { DOCUMENT_KINDS, isCreditNote, isQuote, type SageDocument } from '../../../shared/domain/invoices';
import { addDays } from '../../../shared/domain/london-day';

export const document = (given: Partial<SageDocument> = {}): SageDocument => ({
  ...{ id: 'i1', kind: 'sales_invoice', contactId: 'c1', contactName: 'Acme', number: 'SI-1', reference: '' },
  ...{ date: '2026-05-01', dueDate: '2026-05-31', currency: 'GBP', sageStatus: 'UNPAID', url: '' },
  ...{ total: 12_000, outstanding: 12_000, baseOutstanding: 12_000 },
  ...{ createdAt: '2026-05-01T10:00:00Z', updatedAt: '2026-05-01T10:00:00Z' },
  ...given,
});

/** Any document that Sage might tell around a day: open, settled, void, of any kind and currency. */
export const anyDocument = (today: string): fc.Arbitrary<SageDocument> =>
  fc
    .record({
      kind: fc.constantFrom(...DOCUMENT_KINDS),
      currency: fc.constantFrom('GBP', 'EUR', 'JPY', 'KWD'),
      total: fc.integer({ min: 0, max: 10_000_000 }),
      share: fc.constantFrom(0, 0.3, 1),
      age: fc.integer({ min: -40, max: 800 }),
      terms: fc.constantFrom(-1, 0, 30),
      status: fc.constantFrom('UNPAID', 'PART_PAID', 'PAID', 'VOID', 'DRAFT', 'PRO_FORMA', 'DISPUTED', 'NEW'),
    })
    .map(({ kind, currency, total, share, age, terms, status }) => {
      const sign = isCreditNote(kind) ? -1 : 1;
      const idle = isQuote(kind) || ['VOID', 'DRAFT', 'PRO_FORMA', 'PAID'].includes(status);
      const outstanding = idle ? 0 : sign * Math.round(total * share);
      const date = addDays(today, -age);
      const dueDate = terms < 0 ? '' : addDays(date, terms);
      const amounts = { total: sign * total || 0, outstanding: outstanding || 0 };
      return document({
        kind,
        currency,
        date,
        dueDate,
        sageStatus: status,
        ...amounts,
        baseOutstanding: outstanding || 0,
      });
    });
