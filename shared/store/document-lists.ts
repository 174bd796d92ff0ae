import { type Collection, type Db } from 'mongodb';
import { type DocumentKind } from '../domain/invoices';

/** A list of documents of Sage, or the one of its contacts' balances. */
export type ListName = DocumentKind | 'contact_balance';

/** Up to where a list has been read, by Sage's clock. */
export interface DocumentList {
  /** Counts the whole listings that were begun. */
  listing: number;
  /** Every change before it is in the mirror; null before the first whole listing. */
  readTo: Date | null;
  deletedTo: Date | null;
  /** Documents came into the mirror without a word to the figures: all of them are to be reckoned. */
  unreckoned: boolean;
}

type ListDocument = Partial<DocumentList> & { _id: string; tenant: string };

const NONE: DocumentList = { listing: 0, readTo: null, deletedTo: null, unreckoned: false };

/** Watermarks of the mirrored documents: one per kind. */
export function createDocumentListRepository(db: Db) {
  const lists: Collection<ListDocument> = db.collection('documentLists');
  const idOf = (tenant: string, list: ListName) => `${tenant}/${list}`;

  return {
    async get(tenant: string, list: ListName): Promise<DocumentList> {
      const document = await lists.findOne({ _id: idOf(tenant, list) });
      if (!document) return NONE;
      const { _id, tenant: _tenant, ...known } = document;
      return { ...NONE, ...known };
    },

    /** How fresh the mirror is: the oldest watermark of these lists; null when one was never read. */
    async readTo(tenant: string, names: readonly ListName[]): Promise<Date | null> {
      const found = await lists.find({ _id: { $in: names.map((name) => idOf(tenant, name)) } }).toArray();
      const times = found.flatMap(({ readTo }) => readTo?.getTime() ?? []);
      return times.length < names.length ? null : new Date(Math.min(...times));
    },

    /** @returns the number of a new whole listing */
    async begin(tenant: string, kind: DocumentKind): Promise<number> {
      const _id = idOf(tenant, kind);
      const document = await lists.findOneAndUpdate(
        { _id },
        { $inc: { listing: 1 }, $set: { tenant } },
        { upsert: true, returnDocument: 'after' },
      );
      return document?.listing ?? 1;
    },

    async advance(tenant: string, list: ListName, to: Partial<Omit<DocumentList, 'listing'>>): Promise<void> {
      await lists.updateOne({ _id: idOf(tenant, list) }, { $set: { tenant, ...to } }, { upsert: true });
    },

    /** Everything is to be read anew (R24: another business). */
    async forget(tenant: string): Promise<void> {
      await lists.deleteMany({ tenant });
    },
  };
}
