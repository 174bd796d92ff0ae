import { type Ledger, type LedgersView } from '../../../services/gateway/contact-ledgers';
import { type ContactModel, renderContact } from '../../../services/gateway/pages';
import { barsOf } from '../../../services/gateway/pages/month-chart';
import { totalsOf } from '../../../shared/domain/invoice-totals';
import { type SageDocument } from '../../../shared/domain/invoices';
import { document } from '../domain/documents';
import { ADMIN, NO_LEDGERS, NOW, wordsOf } from './models';

const TODAY = '2026-11-22';

const invoice = (more: Partial<SageDocument> = {}): SageDocument =>
  document({
    ...{ id: 'd1', number: 'SI-2', date: '2026-10-01', dueDate: '2026-10-31', reference: 'PO 7' },
    ...{ total: 123_450, outstanding: 123_450, url: 'https://sage.test/invoices/d1' },
    ...more,
  });

const ledger = (documents: SageDocument[], more: Partial<Ledger> = {}): Ledger => ({
  ...{ kind: 'CUSTOMER', sageContactId: 's1', totals: totalsOf(documents, TODAY) },
  ...{ balance: 123_450, otherItems: 0, documents: { items: documents, nextCursor: null } },
  quotes: { items: [], nextCursor: null },
  ...more,
});

const page = (ledgers: Partial<LedgersView>, more: Partial<ContactModel> = {}) =>
  renderContact({
    ...{ viewer: ADMIN, tenant: { siteName: 'Demo', subdomain: 'demo' }, phase: 'active' },
    ...{ waiting: { review: 0, failing: 0 }, cursor: null, flash: null, now: NOW, partyId: 7 },
    ...{ name: 'Alder Ltd', type: 'organisation', organisation: null, failure: null, pairs: [], addable: [] },
    ...{ candidates: null, capsuleUrl: 'https://demo.test/party/7', position: null },
    ...{ history: { items: [], nextCursor: null }, ledgers: { ...NO_LEDGERS, ...ledgers }, ...more },
  });

const KNOWN = {
  asOf: new Date('2026-11-22T13:40:00Z'),
  reachable: true,
  unreachableSince: null,
};

