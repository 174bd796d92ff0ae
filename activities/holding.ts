import { type LeaseRepository } from '../shared/store/leases';

export interface Lease {
  id: string;
  owner: string;
  /** How long whoever died keeps others away, in milliseconds. */
  ttlMs: number;
}

/**
 * Does a thing under a lease that was acquired: renews it meanwhile, and gives it back however the work ends. Whoever
 * loses it on the way is not told: two at once may do no harm.
 */
export async function holding<T>(
  leases: LeaseRepository,
  { id, owner, ttlMs }: Lease,
  work: () => Promise<T>,
): Promise<T> {
  const renew = () => void leases.renew(id, owner, ttlMs, new Date()).catch(() => false);
  const timer = setInterval(renew, ttlMs / 4);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    await leases.release(id, owner).catch(() => undefined);
  }
}
