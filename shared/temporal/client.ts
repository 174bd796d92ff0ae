import {
  Client,
  Connection,
  isGrpcServiceError,
  WithStartWorkflowOperation,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
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

/** How long a person is kept waiting for Temporal before they are told to try again. */
const CALL_TIMEOUT_MS = 10_000;
const HEALTH_TIMEOUT_MS = 2_000;

const TENANT_ID = defineSearchAttributeKey(SEARCH_ATTRIBUTES.tenantId, SearchAttributeType.KEYWORD);
const SYNC_PHASE = defineSearchAttributeKey(SEARCH_ATTRIBUTES.syncPhase, SearchAttributeType.KEYWORD);

/** What became of a command within the time that somebody waits for it. */
export type CommandAnswer<Result> =
  | { state: 'done'; result: Result }
  /** The workflow has it and carries it out, however long that takes. */
  | { state: 'goesOn' }
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
  const connection = Connection.lazy(temporalConnectionOptions(config));
  const client = new Client({ connection, namespace: config.namespace, dataConverter });
  const within = <T>(ms: number, call: () => Promise<T>) => client.withDeadline(Date.now() + ms, call);

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
        const accepted = await client.withDeadline(deadline, () =>
          client.workflow.startUpdateWithStart<Workflow, Result, [object]>(update, {
            ...{ args: [input], waitForStage: 'ACCEPTED', startWorkflowOperation },
          }),
        );
        return await resultOf(() => client.withDeadline(deadline, () => accepted.result()));
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
        const accepted = await client.withDeadline(deadline, () =>
          handle.startUpdate<Result, [object]>(update, { args: [input], waitForStage: 'ACCEPTED' }),
        );
        return await resultOf(() => client.withDeadline(deadline, () => accepted.result()));
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return { state: 'absent' };
        if (error instanceof WorkflowUpdateFailedError) return { state: 'failed', type: typeOf(error) };
        throw error;
      }
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

    close: () => connection.close(),
  };
}

async function resultOf<Result>(result: () => Promise<Result>): Promise<CommandAnswer<Result>> {
  try {
    return { state: 'done', result: await result() };
  } catch (error) {
    if (isTemporalAway(error)) return { state: 'goesOn' };
    throw error;
  }
}

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
