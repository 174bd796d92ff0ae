import { type Deed } from '../../campaign/deeds';
import { type Evidence } from '../../campaign/evidence';
import { judge } from '../../campaign/judge';
import { type Plan, planOf, type Typed } from '../../campaign/plan';
import { THEMES } from '../../campaign/themes';
import { shrink } from '../../campaign/shrink';
import { readSwitch } from '../../shared/broken-on-purpose';

const HELD: Typed = {
  ...{ name: 'Coln Bakery Ltd', email: 'a@first.test', telephone: '01367 1', mobile: '' },
  ...{ line1: '1 High Street', city: 'Lechlade', postcode: 'GL7 3AA' },
};
const made = (side: 'capsule' | 'sage', id: string): Deed => ({
  ...{ at: 0, did: 'made', side, id, typed: HELD, inWorld: true },
});
const NO_FIGURES = { balance: '', overdue: '', invoices: '', tagged: false };
const OWES = {
  ...{ balance: '£1,230.50', overdue: '£1,250.50' },
  ...{ invoices: 'http://localhost/contacts/1', tagged: true },
};
const party = {
  ...{ id: '1', alive: true, isPerson: false, marks: [], tags: [], held: HELD },
  figures: NO_FIGURES,
};
const contact = { id: 'a', alive: true, kind: 'CUSTOMER', system: false, madeFor: null, held: HELD };
const link = {
  ...{ contact: 'a', party: '1', kind: 'CUSTOMER', live: true, differs: [], because: 'name' },
  ...{ endedBecause: null, createdAt: 1_000 },
};
const invoice = {
  ...{ id: 'i', contact: 'a', kind: 'sales_invoice', status: 'PART_PAID', currency: 'GBP', owed: 125_050 },
  dueDate: '2026-01-31',
};
const note = { ...invoice, id: 'n', kind: 'sales_credit_note', owed: 2_000 };
const draft = { ...invoice, id: 'd', status: 'DRAFT', owed: 700 };
const mirrored = [
  { id: 'i', contact: 'a', status: 'PART_PAID', currency: 'GBP', outstanding: 125_050 },
  { id: 'n', contact: 'a', status: 'UNPAID', currency: 'GBP', outstanding: -2_000 },
  { id: 'd', contact: 'a', status: 'DRAFT', currency: 'GBP', outstanding: 700 },
];
const away = (change: object = {}): Deed => ({
  ...{ at: 9_000, did: 'away', clearFields: false, links: [{ contact: 'a', party: '1' }], wrote: [] },
  ...change,
});
const inOrder: Evidence = {
  ...{ publicUrl: 'http://localhost', excludeSuppliers: false, parties: [party], contacts: [contact] },
  ...{ links: [link], openReviews: [], failures: [], unlinkings: [], writes: { capsule: [], sage: [] } },
  ...{ deeds: [made('capsule', '1'), made('sage', 'a')], phase: 'active', leaks: [] },
  ...{ grantsDied: [], revoked: [], problems: [], documents: [], mirrored: [], today: '2026-02-01' },
};

test('a seed makes the same plan each time', () => {
  expect(planOf(7)).toEqual(planOf(7));
  expect(planOf(7)).not.toEqual(planOf(8));
});

test('the judge has nothing to say where everything is in order', () => {
  expect(judge(inOrder)).toEqual([]);
  expect(judge(withInvoices)).toEqual([]);
  expect(judge({ ...inOrder, deeds: [...inOrder.deeds, away()] })).toEqual([]);
  expect(judge({ ...inOrder, grantsDied: ['sage'], revoked: ['sage'] })).toEqual([]);
});

test('thirty seeds in a row have each theme at least twice', () => {
  for (const first of [1, 100, 777]) {
    const themes = Array.from({ length: 30 }, (_, i) => planOf(first + i).theme);
    for (const theme of THEMES)
      expect(themes.filter((one) => one === theme).length).toBeGreaterThanOrEqual(2);
  }
});

