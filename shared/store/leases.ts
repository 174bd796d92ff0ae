import { type Collection, type Db } from 'mongodb';
import { isDuplicateKey } from './database';

interface LeaseDocument {
  _id: string;
  owner: string;
  expiresAt: Date;
}

export type LeaseRepository = ReturnType<typeof createLeaseRepository>;

/**
 * Leases: who may do a thing alone for a while. Whoever dies holding one blocks it until it expires.
 * Times are the callers' clocks, so a lease has to outlast its work by more than the clocks may differ.
 */
export function createLeaseRepository(db: Db) {
  const leases: Collection<LeaseDocument> = db.collection('leases');

  return {
    async createIndexes(): Promise<void> {
      await leases.createIndex({ expiresAt: 1 }, { name: 'forget_expired', expireAfterSeconds: 3600 });
    },

    /** @returns false when somebody else holds it, which is a normal answer */
    async acquire(id: string, owner: string, ttlMs: number, now: Date): Promise<boolean> {
      const lease = { owner, expiresAt: new Date(now.getTime() + ttlMs) };
      try {
        // A live lease does not match, so the upsert then tries to insert a second one and loses.
        await leases.updateOne({ _id: id, expiresAt: { $lte: now } }, { $set: lease }, { upsert: true });
        return true;
      } catch (error) {
        if (isDuplicateKey(error)) return false;
        throw error;
      }
    },

    /** Prolongs a lease. @returns false when it has passed to another owner */
    async renew(id: string, owner: string, ttlMs: number, now: Date): Promise<boolean> {
      const expiresAt = new Date(now.getTime() + ttlMs);
      const { matchedCount } = await leases.updateOne({ _id: id, owner }, { $set: { expiresAt } });
      return matchedCount === 1;
    },

    /** Gives a lease back; does nothing to one that has passed to another owner. */
    async release(id: string, owner: string): Promise<void> {
      await leases.deleteOne({ _id: id, owner });
    },
  };
}
