import { type Collection, type Db } from 'mongodb';
import { intentId, type Vendor } from '../ids';
import { chunks, insertNew } from './bulk';
import { sageIntentsOf } from './sage-intents';

/**
 * The write-ahead of a create (R29): stored before the request leaves, removed when its end is known.
 * What is found here later is a create whose outcome nobody saw.
 */
export interface Intent {
  /** The side on which the record is to be made. */
  side: Vendor;
  /** Id of the record on the other side. */
  sourceId: string;
  /** When it was meant to be sent, by the vendor's clock. */
  at: Date;
}

type IntentDocument = Intent & { _id: string; tenant: string };

/** More in one list take SecantusDB longer than as many lists. */
const DELETED_TOGETHER = 50;

export function createIntentRepository(db: Db) {
  const intents: Collection<IntentDocument> = db.collection('intents');

  return {
    ...sageIntentsOf(db),

    /**
     * Claims the right to make these records, each for one caller only.
     * @returns the source ids that were claimed; the others have an intent already, whose outcome is to be found out
     */
    async open(tenant: string, side: Vendor, sourceIds: readonly string[], at: Date): Promise<Set<string>> {
      const wanted = [...new Set(sourceIds)];
      const documents = wanted.map((sourceId) => ({
        _id: intentId(tenant, side, sourceId),
        tenant,
        side,
        sourceId,
        at,
      }));
      const known = new Set((await insertNew(intents, documents)).map(({ sourceId }) => sourceId));
      return new Set(wanted.filter((id) => !known.has(id)));
    },

    /** The end of these creates is known: made and linked, or certainly not made. */
    async close(tenant: string, side: Vendor, sourceIds: readonly string[]): Promise<void> {
      if (sourceIds.length === 0) return;
      const ids = sourceIds.map((id) => intentId(tenant, side, id));
      const deletes = chunks(ids, DELETED_TOGETHER).map((part) => ({
        deleteMany: { filter: { _id: { $in: part } } },
      }));
      await intents.bulkWrite(deletes, { ordered: false });
    },

    /** Those of these creates that are open, oldest first. */
    async among(tenant: string, side: Vendor, sourceIds: readonly string[]): Promise<Intent[]> {
      const ids = sourceIds.map((id) => intentId(tenant, side, id));
      const found = await Promise.all(
        chunks(ids, 100).map((part) => intents.find({ _id: { $in: part } }).toArray()),
      );
      return found
        .flat()
        .map(({ sourceId, at }) => ({ side, sourceId, at }))
        .sort((a, b) => a.at.getTime() - b.at.getTime());
    },

    /** Open intents, oldest first. They are few: those under way, and what crashes left behind. */
    async list(tenant: string, side: Vendor, limit: number): Promise<Intent[]> {
      // By the beginning of the key; "0" is the character after "/". A second index would slow every create.
      const _id = { $gte: intentId(tenant, side, ''), $lt: `${tenant}/${side}0` };
      const found = await intents.find({ _id }).sort({ at: 1 }).limit(limit).toArray();
      return found.map(({ sourceId, at }) => ({ side, sourceId, at }));
    },
  };
}
