import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { tenantSyncWorkflowId } from '../../shared/ids';
import { createTemporalClient, type TemporalClient } from '../../shared/temporal/client';
import { openMortalGateway } from '../support/crash/gateway';
import { imported, people } from '../support/crash/scenes';
import { crashTable } from '../support/crash/table';
import { type Stage } from '../support/crash/world';
import { until } from '../support/until';

const FIRST = ['Alder Ltd', 'Birch Ltd', 'Cedar Ltd', 'Dogwood Ltd'];
const LAST = 'Elm Ltd';
/** Deliveries of one hook; the second one meets a gateway that lives. */
const MOST_TRIES = 3;

/** Nobody polls the queue: the workflow is there to be signalled. */
let temporal: TemporalClient;
let connection: Connection;
beforeAll(async () => {
  const address = process.env.TEMPORAL_ADDRESS ?? '';
  temporal = createTemporalClient({ address, namespace: 'default' }, `q-${randomUUID()}`);
  connection = await Connection.connect({ address });
});
afterAll(async () => {
  await temporal.close();
  await connection.close();
});

const workflowOf = ({ company: { tenantId } }: Pick<Stage, 'company'>) =>
  new Client({ connection }).workflow.getHandle(tenantSyncWorkflowId(tenantId));

/** Ends the tenant's workflow, if there is one. @returns whether anybody had signalled it */
async function takeSignals(stage: Stage): Promise<boolean> {
  try {
    const { events } = await workflowOf(stage).fetchHistory();
    await workflowOf(stage).terminate();
    return (events ?? []).some((event) => event.workflowExecutionSignaledEventAttributes);
  } catch {
    return false;
  }
}

/** As Capsule does: a hook that is not answered well is delivered again. */
async function deliver(stage: Stage, partyIds: number[]): Promise<void> {
  const { company } = stage;
  const { secret } = await company.core.store.hooks.ensure(company.tenantId, 1);
  const body = JSON.stringify({ event: 'party/updated', payload: partyIds.map((id) => ({ id })) });
  for (let tries = 1; tries <= MOST_TRIES; tries += 1) {
    const alive = await stage.alive();
    const { life } = alive;
    const signals = () => life.awaits().get('Workflow.signalPartiesChanged') ?? 0;
    const before = signals();
    const gateway = await openMortalGateway(alive, company, temporal);
    const path = `/hooks/capsule/${company.tenantId}/${secret}`;
    const { status } = await fetch(gateway.url + path, { method: 'POST', body });
    if (status === 200) await until(() => life.isDead() || signals() > before);
    await life.atRest();
    await gateway.close();
    if (status === 200) return;
  }
  throw new Error('nobody takes the hook');
}

crashTable('R12 hooks handed over to the workflow', {
  before: async (stage) => {
    const { party, contact } = people(stage.company);
    for (const name of [...FIRST, LAST]) {
      party(name);
      contact(name);
    }
    await imported(stage);
    await stage.company.core.store.hooks.ensure(stage.company.tenantId, 1);
  },
  // A signal that is lost with its gateway is made up for by the next hook.
  scene: async (stage) => {
    const { partyNamed, email } = people(stage.company);
    const ids = [...FIRST, LAST].map(partyNamed);
    ids.forEach((id) => email(id, 'new@capsule.test'));
    await deliver(stage, ids.slice(0, FIRST.length));
    await deliver(stage, ids.slice(FIRST.length));
    if (!(await takeSignals(stage))) stage.tell('the workflow was not signalled');
  },
  afterwards: async (stage) => {
    const { tenantId, core } = stage.company;
    for (let round = 0; round < 5 && (await core.store.changes.count(tenantId)) > 0; round += 1)
      await stage.run('pushChanges', { tenantId, partyIds: [] });
  },
  awaits: ['hooks.findOne', 'tenants.findOne', 'changes.insertMany', 'Workflow.signalPartiesChanged'],
});
