import { randomUUID } from 'node:crypto';
import {
  Client,
  Connection,
  isGrpcServiceError,
  WithStartWorkflowOperation,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  type WorkflowUpdateHandle,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import {
  ApplicationFailure,
  type DataConverter,
  defineSearchAttributeKey,
  SearchAttributeType,
  TypedSearchAttributes,
  type Workflow,
} from '@temporalio/common';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { type Config } from '../config';
import { SEARCH_ATTRIBUTES, TASK_QUEUE, tenantSyncWorkflowId } from '../ids';
import { createCalls } from './calls';
import { createSchedules } from './schedules';

/** How long a person is kept waiting for Temporal before they are told to try again. */
const CALL_TIMEOUT_MS = 10_000;
const HEALTH_TIMEOUT_MS = 2_000;
/** How long the time of the next pass is believed. */
const NEXT_PASS_MS = 10_000;
const MOST_REMEMBERED = 10_000;

const TENANT_ID = defineSearchAttributeKey(SEARCH_ATTRIBUTES.tenantId, SearchAttributeType.KEYWORD);
const SYNC_PHASE = defineSearchAttributeKey(SEARCH_ATTRIBUTES.syncPhase, SearchAttributeType.KEYWORD);

/** What became of a command within the time that somebody waits for it. */
export type CommandAnswer<Result> =
  | { state: 'done'; result: Result }
  /** The workflow has it and carries it out, however long that takes; `commandState` tells what became of it. */
  | { state: 'goesOn'; commandId: string }
  /** The workflow refused it, or could not carry it out; `type` is the failure's class. */
  | { state: 'failed'; type: string }
  /** The tenant has no running workflow: it is not connected. */
  | { state: 'absent' };

export type TemporalClient = ReturnType<typeof createTemporalClient>;

/**
 * Address and namespace come from our own configuration; TLS, API key and metadata from the variables that
 * every Temporal client knows (`TEMPORAL_TLS`, `TEMPORAL_API_KEY`, …).
 */
export function temporalConnectionOptions({ address }: Pick<Config['temporal'], 'address'>) {
  return { ...loadClientConnectConfig().connectionOptions, address };
}

/**
 * The only door from the gateway to Temporal. Connects with the first call, so that a gateway starts, and
 * says that it is not ready, while Temporal is away.
 * @param taskQueue another one than the workers' is for tests
 * @param dataConverter seals payloads; left out, they are in clear
 */
export function createTemporalClient(
  config: Pick<Config['temporal'], 'address' | 'namespace'>,
  taskQueue = TASK_QUEUE,
  dataConverter?: DataConverter,
) {
  const calls = createCalls();
  const { interceptors } = calls;
  const connection = Connection.lazy({ ...temporalConnectionOptions(config), interceptors });
  const client = new Client({ connection, namespace: config.namespace, dataConverter });
  const schedules = createSchedules(client, taskQueue);
  const nextPasses = new Map<string, { at: Date | null; readAt: number }>();
  const by = <T>(deadline: number, call: () => Promise<T>) => calls.by(connection, deadline, call);
  const within = <T>(ms: number, call: () => Promise<T>) => by(Date.now() + ms, call);

  const tenantSync = (tenantId: string) => ({
    workflowId: tenantSyncWorkflowId(tenantId),
    taskQueue,
    args: [{ tenantId }],
    workflowIdConflictPolicy: 'USE_EXISTING' as const,
    workflowIdReusePolicy: 'ALLOW_DUPLICATE' as const,
    typedSearchAttributes: new TypedSearchAttributes([
      { key: TENANT_ID, value: tenantId },
      { key: SYNC_PHASE, value: 'importing' },
    ]),
    staticSummary: `Sync of Capsule account ${tenantId}`,
  });

  return {
    /**
     * Starts the workflow that lives as long as the tenant's connection. Starting one that runs does nothing,
     * so it can be repeated after a crash.
     */
    async startTenantSync(tenantId: string): Promise<void> {
      await within(CALL_TIMEOUT_MS, () => client.workflow.start('tenantSyncWorkflow', tenantSync(tenantId)));
    },

    /**
     * Tells the tenant's workflow that hints of changed parties wait in the store; one that does not run is
     * started. Only for a tenant that is connected: ask the store first.
     */
    async signalPartiesChanged(tenantId: string): Promise<void> {
      await within(CALL_TIMEOUT_MS, () =>
        client.workflow.signalWithStart('tenantSyncWorkflow', {
          ...tenantSync(tenantId),
          signal: 'capsulePartiesChangedSignal',
          signalArgs: [[]],
        }),
      );
    },

    /**
     * Tells the tenant's workflow that there is a new connection; one that does not run is started. Reaches also
     * one that is about to end with the connection before.
     */
    async connected(tenantId: string): Promise<void> {
      await within(CALL_TIMEOUT_MS, () =>
        client.workflow.signalWithStart('tenantSyncWorkflow', {
          ...tenantSync(tenantId),
          signal: 'connectedSignal',
        }),
      );
    },

    /**
     * The same as `command`, for what must be carried out also when the tenant's workflow does not run: it is
     * started then.
     */
    async commandWithStart<Result>(
      tenantId: string,
      update: string,
      input: object,
      patienceMs: number,
    ): Promise<CommandAnswer<Result>> {
      const deadline = Date.now() + patienceMs;
      const startWorkflowOperation = new WithStartWorkflowOperation(
        'tenantSyncWorkflow',
        tenantSync(tenantId),
      );
      try {
        const accepted = await by(deadline, () =>
          client.workflow.startUpdateWithStart<Workflow, Result, [object]>(update, {
            ...{ args: [input], waitForStage: 'ACCEPTED', startWorkflowOperation },
            updateId: newUpdateId(update),
          }),
        );
        return await by(deadline, () => resultOf(accepted));
      } catch (error) {
        if (error instanceof WorkflowUpdateFailedError) return { state: 'failed', type: typeOf(error) };
        throw error;
      }
    },

    /** Tells a workflow that waits for a grant or a subscription that it may try again (R25). */
    async grantsRenewed(tenantId: string): Promise<void> {
      const handle = client.workflow.getHandle(tenantSyncWorkflowId(tenantId));
      await within(CALL_TIMEOUT_MS, () => handle.signal('grantsRenewedSignal'));
    },

    /** Tells a tenant's workflow that the settings may want other figures on the Capsule records. */
    async figuresChanged(tenantId: string): Promise<void> {
      const handle = client.workflow.getHandle(tenantSyncWorkflowId(tenantId));
      await within(CALL_TIMEOUT_MS, () => handle.signal('figuresChangedSignal'));
    },

    /** What the tenant's workflow says of itself; null when there is none. */
    async queryStatus(tenantId: string): Promise<unknown> {
      const handle = client.workflow.getHandle(tenantSyncWorkflowId(tenantId));
      try {
        return await within(CALL_TIMEOUT_MS, () => handle.query<unknown>('statusQuery'));
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return null;
        throw error;
      }
    },

    /**
     * Asks the tenant's workflow to do something, by one of its updates.
     * @param patienceMs how long the caller waits for the result
     * @throws what isTemporalAway knows when it is not certain that the workflow has the command
     */
    async command<Result>(
      tenantId: string,
      update: string,
      input: object,
      patienceMs: number,
    ): Promise<CommandAnswer<Result>> {
      const deadline = Date.now() + patienceMs;
      const handle = client.workflow.getHandle(tenantSyncWorkflowId(tenantId));
      try {
        const accepted = await by(deadline, () =>
          handle.startUpdate<Result, [object]>(update, {
            ...{ args: [input], waitForStage: 'ACCEPTED', updateId: newUpdateId(update) },
          }),
        );
        return await by(deadline, () => resultOf(accepted));
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return { state: 'absent' };
        if (error instanceof WorkflowUpdateFailedError) return { state: 'failed', type: typeOf(error) };
        throw error;
      }
    },

    /**
     * What became of a command that went on without its caller.
     * @param commandId as a `goesOn` told it; one of another tenant is absent
     * @returns also the update that it asked for
     */
    async commandState(
      tenantId: string,
      commandId: string,
      patienceMs: number,
    ): Promise<{ update: string; answer: CommandAnswer<unknown> }> {
      const [, updateId = '', update = '', runId = ''] = COMMAND_ID.exec(commandId) ?? [];
      if (updateId === '') return { update, answer: { state: 'absent' } };
      const handle = client.workflow.getHandle(tenantSyncWorkflowId(tenantId));
      const accepted = handle.getUpdateHandle(updateId, { workflowRunId: runId });
      try {
        return {
          update,
          answer: await within(patienceMs, () => resultOf(accepted)),
        };
      } catch (error) {
        if (error instanceof WorkflowUpdateFailedError)
          return { update, answer: { state: 'failed', type: typeOf(error) } };
        const gone = error instanceof WorkflowNotFoundError || isRefused(error);
        if (gone) return { update, answer: { state: 'absent' } };
        throw error;
      }
    },

    /**
     * When the tenant's next pass is due by itself; null while there is none, or while Temporal cannot tell.
     * Remembered for a while: pages ask every second.
     */
    async nextPass(tenantId: string): Promise<Date | null> {
      const known = nextPasses.get(tenantId);
      const fresh = known && Date.now() - known.readAt < NEXT_PASS_MS && (!known.at || known.at > new Date());
      if (fresh) return known.at;
      const at = await within(HEALTH_TIMEOUT_MS, () => schedules.nextRun(tenantId)).catch(() => null);
      if (nextPasses.size >= MOST_REMEMBERED) nextPasses.clear();
      nextPasses.set(tenantId, { at, readAt: Date.now() });
      return at;
    },

    async isHealthy(): Promise<boolean> {
      try {
        const { namespace } = config;
        await within(HEALTH_TIMEOUT_MS, () => connection.workflowService.describeNamespace({ namespace }));
        return true;
      } catch {
        return false;
      }
    },

    /** Calls under way are given up; those that come later are refused. */
    async close(): Promise<void> {
      await calls.end();
      await connection.close();
    },
  };
}

/** The update's id, its name, and the run that has it: a later run of the workflow does not know it. */
const COMMAND_ID = /^(([A-Za-z]+)-[0-9a-f-]{36})\.([0-9a-f-]{36})$/;

const newUpdateId = (update: string): string => `${update}-${randomUUID()}`;

/** Waits for the result as long as the call may last. */
async function resultOf<Result>(update: WorkflowUpdateHandle<Result>): Promise<CommandAnswer<Result>> {
  try {
    return { state: 'done', result: await update.result() };
  } catch (error) {
    if (!isTemporalAway(error)) throw error;
    return { state: 'goesOn', commandId: `${update.updateId}.${update.workflowRunId ?? ''}` };
  }
}

/** gRPC: 3 invalid argument, 5 not found. */
const isRefused = (error: unknown): boolean => isGrpcServiceError(error) && [3, 5].includes(error.code);

/** Class of the failure at the bottom of an update's chain of failures. */
function typeOf(error: Error): string {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof ApplicationFailure && cause.type) return cause.type;
  }
  return '';
}

/** Temporal could not be reached or did not answer in time, as opposed to refusing the request. */
export function isTemporalAway(error: unknown): boolean {
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) return true;
  // gRPC: 1 cancelled, 4 deadline exceeded, 14 unavailable.
  return isGrpcServiceError(error) && [1, 4, 14].includes(error.code);
}
