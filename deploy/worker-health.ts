import { hostname } from 'node:os';

import { Connection } from '@temporalio/client';

import { TASK_QUEUE } from '../shared/ids';

/** A poll lasts a minute at most; a worker that has not asked for three is stuck or gone. */
const RECENT_MS = 180_000;

/**
 * Whether Temporal has seen a worker of this host ask for work lately. The worker opens no port, and that its
 * process runs says little: this is what its health means. (A worker's identity ends with its host's name.)
 */
export async function isPolling(
  address: string,
  namespace: string,
  { taskQueue = TASK_QUEUE, host = hostname() } = {},
): Promise<boolean> {
  const connection = await Connection.connect({ address, connectTimeout: 3_000 });
  try {
    const { pollers } = await connection.workflowService.describeTaskQueue({
      namespace,
      taskQueue: { name: taskQueue },
      // Activities: the work that takes a worker's time.
      taskQueueType: 2,
    });
    const since = Date.now() - RECENT_MS;
    return (pollers ?? []).some(
      ({ identity, lastAccessTime }) =>
        identity?.endsWith(`@${host}`) === true && Number(lastAccessTime?.seconds ?? 0) * 1000 > since,
    );
  } finally {
    await connection.close();
  }
}

async function main(): Promise<void> {
  const { TEMPORAL_ADDRESS = '127.0.0.1:7233', TEMPORAL_NAMESPACE = 'default' } = process.env;
  process.exitCode = (await isPolling(TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE)) ? 0 : 1;
}

if (process.argv[1] === __filename) {
  main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
