import { type Contact } from '../../services/sandbox/sage/records';
import { type Fault } from '../../services/sandbox/kernel/faults';
import { type PassKind } from '../../shared/domain/pass-plan';
import { type Company, connectCompany } from '../support/company';
import { runPass } from '../support/passes';
import { startWorker, type TestWorker } from '../support/worker';

/** R27: listings that break off, repeat, come back empty or lie. One company, more than one page on each side. */
let company: Company;
let worker: TestWorker;

const store = () => company.core.store;
const book = () => company.sandbox.sage.business();
const pass = async (kind: PassKind) =>
  (await runPass({ worker, store: store(), tenantId: company.tenantId }, { kind })).run;
const marks = () => store().watermarks.get(company.tenantId);
const liveLinks = async () => {
  const { linked, created } = await store().links.countByOrigin(company.tenantId);
  return linked + created;
};

beforeAll(async () => {
  company = await connectCompany({ sandbox: { contacts: 210, overlap: 'all', invoices: false } });
  worker = await startWorker(company);
  await worker.runImport();
  await store().tenants.setPhase(company.tenantId, 'active');
  await pass('incremental');
});

afterEach(() => {
  company.sandbox.sage.faults.clear();
  company.sandbox.capsule.faults.clear();
});

afterAll(async () => {
  await worker.close();
  await company.close();
});

const EMPTY = { $items: [], $total: 212, $page: 1, $next: null };
const SECOND_CONTACTS = { path: /\/contacts\?(.*&)?page=2(&|$)/ };

it.each<[string, Fault & { times: number }]>([
  [
    'comes back empty',
    { ...always(/\/contacts\?(?!.*deleted_since)/), how: 'status', status: 200, body: EMPTY },
  ],
  ['repeats a page', { match: SECOND_CONTACTS, times: 9, how: 'repeated-page' }],
  ['counts other than it lists', { ...always(/\/contacts\?(?!.*deleted_since)/), how: 'wrong-total' }],
  ['lets a row slip between pages', { match: SECOND_CONTACTS, times: 9, how: 'page-drift' }],
])('R27 a sweep of Sage whose list %s is partial, and concludes nothing', async (_what, fault) => {
  const before = { links: await liveLinks(), marks: await marks() };
  company.sandbox.sage.faults.failNext(fault);
  expect(await pass('sweep')).toMatchObject({ outcome: 'partial' });
  expect(await liveLinks()).toBe(before.links);
  const { sageContacts, capsuleParties, passedAt } = await marks();
  expect({ sageContacts, capsuleParties, passedAt }).toEqual({
    sageContacts: before.marks.sageContacts,
    capsuleParties: before.marks.capsuleParties,
    passedAt: before.marks.passedAt,
  });
  expect(await store().deletions.count(company.tenantId)).toBe(0);
  expect(await mirrored()).toBe(book().contacts().length);
});

it('R27 a list that is spoilt once is read again, and the sweep is complete', async () => {
  company.sandbox.sage.faults.failNext({ match: SECOND_CONTACTS, times: 1, how: 'repeated-page' });
  expect(await pass('sweep')).toMatchObject({ outcome: 'complete' });
});

it.each(['truncated', 'empty', 'drop-after'] as const)(
  'R27 a list whose answer is %s is asked for again',
  async (how) => {
    company.sandbox.sage.faults.failNext({ match: SECOND_CONTACTS, times: 1, how });
    company.sandbox.capsule.faults.failNext({ match: { path: /\/parties\?/ }, times: 1, how });
    expect(await pass('sweep')).toMatchObject({ outcome: 'complete' });
  },
);

it('R27 an address list that is cut short leaves a deep sweep partial, and every address as it was', async () => {
  const before = await store().links.countDiffers(company.tenantId);
  const body = { ...EMPTY, $total: 0 };
  company.sandbox.sage.faults.failNext({ ...always(/\/addresses\?/), how: 'status', status: 200, body });
  expect(await pass('deep')).toMatchObject({ outcome: 'partial' });
  expect(await store().links.countDiffers(company.tenantId)).toBe(before);
});

it('R27 a sweep of Capsule that shows nobody is partial, and no party is taken for deleted', async () => {
  const before = await liveLinks();
  const { faults } = company.sandbox.capsule;
  const match = { path: /\/parties\?(?!.*since)/ };
  faults.failNext({ match, times: 9, how: 'status', status: 200, body: { parties: [] } });
  expect(await pass('sweep')).toMatchObject({ outcome: 'partial' });
  expect(await liveLinks()).toBe(before);
  expect(await store().deletions.count(company.tenantId)).toBe(0);
});

it('R27 a list of changes that is cut short moves no watermark, and the next pass finds the rest', async () => {
  const contact: Contact = book().addContact({ name: 'Quarry Works Ltd' });
  const before = await marks();
  const body = { $items: [], $total: 3, $page: 1, $next: null };
  const { faults } = company.sandbox.sage;
  const match = { path: /updated_or_created_since/ };
  faults.failNext({ match, times: 1, how: 'status', status: 200, body });
  expect(await pass('incremental')).toMatchObject({ outcome: 'partial' });
  expect((await marks()).sageContacts).toEqual(before.sageContacts);

  expect(await pass('incremental')).toMatchObject({ outcome: 'complete' });
  expect(await store().links.bySageContacts(company.tenantId, [contact.id])).toHaveLength(1);
  expect((await marks()).sageContacts?.getTime()).toBeGreaterThanOrEqual(before.sageContacts?.getTime() ?? 0);
});

it('R27 a sweep that came to no end is not tried again at every pass', async () => {
  await store().watermarks.advance(company.tenantId, { sweptAt: new Date(0), sweepTriedAt: new Date() });
  expect(await kindOfNext()).toBe('incremental');
  await store().watermarks.advance(company.tenantId, { sweepTriedAt: new Date(Date.now() - 3600_000) });
  expect(await kindOfNext()).toBe('sweep');
});

it('R25 a grant that died stops the pass, and nothing is lost', async () => {
  const before = await marks();
  company.sandbox.sage.revokeGrants();
  company.sandbox.sage.expireAccessTokens();
  const contact = book().addContact({ name: 'Reed Works Ltd' });
  expect(await pass('incremental')).toMatchObject({ outcome: 'stopped' });
  expect((await marks()).sageContacts).toEqual(before.sageContacts);
  await company.consentAgain('sage');
  expect(await pass('incremental')).toMatchObject({ outcome: 'complete' });
  expect(await store().links.bySageContacts(company.tenantId, [contact.id])).toHaveLength(1);
});

function always(path: RegExp) {
  return { match: { path }, times: 99 };
}

const mirrored = () => store().contacts.count(company.tenantId, 'sage');

/** A pass as the schedule begins it: nobody sets when the last ones were. */
async function kindOfNext() {
  const before = (await store().tenants.find(company.tenantId))?.passes?.begun ?? 0;
  await worker.client.workflow.execute('reconcileWorkflow', {
    ...{ taskQueue: worker.taskQueue, workflowId: `reconcile-${before}-${company.tenantId}` },
    args: [{ tenantId: company.tenantId }],
  });
  return (await store().runs.find(company.tenantId, `pass-${before + 1}`))?.kind;
}
