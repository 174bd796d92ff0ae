import { randomUUID } from 'node:crypto';
import { type Collection, type Db } from 'mongodb';
import { chunks } from './bulk';

/** A Capsule party that may have changed: a hint to read it again, never what changed. */
export interface Change {
  partyId: number;
  /** Changes with each hint: one that comes while the party is read is not lost. */
  token: string;
  at: Date;
}

type ChangeDocument = Change & { _id: string; tenant: string };

/** Hints that wait to be worked off: the durable hand-over between hooks, polls and the tenant's workflow. */
export function createChangeRepository(db: Db) {
  const changes: Collection<ChangeDocument> = db.collection('changes');
  const idOf = (tenant: string, partyId: number) => `${tenant}/${partyId}`;

  return {
    async createIndexes(): Promise<void> {
      await changes.createIndex({ tenant: 1, at: 1 }, { name: 'oldest_first' });
    },

    /** Takes hints down. One of the same party that waits already is renewed, and keeps its place. */
    async note(tenant: string, partyIds: readonly number[], at: Date): Promise<void> {
      for (const part of chunks([...new Set(partyIds)])) {
        await changes.bulkWrite(
          part.map((partyId) => ({
            updateOne: {
              filter: { _id: idOf(tenant, partyId) },
              update: { $set: { tenant, partyId, token: randomUUID() }, $setOnInsert: { at } },
              upsert: true,
            },
          })),
          { ordered: false },
        );
      }
    },

    /** The oldest hints. */
    async next(tenant: string, limit: number): Promise<Change[]> {
      const found = await changes.find({ tenant }).sort({ at: 1 }).limit(limit).toArray();
      return found.map(({ partyId, token, at }) => ({ partyId, token, at }));
    },

    /** Forgets hints that were worked off, unless they were renewed meanwhile. */
    async done(tenant: string, list: readonly Change[]): Promise<void> {
      for (const part of chunks(list, 100)) {
        const tokens = part.map(({ token }) => token);
        const ids = part.map(({ partyId }) => idOf(tenant, partyId));
        await changes.deleteMany({ _id: { $in: ids }, token: { $in: tokens } });
      }
    },

    count: (tenant: string): Promise<number> => changes.countDocuments({ tenant }),
  };
}
