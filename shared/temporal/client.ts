import { Client, Connection, isGrpcServiceError, WorkflowNotFoundError } from '@temporalio/client';
import { defineSearchAttributeKey, SearchAttributeType, TypedSearchAttributes } from '@temporalio/common';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { type Config } from '../config';
import { SEARCH_ATTRIBUTES, TASK_QUEUE, tenantSyncWorkflowId } from '../ids';

/** How long a person is kept waiting for Temporal before they are told to try again. */
const CALL_TIMEOUT_MS = 10_000;
const HEALTH_TIMEOUT_MS = 2_000;

const TENANT_ID = defineSearchAttributeKey(SEARCH_ATTRIBUTES.tenantId, SearchAttributeType.KEYWORD);
const SYNC_PHASE = defineSearchAttributeKey(SEARCH_ATTRIBUTES.syncPhase, SearchAttributeType.KEYWORD);

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
 */
export function createTemporalClient(
  config: Pick<Config['temporal'], 'address' | 'namespace'>,
  taskQueue = TASK_QUEUE,
) {
  const connection = Connection.lazy(temporalConnectionOptions(config));
  const client = new Client({ connection, namespace: config.namespace });
  const within = <T>(ms: number, call: () => Promise<T>) => client.withDeadline(Date.now() + ms, call);

  return {
    /**
     * Starts the workflow that lives as long as the tenant's connection. Starting one that runs does nothing,
     * so it can be repeated after a crash.
     */
    async startTenantSync(tenantId: string): Promise<void> {
      await within(CALL_TIMEOUT_MS, () =>
        client.workflow.start('tenantSyncWorkflow', {
          workflowId: tenantSyncWorkflowId(tenantId),
          taskQueue,
          args: [{ tenantId }],
          workflowIdConflictPolicy: 'USE_EXISTING',
          workflowIdReusePolicy: 'ALLOW_DUPLICATE',
          typedSearchAttributes: new TypedSearchAttributes([
            { key: TENANT_ID, value: tenantId },
            { key: SYNC_PHASE, value: 'importing' },
          ]),
          staticSummary: `Sync of Capsule account ${tenantId}`,
        }),
      );
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

/** Temporal could not be reached or did not answer in time, as opposed to refusing the request. */
export function isTemporalAway(error: unknown): boolean {
  // gRPC: 1 cancelled, 4 deadline exceeded, 14 unavailable.
  return isGrpcServiceError(error) && [1, 4, 14].includes(error.code);
}
