import { hostname } from 'node:os';
import { randomUUID } from 'node:crypto';

import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';

import { isPolling } from '../../deploy/worker-health';
import { becomes } from '../../services/local/health';

/** The health check of the worker's container, against a real server. */
describe('the health of a worker', () => {
  const address = process.env.TEMPORAL_ADDRESS ?? '';
  const taskQueue = randomUUID();
  const host = hostname();

  beforeAll(() => {
    Runtime.install({ logger: new DefaultLogger('ERROR') });
  });

  it('is good once the worker of this host asks for work, and bad where none does', async () => {
    expect(await isPolling(address, 'default', { taskQueue, host })).toBe(false);
    const connection = await NativeConnection.connect({ address });
    const nothing = async () => Promise.resolve();
    const worker = await Worker.create({ connection, taskQueue, activities: { nothing } });
    const done = worker.run();
    try {
      const seen = () => isPolling(address, 'default', { taskQueue, host });
      expect(await becomes(seen, { timeoutMs: 10_000, everyMs: 100 })).toBe(true);
      expect(await isPolling(address, 'default', { taskQueue, host: 'elsewhere' })).toBe(false);
    } finally {
      worker.shutdown();
      await done;
      await connection.close();
    }
  });

  it('is no answer when Temporal cannot be reached', async () => {
    await expect(isPolling('127.0.0.1:1', 'default')).rejects.toThrow();
  });
});
