import { type ActivityDeps } from './deps';

/** The schedule of the tenant's passes: it rests whenever the tenant's phase is not `active`. */
export function createScheduleActivities({ store, schedules, intervals }: ActivityDeps) {
  return {
    /** Makes it, or sets it going again; not for a tenant that was disconnected meanwhile. */
    async ensureSchedule(tenantId: string): Promise<void> {
      if ((await store.tenants.find(tenantId))?.connected) await schedules.ensure(tenantId, intervals.syncMs);
    },

    /** @param note why, for people who look at it in the Temporal UI */
    pauseSchedule: (tenantId: string, note: string): Promise<void> => schedules.pause(tenantId, note),
  };
}
