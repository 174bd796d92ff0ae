import { randomUUID } from 'node:crypto';
import pMap from 'p-map';
import { createLogger } from '../../shared/log';
import { tenantSyncWorkflowId } from '../../shared/ids';
import { addingTo } from '../support/adding';
import { openMortalGateway } from '../support/crash/gateway';
import { createLife, type Life, momentsOf } from '../support/crash/life';
import { mortalCore } from '../support/crash/worker';
import { addPair, editsOf, type Pair } from '../support/edits';
import { type ImportedCompany, importCompany } from '../support/imported';
import { lifecycleOf } from '../support/lifecycle';
import { until } from '../support/until';
import { startWorker } from '../support/worker';

const log = createLogger('test', 'silent');

describe('R15 a click handed over to the workflow: the gateway', () => {
  let company: ImportedCompany;
  let undisturbed: Life;
  const { store, organisation, inSage, links, openIntents } = addingTo(() => company);

  /** Presses *Add to Sage* at a gateway of its own. */
  async function click(partyId: number, life: Life): Promise<number> {
    const { gateway, admin } = company;
    const { config, temporal } = gateway.services;
    const core = mortalCore({ config, log }, gateway.db, life);
    const mortal = await openMortalGateway({ life, core }, { config, log }, temporal);
    const { status } = await fetch(`${mortal.url}/api/contacts/${partyId}/sage`, {
      method: 'POST',
      headers: { origin: gateway.url, cookie: await admin.jar.getCookieString(gateway.url) },
    });
    await life.atRest();
    await mortal.close();
    return status;
  }

  beforeAll(async () => {
    company = await importCompany(({ sandbox }) => {
      sandbox.sage.business().addContact({ name: 'Somebody Ltd' });
    });
    undisturbed = createLife();
    expect(await click(organisation('First Ltd'), undisturbed)).toBe(201);
  });
  afterAll(() => company.close());

  const AWAITS = ['Workflow.command', 'contacts.find'];

  test('every await of it stands in the table', () => {
    expect([...undisturbed.awaits().keys()].sort()).toEqual([...AWAITS].sort());
  });

  test.each(AWAITS)('dies at %s, and a second click gives the same contact', async (at) => {
    for (let nth = 1; nth <= (undisturbed.awaits().get(at) ?? 0); nth += 1) {
      for (const moment of momentsOf(at)) {
        const name = `Clicked ${at} ${nth} ${moment}`;
        const partyId = organisation(name);
        const life = createLife({ at, nth, moment });
        expect(await click(partyId, life)).toBe(500);
        expect([200, 201]).toContain(await click(partyId, createLife()));
        expect({ name, there: inSage(name).length }).toEqual({ name, there: 1 });
        expect(await links(partyId)).toMatchObject([{ sageContactId: inSage(name)[0]?.id }]);
        const { items } = await store().journal.ofParty(company.tenantId, partyId, { limit: 10 });
        expect(items.map(({ action }) => action)).toEqual(['created']);
      }
    }
    expect(await openIntents()).toEqual([]);
  });
});

/** So short that the workflow begins its history anew again and again. */
const MAX_HISTORY = 120;

describe('a workflow whose worker forgets it after each of its steps', () => {
  let company: ImportedCompany;
  let pairs: Pair[];
  const life = lifecycleOf(() => company);
  const edits = editsOf(() => company);
  const handle = () => company.worker.client.workflow.getHandle(tenantSyncWorkflowId(company.tenantId));
  const runId = async () => (await handle().describe()).runId;

  beforeAll(async () => {
    company = await importCompany((gateway) => {
      pairs = Array.from({ length: 10 }, (_, n) => addPair(gateway, `Firm ${n} Ltd`));
    });
    await edits.rest();
    await life.terminate();
    await company.worker.close();
    const { gateway, tenantId } = company;
    const { services, taskQueue } = gateway;
    const worker = { config: services.config, core: services, log, tenantId };
    company.worker = await startWorker(worker, taskQueue, { maxCachedWorkflows: 0 });
    await company.worker.client.workflow.start('tenantSyncWorkflow', {
      ...{ taskQueue, workflowId: tenantSyncWorkflowId(tenantId) },
      args: [{ tenantId, maxHistory: MAX_HISTORY }],
    });
    await company.worker.reaches('active');
  });
  afterAll(() => company.close());

  test('hands over to its next history without losing a signal or an update, or doing one twice', async () => {
    const first = await runId();
    const before = pairs.map(({ sageId }) => edits.puts(sageId));
    const emails = pairs.map((_, n) => `${randomUUID()}@${n}.test`);
    // By signals alone: no hook notes anything down.
    life.sandbox().capsule.faults.set([{ match: { path: /./ }, how: 'hook-lost' }]);
    for (const [n, { partyId }] of pairs.entries()) {
      edits.setEmail(partyId, emails[n] ?? '');
      await handle().signal('capsulePartiesChangedSignal', [partyId]);
      for (let more = 0; more < 15; more += 1) await handle().signal('capsulePartiesChangedSignal', []);
    }
    const push = ({ partyId }: Pair) =>
      handle().executeUpdate<{ outcome: string }, [object]>('pushUpdate', { args: [{ partyId }] });
    const answers = await pMap([...pairs, ...pairs], push, { concurrency: 8 });
    expect(answers.map(({ outcome }) => outcome)).toEqual(answers.map(() => 'pushed'));
    await until(() => pairs.every(({ sageId }, n) => edits.sage(sageId).person?.email === emails[n]));
    await edits.rest();
    expect(await runId()).not.toBe(first);
    expect(pairs.map(({ sageId }, n) => edits.puts(sageId) - (before[n] ?? 0))).toEqual(pairs.map(() => 1));
  });
});
