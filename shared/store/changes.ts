import { randomUUID } from 'node:crypto';
import { type Collection, type Db } from 'mongodb';
import { chunks, insertNew } from './bulk';

/** A Capsule party that may have changed: a hint to read it again, never what changed. */
export interface Change {
  partyId: number;
  /** Another with each hint: one that comes while the party is read is not lost. */
  token: string;
  at: Date;
}

type ChangeDocument = Change & { _id: string; tenant: string };

/** How often hints that are worked off at the same moment are put in. */
const MOST_TRIES = 10;

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
      const token = randomUUID();
      const toHint = (partyId: number) => ({ _id: idOf(tenant, partyId), tenant, partyId, token, at });
      let open: ChangeDocument[] = [...new Set(partyIds)].map(toHint);
      // Whoever works them off may take one away between the two steps: then it is put in anew.
      for (let tries = 0; open.length > 0; tries += 1) {
        if (tries === MOST_TRIES) throw new Error('hints of changed parties could not be taken down');
        const waiting = await insertNew(changes, open);
        const renewed = await renew(waiting, token);
        open = renewed === waiting.length ? [] : waiting;
      }
    },

    /**
     * The oldest hints.
     * @param from leaves out what was noted before this time
     */
    async next(tenant: string, limit: number, from: Date | null = null): Promise<Change[]> {
      const found = await changes
        .find({ tenant, ...(from === null ? {} : { at: { $gte: from } }) })
        .sort({ at: 1 })
        .limit(limit)
        .toArray();
      return found.map(({ partyId, token, at }) => ({ partyId, token, at }));
    },

    /** Forgets hints that were worked off, unless they were renewed meanwhile. */
    async done(tenant: string, list: readonly Change[]): Promise<void> {
      const byToken = new Map<string, string[]>();
      for (const { partyId, token } of list) {
        byToken.set(token, [...(byToken.get(token) ?? []), idOf(tenant, partyId)]);
      }
      // Token by token: hints that were noted together share one, and each must go with its own only.
      await Promise.all(
        [...byToken].flatMap(([token, ids]) =>
          chunks(ids, 100).map((part) => changes.deleteMany({ _id: { $in: part }, token })),
        ),
      );
    },

    count: (tenant: string): Promise<number> => changes.countDocuments({ tenant }),
  };

  /** @returns how many still waited */
  async function renew(waiting: readonly ChangeDocument[], token: string): Promise<number> {
    let renewed = 0;
    for (const part of chunks(waiting, 100)) {
      const ids = part.map(({ _id }) => _id);
      renewed += (await changes.updateMany({ _id: { $in: ids } }, { $set: { token } })).matchedCount;
    }
    return renewed;
  }
}
