import { type Collection, type Document, type Filter } from 'mongodb';
import { type Vendor } from '../ids';
import { chunks } from './bulk';
import { type Exclusion } from './contacts';
import { type Page } from './page';

/** Where a walk by name stands: name key and id of the last row. */
export interface NamePosition {
  key: string;
  sourceId: string;
}

export interface NameQuery {
  /** Sage contacts that are left out for one of these reasons; null: all others, and parties without a marker. */
  groups: readonly (Exclusion | null)[];
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
  group: string | null;
}

/** Ranges of names that are read one after the other: a store may go through a whole range for a few rows. */
const RANGES = ['', '5', 'a', 'b', 'c', 'e', 'g', 'j', 'm', 'p', 's', 't', 'u', 'w', '{'];
/** Sorts behind every name. */
const LAST = '\u{10ffff}';
/** Most rows of one name, such as none at all, that are told apart. */
const HOMONYMS = 2_000;

/** What a search compares; the rows themselves follow when they are found. */
const DETAILS = {
  ...{ sourceId: 1, key: 1, 'record.email': 1, 'record.reference': 1, 'record.address.postcode': 1 },
  ...{ 'record.emails.address': 1, 'record.addresses.zip': 1 },
} as const;

/**
 * Walks mirrored rows in the order of their names, by one index. Queries are equalities and one range of that
 * index and nothing else: with any further condition SecantusDB goes through all rows of the tenant.
 */
export function createNameWalk<Row extends NamedRow>(contacts: Collection<Row>) {
  interface Scope {
    tenant: string;
    vendor: Vendor;
    groups: NameQuery['groups'];
  }

  /** Rows of a range of names that come after a position, in order. */
  async function read(
    { tenant, vendor, groups }: Scope,
    { from, to, after }: { from: string; to: string; after: NamePosition | null },
    options: { limit: number } | { projection: Document },
  ): Promise<Row[]> {
    const begun = after !== null && after.key >= from;
    const rows = await Promise.all(
      groups.flatMap((group) => {
        const find = (key: unknown, more: object = options) =>
          contacts
            .find({ tenant, vendor, group, key } as Filter<Row>, more)
            .sort({ key: 1, _id: 1 })
            .toArray() as Promise<Row[]>;
        if (!begun) return [find({ $gte: from, $lt: to })];
        return [find(after.key, { ...options, limit: HOMONYMS }), find({ $gt: after.key, $lt: to })];
      }),
    );
    const rest = rows.flat().filter((row) => !begun || compare(row, after) > 0);
    return rest.sort(compare);
  }

  /** All ranges, one after the other, until enough is found. */
  async function readOn(
    { after, limit }: NameQuery,
    next: (range: { from: string; to: string; after: NamePosition | null }) => Promise<Row[]>,
  ): Promise<Row[]> {
    const found: Row[] = [];
    for (const [at, from] of RANGES.entries()) {
      const to = RANGES[at + 1] ?? LAST;
      if (after && after.key >= to) continue;
      found.push(...(await next({ from, to, after })));
      if (found.length >= limit) break;
    }
    return found;
  }

  async function beginnings(scope: Scope, { after, limit }: NameQuery, text: string): Promise<Row[]> {
    if (after && !after.key.startsWith(text)) return [];
    return read(scope, { from: text, to: text + LAST, after }, { limit });
  }

  /** What a search finds elsewhere than at the beginning of the name: looked for row by row. */
  async function elsewhere(scope: Scope, query: NameQuery, text: string): Promise<Row[]> {
    if (query.limit <= 0) return [];
    const after = query.after?.key.startsWith(text) ? null : query.after;
    const holds = holder(text);
    const found = await readOn({ ...query, after }, async (range) =>
      (await read(scope, range, { projection: DETAILS })).filter(holds),
    );
    const ids = found.slice(0, query.limit).map(({ _id }) => _id);
    const rows = await Promise.all(
      chunks(ids, 100).map((part) => contacts.find({ _id: { $in: part } } as Filter<Row>).toArray()),
    );
    return (rows.flat() as Row[]).sort(compare);
  }

  return {
    createIndexes: async (): Promise<void> => {
      const keys = { tenant: 1, vendor: 1, group: 1, key: 1, _id: 1 } as const;
      await contacts.createIndex(keys, { name: 'names' });
    },

    /** A page of rows in the order of their names, or of what a search finds. */
    async page(tenant: string, vendor: Vendor, query: NameQuery): Promise<Page<Row>> {
      const { text, limit, groups } = query;
      const scope = { tenant, vendor, groups };
      const oneMore = { ...query, limit: limit + 1 };
      if (!text) return toPage(await readOn(oneMore, (range) => read(scope, range, oneMore)), limit);
      const first = await beginnings(scope, oneMore, text);
      const rest = { ...oneMore, limit: oneMore.limit - first.length };
      return toPage([...first, ...(await elsewhere(scope, rest, text))], limit);
    },
  };
}

/** Whether another word of a name begins with the text, or a detail of the record is the text. */
function holder(text: string): (row: NamedRow) => boolean {
  const plain = text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
  const word = new RegExp(`[ (/.&'-]${plain}`);
  const is = (detail: unknown) => typeof detail === 'string' && detail.toLowerCase() === text;
  return ({ key, record }) => {
    if (key.startsWith(text)) return false;
    if (word.test(key)) return true;
    const { email, reference, address, emails, addresses } = record as {
      email?: unknown;
      reference?: unknown;
      address?: { postcode?: unknown } | null;
      emails?: { address?: unknown }[];
      addresses?: { zip?: unknown }[];
    };
    if (is(email) || is(reference) || is(address?.postcode)) return true;
    return (emails ?? []).some((one) => is(one.address)) || (addresses ?? []).some((one) => is(one.zip));
  };
}

/** By name; of one name, by id. The ids of a tenant and vendor sort like their keys in the store. */
function compare(a: NamePosition, b: NamePosition): number {
  if (a.key !== b.key) return a.key < b.key ? -1 : 1;
  if (a.sourceId === b.sourceId) return 0;
  return a.sourceId < b.sourceId ? -1 : 1;
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
