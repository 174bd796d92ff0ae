import { type LeaseRepository } from '../shared/store/leases';
import { holding } from './holding';

/** For so long whoever comes after waits for one that was killed. */
const LEASE_MS = 10_000;

/**
 * Does a thing unless somebody else is at it.
 * @param owner the same for each attempt: the next one goes on at once
 * @returns null when somebody else is
 */
export async function unlessBusy<T>(
  leases: LeaseRepository,
  id: string,
  owner: string,
  work: () => Promise<T>,
): Promise<T | null> {
  const held =
    (await leases.renew(id, owner, LEASE_MS, new Date())) ||
    (await leases.acquire(id, owner, LEASE_MS, new Date()));
  if (!held) return null;
  // Two at once do the same work twice, and no more.
  return holding(leases, { id, owner, ttlMs: LEASE_MS }, work);
}
