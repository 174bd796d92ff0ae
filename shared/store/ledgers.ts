import { type Db, type Filter } from 'mongodb';
import { type Counted } from '../domain/invoice-totals';
import { type DocumentKind, type SageDocument } from '../domain/invoices';
import { type ListName } from './document-lists';
import { type Page, pageOf } from './page';

type LedgerDocument = SageDocument & { _id: string; tenant: string; open: boolean };
type ListDocument = { _id: string; readTo?: Date | null };

/** What pages read of the mirrored documents: nothing grows with the length of a contact's history. */
export function createLedgerReader(db: Db) {
  const documents = db.collection<LedgerDocument>('invoices');
  const lists = db.collection<ListDocument>('documentLists');

  return {
    /**
     * What totals are made of: everything that is still owed, and everything that is dated on or after a day.
     * @param since `YYYY-MM-DD`
     */
    async counted(tenant: string, contactId: string, since: string): Promise<Counted[]> {
      return documents
        .find({ tenant, contactId, $or: [{ open: true }, { date: { $gte: since } }] })
        .project<Counted>(COUNTED)
        .toArray();
    },

    /** Documents of a contact and some kinds, latest first. @param after cursor of the page before */
    async page(
      tenant: string,
      contactId: string,
      kinds: readonly DocumentKind[],
      { after, limit }: { after: string | null; limit: number },
    ): Promise<Page<SageDocument>> {
      const rows = await documents
        .find({ tenant, contactId, kind: { $in: [...kinds] }, ...behind(after) })
        .sort({ date: -1, id: -1 })
        .limit(limit + 1)
        .project<SageDocument>(WITHOUT_KEYS)
        .toArray();
      return pageOf(rows, limit, ({ date, id }) => `${date}/${id}`);
    },

    /** Up to when lists have been read; one that never was is absent. */
    async readTimes(tenant: string, names: readonly ListName[]): Promise<Map<ListName, Date>> {
      const ids = new Map(names.map((name) => [`${tenant}/${name}`, name]));
      const found = await lists.find({ _id: { $in: [...ids.keys()] } }).toArray();
      return new Map(
        found.flatMap(({ _id, readTo }) => {
          const name = ids.get(_id);
          return name && readTo ? [[name, readTo] as const] : [];
        }),
      );
    },
  };
}

const COUNTED = {
  ...{ _id: 0, kind: 1, sageStatus: 1, currency: 1, date: 1, dueDate: 1 },
  ...{ total: 1, outstanding: 1, baseOutstanding: 1 },
} as const;
const WITHOUT_KEYS = { _id: 0, tenant: 0, open: 0, seen: 0 } as const;

function behind(after: string | null): Filter<LedgerDocument> {
  if (after === null) return {};
  const [date = '', id = ''] = after.split('/');
  return { $or: [{ date: { $lt: date } }, { date, id: { $lt: id } }] };
}
