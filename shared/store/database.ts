import { type Db, MongoClient } from 'mongodb';

/** An open connection to the store. */
export interface Database {
  db: Db;
  close(): Promise<void>;
}

/**
 * Connects to MongoDB or to anything that speaks its wire protocol.
 * Reads and writes are retried by the driver, once, on a dropped connection.
 */
export async function openDatabase(mongo: { uri: string; database: string }): Promise<Database> {
  const client = new MongoClient(mongo.uri, {
    retryWrites: true,
    retryReads: true,
    serverSelectionTimeoutMS: 10_000,
    connectTimeoutMS: 10_000,
    socketTimeoutMS: 60_000,
    maxPoolSize: 50,
    // undefined properties would otherwise be stored as null and break `$exists` rules.
    ignoreUndefined: true,
  });
  await client.connect();
  return { db: client.db(mongo.database), close: () => client.close() };
}

/** True when an insert or update lost against a unique index: for claims that is a normal answer. */
export function isDuplicateKey(error: unknown): boolean {
  return typeof error === 'object' && error !== null && (error as { code?: unknown }).code === 11000;
}
