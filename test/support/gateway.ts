import { randomBytes, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import { MongoClient, type Db } from 'mongodb';
import pino from 'pino';
import { createGateway } from '../../services/gateway/app';
import { openServices, type Services } from '../../services/gateway/services';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../services/sandbox';
import { readConfig } from '../../shared/config';
import { tenantSyncWorkflowId } from '../../shared/ids';
import { Client, Connection } from '@temporalio/client';
import { TestBrowser } from './test-browser';

export interface TestGateway {
  /** PUBLIC_URL, no slash at the end. */
  url: string;
  sandbox: Sandbox;
  services: Services;
  env: Record<string, string>;
  /** Where the workflows of this gateway are started: poll it to run them. */
  taskQueue: string;
  /** The gateway's own database. */
  db: Db;
  /** Lines that the gateway has logged, as text. */
  logged(): string;
  /** A browser of its own: another person, or another window without cookies. */
  browser(): TestBrowser;
  /** Moves the gateway's clock; the token keeper's stays. */
  advance(ms: number): void;
  /** From now on a command's answer is waited for no longer than so; Infinity: as long as always. */
  waitsAtMost(ms: number): void;
  /** The tenant's running workflow; null when there is none. */
  workflow(tenantId: string): Promise<{ runId: string; type: string } | null>;
  /** Names of the signals that the tenant's workflow was sent. */
  signals(tenantId: string): Promise<string[]>;
  /** As if nobody had ever signed in: no documents, no workflows. */
  forget(): Promise<void>;
  close(): Promise<void>;
}

export interface GatewayOptions {
  /** One to share, or how to start an own one; a seed of its own gives the tenant an id of its own. */
  sandbox?: Sandbox | SandboxOptions;
  env?: Record<string, string>;
  taskQueue?: string;
  /** Sign-in requests a minute; tests sign in often. */
  signInRequests?: number;
}

/** The gateway in this process, with both vendors' sandboxes, the real store and the real Temporal. */
export async function bootGateway(options: GatewayOptions = {}): Promise<TestGateway> {
  const given = options.sandbox ?? {};
  const own = 'sageUrl' in given ? null : await startSandbox({ seed: randomUUID(), contacts: 5, ...given });
  const sandbox = own ?? (given as Sandbox);
  const taskQueue = options.taskQueue ?? `q-${randomUUID()}`;
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://localhost:${(server.address() as AddressInfo).port}`;
  const env = { ...sandbox.environment, ...environment(url), ...options.env };

  const lines: string[] = [];
  const sink = new Writable({
    write: (chunk, _encoding, done) => {
      lines.push(String(chunk));
      done();
    },
  });
  let ahead = 0;
  const config = readConfig(env);
  const opened = await openServices(config, pino({ level: 'debug' }, sink), taskQueue);
  let patienceMs = Infinity;
  const temporal: Services['temporal'] = {
    ...opened.temporal,
    command: (tenantId, name, input, timeoutMs) =>
      opened.temporal.command(tenantId, name, input, Math.min(timeoutMs, patienceMs)),
  };
  const services = { ...opened, temporal, now: () => new Date(Date.now() + ahead) };
  await services.store.createIndexes();
  const gateway = createGateway(services, options.signInRequests ?? 100_000);
  server.on('request', (req, res) => {
    gateway.app(req, res);
  });
  const mongo = await MongoClient.connect(config.mongo.uri);
  const db = mongo.db(config.mongo.database);
  const connection = Connection.lazy({ address: config.temporal.address });
  const { workflow } = new Client({ connection });

  return {
    ...{ url, sandbox, services, env, taskQueue, db },
    logged: () => lines.join(''),
    browser: () => new TestBrowser(url),
    advance: (ms) => {
      ahead += ms;
    },
    waitsAtMost(ms) {
      patienceMs = ms;
    },
    async workflow(tenantId) {
      try {
        const { runId, status, type } = await workflow.getHandle(tenantSyncWorkflowId(tenantId)).describe();
        return status.name === 'RUNNING' ? { runId, type } : null;
      } catch {
        return null;
      }
    },
    async signals(tenantId) {
      const { events } = await workflow.getHandle(tenantSyncWorkflowId(tenantId)).fetchHistory();
      const names = (events ?? []).map((event) => event.workflowExecutionSignaledEventAttributes?.signalName);
      return names.filter((name) => name != null);
    },
    async forget() {
      await endWorkflows(db, workflow);
      const collections = await db.collections();
      await Promise.all(collections.map((collection) => collection.deleteMany({})));
      lines.length = 0;
      ahead = 0;
    },
    async close() {
      gateway.close();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      await endWorkflows(db, workflow);
      await services.close();
      await connection.close();
      await db.dropDatabase();
      await mongo.close();
      await own?.close();
    },
  };
}

const environment = (url: string): Record<string, string> => ({
  PUBLIC_URL: url,
  MONGODB_URI: process.env.MONGODB_URI ?? '',
  MONGODB_DB: `t_${randomUUID().replaceAll('-', '')}`,
  TEMPORAL_ADDRESS: process.env.TEMPORAL_ADDRESS ?? '',
  ENCRYPTION_KEYS: `test:${randomBytes(32).toString('base64')}`,
  SESSION_SECRET: randomBytes(32).toString('hex'),
  SAGE_REQUESTS_PER_MINUTE: '0',
  CAPSULE_REQUESTS_PER_HOUR: '0',
  OUTCOME_SETTLE: '2s',
  // Passes come when a test asks for them.
  SYNC_INTERVAL: '24h',
});

async function endWorkflows(db: Db, workflow: Client['workflow']): Promise<void> {
  const tenants = await db.collection<{ _id: string }>('tenants').find().toArray();
  const ended = tenants.map(({ _id }) => workflow.getHandle(tenantSyncWorkflowId(_id)).terminate());
  await Promise.allSettled(ended);
}
