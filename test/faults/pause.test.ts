import { addPair, editsOf, type Pair } from '../support/edits';
import { importCompany, type ImportedCompany } from '../support/imported';
import { lifecycleOf } from '../support/lifecycle';
import { startWorker } from '../support/worker';
import { createLogger } from '../../shared/log';
import { until } from '../support/until';

let company: ImportedCompany;
let pair: Pair;
const life = lifecycleOf(() => company);
const edits = editsOf(() => company);
const post = (path: string) => company.admin.api<{ code?: string }>('POST', path);

afterEach(() => company.close());

describe('the pause of an operator', () => {
  beforeEach(async () => {
    company = await importCompany((gateway) => {
      pair = addPair(gateway, 'Alder Ltd');
    });
  });

  test('edits and passes wait, and nothing is lost', async () => {
    await edits.rest();
    expect(await post('/api/pause')).toMatchObject({ status: 200, body: { paused: true } });
    expect((await life.status()).phase).toBe('paused');
    expect(await life.schedule()).toMatchObject({
      paused: true,
      note: expect.stringContaining('Paused') as string,
    });
    edits.setEmail(pair.partyId, 'new@alder.test');
    await until(async () => (await life.store().changes.count(company.tenantId)) === 1);
    expect(await post('/api/sync')).toMatchObject({ status: 409, body: { code: 'Paused' } });
    expect(edits.sage(pair.sageId).person?.email).toBe('info@firm.test');

    expect(await post('/api/resume')).toMatchObject({ status: 200, body: { paused: false } });
    await until(() => edits.sage(pair.sageId).person?.email === 'new@alder.test');
    expect((await life.status()).phase).toBe('active');
    expect(await life.schedule()).toMatchObject({ paused: false });
    await company.worker.record('tenant-paused');
  });

  test('it outlives the worker, and the workflow', async () => {
    await post('/api/pause');
    await company.worker.close();
    const { services, taskQueue } = company.gateway;
    const log = createLogger('test', 'silent');
    company.worker = await startWorker(
      { config: services.config, core: services, log, tenantId: company.tenantId },
      taskQueue,
    );
    expect((await company.worker.status()).phase).toBe('paused');
    await life.terminate();
    await services.temporal.startTenantSync(company.tenantId);
    await company.worker.reaches('paused');
    await post('/api/resume');
    await company.worker.reaches('active');
  });

  test('pausing twice, and resuming twice, is the same as once', async () => {
    expect((await Promise.all([post('/api/pause'), post('/api/pause')])).map(({ status }) => status)).toEqual(
      [200, 200],
    );
    await post('/api/resume');
    expect(await post('/api/resume')).toMatchObject({ status: 200 });
    expect((await life.status()).phase).toBe('active');
  });
});

test('an import waits as well, and goes on where it was', async () => {
  company = await importCompany(
    ({ sandbox }) => {
      for (let n = 0; n < 120; n += 1) sandbox.sage.business().addContact({ name: `Firm ${n}` });
      sandbox.capsule.conditions.latencyMs = 40;
    },
    { until: 'importing' },
  );
  const { capsule } = life.sandbox();
  await until(() => capsule.parties().length > 5);
  await post('/api/pause');
  await company.worker.reaches('paused');
  const made = capsule.parties().length;
  expect(made).toBeLessThan(120);
  await post('/api/resume');
  capsule.conditions.latencyMs = 0;
  await company.worker.reaches('active');
  expect(capsule.parties()).toHaveLength(120);
  await company.figures();
});
