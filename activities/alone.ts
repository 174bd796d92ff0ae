import { type LeaseRepository } from '../shared/store/leases';

/** How long whoever died keeps others away. */
const LEASE_MS = 20_000;
const RENEW_MS = 5_000;

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
  // Losing it does no harm beyond the same work twice.
  const renew = () => void leases.renew(id, owner, LEASE_MS, new Date()).catch(() => false);
  const timer = setInterval(renew, RENEW_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    await leases.release(id, owner).catch(() => undefined);
  }
}
