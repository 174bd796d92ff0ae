import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { MongoClient } from 'mongodb';

/** Answers true once the thing can be used; throwing means "not yet" as well. */
export type Probe = () => Promise<boolean>;

export interface WaitOptions {
  timeoutMs: number;
  everyMs?: number;
  /** Gives up at once when it answers true, e.g. because the process has died. */
  hopeless?: () => boolean;
}

/** Asks again and again until the probe says yes. Answers whether it did within the time. */
export async function becomes(probe: Probe, { timeoutMs, everyMs = 50, hopeless }: WaitOptions) {
  const deadline = performance.now() + timeoutMs;
  while (performance.now() < deadline) {
    if (hopeless?.()) return false;
    if (await probe().catch(() => false)) return true;
    await sleep(everyMs);
  }
  return false;
}

/** A GET that answers 200 within two seconds. */
export const httpOk =
  (url: string): Probe =>
  async () => {
    const answer = await fetch(url, { signal: AbortSignal.timeout(2_000), redirect: 'manual' });
    await answer.body?.cancel();
    return answer.status === 200;
  };

/** The Temporal frontend answers and knows its namespace. */
export const temporalReady =
  (address: string, namespace = 'default'): Probe =>
  async () => {
    const connection = await Connection.connect({ address, connectTimeout: 2_000 });
    try {
      await connection.workflowService.describeNamespace({ namespace });
      return true;
    } finally {
      await connection.close();
    }
  };

/** The store answers a ping. */
export const storeReady =
  (uri: string): Probe =>
  async () => {
    const client = new MongoClient(uri, { serverSelectionTimeoutMS: 2_000 });
    try {
      await client.db('admin').command({ ping: 1 });
      return true;
    } finally {
      await client.close();
    }
  };
