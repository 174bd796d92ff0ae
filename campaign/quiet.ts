import { setTimeout as delay } from 'node:timers/promises';
import { PageError } from '../services/local/browser';
import { readStatus } from '../services/local/demo-admin';
import { connect, consent } from './connection';
import { type Side } from './plan';
import { type Means, type Scene } from './run';
import { LATE_MS } from './themes';
import { writesOf } from './evidence';

/** Within the bound something was still changing, or waiting. */
export class NotAtRest extends Error {
  override name = 'NotAtRest';
}

/** More than the longest time limit of campaign/timeouts.ts several times over. */
const MOST_MS = 75_000;
const CUT_OFF = 'does not end';
/** Full passes one after the other in which nothing was written and nothing waits. */
const STILL = 2;

/**
 * Everything works again. Passes are asked for until nothing changes any more; whatever a person has to do for
 * that (consent again, agree to many deletions) is done.
 * @throws NotAtRest
 */
export async function comeToRest(means: Means, scene: Scene): Promise<{ grantsDied: Side[] }> {
  const deadline = performance.now() + MOST_MS;
  const died = new Set<Side>();
  let still = 0;
  let last = 'nothing was seen';
  let passes = 0;
  await delay(scene.struck['late-commit'] ? LATE_MS : 0);
  while (performance.now() < deadline) {
    try {
      const { phase } = await readStatus(scene.browser, means.publicUrl);
      if (phase === 'reconnect') for (const side of await deadGrants(means, scene.tenantId)) died.add(side);
      if (phase !== 'active') still = 0;
      if (phase !== 'active') last = `phase ${phase}`;
      if (phase === 'active') {
        const seen = await passAndLook(means, scene, deadline);
        passes += 1;
        // That the deadline cut a pass off says less than what those before it have left.
        if (seen !== null && !(passes > 1 && seen.endsWith(CUT_OFF))) last = seen;
        still = seen === null ? still + 1 : 0;
        if (still === STILL) return { grantsDied: [...died] };
      } else await mend(means, scene, phase);
    } catch (error) {
      last = error instanceof Error ? error.message : String(error);
      still = 0;
      await means.stack.allUp();
    }
    await delay(50);
  }
  throw new NotAtRest([`${last} (${passes} passes)`, ...(await openWork(means, scene))].join('; '));
}

const QUERY_MS = 3_000;

/** What Temporal still tries, how often it has, where workflows wait, and which have failed. */
async function openWork(means: Means, { tenantId }: Scene): Promise<string[]> {
  const { workflow } = await means.temporal();
  const lines: string[] = [];
  for await (const { workflowId, runId, status } of workflow.list()) {
    if (!workflowId.includes(tenantId)) continue;
    if (status.name === 'FAILED') lines.push(`${workflowId} has failed`);
    if (status.name !== 'RUNNING') continue;
    const handle = workflow.getHandle(workflowId, runId);
    const { raw } = await handle.describe();
    for (const { activityType, attempt, lastFailure } of raw.pendingActivities ?? [])
      lines.push(`${workflowId}: ${activityType?.name} ${attempt} ${lastFailure?.message ?? ''}`.trim());
    const trace = handle.query<string>('__stack_trace').catch(String);
    const waits = await Promise.race([trace, delay(QUERY_MS, 'no worker answers')]);
    lines.push(`${workflowId}: task ${raw.pendingWorkflowTask?.attempt ?? '-'}, ${waits}`);
  }
  return lines;
}

/** @returns what still changes or waits; null: nothing */
async function passAndLook(means: Means, scene: Scene, deadline: number): Promise<string | null> {
  const { browser, sandbox, tenantId } = scene;
  const { publicUrl } = means;
  const before = countWrites(scene);
  while (await isReading(means, scene)) {
    if (performance.now() > deadline) return 'somebody who reads documents does not end';
    await delay(60);
  }
  await browser.json(`${publicUrl}/api/failures/retry`, {});
  const { runId } = await browser.json<{ runId: string }>(`${publicUrl}/api/sync`, { full: true });
  let outcome = 'running';
  while (outcome === 'running') {
    if (performance.now() > deadline) return `run ${runId} ${CUT_OFF}`;
    await delay(60);
    outcome = await outcomeIn(browser, `${publicUrl}/api/runs/${runId}`);
  }
  const waiting = await Promise.all([
    means.db().collection('changes').countDocuments({ tenant: tenantId }),
    means.db().collection('intents').countDocuments({ tenant: tenantId }),
    means.db().collection('sageIntents').countDocuments({ tenant: tenantId, open: true }),
    means
      .db()
      .collection('figures')
      .countDocuments({ tenant: tenantId, $or: [{ stale: true }, { pending: true }] }),
  ]);
  const [changes, inCapsule, inSage, figures] = waiting;
  const writes = countWrites(scene) - before;
  const { pending } = sandbox.capsule.hooks;
  if (outcome !== 'complete') return `run ${runId} ended ${outcome}`;
  const seen = { writes, hooks: pending, changes, inCapsule, inSage, figures };
  return Object.values(seen).some((count) => count > 0) ? JSON.stringify(seen) : null;
}

/** A pass does not wait for who reads documents already, nor for who was killed while it read them: none would be read. */
async function isReading(means: Means, { tenantId }: Scene): Promise<boolean> {
  const leases = means.db().collection<{ _id: string }>('leases');
  const live = { _id: `documents/${tenantId}`, expiresAt: { $gt: new Date() } };
  return (await leases.findOne(live)) !== null;
}

/** A run that has been promised has no address before it begins. */
async function outcomeIn(browser: Scene['browser'], url: string): Promise<string> {
  try {
    return (await browser.json<{ outcome: string }>(url)).outcome;
  } catch (error) {
    if (error instanceof PageError && error.message.includes('answered 404')) return 'running';
    throw error;
  }
}

/** A vendor that refuses fresh tokens too makes people look, and need not have ended the grant. */
async function deadGrants(means: Means, tenantId: string): Promise<Side[]> {
  const ids = ['sage', 'capsule'].map((vendor) => `${tenantId}/${vendor}` as never);
  const dead = { _id: { $in: ids }, state: 'dead' };
  const grants = await means.db().collection('grants').find(dead).toArray();
  return grants.map(({ _id }) => (String(_id).endsWith('/sage') ? 'sage' : 'capsule'));
}

function countWrites({ sandbox }: Scene): number {
  const { sage, capsule } = writesOf(sandbox);
  return sage.length + capsule.length;
}

async function mend(means: Means, scene: Scene, phase: string): Promise<void> {
  if (phase === 'breaker') await scene.browser.json(`${means.publicUrl}/api/breaker`, { decision: 'go-on' });
  if (phase === 'reconnect') await consent(means, scene);
  if (phase === 'disconnected') await connect(means, scene);
}
