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
  /** Parties that were handed over by one write, each a hint of its own; they share the token. */
  together?: number[];
};

/** So many hints are taken down one by one as fast as together. */
const FEW = 3;

/** A document stays small, however much has come together. */
const MOST_TOGETHER = 1_000;

/** How often hints that are worked off at the same moment are put in. */
const MOST_TRIES = 10;

/** Hints that wait to be worked off: the durable hand-over between hooks, polls and the tenant's workflow. */
export function createChangeRepository(db: Db) {
  const changes: Collection<ChangeDocument> = db.collection('changes');
  const idOf = (tenant: string, partyId: number) => `${tenant}/${partyId}`;
  const togetherId = (tenant: string, token: string) => `${tenant}/together/${token}`;

  const repository = {
    async createIndexes(): Promise<void> {
      await changes.createIndex({ tenant: 1, at: 1 }, { name: 'oldest_first' });
    },

    /** Takes many hints down by one write, for those who have to answer at once. */
    async handOver(tenant: string, partyIds: readonly number[], at: Date): Promise<void> {
      if (partyIds.length <= FEW) return repository.note(tenant, partyIds, at);
      const documents = chunks([...new Set(partyIds)], MOST_TOGETHER).map((together) => {
        const token = randomUUID();
        return { _id: togetherId(tenant, token), tenant, partyId: 0, token, at, together };
      });
      await changes.insertMany(documents);
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
     * The oldest hints, one of each party.
     * @param limit at least so many where there are as many
     * @param from leaves out what was noted before this time
     */
    async next(tenant: string, limit: number, from: Date | null = null): Promise<Change[]> {
      const found = await changes
        .find({ tenant, ...(from === null ? {} : { at: { $gte: from } }) })
        .sort({ at: 1 })
        .limit(limit)
        .toArray();
      const hints = new Map<number, Change>();
      for (const { partyId, token, at, together } of found) {
        for (const id of together ?? [partyId]) if (!hints.has(id)) hints.set(id, { partyId: id, token, at });
      }
      return [...hints.values()];
    },

    /** Forgets hints that were worked off, unless they were renewed meanwhile. */
    async done(tenant: string, list: readonly Change[]): Promise<void> {
      const byToken = new Map<string, number[]>();
      for (const { partyId, token } of list) byToken.set(token, [...(byToken.get(token) ?? []), partyId]);
      // Token by token: hints that were noted together share one, and each must go with its own only.
      await Promise.all([...byToken].map(([token, partyIds]) => forget(tenant, token, partyIds)));
    },

    /** How many wait; those that were handed over together count as one. */
    count: (tenant: string): Promise<number> => changes.countDocuments({ tenant }),
  };
  return repository;

  async function forget(tenant: string, token: string, partyIds: readonly number[]): Promise<void> {
    const together = { _id: togetherId(tenant, token) };
    const { matchedCount } = await changes.updateOne(together, { $pullAll: { together: [...partyIds] } });
    if (matchedCount > 0) {
      await changes.deleteOne({ ...together, together: { $size: 0 } });
      return;
    }
    const ids = partyIds.map((partyId) => idOf(tenant, partyId));
    await Promise.all(chunks(ids, 100).map((part) => changes.deleteMany({ _id: { $in: part }, token })));
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
