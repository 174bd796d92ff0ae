import { type Base } from '../catalogue';
import { type Books } from '../books/books';

/** Which attributes a request asked for. */
export type Wanted = 'none' | 'all' | ReadonlySet<string>;

/** How an answer is being made. */
export interface View {
  books: Books;
  /** Where the sandbox's own pages are, for `links`. */
  origin: string;
  /** Attributes of nested records; `none` leaves their stubs. */
  nested: Wanted;
  /** One record by its address, not a row of a list. */
  single: boolean;
  balance: boolean;
}

/**
 * How a record is told. An attribute that is undefined is left out, as Sage leaves out a customer's fields on a
 * supplier and `deleted_at` on the living (reference §4, B).
 */
export interface Shape<T> {
  path: string;
  displayedAs: (record: T, view: View) => string;
  attributes: Record<string, (record: T, view: View) => unknown>;
}

export const stub = <T extends { id: string }>(shape: Shape<T>, record: T, view: View): Base => ({
  id: record.id,
  displayed_as: shape.displayedAs(record, view),
  $path: `/${shape.path}/${record.id}`,
});

/** `id`, `displayed_as`, `$path` and the attributes that are wanted. */
export function show<T extends { id: string }>(
  shape: Shape<T>,
  record: T,
  wanted: Wanted,
  view: View,
): Record<string, unknown> {
  // Without a prototype it is a dictionary from the beginning: adding fifty names one by one is quick.
  const told = Object.assign(Object.create(null) as Record<string, unknown>, stub(shape, record, view));
  if (wanted === 'none') return told;
  for (const name of wanted === 'all' ? Object.keys(shape.attributes) : wanted) {
    // An unknown attribute is passed over.
    const value = shape.attributes[name]?.(record, view);
    if (value !== undefined) told[name] = value;
  }
  return told;
}

/** A record inside another: one level deep, or only its stub. */
export function nested<T extends { id: string }>(
  shape: Shape<T>,
  record: T | null | undefined,
  view: View,
): unknown {
  if (!record) return null;
  return show(shape, record, view.nested, { ...view, nested: 'none' });
}

/** `attributes` and `nested_attributes`: `all`, or names with commas between. */
export function wantedOf(value: unknown, otherwise: Wanted): Wanted {
  if (typeof value !== 'string' || value.trim() === '') return otherwise;
  const names = value.split(',').map((name) => name.trim());
  return names.includes('all') ? 'all' : new Set(names);
}

/** Decimals are strings with at least one place: `6011.4`, `0.0` (reference §4, B). */
export const decimal = (minor: number): string => (minor / 100).toFixed(2).replace(/0$/, '');

/** UTC, whole seconds. */
export const time = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;

/** For the dead only. */
export const deletedAt = ({ deletedAt: at }: { deletedAt: number | null }): string | undefined =>
  at === null ? undefined : time(at);
