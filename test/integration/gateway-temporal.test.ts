import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { createTemporalClient, type TemporalClient } from '../../shared/temporal/client';

const address = process.env.TEMPORAL_ADDRESS ?? '';
/** Nobody polls it: a workflow that was started stays as it began. */
const queue = `q-${randomUUID()}`;

describe("the gateway's door to Temporal", () => {
  let temporal: TemporalClient;
  let connection: Connection;
  const started: string[] = [];

  const describeWorkflow = (workflowId: string) =>
    new Client({ connection }).workflow.getHandle(workflowId).describe();

  async function start(): Promise<string> {
    const tenantId = randomUUID();
    await temporal.startTenantSync(tenantId);
    started.push(`tenant-sync/${tenantId}`);
    return tenantId;
  }

  beforeAll(async () => {
    temporal = createTemporalClient({ address, namespace: 'default' }, queue);
    connection = await Connection.connect({ address });
  });

  afterAll(async () => {
    const { workflow } = new Client({ connection });
    await Promise.all(started.map((id) => workflow.getHandle(id).terminate()));
    await temporal.close();
    await connection.close();
  });

  test('the workflow of a tenant has the agreed names and search attributes', async () => {
    const tenantId = await start();
    const description = await describeWorkflow(`tenant-sync/${tenantId}`);
    expect(description).toMatchObject({ type: 'tenantSyncWorkflow', taskQueue: queue });
    const attributes = Object.fromEntries(
      description.typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]),
    );
    expect(attributes).toMatchObject({ TenantId: tenantId, SyncPhase: 'importing' });
  });

  test('starting twice leaves the first one running', async () => {
    const tenantId = await start();
    const first = await describeWorkflow(`tenant-sync/${tenantId}`);
    await temporal.startTenantSync(tenantId);
    const second = await describeWorkflow(`tenant-sync/${tenantId}`);
    expect(second.runId).toBe(first.runId);
  });

  test('a tenant whose workflow has ended can be started again', async () => {
    const tenantId = await start();
    const first = await describeWorkflow(`tenant-sync/${tenantId}`);
    await new Client({ connection }).workflow.getHandle(`tenant-sync/${tenantId}`).terminate();
    await temporal.startTenantSync(tenantId);
    const second = await describeWorkflow(`tenant-sync/${tenantId}`);
    expect(second.status.name).toBe('RUNNING');
    expect(second.runId).not.toBe(first.runId);
  });

  test('a tenant without a workflow has no status', async () => {
    expect(await temporal.queryStatus(randomUUID())).toBeNull();
  });

  test('health follows the server', async () => {
    expect(await temporal.isHealthy()).toBe(true);
    const away = createTemporalClient({ address: '127.0.0.1:1', namespace: 'default' });
    expect(await away.isHealthy()).toBe(false);
    await away.close();
  });

  test('a namespace that does not exist is not healthy', async () => {
    const lost = createTemporalClient({ address, namespace: `none-${randomUUID()}` });
    expect(await lost.isHealthy()).toBe(false);
    await lost.close();
  });
});
