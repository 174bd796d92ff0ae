import { condition, log, setHandler } from '@temporalio/workflow';
import { type ClearingPlan } from '../activities/disconnect';
import { disconnectUpdate } from './messages';
import { clearing, farewell, stored } from './options';

/**
 * Disconnecting (R23, R32). First the tenant is marked, which refuses late hooks and clicks; then its work is
 * stopped; then schedule, hooks and the Sage grant go. Where fields are to be cleared, the Capsule grant goes last.
 * Every step can be repeated, and none may keep the others from happening: a vendor may be down, a grant dead.
 */
export function createLeaving(tenantId: string) {
  let asked = false;
  let stopped = false;
  let gone = false;
  let plan: ClearingPlan | null = null;

  setHandler(disconnectUpdate, async (wish) => {
    if (await stored.beginLeaving({ tenantId, ...wish })) {
      asked = true;
      if (wish.erase) gone = false;
      await condition(() => (wish.erase ? gone : stopped));
    }
    return { stopped: true as const, clearing: plan };
  });

  /** What fails here has failed several times; it is told to operators, and the rest goes on. */
  async function attempt(what: string, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      log.warn('a step of disconnecting failed', { what, error });
    }
  }

  return {
    /** Somebody asked for it, and has not been told the end of it. */
    asked: (): boolean => asked,

    /** Ends the connection; the work itself has been stopped before. */
    async leave({ erase }: { erase: boolean }): Promise<void> {
      await stored.endWork(tenantId);
      await Promise.all([
        attempt('hooks', () => farewell.removeHooks(tenantId)),
        attempt('sage grant', () => farewell.endSageGrant(tenantId)),
      ]);
      plan = await stored.planClearing(tenantId);
      if (plan) {
        stopped = true;
        await attempt('fields', () => clearing(tenantId).clearSageFields(tenantId));
      }
      if (erase) await clearing(tenantId).eraseTenant(tenantId);
      else await stored.endCapsuleGrant(tenantId);
    },

    /** Nothing is left to end. */
    ended(): void {
      asked = false;
      stopped = true;
      gone = true;
    },
  };
}
