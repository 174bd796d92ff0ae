import { type Db, type Filter } from 'mongodb';
import { type Counted } from '../domain/invoice-totals';
import { type DocumentKind, type SageDocument } from '../domain/invoices';
import { type ListName } from './document-lists';
import { type Page, pageOf } from './page';

type LedgerDocument = SageDocument & { _id: string; tenant: string; open: boolean };
type ListDocument = { _id: string; readTo?: Date | null };

/**
 * What pages read of the mirrored documents. Queries name the contact and its days and nothing else: a condition on
 * the kind leads the development store to another index, and from there through all documents of the tenant.
 */
export function createLedgerReader(db: Db) {
  const documents = db.collection<LedgerDocument>('invoices');
  const lists = db.collection<ListDocument>('documentLists');

  return {
    /** What totals are made of: a short row for each document. */
    async counted(tenant: string, contactId: string): Promise<Counted[]> {
      return documents.find({ tenant, contactId }).project<Counted>(COUNTED).toArray();
    },

    /** Documents of a contact and some kinds, latest first. @param after cursor of the page before */
    async page(
      tenant: string,
      contactId: string,
      kinds: readonly DocumentKind[],
      { after, limit }: { after: string | null; limit: number },
    ): Promise<Page<SageDocument>> {
      const rows: SageDocument[] = [];
      const found = documents
        .find({ tenant, contactId, ...behind(after) }, { batchSize: BATCH })
        .sort({ date: -1, id: -1 })
        .project<SageDocument>(WITHOUT_KEYS);
      for await (const row of found) {
        if (kinds.includes(row.kind)) rows.push(row);
        if (rows.length > limit) break;
      }
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

/** Documents that are read at once: most contacts have fewer. */
const BATCH = 100;

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
