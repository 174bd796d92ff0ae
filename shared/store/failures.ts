import { type Collection, type Db } from 'mongodb';
import { type Vendor } from '../ids';
import { chunks } from './bulk';
import { type Page, pageOf } from './page';

/** What could not be done for a record: decides how it is tried again. */
export type FailedWork =
  /** A Sage contact could not be read. */
  | 'read'
  /** A Sage contact could not be created in Capsule. */
  | 'create'
  /** A party's edits could not be pushed to its Sage contact. */
  | 'push'
  /** A party could not be added to Sage; `recordId` is the party's. */
  | 'add'
  /** What names a deleted Sage contact could not be cleared from its party (R19); `recordId` is the contact's. */
  | 'clear'
  /** Figures could not be written to a party's record; `recordId` is the Sage contact's. */
  | 'figures';

/** A record that could not be synced and was set aside; all others went on (R26). */
export interface Failure {
  /** The side that refused. */
  side: Vendor;
  /** Id of the Sage contact, or of the party, that could not be carried over. */
  recordId: string;
  work: FailedWork;
  name: string;
  /** The vendor's reason in plain words. */
  reason: string;
  attempts: number;
  failedAt: Date;
  /** When it is tried again by itself; null: when either record changes. */
  retryAt: Date | null;
}

export type FailureKey = Pick<Failure, 'side' | 'recordId'>;

type FailureDocument = Failure & { _id: string; tenant: string };

export function createFailureRepository(db: Db) {
  const failures: Collection<FailureDocument> = db.collection('failures');
  const idOf = (tenant: string, side: Vendor, recordId: string) => `${tenant}/${side}/${recordId}`;

  return {
    async createIndexes(): Promise<void> {
      await failures.createIndex({ tenant: 1, _id: 1 }, { name: 'by_tenant' });
    },

    /** Sets records aside; one that failed before counts one attempt more. */
    async setAside(tenant: string, list: readonly Omit<Failure, 'attempts'>[]): Promise<void> {
      for (const part of chunks(list)) {
        await failures.bulkWrite(
          part.map(({ side, recordId, ...failure }) => ({
            updateOne: {
              filter: { _id: idOf(tenant, side, recordId) },
              update: { $set: { tenant, side, recordId, ...failure }, $inc: { attempts: 1 } },
              upsert: true,
            },
          })),
          { ordered: false },
        );
      }
    },

    async clear(tenant: string, side: Vendor, recordIds: readonly string[]): Promise<void> {
      for (const part of chunks(recordIds)) {
        await failures.deleteMany({ _id: { $in: part.map((id) => idOf(tenant, side, id)) } });
      }
    },

    /** Those of these records that are set aside. */
    async among(tenant: string, keys: readonly FailureKey[]): Promise<Failure[]> {
      const ids = keys.map(({ side, recordId }) => idOf(tenant, side, recordId));
      const found = await Promise.all(
        chunks(ids, 100).map((part) => failures.find({ _id: { $in: part } }).toArray()),
      );
      return found.flat().map(fromDocument);
    },

    /** @param side counts that side's refusals only */
    count: (tenant: string, side?: Vendor): Promise<number> => failures.countDocuments({ tenant, side }),

    countOf: (tenant: string, work: FailedWork): Promise<number> => failures.countDocuments({ tenant, work }),

    /** A page of what is set aside. @param cursor of the page before */
    async page(tenant: string, options: { cursor?: string | null; limit: number }): Promise<Page<Failure>> {
      const after = options.cursor ? { _id: { $gt: `${tenant}/${options.cursor}` } } : {};
      const found = await failures
        .find({ tenant, ...after })
        .sort({ _id: 1 })
        .limit(options.limit + 1)
        .toArray();
      return pageOf(found.map(fromDocument), options.limit, ({ side, recordId }) => `${side}/${recordId}`);
    },
  };
}

function fromDocument(document: FailureDocument): Failure {
  const { side, recordId, work, name, reason, attempts, failedAt, retryAt } = document;
  return { side, recordId, work, name, reason, attempts, failedAt, retryAt };
}
