import { randomBytes } from 'node:crypto';
import { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time';
import { MongoClient } from 'mongodb';
import { becomes, temporalReady } from './health';
import { type Servers } from './servers';

/** A database and a namespace for one check, so that it neither meets nor leaves anything on your servers. */
export interface CheckRoom {
  env: { MONGODB_DB: string; TEMPORAL_NAMESPACE: string };
  /** Deletes what was made on servers that go on running. */
  leave(): Promise<void>;
}

/** @throws Error when the given Temporal server lets nobody make a namespace */
export async function makeCheckRoom({ temporal, store }: Servers): Promise<CheckRoom> {
  const own = `capsule-sage-check-${randomBytes(4).toString('hex')}`;
  const namespace = temporal.kind === 'given' ? own : 'default';
  const database = store.kind === 'given' ? own : 'capsule_sage';
  if (temporal.kind === 'given') await registerNamespace(temporal.address, namespace);
  return {
    env: { MONGODB_DB: database, TEMPORAL_NAMESPACE: namespace },
    async leave() {
      if (temporal.kind === 'given') await deleteNamespace(temporal.address, namespace);
      if (store.kind === 'given') await dropDatabase(store.uri, database);
    },
  };
}

async function registerNamespace(address: string, namespace: string): Promise<void> {
  await withConnection(address, ({ workflowService }) =>
    workflowService.registerNamespace({
      namespace,
      workflowExecutionRetentionPeriod: msToTs('1 day'),
    }),
  );
  if (!(await becomes(temporalReady(address, namespace), { timeoutMs: 30_000, everyMs: 200 })))
    throw new Error(`The Temporal server at ${address} did not make the namespace ${namespace}.`);
}

const deleteNamespace = (address: string, namespace: string) =>
  withConnection(address, ({ operatorService }) => operatorService.deleteNamespace({ namespace }));

async function withConnection(address: string, use: (connection: Connection) => Promise<unknown>) {
  const connection = await Connection.connect({ address, connectTimeout: 10_000 });
  try {
    await use(connection);
  } finally {
    await connection.close();
  }
}

async function dropDatabase(uri: string, database: string): Promise<void> {
  const client = await MongoClient.connect(uri, { serverSelectionTimeoutMS: 10_000 });
  try {
    await client.db(database).dropDatabase();
  } finally {
    await client.close();
  }
}
