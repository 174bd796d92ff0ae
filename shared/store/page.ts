/** A page of a list that is walked by key. */
export interface Page<T> {
  items: T[];
  /** Hand it back to get the next page; null at the end. */
  nextCursor: string | null;
}

/**
 * Makes a page of rows that were read with one more than the limit.
 * @param cursorOf the key of a row that the next page starts after
 */
export function pageOf<T>(rows: readonly T[], limit: number, cursorOf: (row: T) => string): Page<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last !== undefined ? cursorOf(last) : null };
}
