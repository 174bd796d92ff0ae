import { execFile } from 'node:child_process';
import { cpus, totalmem } from 'node:os';
import { parseArgs, promisify } from 'node:util';
import { MongoClient } from 'mongodb';
import { openCore } from '../services/core';
import { readConfig } from '../shared/config';
import { createLogger } from '../shared/log';
import { consent } from '../test/support/consent';
import { type MirrorFloorInput } from './invoices-floor';
import { type MirrorResult } from './invoices-mirror';
import { measurePages } from './invoices-pages';
import { type BenchSandbox, startSandboxProcess, startServers, type Stack, workerEnvironment } from './stack';

/**
 * npm run bench:invoices [-- --only mirror,pages --contacts 10000 --each 10]
 *
 * The first mirror of a company's documents, figures of all contacts included, against a floor that lists and
 * bulk-stores them (bench/invoices-floor.ts). Both run in a process of their own, one after the other, against a fresh
 * sandbox and the same store. Start-up is left out. Then the memory with a tenth of the documents, and how long pages
 * and API take with all of them (bench/invoices-pages.ts).
 */

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', default: 'mirror,pages' },
    ...{ contacts: { type: 'string', default: '10000' }, each: { type: 'string', default: '10' } },
  },
});
const CONTACTS = Number(options.contacts);
const EACH = Number(options.each);
const MOST = 1.3;
const MOST_PAGE_MS = 50;
/**
 * Heap of the measured processes. Where it may take gigabytes the engine lets garbage lie, and the memory of a process
 * tells nothing of what it needs; in a small heap whatever grew with the documents would show, or end it.
 */
const HEAP_MB = 96;
const wanted = (name: string) => options.only.split(',').includes(name);
const say = (line: string) => process.stdout.write(`${line}\n`);

async function main(): Promise<void> {
  say(`machine: ${cpus().length} × ${cpus()[0]?.model ?? '?'}, ${Math.round(totalmem() / 2 ** 30)} GiB`);
  const stack = await startServers();
  try {
    const met = [
      wanted('mirror') ? await benchMirror(stack) : true,
      wanted('pages') ? await benchPages(stack) : true,
    ];
    process.exitCode = met.every(Boolean) ? 0 : 1;
    say(process.exitCode === 0 ? 'met' : 'NOT MET');
  } finally {
    await stack.close();
  }
}

async function benchMirror(stack: Stack): Promise<boolean> {
  const floor = await withSandbox(stack, CONTACTS, (sandbox, business) => runFloor(stack, sandbox, business));
  const mirror = await withSandbox(stack, CONTACTS, (sandbox, { id }) => runMirror(stack, sandbox, id));
  const ratio = mirror.first / floor.ms;
  say(`first mirror     ${floor.documents} documents of ${CONTACTS} contacts`);
  say(
    `                 floor ${seconds(floor.ms)}  mirror ${seconds(mirror.first)}  ratio ${ratio.toFixed(2)} (at most ${MOST})`,
  );
  say(`balances         ${seconds(mirror.balances)}`);
  say(`nothing new      ${seconds(mirror.nothingNew)}`);
  say(`listed again     ${seconds(mirror.again)}, nothing changed`);
  const small = await withSandbox(stack, CONTACTS / 10, (sandbox, { id }) => runMirror(stack, sandbox, id));
  const memory = mirror.firstMb / small.firstMb;
  say(
    `memory           ${small.firstMb} MB with a tenth, ${mirror.firstMb} MB with all: ratio ${memory.toFixed(2)} (at most ${MOST})`,
  );
  return ratio <= MOST && memory <= MOST;
}

async function benchPages(stack: Stack): Promise<boolean> {
  const sandbox = await startSandboxProcess(stack, { SANDBOX_CONTACTS: '0', SANDBOX_PARTIES: '0' });
  try {
    const found = await measurePages(stack, sandbox, CONTACTS, EACH);
    for (const [name, { p50, p95, load }] of Object.entries(found))
      say(
        `${name.padEnd(16)} p50 ${p50.toFixed(1)} ms  p95 ${p95.toFixed(1)} ms (at most ${MOST_PAGE_MS}), load ${load.toFixed(1)}`,
      );
    return Object.values(found).every(({ p95 }) => p95 <= MOST_PAGE_MS);
  } finally {
    await sandbox.stop();
  }
}

interface Business {
  id: string;
  token: string;
}

async function withSandbox<T>(
  stack: Stack,
  contacts: number,
  work: (sandbox: BenchSandbox, business: Business) => Promise<T>,
): Promise<T> {
  const settings = { SANDBOX_CONTACTS: String(contacts), SANDBOX_PARTIES: '0', SANDBOX_OVERLAP: 'none' };
  const sandbox = await startSandboxProcess(stack, {
    ...settings,
    SANDBOX_INVOICES_PER_CONTACT: String(EACH),
  });
  try {
    const core = await openCore(readConfig(workerEnvironment(stack, sandbox)), createLogger('bench', 'warn'));
    const { accessToken: token } = await consent(core.oauth.sage, 'owner');
    const businesses = await core.vendors.sageOf({ get: () => Promise.resolve(token) }).listBusinesses();
    await core.close();
    const id = businesses.find(({ name }) => name.startsWith('Thames'))?.id;
    if (!id) throw new Error('the sandbox has no demo business');
    return await work(sandbox, { id, token });
  } finally {
    await sandbox.stop();
  }
}

async function runFloor(
  stack: Stack,
  sandbox: BenchSandbox,
  { id, token }: Business,
): Promise<{ ms: number; documents: number }> {
  const { mongo, sage } = readConfig(workerEnvironment(stack, sandbox));
  const input: MirrorFloorInput = {
    ...{ sageApi: sage.apiUrl, sageToken: token, businessId: id },
    ...{ mongoUri: mongo.uri, database: mongo.database },
  };
  return inProcess('bench/invoices-floor.ts', JSON.stringify(input), process.env, mongo);
}

async function runMirror(stack: Stack, sandbox: BenchSandbox, businessId: string): Promise<MirrorResult> {
  const environment = workerEnvironment(stack, sandbox);
  const { mongo } = readConfig(environment);
  return inProcess('bench/invoices-mirror.ts', businessId, { ...process.env, ...environment }, mongo);
}

async function inProcess<T>(
  script: string,
  argument: string,
  env: NodeJS.ProcessEnv,
  mongo: { uri: string; database: string },
): Promise<T> {
  const command = [`--max-old-space-size=${HEAP_MB}`, '--import', 'tsx', script, argument];
  const { stdout } = await promisify(execFile)(process.execPath, command, { env });
  // A store of our own goes as a whole at the end; dropping a large database can take it minutes.
  if (process.env.MONGODB_URI) {
    const client = await MongoClient.connect(mongo.uri);
    await client.db(mongo.database).dropDatabase();
    await client.close();
  }
  return JSON.parse(stdout) as T;
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`.padStart(8);

void main();
