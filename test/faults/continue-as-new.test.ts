import { randomUUID } from 'node:crypto';
import pMap from 'p-map';
import { tenantSyncWorkflowId } from '../../shared/ids';
import { addPair, editsOf, type Pair } from '../support/edits';
import { importCompany, type ImportedCompany } from '../support/imported';
import { lifecycleOf } from '../support/lifecycle';
import { until } from '../support/until';

/** Histories so short that each burst goes through several of them. */
const MAX_HISTORY = 120;
const PAIRS = 20;

describe('a history that begins anew', () => {
  let company: ImportedCompany;
  let pairs: Pair[];
  const life = lifecycleOf(() => company);
  const edits = editsOf(() => company);
  const handle = () => company.worker.client.workflow.getHandle(tenantSyncWorkflowId(company.tenantId));
  const runId = async () => (await handle().describe()).runId;

  /** In the place of the workflow that the gateway started: the same, with short histories. */
  async function restart(): Promise<void> {
    await life.terminate();
    const { client, taskQueue } = company.worker;
    await client.workflow.start('tenantSyncWorkflow', {
      ...{ taskQueue, workflowId: tenantSyncWorkflowId(company.tenantId) },
      args: [{ tenantId: company.tenantId, maxHistory: MAX_HISTORY }],
    });
  }

  /** The runs of the tenant's workflow since it was started with short histories, oldest first. */
  async function histories(): Promise<number> {
    let count = 0;
    const query = `WorkflowId = '${tenantSyncWorkflowId(company.tenantId)}' AND ExecutionStatus = 'ContinuedAsNew'`;
    for await (const _ of company.worker.client.workflow.list({ query })) count += 1;
    return count;
  }

  beforeAll(async () => {
    company = await importCompany((gateway) => {
      pairs = Array.from({ length: PAIRS }, (_, n) => addPair(gateway, `Firm ${n} Ltd`));
    });
    await edits.rest();
    await restart();
    await company.worker.reaches('active');
  });
  afterAll(() => company.close());

  test('loses no signal, and does nothing twice, in the middle of a burst', async () => {
    const before = pairs.map(({ sageId }) => edits.puts(sageId));
    const emails = pairs.map((_, n) => `${randomUUID()}@${n}.test`);
    // By signals alone: no hook notes anything down.
    life.sandbox().capsule.faults.set([{ match: { path: /./ }, how: 'hook-lost' }]);
    for (const [n, { partyId }] of pairs.entries()) {
      edits.setEmail(partyId, emails[n] ?? '');
      await handle().signal('capsulePartiesChangedSignal', [partyId]);
      for (let more = 0; more < 10; more += 1) await handle().signal('capsulePartiesChangedSignal', []);
    }
    await until(() => pairs.every(({ sageId }, n) => edits.sage(sageId).person?.email === emails[n]));
    life.sandbox().capsule.faults.clear();
    expect(await histories()).toBeGreaterThan(0);
    expect(pairs.map(({ sageId }, n) => edits.puts(sageId) - (before[n] ?? 0))).toEqual(pairs.map(() => 1));
    await edits.rest();
  });

  test('loses no update, and carries each out once', async () => {
    const [begun, puts] = [await histories(), pairs.map(({ sageId }) => edits.puts(sageId))];
    for (const { sageId } of pairs) {
      const person = { main_contact_person: { email: 'edited@in-sage.test' } };
      life.sandbox().sage.business().editContact(sageId, person);
    }
    const push = ({ partyId }: Pair) =>
      handle().executeUpdate<{ outcome: string }, [object]>('pushUpdate', { args: [{ partyId }] });
    // A server takes ten updates of one workflow at a time.
    const answers = await pMap([...pairs, ...pairs], push, { concurrency: 8 });
    expect(answers).toHaveLength(2 * PAIRS);
    // Temporal's list follows a little behind; more of the same, and a history that is not full yet gets so.
    await until(async () => {
      await pMap(pairs, push, { concurrency: 8 });
      return (await histories()) > begun;
    });
    const written = pairs.map(({ sageId }, n) => edits.puts(sageId) - (puts[n] ?? 0));
    expect(written).toEqual(pairs.map(() => 1));
    expect(pairs.some(({ sageId }) => edits.sage(sageId).person?.email === 'edited@in-sage.test')).toBe(
      false,
    );
  });

  test('keeps a pause, and what waits behind it', async () => {
    const { admin } = company;
    await admin.api('POST', '/api/pause');
    const [pair] = pairs;
    edits.setEmail(pair?.partyId ?? 0, 'waits@behind.test');
    const first = await runId();
    await until(async () => {
      for (let n = 0; n < 20; n += 1)
        await handle().signal('capsulePartiesChangedSignal', [pair?.partyId ?? 0]);
      return (await runId()) !== first;
    });
    expect((await company.worker.status()).phase).toBe('paused');
    expect((await life.schedule())?.paused).toBe(true);
    expect(edits.sage(pair?.sageId ?? '').person?.email).not.toBe('waits@behind.test');
    await admin.api('POST', '/api/resume');
    await until(() => edits.sage(pair?.sageId ?? '').person?.email === 'waits@behind.test');
    await company.worker.record('tenant-carried');
  });

  test('R25 keeps waiting for a person', async () => {
    life.killSageGrant();
    const [pair] = pairs;
    edits.setEmail(pair?.partyId ?? 0, 'dead@grant.test');
    await company.worker.reaches('reconnect');
    const first = await runId();
    await until(async () => {
      for (let n = 0; n < 20; n += 1) await handle().signal('capsulePartiesChangedSignal', []);
      return (await runId()) !== first;
    });
    expect((await company.worker.status()).phase).toBe('reconnect');
    await company.admin.connectSage('single');
    await company.worker.reaches('active');
    await until(() => edits.sage(pair?.sageId ?? '').person?.email === 'dead@grant.test');
  });

  test('R23 is no way around a disconnect', async () => {
    const burst = (async () => {
      for (let n = 0; n < 200; n += 1)
        await handle()
          .signal('capsulePartiesChangedSignal', [])
          .catch(() => undefined);
    })();
    expect(await life.disconnect()).toMatchObject({ status: 200 });
    await burst;
    await until(async () => (await life.workflow()) === 'COMPLETED');
    expect(await life.schedule()).toBeNull();
  });
});

