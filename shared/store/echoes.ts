import { randomUUID } from 'node:crypto';
import { type Collection, type Db } from 'mongodb';
import { type PresumedEcho } from '../capsule/delivery';

/** What came by one delivery. */
export interface EchoBundle {
  id: string;
  at: Date;
  echoes: PresumedEcho[];
}

interface EchoDocument {
  _id: string;
  tenant: string;
  at: Date;
  echoes: PresumedEcho[];
}

/**
 * Hints that are most likely echoes of our own creates, as they came: one document per delivery. They are no hints
 * yet (`changes`), so that thousands of them do not stand before a person's edit.
 */
export function createEchoRepository(db: Db) {
  const bundles: Collection<EchoDocument> = db.collection('echoes');

  return {
    async createIndexes(): Promise<void> {
      await bundles.createIndex({ tenant: 1, at: 1 }, { name: 'oldest_first' });
    },

    async take(tenant: string, echoes: readonly PresumedEcho[], at: Date): Promise<void> {
      await bundles.insertOne({ _id: `${tenant}/${randomUUID()}`, tenant, at, echoes: [...echoes] });
    },

    /** The oldest bundles. */
    async next(tenant: string, limit: number): Promise<EchoBundle[]> {
      const found = await bundles.find({ tenant }).sort({ at: 1 }).limit(limit).toArray();
      return found.map(({ _id, at, echoes }) => ({ id: _id, at, echoes }));
    },

    /** Keeps of each bundle what has not been decided; one of which nothing is left goes. */
    async keep(list: readonly EchoBundle[]): Promise<void> {
      const over = list.filter(({ echoes }) => echoes.length === 0);
      await Promise.all([
        bundles.deleteMany({ _id: { $in: over.map(({ id }) => id) } }),
        ...list
          .filter(({ echoes }) => echoes.length > 0)
          .map(({ id, echoes }) => bundles.updateOne({ _id: id }, { $set: { echoes } })),
      ]);
    },
  };
}
