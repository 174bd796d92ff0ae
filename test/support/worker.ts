import { randomUUID } from 'node:crypto';
import { type Client } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, makeTelemetryFilterString, Runtime } from '@temporalio/worker';
import { createActivities } from '../../activities';
import { activitySettings, createWorker, type WorkerOptions } from '../../services/worker/worker';
import { createSchedules } from '../../shared/temporal/schedules';
import { importWorkflowId, tenantSyncWorkflowId } from '../../shared/ids';
import { becomes } from '../../services/local/health';
import { type SyncPhase } from '../../shared/domain/types';
import { dataConverterOf } from '../../shared/temporal/payload-codec';
import { type initialImportWorkflow, type tenantSyncWorkflow } from '../../workflows';
import { type TenantSyncStatus } from '../../workflows/messages';
import { type Company } from './company';
import { recordHistory } from './record-histories';

/** A worker in this process, on a task queue of its own, and a client that starts workflows on it. */
export interface TestWorker {
  client: Client;
  taskQueue: string;
  /** Runs one import of the company to its end. */
  runImport(importNumber?: number): ReturnType<typeof initialImportWorkflow>;
  startTenantSync(): Promise<void>;
  /** The tenant's workflow, as its query and Temporal tell it. */
  status(): Promise<TenantSyncStatus>;
  searchAttributes(): Promise<Record<string, unknown>>;
  tenantSyncResult(): Promise<unknown>;
  signalGrantsRenewed(): Promise<void>;
  cancelTenantSync(): Promise<unknown>;
  /** Keeps the histories of the tenant's workflow, and of its import, for the replay tests. */
  record(name: string, importName?: string): Promise<void>;
  /** Waits until the tenant's workflow is in a phase. */
  reaches(phase: SyncPhase): Promise<void>;
  close(): Promise<void>;
}

let installed = false;

/** @param taskQueue that of a gateway, to run what it starts; left out, one of its own */
export async function startWorker(
  company: Pick<Company, 'config' | 'core' | 'log' | 'tenantId'>,
  taskQueue = `q-${randomUUID()}`,
  options: Pick<WorkerOptions, 'maxCachedWorkflows'> = {},
): Promise<TestWorker> {
  // Once per process: the runtime is a singleton.
  if (!installed)
    Runtime.install({
      logger: new DefaultLogger('ERROR'),
      telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: 'ERROR' }) } },
    });
  installed = true;
  const { config, core, log, tenantId } = company;
  const dataConverter = dataConverterOf(config);
  const environment = await TestWorkflowEnvironment.createFromExistingServer({
    address: config.temporal.address,
    client: { dataConverter },
  });
  const { client, nativeConnection: connection } = environment;
  // The bundle of the whole run holds the converter for payloads in clear.
  const codePath = dataConverter ? undefined : process.env.WORKFLOW_BUNDLE;
  const worker = await createWorker({
    ...{
      temporal: config.temporal,
      connection,
      log,
      taskQueue,
      dataConverter,
      shutdownGraceMs: 0,
      ...options,
    },
    activities: createActivities({
      ...{ ...core, log, schedules: createSchedules(client, taskQueue) },
      ...activitySettings(config),
    }),
    workflowBundle: codePath === undefined ? undefined : { codePath },
  });
  const running = worker.run();
  const tenantSync = () => client.workflow.getHandle(tenantSyncWorkflowId(tenantId));

  return {
    ...{ client, taskQueue },
    runImport: (importNumber = 1) =>
      client.workflow.execute<typeof initialImportWorkflow>('initialImportWorkflow', {
        ...{ taskQueue, workflowId: `import-${randomUUID()}`, args: [{ tenantId, importNumber }] },
      }),
    async startTenantSync() {
      await client.workflow.start<typeof tenantSyncWorkflow>('tenantSyncWorkflow', {
        ...{ taskQueue, workflowId: tenantSyncWorkflowId(tenantId), args: [{ tenantId }] },
      });
    },
    status: () => tenantSync().query<TenantSyncStatus>('statusQuery'),
    searchAttributes: async () => (await tenantSync().describe()).searchAttributes,
    tenantSyncResult: () => tenantSync().result(),
    async record(name, importName) {
      await recordHistory(client, tenantSyncWorkflowId(tenantId), name);
      if (importName) await recordHistory(client, importWorkflowId(tenantId, 1), importName);
    },
    cancelTenantSync: () => tenantSync().cancel(),
    signalGrantsRenewed: () => tenantSync().signal('grantsRenewedSignal'),
    async reaches(phase) {
      const arrived = await becomes(
        async () => (await tenantSync().query<TenantSyncStatus>('statusQuery')).phase === phase,
        { timeoutMs: 60_000 },
      );
      if (!arrived) throw new Error(`the workflow did not reach the phase ${phase}`);
    },
    async close() {
      worker.shutdown();
      await running;
      await environment.teardown();
    },
  };
}
