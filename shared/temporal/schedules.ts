import {
  type Client,
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
} from '@temporalio/client';
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { hashOf, reconcileScheduleId, reconcileWorkflowId, SEARCH_ATTRIBUTES, TASK_QUEUE } from '../ids';

const CATCH_UP_MS = 3_600_000;
const TENANT_ID = defineSearchAttributeKey(SEARCH_ATTRIBUTES.tenantId, SearchAttributeType.KEYWORD);

export type Schedules = ReturnType<typeof createSchedules>;

/**
 * The schedules of the periodic passes, one per tenant: operators see, pause and trigger them in the Temporal UI.
 * Every call can be repeated.
 */
export function createSchedules(client: Client, taskQueue = TASK_QUEUE) {
  const handleOf = (tenantId: string) => client.schedule.getHandle(reconcileScheduleId(tenantId));

  return {
    /** Makes the schedule; one that is there already is set going again. */
    async ensure(tenantId: string, everyMs: number): Promise<void> {
      try {
        await client.schedule.create({
          scheduleId: reconcileScheduleId(tenantId),
          spec: specOf(tenantId, everyMs),
          policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: CATCH_UP_MS },
          action: {
            type: 'startWorkflow',
            workflowType: 'reconcileWorkflow',
            workflowId: reconcileWorkflowId(tenantId),
            taskQueue,
            args: [{ tenantId }],
            typedSearchAttributes: [{ key: TENANT_ID, value: tenantId }],
          },
        });
      } catch (error) {
        if (!(error instanceof ScheduleAlreadyRunning)) throw error;
        await handleOf(tenantId).unpause();
      }
    },

    /** Brings the schedule in line with a SYNC_INTERVAL that was changed since it was made. */
    keepInterval: (tenantId: string, everyMs: number): Promise<void> =>
      unlessGone(async () => {
        const { spec } = await handleOf(tenantId).describe();
        if (spec.intervals?.[0]?.every === everyMs) return;
        await handleOf(tenantId).update((now) => ({ ...now, spec: specOf(tenantId, everyMs) }));
      }),

    /** Also asks the pass that is under way to end. */
    pause: (tenantId: string, note: string): Promise<void> =>
      unlessGone(async () => {
        await handleOf(tenantId).pause(note);
        const { info } = await handleOf(tenantId).describe();
        for (const { workflow } of info.runningActions) {
          await client.workflow.getHandle(workflow.workflowId).cancel().catch(ignoreGone);
        }
      }),

    /**
     * A pass now; where one is under way, the next one follows it at once.
     * @returns false when there is no schedule
     */
    async trigger(tenantId: string): Promise<boolean> {
      try {
        await handleOf(tenantId).trigger(ScheduleOverlapPolicy.BUFFER_ONE);
        return true;
      } catch (error) {
        if (error instanceof ScheduleNotFoundError) return false;
        throw error;
      }
    },

    /** When the next pass is due by itself; null while there is none. */
    async nextRun(tenantId: string): Promise<Date | null> {
      try {
        const { info, state } = await handleOf(tenantId).describe();
        return state.paused ? null : (info.nextActionTimes[0] ?? null);
      } catch (error) {
        if (error instanceof ScheduleNotFoundError) return null;
        throw error;
      }
    },

    /** Ends the schedule, and the pass that is under way. */
    async remove(tenantId: string): Promise<void> {
      await unlessGone(async () => {
        const { info } = await handleOf(tenantId).describe();
        await handleOf(tenantId).delete();
        for (const { workflow } of info.runningActions) {
          await client.workflow.getHandle(workflow.workflowId).terminate('disconnected').catch(ignoreGone);
        }
      });
    },
  };
}

/** Tenants' passes do not all begin at the same second. */
const specOf = (tenantId: string, everyMs: number) => ({
  intervals: [{ every: everyMs, offset: hashOf(tenantId) % everyMs }],
});

async function unlessGone(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error;
  }
}

const ignoreGone = (error: unknown): void => {
  if ((error as { name?: string }).name !== 'WorkflowNotFoundError') throw error;
};
