import { randomUUID } from 'node:crypto';
import { type Client } from '@temporalio/client';
import { type PassKind } from '../../shared/domain/pass-plan';
import { type Store } from '../../shared/store';
import { type Run } from '../../shared/store/runs';
import { type reconcileWorkflow } from '../../workflows';
import { recordHistory } from './record-histories';

/** What a pass needs; a company, or an imported one with the store of its gateway, has it. */
export interface PassBench {
  worker: { client: Client; taskQueue: string };
  store: Store;
  tenantId: string;
}

export interface PassOptions {
  /** What it reads; only what changed unless told otherwise. */
  kind?: PassKind;
  /** Keeps its history for the replay tests under this name. */
  record?: string;
}

export interface PassDone {
  run: Run;
  /** How many events its workflow took. */
  events: number;
}

const LONG_AGO = new Date(0);

/** Runs a pass now, beside any schedule, and waits for its end. @throws when it had nothing to do, or failed */
export async function runPass(bench: PassBench, options: PassOptions = {}): Promise<PassDone> {
  const { worker, store, tenantId } = bench;
  const { kind = 'incremental' } = options;
  const now = new Date();
  await store.watermarks.advance(tenantId, {
    sweptAt: kind === 'sweep' ? LONG_AGO : now,
    deepSweptAt: kind === 'deep' ? LONG_AGO : now,
    sweepTriedAt: null,
  });
  const before = (await store.tenants.find(tenantId))?.passes?.begun ?? 0;
  const workflowId = `reconcile/${tenantId}-${randomUUID()}`;
  await worker.client.workflow.execute<typeof reconcileWorkflow>('reconcileWorkflow', {
    ...{ taskQueue: worker.taskQueue, workflowId, args: [{ tenantId }] },
  });
  const { events } = await worker.client.workflow.getHandle(workflowId).fetchHistory();
  if (options.record) await recordHistory(worker.client, workflowId, options.record);
  const run = await store.runs.find(tenantId, `pass-${before + 1}`);
  if (!run) throw new Error('the pass had nothing to do');
  return { run, events: events?.length ?? 0 };
}