describe('the invoices of a contact', () => {
  test.each([
    [{}, 'Overdue (22 days)', 'icon-failed'],
    [{ dueDate: '2026-11-22' }, 'Unpaid', 'icon-circle'],
    [{ sageStatus: 'PART_PAID', outstanding: 5, dueDate: '2026-12-01' }, 'Part paid', 'icon-half'],
    [{ sageStatus: 'PAID', outstanding: 0 }, 'Paid', 'icon-check'],
    [{ sageStatus: 'DRAFT' }, 'Draft', 'icon-pencil'],
    [{ sageStatus: 'PRO_FORMA' }, 'Pro forma', 'icon-sheet'],
    [{ sageStatus: 'VOID' }, 'Void', 'icon-struck'],
  ])('tell a status by word and by shape: %j', (of, words, shape) => {
    const html = page({ ledgers: [ledger([invoice(of)])] });
    const row = /<tbody>.*?<\/tbody>/s.exec(html.slice(html.indexOf('class="documents"')))?.[0] ?? '';
    expect(wordsOf(row)).toContain(words);
    expect(row).toContain(shape);
  });

  test('tell number, days, amounts and the ways to Sage and to the PDF', () => {
    const html = page({ ledgers: [ledger([invoice()])], freshness: KNOWN });
    const words = wordsOf(html);
    expect(words).toContain('1 Oct 31 Oct £1,234.50 £1,234.50 PDF of SI-2');
    expect(words).toContain('Balance in Sage £1,234.50 Outstanding £1,234.50 Overdue £1,234.50');
    expect(words).toContain('As of today at 13:40');
    expect(html).toContain('href="https://sage.test/invoices/d1"');
    expect(html).toContain('href="/contacts/7/invoices/d1.pdf"');
  });

  test('hide nothing that the documents do not explain, and only that', () => {
    const open = ledger([invoice()], { balance: 124_650, otherItems: 1_200 });
    expect(wordsOf(page({ ledgers: [open] }))).toMatch(/Of it other items .* £12.00/);
    expect(page({ ledgers: [ledger([invoice()])] })).not.toContain('other items');
  });

  test('keep currencies apart, and what is owed to a supplier', () => {
    const both = [
      ledger([invoice(), invoice({ id: 'd2', currency: 'EUR', total: 2_000, outstanding: 2_000 })]),
      ledger([invoice({ id: 'd3', kind: 'purchase_invoice', sageStatus: 'DISPUTED' })], { kind: 'VENDOR' }),
    ];
    const words = wordsOf(page({ ledgers: both }));
    for (const part of ['EUR Outstanding €20.00', 'Owes us', 'We owe it', 'Disputed'])
      expect(words).toContain(part);
    expect(page({ ledgers: both })).not.toContain('d3.pdf');
  });

  test('are those of the organisation, and say so', () => {
    const organisation = { id: 9, name: 'Firm Ltd' };
    const html = page({ ledgers: [ledger([invoice()])], organisation }, { name: 'Ann Lee' });
    expect(wordsOf(html)).toContain('These are the invoices of Firm Ltd, to which Ann Lee belongs.');
    expect(html).toContain('href="/contacts/7/invoices/d1.pdf"');
  });

  test('say since when Sage is out of reach, and go on being shown', () => {
    const freshness = { ...KNOWN, reachable: false, unreachableSince: new Date('2026-11-22T13:45:00Z') };
    const words = wordsOf(page({ ledgers: [ledger([invoice()])], freshness }));
    expect(words).toContain('Sage unreachable since 13:45.');
    expect(words).toContain('£1,234.50');
  });

  test('are withheld in words', () => {
    expect(wordsOf(page({ withheld: true }))).toContain('shown to administrators only');
    expect(page({})).not.toContain('id="invoices"');
  });

  test('lead to earlier ones by key, and back', () => {
    const documents = { items: [invoice()], nextCursor: '2026-10-01/d1' };
    const html = page(
      { ledgers: [ledger([invoice()], { documents })] },
      { position: { list: 'sales', after: '2026-11-01/d0' } },
    );
    expect(html).toContain('href="/contacts/7?list=sales&amp;after=2026-10-01%2Fd1#sales"');
    expect(html).toContain('href="/contacts/7#sales"');
  });

  test('put no address on the page that is none of the web', () => {
    const html = page({ ledgers: [ledger([invoice({ url: 'javascript:alert(1)', number: '<b>' })])] });
    expect(html).not.toContain('javascript:');
    expect(html).not.toContain('<b>');
  });
});

describe('the chart of twelve months', () => {
  const months = (values: number[]) => values.map((invoiced, at) => ({ month: `2026-0${at + 1}`, invoiced }));

  test('stands on one base line, and months of credit hang below it', () => {
    const { bars, base } = barsOf(months([100, -50, 0]));
    const [up, down, none] = bars;
    expect(up!.y + up!.height).toBeCloseTo(base);
    expect(down).toMatchObject({ y: base, below: true });
    expect(down!.height * 2).toBeCloseTo(up!.height);
    expect(none!.height).toBe(0);
  });

  test('shows the smallest amount, and has a base line without any', () => {
    expect(barsOf(months([1_000_000, 1])).bars[1]!.height).toBeGreaterThan(1);
    expect(barsOf(months([0, 0])).base).toBeGreaterThan(100);
  });

  test('says its numbers in a table and its gist in words', () => {
    const html = page({ ledgers: [ledger([invoice()])] });
    expect(html).toMatch(
      /role="img" aria-label="Invoiced from December 2025 to November 2026: £1,234.50, the most in October 2026/,
    );
    expect(wordsOf(html)).toContain('October 2026 £1,234.50');
    expect(html.match(/<rect class="months-bar"/g)).toHaveLength(12);
  });
});