describe('an import under way', () => {
  let company: ImportedCompany;
  beforeAll(async () => {
    company = await importCompany(
      ({ sandbox }) => {
        for (let n = 0; n < 80; n += 1) sandbox.sage.business().addContact({ name: `Firm ${n}` });
        // Creates take long until the test lets them go.
        const creates = {
          match: { method: 'POST', path: /\/api\/v2\/parties$/ },
          how: 'slow',
          ms: 3_000,
        } as const;
        sandbox.capsule.faults.set([creates]);
      },
      { until: 'importing' },
    );
  });
  afterAll(() => company.close());

  test('is joined by the histories after the one that began it', async () => {
    const { client, taskQueue } = company.worker;
    const { capsule } = company.gateway.sandbox;
    const handle = client.workflow.getHandle(tenantSyncWorkflowId(company.tenantId));
    await until(() => capsule.parties().length > 0);
    await handle.terminate();
    await client.workflow.start('tenantSyncWorkflow', {
      ...{ taskQueue, workflowId: tenantSyncWorkflowId(company.tenantId) },
      args: [{ tenantId: company.tenantId, maxHistory: 60 }],
    });
    const first = (await handle.describe()).runId;
    await until(async () => {
      await handle.signal('capsulePartiesChangedSignal', []);
      return (await handle.describe()).runId !== first;
    });
    expect((await company.worker.status()).phase).toBe('importing');
    capsule.faults.clear();
    await company.worker.reaches('active');
    expect(capsule.parties()).toHaveLength(80);
    await company.figures();
  });
});
