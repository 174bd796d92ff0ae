import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import pLimit, { type LimitFunction } from 'p-limit';
import { type LeaseRepository } from '../shared/store/leases';
import { holding } from './holding';

const LEASE_MS = 15_000;
const LOOK_MS = 50;
/** Longer than anybody posts; whoever waited so long in vain is told, and comes back. */
const LONGEST_WAIT_MS = 10 * 60_000;

const queues = new Map<string, LimitFunction>();

/**
 * Posts contacts to one Sage business, one at a time over all processes: Sage asks not to do it in parallel
 * (reference sage-api §4, A). A queue within the process, then a lease that lasts as long as the work.
 * @throws Error when the turn does not come within ten minutes
 */
export function onePostAtATime<T>(
  leases: LeaseRepository,
  businessId: string,
  post: () => Promise<T>,
): Promise<T> {
  const queue = queues.get(businessId) ?? pLimit(1);
  queues.set(businessId, queue);
  return queue(() => underLease(leases, `sage-post/${businessId}`, post)).finally(() => {
    if (queue.activeCount + queue.pendingCount === 0) queues.delete(businessId);
  });
}

async function underLease<T>(leases: LeaseRepository, id: string, work: () => Promise<T>): Promise<T> {
  const owner = randomUUID();
  const deadline = Date.now() + LONGEST_WAIT_MS;
  while (!(await leases.acquire(id, owner, LEASE_MS, new Date()))) {
    if (Date.now() > deadline) throw new Error('another process posts contacts to Sage all the time');
    await delay(LOOK_MS * (0.5 + Math.random()));
  }
  // Two posts at once do no harm: no record depends on it.
  return holding(leases, { id, owner, ttlMs: LEASE_MS }, work);
}
