import {
  type ActivityInput,
  type Next,
  type WorkflowInterceptors,
  type WorkflowOutboundCallsInterceptor,
} from '@temporalio/workflow';

/**
 * Time compressed: with the limits of production a killed worker's step is found missing after 15 s to 5 min, and
 * a failed one waits for up to 2 min. Nothing else of the workflows is touched.
 */
const HEARTBEAT = '5s';
const STEP = '12s';
const LONGEST_PAUSE = '1s';

const outbound: WorkflowOutboundCallsInterceptor = {
  scheduleActivity(input: ActivityInput, next: Next<WorkflowOutboundCallsInterceptor, 'scheduleActivity'>) {
    const { options } = input;
    const limits = options.heartbeatTimeout ? { heartbeatTimeout: HEARTBEAT } : { startToCloseTimeout: STEP };
    const retry = { ...options.retry, initialInterval: '300ms', maximumInterval: LONGEST_PAUSE } as const;
    return next({ ...input, options: { ...options, ...limits, retry } as typeof options });
  },
};

export const interceptors = (): WorkflowInterceptors => ({
  inbound: [],
  outbound: [outbound],
  internals: [],
});
