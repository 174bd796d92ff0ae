import { type Collection, type Db } from 'mongodb';
import { contactId, type Vendor } from '../ids';
import { chunks, insertNew } from './bulk';

/** A record that its vendor says is deleted, and that waits to be dealt with (R18–R21). */
export interface Deletion {
  side: Vendor;
  /** Id of the Sage contact, or of the party as text. */
  recordId: string;
  /** When it was deleted, as far as the vendor tells; else when it was found out. */
  at: Date;
  /** Run that asked a person about it (R28); null: nobody was asked. */
  asked: string | null;
}

export type DeletionKey = Pick<Deletion, 'side' | 'recordId'>;

type DeletionDocument = Deletion & { _id: string; tenant: string };

/**
 * Deletions that passes have found and not settled yet. Only what a vendor's list of deleted records names, or
 * what was asked for by its id and is gone, may be noted here: absence from a list is no deletion (R18, R27).
 */
export function createDeletionRepository(db: Db) {
  const deletions: Collection<DeletionDocument> = db.collection('deletions');
  const idOf = (tenant: string, { side, recordId }: DeletionKey) => contactId(tenant, side, recordId);

  return {
    async createIndexes(): Promise<void> {
      await deletions.createIndex({ tenant: 1, at: 1 }, { name: 'oldest_first' });
    },

    /** Takes deletions down. One that waits already stays as it is. */
    async note(
      tenant: string,
      side: Vendor,
      recordIds: readonly (string | number)[],
      at: Date,
    ): Promise<void> {
      const documents = [...new Set(recordIds.map(String))].map((recordId) => ({
        _id: idOf(tenant, { side, recordId }),
        ...{ tenant, side, recordId, at, asked: null },
      }));
      await insertNew(deletions, documents);
    },

    /** The oldest first. */
    async list(tenant: string, limit: number): Promise<Deletion[]> {
      const found = await deletions.find({ tenant }).sort({ at: 1, _id: 1 }).limit(limit).toArray();
      return found.map(({ side, recordId, at, asked }) => ({ side, recordId, at, asked }));
    },

    /** Forgets deletions that have been dealt with. */
    async settle(tenant: string, keys: readonly DeletionKey[]): Promise<void> {
      for (const part of chunks(keys, 100)) {
        await deletions.deleteMany({ _id: { $in: part.map((key) => idOf(tenant, key)) } });
      }
    },

    /** Marks the deletions that a person is asked about; earlier questions are forgotten. */
    async ask(tenant: string, keys: readonly DeletionKey[], run: string): Promise<void> {
      await deletions.updateMany({ tenant, asked: { $ne: null } }, { $set: { asked: null } });
      for (const part of chunks(keys, 100)) {
        await deletions.updateMany(
          { _id: { $in: part.map((key) => idOf(tenant, key)) } },
          { $set: { asked: run } },
        );
      }
    },

    count: (tenant: string): Promise<number> => deletions.countDocuments({ tenant }),
  };
}
