import { reconcileScheduleId } from '../../shared/ids';
import { addPair, editsOf } from '../support/edits';
import { importCompany, type ImportedCompany } from '../support/imported';
import { lifecycleOf } from '../support/lifecycle';
import { until } from '../support/until';

describe('the schedule of the passes', () => {
  let company: ImportedCompany;
  const life = lifecycleOf(() => company);
  const edits = editsOf(() => company);
  const sync = (body?: object) => company.admin.api<{ runId: string }>('POST', '/api/sync', body);
  const outcomeOf = async (runId: string) =>
    (await life.store().runs.find(company.tenantId, runId))?.outcome ?? 'none';

  beforeAll(async () => {
    company = await importCompany((gateway) => {
      addPair(gateway, 'Alder Ltd');
    });
    await edits.rest();
  });
  afterAll(() => company.close());

  test('stands when the import is done, and the status tells when the next pass is due', async () => {
    await until(async () => (await life.schedule()) !== null);
    expect(await life.schedule()).toMatchObject({ paused: false });
    const { nextSync, lastSync } = await life.status();
    expect(new Date(nextSync ?? 0).getTime()).toBeGreaterThan(Date.now());
    expect(lastSync).not.toBeNull();
  });

  test('a pass that is asked for is named, runs, and moves the last sync', async () => {
    const before = (await life.status()).lastSync;
    const { status, body } = await sync();
    expect(status).toBe(202);
    expect(body.runId).toMatch(/^pass-\d+$/);
    await until(async () => (await outcomeOf(body.runId)) === 'complete');
    expect(Date.parse((await life.status()).lastSync ?? '')).toBeGreaterThan(Date.parse(before ?? ''));
  });

  test('one asked for while another is under way follows it, and is not dropped', async () => {
    life.sandbox().sage.conditions.latencyMs = 300;
    const first = await sync({ full: true });
    await until(async () => (await outcomeOf(first.body.runId)) === 'running');
    const second = await sync();
    expect(second.body.runId).not.toBe(first.body.runId);
    life.sandbox().sage.conditions.latencyMs = 0;
    await until(async () => (await outcomeOf(second.body.runId)) === 'complete');
    expect(await outcomeOf(first.body.runId)).toBe('complete');
    expect(await life.store().runs.find(company.tenantId, first.body.runId)).toMatchObject({ kind: 'sweep' });
  });

  test('a SYNC_INTERVAL that was changed is taken up by the next pass', async () => {
    const id = reconcileScheduleId(company.tenantId);
    const { schedule } = company.worker.client;
    const every = async () => (await schedule.getHandle(id).describe()).spec.intervals?.[0]?.every;
    const meant = await every();
    await schedule.getHandle(id).update((now) => ({ ...now, spec: { intervals: [{ every: '3 hours' }] } }));
    expect(await every()).toBe(3 * 3_600_000);
    const { body } = await sync();
    await until(async () => (await outcomeOf(body.runId)) === 'complete');
    expect(await every()).toBe(meant);
  });

  test('a schedule that somebody deleted is made anew when a pass is asked for', async () => {
    const { schedule, workflow } = company.worker.client;
    const handle = schedule.getHandle(reconcileScheduleId(company.tenantId));
    const before = await sync();
    await until(async () => (await outcomeOf(before.body.runId)) === 'complete');
    // Its run is closed a little before the pass itself; a new schedule would give the next one the same id.
    const { recentActions } = (await handle.describe()).info;
    const last = recentActions.at(-1)?.action.workflow.workflowId;
    expect(last).toBeDefined();
    await workflow.getHandle(last ?? '').result();
    await handle.delete();
    const { body } = await sync();
    await until(async () => (await outcomeOf(body.runId)) === 'complete');
    expect(await life.schedule()).toMatchObject({ paused: false });
  });

  test('a pass that cannot go on brings the tenant to wait for a person (R25)', async () => {
    life.killSageGrant();
    await sync();
    await company.worker.reaches('reconnect');
    await company.admin.connectSage('single');
    await company.worker.reaches('active');
    const { begun = 0 } = (await life.tenant()).passes ?? {};
    await until(async () => ((await life.tenant()).passes?.begun ?? 0) >= begun);
  });

  test('odd wishes are refused', async () => {
    expect(await sync({ full: 'yes' })).toMatchObject({ status: 422 });
    expect(await company.admin.api('POST', '/api/breaker', { decision: 'go-on' })).toMatchObject({
      ...{ status: 409, body: { code: 'NoBreaker' } },
    });
    const bob = company.gateway.browser();
    await bob.connectCapsule('bob');
    expect(await bob.api('POST', '/api/sync')).toMatchObject({ status: 403 });
    expect(await bob.api('POST', '/api/pause')).toMatchObject({ status: 403 });
  });
});

test('a pass asked for during the import comes right after it', async () => {
  const company = await importCompany(
    ({ sandbox }) => {
      for (let n = 0; n < 60; n += 1) sandbox.sage.business().addContact({ name: `Firm ${n}` });
      sandbox.capsule.conditions.latencyMs = 100;
    },
    { until: 'importing' },
  );
  const { store } = company.gateway.services;
  const { status, body } = await company.admin.api<{ runId: string }>('POST', '/api/sync');
  expect({ status, body }).toEqual({ status: 202, body: { runId: 'pass-1' } });
  company.gateway.sandbox.capsule.conditions.latencyMs = 0;
  await until(async () => (await store.runs.find(company.tenantId, 'pass-1'))?.outcome === 'complete');
  await company.close();
});
