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

/** Ids that a whole listing has seen, some pages together: far fewer writes than a note on each document. */
type SeenDocument = { _id: string; tenant: string; ids: string[] };

const NONE: DocumentList = { listing: 0, readTo: null, deletedTo: null, unreckoned: false };

/** Watermarks of the mirrored documents: one per kind. */
export function createDocumentListRepository(db: Db) {
  const lists: Collection<ListDocument> = db.collection('documentLists');
  const seenOnes = db.collection<SeenDocument>('documentLists');
  const seenOf = (tenant: string, kind: DocumentKind, listing: number) =>
    `${tenant}/${kind}/seen/${listing}/`;
  const idOf = (tenant: string, list: ListName) => `${tenant}/${list}`;

  /** Up to when lists have been read; one that never was is absent. */
  async function readTimes(tenant: string, names: readonly ListName[]): Promise<Map<ListName, Date>> {
    const ids = new Map(names.map((name) => [idOf(tenant, name), name]));
    const found = await lists.find({ _id: { $in: [...ids.keys()] } }).toArray();
    return new Map(
      found.flatMap(({ _id, readTo }) => {
        const name = ids.get(_id);
        return name && readTo ? [[name, readTo] as const] : [];
      }),
    );
  }

  return {
    async get(tenant: string, list: ListName): Promise<DocumentList> {
      const document = await lists.findOne({ _id: idOf(tenant, list) });
      if (!document) return NONE;
      const { _id, tenant: _tenant, ...known } = document;
      return { ...NONE, ...known };
    },

    readTimes,

    /** How fresh the mirror is: the oldest watermark of these lists; null when one was never read. */
    async readTo(tenant: string, names: readonly ListName[]): Promise<Date | null> {
      const times = [...(await readTimes(tenant, names)).values()].map((time) => time.getTime());
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

    /** Notes what a whole listing has seen. @param page the one to go on with; the same again takes its place */
    async noteSeen(
      tenant: string,
      kind: DocumentKind,
      listing: number,
      page: number,
      ids: readonly string[],
    ): Promise<void> {
      const _id = `${seenOf(tenant, kind, listing)}${page}`;
      await seenOnes.replaceOne({ _id }, { tenant, ids: [...ids] }, { upsert: true });
    },

    /** All that a whole listing has seen. */
    async seen(tenant: string, kind: DocumentKind, listing: number): Promise<Set<string>> {
      const prefix = seenOf(tenant, kind, listing);
      const ids = new Set<string>();
      for await (const page of seenOnes.find({ _id: startingWith(prefix) })) {
        page.ids.forEach((id) => ids.add(id));
      }
      return ids;
    },

    /** What listings of a kind have seen is of no use any more. */
    async forgetSeen(tenant: string, kind: DocumentKind): Promise<void> {
      await seenOnes.deleteMany({ _id: startingWith(`${tenant}/${kind}/seen/`) });
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

/** "0" follows the slash with which a prefix ends. */
const startingWith = (prefix: string) => ({ $gte: prefix, $lt: `${prefix.slice(0, -1)}0` });