const withInvoices: Evidence = {
  ...{ ...inOrder, documents: [invoice, note, draft], mirrored },
  parties: [{ ...party, figures: OWES }],
};

test.each<[string, string, Partial<Evidence>]>([
  ['a document is missing', 'invoices: of contact a', { mirrored: mirrored.slice(0, 2) }],
  ['a payment is missing', 'invoices: of contact a', { documents: [{ ...invoice, owed: 1 }, note, draft] }],
  ['one is gone', 'invoices: of contact a', { documents: [invoice, note] }],
  ['one is void', 'figures: balance', { documents: [{ ...invoice, status: 'VOID' }, note, draft] }],
  ['a text is missing', 'figures: overdue', { parties: [{ ...party, figures: { ...OWES, overdue: '' } }] }],
  ['the day turned', 'figures: overdue', { today: '2026-01-31' }],
  ['the tag is gone', 'figures: party 1', { parties: [{ ...party, figures: { ...OWES, tagged: false } }] }],
  ['nobody is linked', 'figures: balance', { links: [] }],
])('the judge finds figures that are not the ledger: %s', (_what, complaint, change) => {
  expect(judge({ ...withInvoices, ...change }).some((line) => line.startsWith(complaint))).toBe(true);
});

test.each<[string, Partial<Evidence>]>([
  ['R29', { parties: [party, { ...party, id: '2', marks: ['a'] }, { ...party, id: '3', marks: ['a'] }] }],
  ['R6', { links: [link, { ...link, contact: 'b' }] }],
  ['R11', { links: [] }],
  ['R25', { grantsDied: ['sage'], revoked: ['capsule'] }],
  ['R25', { problems: ['reconnect-sage'] }],
  ['R23', { deeds: [...inOrder.deeds, away({ wrote: ['PUT /api/v2/parties/1'] })] }],
  ['R23', { deeds: [...inOrder.deeds, away({ clearFields: true, wrote: ['POST /api/v2/parties'] })] }],
  ['R24', { deeds: [...inOrder.deeds, away({ links: [{ contact: 'a', party: '2' }] })] }],
  ['R27', { unlinkings: [{ contact: 'a', party: '1' }] }],
  ['forbidden:', { writes: { capsule: ['DELETE /api/v2/parties/1'], sage: [] } }],
  ['R13', { contacts: [{ ...contact, held: { ...HELD, city: 'Fairford' } }] }],
])('the judge finds %s broken', (rule, change) => {
  expect(judge({ ...inOrder, ...change }).some((line) => line.startsWith(`${rule} `))).toBe(true);
});

test('R12 the judge misses an edit that has not arrived', () => {
  const edit: Deed = { at: 9_000, did: 'edited', side: 'capsule', id: '1', field: 'city', value: 'Fairford' };
  const parties = [{ ...party, held: { ...HELD, city: 'Fairford' } }];
  const complaints = judge({ ...inOrder, parties, deeds: [...inOrder.deeds, edit] });
  expect(complaints.some((line) => line.startsWith('R12 not arrived in Sage: city'))).toBe(true);
});

test('a failing plan is shrunk to the steps that it takes', async () => {
  const plan = planOf(7);
  const culprit = plan.steps[9];
  const run = (shorter: Plan) =>
    Promise.resolve({
      wrong: culprit && shorter.steps.includes(culprit) ? ['R29 twin'] : [],
      seconds: 0,
      struck: {},
    });
  expect((await shrink(plan, ['R29 twin'], run)).plan.steps).toEqual([culprit]);
});

test('a broken build is refused outside of tests', () => {
  expect(readSwitch({ NODE_ENV: 'test', BROKEN_ON_PURPOSE: 'echo-check' })).toBe('echo-check');
  expect(() => readSwitch({ NODE_ENV: 'production', BROKEN_ON_PURPOSE: 'echo-check' })).toThrow('tests only');
  expect(() => readSwitch({ NODE_ENV: 'test', BROKEN_ON_PURPOSE: 'everything' })).toThrow('must be one of');
});
