import { type Collection, type Document, MongoBulkWriteError, type OptionalUnlessRequiredId } from 'mongodb';
import { isDuplicateKey } from './database';

/** The driver types its list of write errors loosely: one, or several. */
type WriteError = { code: number; index: number };

/** Largest number of documents in one bulk command. */
const CHUNK = 500;
/** Inserts match nothing, and cost the less the more go together. */
const INSERTED_AT_ONCE = 1_000;

/** Splits a list into parts of at most `size`. */
export function chunks<T>(list: readonly T[], size: number = CHUNK): T[][] {
  const parts: T[][] = [];
  for (let start = 0; start < list.length; start += size) parts.push(list.slice(start, start + size));
  return parts;
}

/**
 * Inserts what is new and tells which documents lost against a unique index, by position.
 * Inserting is several times cheaper than upserting, and most of what the sync stores is new.
 */
export async function insertNew<T extends Document>(
  collection: Collection<T>,
  documents: readonly T[],
): Promise<T[]> {
  const known: T[] = [];
  for (const part of chunks(documents, INSERTED_AT_ONCE)) {
    try {
      await collection.insertMany(part as OptionalUnlessRequiredId<T>[], { ordered: false });
    } catch (error) {
      if (!(error instanceof MongoBulkWriteError) || !isDuplicateKey(error)) throw error;
      const errors = ([] as WriteError[]).concat(error.writeErrors as WriteError | WriteError[]);
      if (errors.some(({ code }) => code !== 11000)) throw error;
      const lost = new Set(errors.map(({ index }) => index));
      known.push(...part.filter((_, index) => lost.has(index)));
    }
  }
  return known;
}

/** Inserts what is new and replaces what is there. */
export async function insertOrReplace<T extends Document & { _id: string }>(
  collection: Collection<T>,
  documents: readonly T[],
): Promise<void> {
  for (const part of chunks(await insertNew(collection, documents))) {
    await collection.bulkWrite(
      part.map((document) => ({
        replaceOne: { filter: { _id: document._id } as never, replacement: document as never, upsert: true },
      })),
      { ordered: false },
    );
  }
}
