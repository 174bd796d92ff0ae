import { type ActivityDeps } from './deps';

/** The schedule of the tenant's passes: it rests whenever the tenant's phase is not `active`. */
export function createScheduleActivities({ store, schedules, intervals }: ActivityDeps) {
  return {
    /** Makes it, or sets it going again; not for a tenant that was disconnected meanwhile. */
    async ensureSchedule(tenantId: string): Promise<void> {
      if ((await store.tenants.find(tenantId))?.connected) await schedules.ensure(tenantId, intervals.syncMs);
    },

    /**
     * Lets passes rest, and ends the one under way: the next one goes on from where the last complete one was.
     * @param note why, for people who look at it in the Temporal UI
     */
    pauseSchedule: (tenantId: string, note: string): Promise<void> => schedules.pause(tenantId, note),

    /** Takes the wish for a pass down that cannot begin yet. @returns the run that will cover it */
    async notePass(tenantId: string, full: boolean): Promise<{ runId: string }> {
      return { runId: `pass-${await store.tenants.requestPass(tenantId, full)}` };
    },
  };
}
