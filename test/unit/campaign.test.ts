import { type Deed } from '../../campaign/deeds';
import { type Evidence } from '../../campaign/evidence';
import { judge } from '../../campaign/judge';
import { type Plan, planOf, type Typed } from '../../campaign/plan';
import { shrink } from '../../campaign/shrink';
import { readSwitch } from '../../shared/broken-on-purpose';

const HELD: Typed = {
  ...{ name: 'Coln Bakery Ltd', email: 'a@first.test', telephone: '01367 1', mobile: '' },
  ...{ line1: '1 High Street', city: 'Lechlade', postcode: 'GL7 3AA' },
};
const made = (side: 'capsule' | 'sage', id: string): Deed => ({
  ...{ at: 0, did: 'made', side, id, typed: HELD, inWorld: true },
});
const party = { id: '1', alive: true, isPerson: false, marks: [], tags: [], held: HELD };
const contact = { id: 'a', alive: true, kind: 'CUSTOMER', system: false, madeFor: null, held: HELD };
const link = {
  ...{ contact: 'a', party: '1', kind: 'CUSTOMER', live: true, differs: [], because: 'name' },
  ...{ endedBecause: null, createdAt: 1_000 },
};
const inOrder: Evidence = {
  ...{ publicUrl: 'http://localhost', excludeSuppliers: false, parties: [party], contacts: [contact] },
  ...{ links: [link], openReviews: [], failures: [], unlinkings: [], writes: { capsule: [], sage: [] } },
  ...{ deeds: [made('capsule', '1'), made('sage', 'a')], phase: 'active', grantDied: false, leaks: [] },
};

test('a seed makes the same plan each time', () => {
  expect(planOf(7)).toEqual(planOf(7));
  expect(planOf(7)).not.toEqual(planOf(8));
});

test('the judge has nothing to say where everything is in order', () => {
  expect(judge(inOrder)).toEqual([]);
});

test.each<[string, Partial<Evidence>]>([
  ['R29', { parties: [party, { ...party, id: '2', marks: ['a'] }, { ...party, id: '3', marks: ['a'] }] }],
  ['R6', { links: [link, { ...link, contact: 'b' }] }],
  ['R11', { links: [] }],
  ['R25', { grantDied: true }],
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
