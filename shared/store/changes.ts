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

type ChangeDocument = Change & {
  _id: string;
  tenant: string;
  /** Parties that were handed over by one write: they are no hints yet. */
  together?: number[];
};

/** So many hints are taken down one by one as fast as together. */
const FEW = 3;

/** How often hints that are worked off at the same moment are put in. */
const MOST_TRIES = 10;

/** Hints that wait to be worked off: the durable hand-over between hooks, polls and the tenant's workflow. */
export function createChangeRepository(db: Db) {
  const changes: Collection<ChangeDocument> = db.collection('changes');
  const idOf = (tenant: string, partyId: number) => `${tenant}/${partyId}`;

  const repository = {
    async createIndexes(): Promise<void> {
      await changes.createIndex({ tenant: 1, at: 1 }, { name: 'oldest_first' });
    },

    /**
     * Takes many hints down by one write, for those who have to answer at once. Whoever asks for the next ones
     * takes them apart.
     */
    async handOver(tenant: string, partyIds: readonly number[], at: Date): Promise<void> {
      if (partyIds.length <= FEW) return repository.note(tenant, partyIds, at);
      const _id = `${tenant}/together/${randomUUID()}`;
      await changes.insertOne({ _id, tenant, partyId: 0, token: '', at, together: [...partyIds] });
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
      const read = () =>
        changes
          .find({ tenant, ...(from === null ? {} : { at: { $gte: from } }) })
          .sort({ at: 1 })
          .limit(limit)
          .toArray();
      let found = await read();
      if (await takeApart(found)) found = await read();
      return found
        .filter(({ together }) => together === undefined)
        .map(({ partyId, token, at }) => ({ partyId, token, at }));
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

    /** How many wait; those that were handed over together count as one. */
    count: (tenant: string): Promise<number> => changes.countDocuments({ tenant }),
  };
  return repository;

  /** Makes a hint of each party that was handed over with others. Broken off and run again, it ends the same. */
  async function takeApart(found: readonly ChangeDocument[]): Promise<boolean> {
    const bundles = found.filter(({ together }) => together !== undefined);
    for (const { _id, tenant, at, together = [] } of bundles) {
      await repository.note(tenant, together, at);
      await changes.deleteOne({ _id });
    }
    return bundles.length > 0;
  }

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
