import { type Collection, type Document, type Filter } from 'mongodb';
import { contactId, type Vendor } from '../ids';
import { type Exclusion } from './contacts';
import { type Page } from './page';

/** Where a walk by name stands: name key and id of the last row. */
export interface NamePosition {
  key: string;
  sourceId: string;
}

export interface NameQuery {
  /** Rows that are left out of the sync for one of these reasons; null: those that are not. Parties are not. */
  excluded: readonly (Exclusion | null)[];
  /**
   * A search: rows whose name begins with the text come first, then those of which another word does, or whose
   * e-mail address, reference or postcode is the text. As a name key.
   */
  text?: string;
  /** The page before ended here. */
  after: NamePosition | null;
  limit: number;
}

/** What the walk needs of a mirrored row. */
export interface NamedRow extends Document {
  _id: string;
  tenant: string;
  vendor: Vendor;
  sourceId: string;
  key: string;
  excluded?: Exclusion | null;
}

/** Ranges of names that are read one after the other: a store may go through a whole range for a few rows. */
const RANGES = ['', '5', 'a', 'b', 'c', 'e', 'g', 'j', 'm', 'p', 's', 't', 'u', 'w', '{'];
/** Sorts behind every name. */
const LAST = '\u{10ffff}';
/** What may stand in front of a word within a name. */
const BEFORE_WORD = "[ (/.&'-]";

/** Walks mirrored rows in the order of their names, by one index. */
export function createNameWalk<Row extends NamedRow>(contacts: Collection<Row>) {
  type Range = { from: string; to: string; more?: Filter<Row> };

  /** A range of names, in order; one query per reason, for each of them lies together in the index. */
  async function read(
    tenant: string,
    vendor: Vendor,
    { from, to, more = {} }: Range,
    { excluded, after, limit }: NameQuery,
  ): Promise<Row[]> {
    const begin = after && after.key >= from ? after : null;
    const rows = await Promise.all(
      excluded.flatMap((reason) => {
        const find = (names: Document, rest: Document = {}) =>
          contacts
            .find({ tenant, vendor, excluded: reason, key: names, ...rest, ...more } as Filter<Row>)
            .sort({ key: 1, _id: 1 })
            .limit(limit)
            .toArray();
        if (!begin) return [find({ $gte: from, $lt: to })];
        const _id = { $gt: contactId(tenant, vendor, begin.sourceId) };
        return [find({ $eq: begin.key }, { _id }), find({ $gt: begin.key, $lt: to })];
      }),
    );
    return (rows.flat() as Row[]).sort(byName).slice(0, limit);
  }

  async function readAll(
    tenant: string,
    vendor: Vendor,
    query: NameQuery,
    more: Filter<Row> = {},
  ): Promise<Row[]> {
    const found: Row[] = [];
    for (const [at, from] of RANGES.entries()) {
      const to = RANGES[at + 1] ?? LAST;
      if (query.after && query.after.key >= to) continue;
      const rest = { ...query, limit: query.limit - found.length };
      found.push(...(await read(tenant, vendor, { from, to, more }, rest)));
      if (found.length >= query.limit) break;
    }
    return found;
  }

  return {
    createIndexes: async (): Promise<void> => {
      const keys = { tenant: 1, vendor: 1, excluded: 1, key: 1, _id: 1 } as const;
      await contacts.createIndex(keys, { name: 'names' });
    },

    /** A page of rows in the order of their names. Without a search text. */
    async page(tenant: string, vendor: Vendor, query: NameQuery): Promise<Page<Row>> {
      return toPage(await readAll(tenant, vendor, { ...query, limit: query.limit + 1 }), query.limit);
    },

    /** A page of what a search finds: names that begin with the text, then what it finds elsewhere. */
    async search(tenant: string, vendor: Vendor, query: NameQuery & { text: string }): Promise<Page<Row>> {
      const { text, after, limit } = query;
      const found: Row[] = [];
      const wanted = { ...query, limit: limit + 1 };
      if (!after || after.key.startsWith(text)) {
        found.push(...(await read(tenant, vendor, { from: text, to: text + LAST }, wanted)));
      }
      if (found.length <= limit) {
        const rest = { ...wanted, limit: wanted.limit - found.length };
        const elsewhere = after && !after.key.startsWith(text) ? after : null;
        found.push(...(await readAll(tenant, vendor, { ...rest, after: elsewhere }, notAtFirst(text))));
      }
      return toPage(found, limit);
    },
  };
}

/** Another word of the name begins with the text, or the text is a detail of the record. */
function notAtFirst<Row>(text: string): Filter<Row> {
  const plain = text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
  const exactly = { $regex: `^${plain}$`, $options: 'i' };
  return {
    $and: [
      { key: { $not: { $regex: `^${plain}` } } },
      {
        $or: [
          { key: { $regex: `${BEFORE_WORD}${plain}` } },
          { 'record.email': exactly },
          { 'record.reference': exactly },
          { 'record.address.postcode': exactly },
          { 'record.emails.address': exactly },
          { 'record.addresses.zip': exactly },
        ],
      },
    ],
  } as unknown as Filter<Row>;
}

function byName(a: NamedRow, b: NamedRow): number {
  if (a.key !== b.key) return a.key < b.key ? -1 : 1;
  return a._id < b._id ? -1 : 1;
}

function toPage<Row extends NamedRow>(rows: readonly Row[], limit: number): Page<Row> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last ? cursorOf(last) : null };
}

/** @returns an opaque text that {@link positionOf} reads */
export const cursorOf = ({ key, sourceId }: NamePosition): string =>
  Buffer.from(JSON.stringify([key, sourceId])).toString('base64url');

/** @returns null for a text that is no cursor */
export function positionOf(cursor: string): NamePosition | null {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (!Array.isArray(parsed)) return null;
    const [key, sourceId] = parsed as unknown[];
    return typeof key === 'string' && typeof sourceId === 'string' ? { key, sourceId } : null;
  } catch {
    return null;
  }
}
