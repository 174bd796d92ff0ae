import { duePass, type PassKind } from '../shared/domain/pass-plan';
import { type Tenant } from '../shared/store/tenants';
import { type ActivityDeps } from './deps';

export interface PassStart {
  /** `pass-<n>` */
  runId: string;
  kind: PassKind;
  /** Whether creates in Sage are open whose end may have to be found out (R29). */
  adding: boolean;
}

/** A sweep that came to no complete end is tried again after this share of its interval, not at every pass. */
const AGAIN_AFTER = 1 / 4;

export function createBeginPass({ store, intervals, schedules, log }: ActivityDeps) {
  return {
    /**
     * Numbers a pass, decides what it reads and opens its run.
     * @param input.owner the workflow run: each of its attempts finds the same pass
     * @returns null when there is nothing to do: the tenant is not connected, or work waits for a person
     */
    async beginPass({ tenantId, owner }: { tenantId: string; owner: string }): Promise<PassStart | null> {
      const tenant = await store.tenants.find(tenantId);
      if (!tenant?.connected || tenant.phase !== 'active') return null;
      const begun = await store.tenants.beginPass(tenantId, owner);
      if (!begun) throw new Error('the number of the pass could not be claimed');
      const runId = `pass-${begun.number}`;
      const known = await store.runs.find(tenantId, runId);
      const adding = (await store.intents.openInSage(tenantId)).length > 0;
      if (known) return { runId, kind: kindOf(known), adding };

      await schedules.keepInterval(tenantId, intervals.syncMs);
      await endPassBefore(tenantId, begun.number);
      const now = new Date();
      const kind = await kindDue(tenant, begun.full, now);
      await store.runs.start(tenantId, runId, kind === 'incremental' ? kind : 'sweep', now, kind === 'deep');
      if (kind !== 'incremental') await store.watermarks.advance(tenantId, { sweepTriedAt: now });
      return { runId, kind, adding };
    },

    /**
     * Asks for a pass as soon as can be.
     * @returns the run that covers it: the next one to begin. One that is under way has read some of it already
     */
    async requestPass(tenantId: string, full: boolean): Promise<{ runId: string }> {
      const number = await store.tenants.requestPass(tenantId, full);
      if (!(await schedules.trigger(tenantId))) await triggerAnew(tenantId);
      return { runId: `pass-${number}` };
    },
  };

  /** Somebody took the schedule away; or the connection has ended meanwhile, and the next one sees to the wish. */
  async function triggerAnew(tenantId: string): Promise<void> {
    const tenant = await store.tenants.find(tenantId);
    if (!tenant?.connected || tenant.phase !== 'active') return;
    await schedules.ensure(tenantId, intervals.syncMs);
    await schedules.trigger(tenantId);
  }

  async function kindDue({ id, connection }: Tenant, wantFull: boolean, now: Date): Promise<PassKind> {
    const { sweptAt, deepSweptAt, sweepTriedAt } = await store.watermarks.get(id);
    const read = await store.runs.find(id, `import-${connection?.number}`);
    const imported = read?.outcome === 'complete' ? read.startedAt : null;
    // The first import has read both sides whole, as a deep sweep does.
    const history = { sweptAt: sweptAt ?? imported, deepSweptAt: deepSweptAt ?? imported, wantFull };
    const kind = duePass(history, intervals, now);
    const sinceTry = sweepTriedAt === null ? Infinity : now.getTime() - sweepTriedAt.getTime();
    const tooSoon = sinceTry >= 0 && sinceTry < intervals.sweepMs * AGAIN_AFTER;
    return tooSoon && !wantFull ? 'incremental' : kind;
  }

  /** One whose workflow was ended from outside could not say so itself. */
  async function endPassBefore(tenantId: string, number: number): Promise<void> {
    const end = { outcome: 'stopped' as const, at: new Date(), capsule: {}, sage: {} };
    const ended = await store.runs.close(tenantId, `pass-${number - 1}`, end);
    if (ended) log.warn({ tenantId, number: number - 1 }, 'a pass was broken off');
  }
}

const kindOf = ({ kind, deep }: { kind: string; deep: boolean }): PassKind =>
  deep ? 'deep' : kind === 'sweep' ? 'sweep' : 'incremental';
