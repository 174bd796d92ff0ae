import { invalid } from '../refusal';
import { type Stamps } from '../records';
import { living, type Table } from '../books/table';

const DEFAULT_ITEMS = 20;
const MOST_ITEMS = 200;

export type Query = Record<string, unknown>;

export interface Envelope {
  $total: number;
  $page: number;
  /** Relative, without the version, keeping the query (reference §3, B). */
  $next: string | null;
  $back: string | null;
  $itemsPerPage: number;
  $items: unknown[];
}

/**
 * One page. A page beyond the end is the last page again (reference §3, A). More than 200 items per page: what
 * Sage does is unknown; nastier reading: it quietly gives 200.
 */
export function listing<T>(
  path: string,
  query: Query,
  records: readonly T[],
  tell: (record: T) => unknown,
): Envelope {
  const size = Math.min(MOST_ITEMS, wholeNumber(query.items_per_page, DEFAULT_ITEMS));
  const last = Math.max(1, Math.ceil(records.length / size));
  const page = Math.min(last, wholeNumber(query.page, 1));
  const link = (to: number): string => `/${path}?${queryOf(query, to, size)}`;
  return {
    $total: records.length,
    $page: page,
    $next: page < last ? link(page + 1) : null,
    $back: page > 1 ? link(page - 1) : null,
    $itemsPerPage: size,
    $items: records.slice((page - 1) * size, page * size).map(tell),
  };
}

/**
 * Applies `updated_or_created_since` (inclusive; the living) or `deleted_since` (exclusive; the dead).
 * @param all deleted ones too
 * @param alive those of them that live
 * @throws Refusal 422 for a time that cannot be read, such as one whose `+` was not encoded
 */
export function changed<T extends Stamps>(
  all: () => readonly T[],
  alive: () => readonly T[],
  query: Query,
): readonly T[] {
  const deletedSince = timeOf(query, 'deleted_since');
  if (deletedSince !== null) {
    return all().filter(({ deletedAt }) => deletedAt !== null && deletedAt > deletedSince);
  }
  const since = timeOf(query, 'updated_or_created_since');
  return since === null ? alive() : alive().filter(({ updatedAt }) => updatedAt >= since);
}

/** The same for a table, or for what one contact has of it. */
export function changedOf<T extends Stamps>(
  table: Table<T>,
  query: Query,
  { contactId, kind }: { contactId?: string | null; kind?: string } = {},
): readonly T[] {
  if (!contactId) {
    return changed(
      () => table.all(kind),
      () => table.living(kind),
      query,
    );
  }
  const own = table.of(contactId);
  return changed(
    () => own,
    () => living(own),
    query,
  );
}

/** A query parameter as text; absent and empty are both null. */
export function parameter(query: Query, name: string): string | null {
  const value = query[name];
  return typeof value === 'string' && value !== '' ? value : null;
}

export const flag = (query: Query, name: string): boolean => parameter(query, name) === 'true';

/** `key`, `key:asc` or `key:desc`. @throws Refusal 422 for a key by which the list cannot be sorted */
export function sorted<T>(
  records: readonly T[],
  query: Query,
  keys: Record<string, (record: T) => string | number>,
): readonly T[] {
  const sort = parameter(query, 'sort');
  if (sort === null) return records;
  const [key = '', direction = 'asc'] = sort.split(':');
  const by = keys[key];
  if (!by || !['asc', 'desc'].includes(direction)) throw invalid('sort', 'is not included in the list');
  const sign = direction === 'asc' ? 1 : -1;
  // Large lists are mostly asked for as they lie.
  if (
    records.every((record, index) => index === 0 || sign * order(by(records[index - 1]!), by(record)) <= 0)
  ) {
    return records;
  }
  return [...records].sort((a, b) => sign * order(by(a), by(b)));
}

const order = (a: string | number, b: string | number): number => (a < b ? -1 : a > b ? 1 : 0);

function wholeNumber(value: unknown, otherwise: number): number {
  const number = Number(value);
  return Number.isInteger(number) && number >= 1 ? number : otherwise;
}

const TIME = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

function timeOf(query: Query, name: string): number | null {
  const text = parameter(query, name);
  if (text === null) return null;
  const ms = TIME.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(ms)) throw invalid(name, 'is not a valid date or date-time');
  return ms;
}

function queryOf(query: Query, page: number, size: number): string {
  const { page: _page, items_per_page: _size, ...rest } = query;
  const others = Object.entries(rest).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  const encode = (text: string): string => encodeURIComponent(text).replace(/%3A/g, ':').replace(/%2C/g, ',');
  return [['page', String(page)], ['items_per_page', String(size)], ...others]
    .map(([name = '', value = '']) => `${encode(name)}=${encode(value)}`)
    .join('&');
}
