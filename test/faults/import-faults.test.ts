import { markerUrl } from '../../shared/ids';
import { becomes } from '../../services/local/health';
import { type Company, connectCompany } from '../support/company';
import { startWorker, type TestWorker } from '../support/worker';

/** Each test has a company of its own: what breaks in one must not show in another. */
let company: Company;
let worker: TestWorker;

async function open(names: string[], env: Record<string, string> = {}): Promise<void> {
  company = await connectCompany({ sandbox: { contacts: 0, parties: 0 }, env });
  names.forEach((name) => company.sandbox.sage.business().addContact({ name }));
  worker = await startWorker(company);
}

afterEach(async () => {
  await worker.close();
  await company.close();
});

/** Sage contacts → how many Capsule parties carry their marker. */
const copies = (): number[] =>
  company.sandbox.sage
    .business()
    .contacts()
    .filter(({ system }) => !system)
    .map(({ id }) => {
      const marker = markerUrl(company.config.publicUrl, id);
      return company.sandbox.capsule
        .parties()
        .filter((party) => party.websites.some((row) => row.address === marker));
    })
    .map((parties) => parties.length);

const NAMES = ['Alder Ltd', 'Birch Ltd', 'Cedar Ltd'];
const POST_PARTIES = { method: 'POST', path: /\/api\/v2\/parties$/ };

it.each([
  ['the answer is lost after the commit', { how: 'drop-after' as const }],
  ['the connection breaks before the commit', { how: 'drop-before' as const }],
  ['it answers 503', { how: 'status' as const, status: 503 }],
])('R29 exactly one record results when %s', async (_, fault) => {
  await open(NAMES);
  company.sandbox.capsule.faults.failNext({ match: POST_PARTIES, times: 1, ...fault });
  const counts = await worker.runImport();
  expect(counts).toMatchObject({ created: 3, failed: 0 });
  expect(copies()).toEqual([1, 1, 1]);
  expect(await company.core.store.intents.list(company.tenantId, 'capsule', 10)).toEqual([]);
});

it('R29 a lost answer is not sent again before the outcome has settled', async () => {
  await open(['Dogwood Ltd'], { OUTCOME_SETTLE: '3s' });
  company.sandbox.capsule.faults.failNext({ match: POST_PARTIES, times: 1, how: 'drop-before' });
  await worker.runImport();
  const [party] = company.sandbox.capsule.parties();
  const run = await company.core.store.runs.find(company.tenantId, 'import-1');
  expect(copies()).toEqual([1]);
  expect(Number(party?.createdAt) - Number(run?.startedAt)).toBeGreaterThanOrEqual(2_000);
});

it('R26 a contact that Capsule refuses is set aside with the reason, all others go on', async () => {
  await open(NAMES);
  company.sandbox.capsule.faults.failNext({
    ...{ match: POST_PARTIES, times: 1, how: 'status', status: 422 },
    body: {
      message: 'Validation Failed',
      errors: [{ message: 'name is odd', resource: 'party', field: 'name' }],
    },
  });
  expect(await worker.runImport()).toMatchObject({ created: 2, failed: 1, done: 5, total: 5 });
  const { items } = await company.core.store.failures.page(company.tenantId, { limit: 10 });
  expect(items).toEqual([
    expect.objectContaining({ side: 'capsule', reason: 'Capsule refused it: party.name: name is odd' }),
  ]);

  expect(await worker.runImport(2)).toMatchObject({ created: 3, failed: 0 });
  expect(copies()).toEqual([1, 1, 1]);
});

it('R26 contacts whose details did not come by are read one by one, and one that is gone stops nobody', async () => {
  await open(NAMES);
  const { faults } = company.sandbox.sage;
  const nothing = { $items: [], $total: 0, $page: 1, $next: null };
  faults.failNext({ match: { path: /\/addresses\?/ }, times: 1, how: 'status', status: 200, body: nothing });
  const gone = company.sandbox.sage
    .business()
    .contacts()
    .find(({ name }) => name === 'Birch Ltd');
  const single = new RegExp(`/contacts/${gone?.id}`);
  faults.failNext({ match: { path: single }, times: 1, how: 'status', status: 404, body: [] });
  // It is still counted by Sage, so the lists are read again and it is found.
  expect(await worker.runImport()).toMatchObject({ created: 3, total: 5, done: 5 });
});

it('R26 a contact in a form that nobody understands is set aside, the others go on', async () => {
  await open(NAMES);
  const { faults } = company.sandbox.sage;
  const odd = { $items: [{ id: 'odd', name: ['not', 'a', 'text'] }], $total: 1, $page: 1, $next: null };
  faults.failNext({ match: { path: /\/contacts\?/ }, times: 1, how: 'status', status: 200, body: odd });
  expect(await worker.runImport()).toMatchObject({ total: 1, failed: 1, done: 1 });
  const { items } = await company.core.store.failures.page(company.tenantId, { limit: 10 });
  expect(items).toEqual([expect.objectContaining({ side: 'sage', recordId: 'odd' })]);
});

it('R30 the import waits for the limit, leaves the reserve alone and then goes on', async () => {
  await open(
    Array.from({ length: 60 }, (_, index) => `Firm ${index}`),
    { OUTCOME_SETTLE: '60s' },
  );
  Object.assign(company.sandbox.capsule.conditions, { limit: 60, windowSeconds: 2 });
  expect(await worker.runImport()).toMatchObject({ created: 60, failed: 0 });
  expect(copies().every((count) => count === 1)).toBe(true);
});

it('R25 a dead grant stops the import until somebody connects again, and nothing is lost', async () => {
  await open(NAMES);
  company.sandbox.sage.revokeGrants();
  company.sandbox.sage.expireAccessTokens();
  await worker.startTenantSync();
  await worker.reaches('reconnect');
  const tenant = await company.core.store.tenants.find(company.tenantId);
  expect(tenant?.problems).toEqual([expect.objectContaining({ code: 'reconnect' })]);

  await company.consentAgain('sage');
  await worker.signalGrantsRenewed();
  await worker.reaches('active');
  await worker.record('tenant-reconnected');
  expect(copies()).toEqual([1, 1, 1]);
});

it('a workflow started for a tenant that is not connected ends at once', async () => {
  await open([]);
  await company.disconnect();
  await worker.startTenantSync();
  expect(await worker.tenantSyncResult()).toBeUndefined();
  await worker.record('tenant-not-connected');
});

it('tells its phase, figures and words to the query, the search attributes and the store', async () => {
  await open(NAMES);
  await worker.startTenantSync();
  await worker.reaches('active');
  const status = await worker.status();
  expect(status).toMatchObject({
    phase: 'active',
    import: { total: 5, done: 5, created: 3, excluded: 2, step: 'done' },
  });
  expect(status.details).toContain('Imported: 5 of 5 Sage contacts');
  expect(await worker.searchAttributes()).toMatchObject({ SyncPhase: ['active'] });
  await worker.record('tenant-active', 'import-complete');
  expect(await company.core.store.tenants.find(company.tenantId)).toMatchObject({ phase: 'active' });
});

it('ends when an operator cancels it in the middle of an import', async () => {
  await open(Array.from({ length: 200 }, (_, index) => `Firm ${index}`));
  company.sandbox.capsule.conditions.latencyMs = 50;
  await worker.startTenantSync();
  await becomes(() => Promise.resolve(company.sandbox.capsule.parties().length > 5), { timeoutMs: 60_000 });
  await worker.cancelTenantSync();
  await expect(worker.tenantSyncResult()).rejects.toThrow('Workflow execution cancelled');
  expect(copies().filter((count) => count === 1).length).toBeLessThan(200);
});
