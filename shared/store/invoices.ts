import { isDeepStrictEqual } from 'node:util';
import { type Collection, type Db, type Filter } from 'mongodb';
import { type DocumentKind, isOpen, type SageDocument } from '../domain/invoices';
import { type Counted, type Reckoned } from '../domain/invoice-totals';
import { invoiceId } from '../ids';
import { chunks, insertNew } from './bulk';
import { type Page, pageOf } from './page';

interface InvoiceDocument extends SageDocument {
  _id: string;
  tenant: string;
  /** Somebody still owes it: what a sweep reads again. */
  open: boolean;
}

/** How documents of Sage stand to the mirror. */
export interface Comparison {
  fresh: SageDocument[];
  changed: SageDocument[];
  /** Whose figures a save will move. */
  contactIds: string[];
}

export type ReckonedOfContact = Reckoned & { contactId: string };

/** Number of documents that are read or written at once. */
const BATCH = 500;
/** The same for a page: most contacts have fewer. */
const PAGE_BATCH = 100;

/** The mirror of Sage's documents: what the pages and the figures of a contact are made of. */
export function createInvoiceRepository(db: Db) {
  const invoices: Collection<InvoiceDocument> = db.collection('invoices');

  const documentOf = (tenant: string, document: SageDocument): InvoiceDocument => ({
    _id: invoiceId(tenant, document.id),
    tenant,
    open: isOpen(document),
    ...document,
  });

  return {
    async createIndexes(): Promise<void> {
      await invoices.createIndex({ tenant: 1, contactId: 1, date: -1 }, { name: 'by_contact' });
      await invoices.createIndex({ tenant: 1, kind: 1, open: 1 }, { name: 'by_kind' });
    },

    /** What saving these would change. */
    async compare(tenant: string, list: readonly SageDocument[]): Promise<Comparison> {
      const ids = list.map(({ id }) => invoiceId(tenant, id));
      const found = await Promise.all(
        chunks(ids, 100).map((part) => invoices.find({ _id: { $in: part } }).toArray()),
      );
      const known = new Map(found.flat().map((document) => [document.id, document]));
      const fresh = list.filter(({ id }) => !known.has(id));
      const changed = list.filter((document) => {
        const before = known.get(document.id);
        return before !== undefined && !isDeepStrictEqual(fromDocument(before), document);
      });
      return {
        fresh,
        changed,
        contactIds: [
          ...new Set([
            ...[...fresh, ...changed].map(({ contactId }) => contactId),
            ...changed.flatMap(({ id }) => known.get(id)?.contactId ?? []),
          ]),
        ],
      };
    },

    /** Stores what is new or changed; the rest is not written. */
    async save(tenant: string, { fresh, changed }: Comparison): Promise<void> {
      const known = await insertNew(
        invoices,
        fresh.map((document) => documentOf(tenant, document)),
      );
      const replaced = [...known, ...changed.map((document) => documentOf(tenant, document))];
      for (const part of chunks(replaced)) {
        await invoices.bulkWrite(
          part.map(({ _id, ...replacement }) => ({
            replaceOne: { filter: { _id }, replacement, upsert: true },
          })),
          { ordered: false },
        );
      }
    },

    /** Stores documents that are likely to be new. @returns those that are there already, to be compared */
    async insert(tenant: string, list: readonly SageDocument[]): Promise<SageDocument[]> {
      const documents = list.map((document) => documentOf(tenant, document));
      return (await insertNew(invoices, documents)).map(fromDocument);
    },

    find: async (tenant: string, id: string): Promise<SageDocument | null> => {
      const document = await invoices.findOne({ _id: invoiceId(tenant, id) });
      return document && fromDocument(document);
    },

    /** All documents of contacts, latest first. */
    async ofContacts(tenant: string, contactIds: readonly string[]): Promise<SageDocument[]> {
      const found = await invoices
        .find({ tenant, contactId: { $in: [...contactIds] } })
        .sort({ date: -1 })
        .toArray();
      return found.map(fromDocument);
    },

    /** What totals are made of: a short row for each document. */
    async counted(tenant: string, contactId: string): Promise<Counted[]> {
      return invoices.find({ tenant, contactId }).project<Counted>(COUNTED).toArray();
    },

    /**
     * Documents of a contact and some kinds, latest first. The query names the contact and its days and nothing else: a
     * condition on the kind leads the development store to another index, and from there through all documents of
     * the tenant.
     * @param after cursor of the page before
     */
    async page(
      tenant: string,
      contactId: string,
      kinds: readonly DocumentKind[],
      { after, limit }: { after: string | null; limit: number },
    ): Promise<Page<SageDocument>> {
      const rows: SageDocument[] = [];
      const found = invoices
        .find({ tenant, contactId, ...behind(after) }, { batchSize: PAGE_BATCH })
        .sort({ date: -1, id: -1 });
      for await (const row of found) {
        if (kinds.includes(row.kind)) rows.push(fromDocument(row));
        if (rows.length > limit) break;
      }
      return pageOf(rows, limit, ({ date, id }) => `${date}/${id}`);
    },

    /** What figures are reckoned from, of up to some hundred contacts. */
    async reckoned(tenant: string, contactIds: readonly string[]): Promise<ReckonedOfContact[]> {
      return invoices
        .find({ tenant, contactId: { $in: [...contactIds] } })
        .project<ReckonedOfContact>(RECKONED)
        .toArray();
    },

    /** The same of all contacts, contact by contact. @param after the contact to go on behind */
    reckonedByContact: (tenant: string, after: string): AsyncIterable<ReckonedOfContact> =>
      invoices
        .find({ tenant, contactId: { $gt: after } }, { batchSize: BATCH })
        .sort({ contactId: 1 })
        .project<ReckonedOfContact>(RECKONED),

    /** Open documents of a kind, in batches. */
    openOnes: (tenant: string, kind: DocumentKind): AsyncIterable<Owner[]> =>
      batches(invoices.find({ tenant, kind, open: true }, { batchSize: BATCH }).project<Owner>(OWNER)),

    /** All documents of a kind, in batches. */
    ownersOf: (tenant: string, kind: DocumentKind): AsyncIterable<Owner[]> =>
      batches(invoices.find({ tenant, kind }, { batchSize: BATCH }).project<Owner>(OWNER)),

    /** Whose these documents are, as far as they are mirrored. */
    async owners(tenant: string, ids: readonly string[]): Promise<Owner[]> {
      const keys = ids.map((id) => invoiceId(tenant, id));
      const found = await Promise.all(
        chunks(keys, 100).map((part) =>
          invoices
            .find({ _id: { $in: part } })
            .project<Owner>(OWNER)
            .toArray(),
        ),
      );
      return found.flat();
    },

    /** Forgets documents that Sage no longer has. */
    async forget(tenant: string, ids: readonly string[]): Promise<void> {
      for (const part of chunks(ids)) {
        await invoices.deleteMany({ _id: { $in: part.map((id) => invoiceId(tenant, id)) } });
      }
    },

    /** Forgets all documents of contacts, such as those that were erased (R10). */
    async forgetContacts(tenant: string, contactIds: readonly string[]): Promise<void> {
      for (const part of chunks(contactIds, 100)) {
        await invoices.deleteMany({ tenant, contactId: { $in: part } });
      }
    },

    count: (tenant: string, kind: DocumentKind): Promise<number> => invoices.countDocuments({ tenant, kind }),
  };
}

/** A document and whose it is. */
export interface Owner {
  id: string;
  contactId: string;
  date: string;
  createdAt: string;
}

const OWNER = { _id: 0, id: 1, contactId: 1, date: 1, createdAt: 1 } as const;
const COUNTED = {
  ...{ _id: 0, kind: 1, sageStatus: 1, currency: 1, date: 1, dueDate: 1 },
  ...{ total: 1, outstanding: 1, baseOutstanding: 1 },
} as const;
const RECKONED = {
  ...{ _id: 0, contactId: 1, kind: 1, sageStatus: 1, currency: 1 },
  ...{ outstanding: 1, baseOutstanding: 1, dueDate: 1 },
} as const;

function behind(after: string | null): Filter<InvoiceDocument> {
  if (after === null) return {};
  const [date = '', id = ''] = after.split('/');
  return { $or: [{ date: { $lt: date } }, { date, id: { $lt: id } }] };
}

async function* batches<T>(rows: AsyncIterable<T>): AsyncGenerator<T[]> {
  let batch: T[] = [];
  for await (const row of rows) {
    batch.push(row);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

function fromDocument(document: InvoiceDocument): SageDocument {
  const { _id, tenant: _tenant, open: _open, ...rest } = document;
  return rest;
}
