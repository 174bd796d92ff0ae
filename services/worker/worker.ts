import { Context } from '@temporalio/activity';
import { type DataConverter } from '@temporalio/common';
import { type ActivityExecuteInput, type NativeConnection, Worker } from '@temporalio/worker';
import { type Activities, type ActivityDeps } from '../../activities';
import { type Config } from '../../shared/config';
import { TASK_QUEUE } from '../../shared/ids';
import { type Logger } from '../../shared/log';
import { toTemporalFailure } from '../../shared/temporal/failures';

/** How long work under way may still take after SIGTERM. */
const SHUTDOWN_GRACE_MS = 30_000;

/**
 * By itself the SDK holds heartbeats back for 0.8 of their time limit: a busy moment of the rest, and a living
 * activity counts as dead. Often told, they also leave less to repeat after a crash.
 */
const HEARTBEAT_THROTTLE = '2s';

export interface WorkerOptions {
  temporal: Config['temporal'];
  activities: Activities;
  connection: NativeConnection;
  log: Logger;
  /** Workflow code bundled before; left out, it is bundled here. */
  workflowBundle?: { codePath: string } | undefined;
  taskQueue?: string;
  /** How long work under way may still take when the worker is shut down. */
  shutdownGraceMs?: number;
  /** Seals payloads; left out, they are in clear. */
  dataConverter?: DataConverter | undefined;
  /** How many workflows are remembered between their steps; the history of any other is replayed at each. */
  maxCachedWorkflows?: number;
}

/** What activities take from the environment. */
export function activitySettings(
  config: Config,
): Pick<ActivityDeps, 'publicUrl' | 'outcomeSettleMs' | 'intervals'> {
  const { publicUrl, outcomeSettleMs, syncIntervalMs, sweepIntervalMs } = config;
  return {
    ...{ publicUrl, outcomeSettleMs },
    intervals: {
      ...{ syncMs: syncIntervalMs, sweepMs: sweepIntervalMs },
      ...{ deepSweepMs: config.deepSweepIntervalMs, overlapMs: config.syncOverlapMs },
    },
  };
}

/** A worker for workflows and activities of all tenants. */
export function createWorker(options: WorkerOptions): Promise<Worker> {
  const { workflowBundle } = options;
  return Worker.create({
    connection: options.connection,
    namespace: options.temporal.namespace,
    taskQueue: options.taskQueue ?? TASK_QUEUE,
    activities: options.activities,
    dataConverter: options.dataConverter,
    ...(workflowBundle ? { workflowBundle } : { workflowsPath: require.resolve('../../workflows/index.ts') }),
    maxCachedWorkflows: options.maxCachedWorkflows,
    shutdownGraceTime: options.shutdownGraceMs ?? SHUTDOWN_GRACE_MS,
    maxHeartbeatThrottleInterval: HEARTBEAT_THROTTLE,
    interceptors: { activity: [() => ({ inbound: failureInterceptor(options.log) })] },
  });
}

/** Decides for every activity alike what its failure means, and logs it with its tenant. */
function failureInterceptor(log: Logger) {
  return {
    async execute(input: ActivityExecuteInput, next: (input: ActivityExecuteInput) => Promise<unknown>) {
      try {
        return await next(input);
      } catch (error) {
        const { activityType, attempt, workflowExecution } = Context.current().info;
        const workflowId = workflowExecution?.workflowId;
        log.warn({ activityType, attempt, workflowId, reason: messageOf(error) }, 'activity failed');
        throw toTemporalFailure(error);
      }
    },
  };
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
