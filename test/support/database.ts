import { randomBytes, randomUUID } from 'node:crypto';
import { type Db } from 'mongodb';
import { createKeyring } from '../../shared/crypto';
import { createStore, type Store } from '../../shared/store';
import { type Database, openDatabase } from '../../shared/store/database';

/** A database of its own with all indexes for the tests of a file; it is dropped after them. */
export function useStore(): { db: () => Db; store: () => Store } {
  let database: Database;
  let store: Store;

  beforeAll(async () => {
    database = await openDatabase({ uri: process.env.MONGODB_URI ?? '', database: `t_${randomUUID()}` });
    store = createStore(database.db, createKeyring([{ id: 'k1', key: randomBytes(32) }]));
    await store.createIndexes();
  });

  afterAll(async () => {
    await database.db.dropDatabase();
    await database.close();
  });

  return { db: () => database.db, store: () => store };
}

/** Walks a list by its cursors to the end, 1,000 pages at most. */
export async function walk<T>(
  page: (cursor: string | null) => Promise<{ items: T[]; nextCursor: string | null }>,
): Promise<T[][]> {
  const pages: T[][] = [];
  let cursor: string | null = null;
  do {
    const { items, nextCursor } = await page(cursor);
    pages.push(items);
    cursor = nextCursor;
  } while (cursor !== null && pages.length < 1_000);
  return pages;
}
