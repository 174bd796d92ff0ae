import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { parseArgs, promisify } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import getPort from 'get-port';
import { MongoClient } from 'mongodb';
import { openCore } from '../services/core';
import { httpOk } from '../services/local/health';
import { readConfig } from '../shared/config';
import { TASK_QUEUE } from '../shared/ids';
import { createLogger } from '../shared/log';
import { type ImportCounts } from '../shared/domain/types';
import { DEFAULT_SETTINGS } from '../shared/store/tenants';
import { connectTenant } from '../test/support/company';
import { consent } from '../test/support/consent';
import { type FloorInput, type FloorResult } from './floor';
import { type BenchSandbox, startSandboxProcess, startServers, type Stack, workerEnvironment } from './stack';

/**
 * npm run bench:import [-- --only create,create50,link,limit,memory --contacts 10000]
 *
 * Ratios of the import against a floor: a plain script with the same calls, the same number in flight and the
 * same documents, and no durability (bench/floor.ts). Both run in a process of their own, one after the other,
 * against a fresh sandbox and the same store. Start-up is left out. `invoiceFields` is off. Below 1.00 the
 * import is faster than the floor, because it overlaps reading, sending and storing.
 */

interface Timed {
  ms: number;
  counts: ImportCounts;
  /** VmHWM of the worker. */
  peakMb: number;
  writes: { sage: number; capsule: number };
}

const { values: options } = parseArgs({
  options: { only: { type: 'string' }, contacts: { type: 'string', default: '10000' } },
});
const CONTACTS = Number(options.contacts);
const wanted = (name: string) => !options.only || options.only.split(',').includes(name);
const say = (line: string) => process.stdout.write(`${line}\n`);

async function main(): Promise<void> {
  say(`machine: ${cpus().length} × ${cpus()[0]?.model ?? '?'}, ${Math.round(totalmem() / 2 ** 30)} GiB`);
  say(`contacts: ${CONTACTS}\n`);
  const stack = await startServers();
  let met = true;
  try {
    if (wanted('create')) met = (await ratio(stack, 'create, 0 ms', 'create', {}, 1.5)) && met;
    if (wanted('create50')) {
      met = (await ratio(stack, 'create, 50 ms', 'create', { SANDBOX_LATENCY_MS: '50' }, 1.15)) && met;
    }
    if (wanted('link')) met = (await ratio(stack, 'link, 0 ms', 'link', {}, 1.5)) && met;
    if (wanted('limit')) met = (await underLimit(stack)) && met;
    if (wanted('memory')) met = (await memory(stack)) && met;
  } finally {
    await stack.close();
  }
  process.exitCode = met ? 0 : 1;
}

/** Import against floor. @param most the target */
async function ratio(
  stack: Stack,
  name: string,
  mode: FloorInput['mode'],
  settings: Record<string, string>,
  most: number,
): Promise<boolean> {
  const sandboxSettings = sandboxFor(mode, CONTACTS, settings);
  const floor = await withSandbox(stack, sandboxSettings, (sandbox) => runFloor(stack, sandbox, mode));
  const timed = await withSandbox(stack, sandboxSettings, (sandbox) => runImport(stack, sandbox));
  const value = timed.ms / floor.ms;
  say(
    `${name.padEnd(16)} floor ${seconds(floor.ms)}  import ${seconds(timed.ms)}  ratio ${value.toFixed(2)} (at most ${most})`,
  );
  say(`${''.padEnd(16)} ${describe(timed)}`);
  // Definitions and tag: three writes, whatever the number of contacts.
  const silent = mode === 'create' || (timed.writes.capsule <= 3 && timed.writes.sage === 0);
  if (!silent) say(`${''.padEnd(16)} the vendors were written to, although nothing was to be created`);
  return verdict(value <= most && silent && balanced(timed.counts));
}

/** Share of the rate that the limit less the reserve allows. */
async function underLimit(stack: Stack): Promise<boolean> {
  const limit = 4_000;
  const windowSeconds = 60;
  const settings = sandboxFor('create', CONTACTS, {
    SANDBOX_CAPSULE_LIMIT: String(limit),
    SANDBOX_CAPSULE_WINDOW_SECONDS: String(windowSeconds),
  });
  const { timed, requests } = await withSandbox(stack, settings, async (sandbox) => {
    const timed = await runImport(stack, sandbox);
    return { timed, requests: (await requestsOf(sandbox.capsuleUrl)).total };
  });
  const allowed = (limit * 0.9) / windowSeconds;
  const share = requests / (timed.ms / 1000) / allowed;
  say(
    `${'limit'.padEnd(16)} ${requests} Capsule requests in ${seconds(timed.ms)}: ${(share * 100).toFixed(0)} % of the allowed rate (at least 95 %)`,
  );
  say(`${''.padEnd(16)} ${describe(timed)}`);
  return verdict(share >= 0.95 && balanced(timed.counts));
}

/** Peak of the worker's memory with ten times the contacts. */
async function memory(stack: Stack): Promise<boolean> {
  const peak = async (contacts: number) =>
    withSandbox(
      stack,
      sandboxFor('create', contacts, {}),
      async (sandbox) => (await runImport(stack, sandbox)).peakMb,
    );
  const small = await peak(2_000);
  const large = await peak(20_000);
  const value = large / small;
  say(
    `${'memory'.padEnd(16)} peak ${small} MB at 2,000 contacts, ${large} MB at 20,000: ratio ${value.toFixed(2)} (at most 1.3)`,
  );
  return verdict(value <= 1.3);
}

const sandboxFor = (mode: FloorInput['mode'], contacts: number, more: Record<string, string>) => ({
  SANDBOX_CONTACTS: String(contacts),
  SANDBOX_PARTIES: mode === 'create' ? '0' : String(contacts),
  SANDBOX_OVERLAP: mode === 'create' ? 'none' : 'all',
  SANDBOX_CAPSULE_LIMIT: '0',
  ...more,
});

async function withSandbox<T>(
  stack: Stack,
  settings: Record<string, string>,
  work: (sandbox: BenchSandbox) => Promise<T>,
): Promise<T> {
  const sandbox = await startSandboxProcess(stack, settings);
  try {
    return await work(sandbox);
  } finally {
    await sandbox.stop();
  }
}

async function runFloor(stack: Stack, sandbox: BenchSandbox, mode: FloorInput['mode']): Promise<FloorResult> {
  const env = workerEnvironment(stack, sandbox);
  const config = readConfig(env);
  const core = await openCore(config, createLogger('bench', 'warn'));
  const [capsule, sage] = [
    await consent(core.oauth.capsule, 'alice'),
    await consent(core.oauth.sage, 'owner'),
  ];
  const business = await demoBusiness(core, sage.accessToken);
  await core.close();
  const input: FloorInput = {
    ...{ sageApi: config.sage.apiUrl, sageToken: sage.accessToken, businessId: business.id },
    ...{ capsuleApi: config.capsule.apiUrl, capsuleToken: capsule.accessToken },
    ...{ mongoUri: config.mongo.uri, database: config.mongo.database, mode },
  };
  const command = ['--import', 'tsx', 'bench/floor.ts', JSON.stringify(input)];
  const { stdout } = await promisify(execFile)(process.execPath, command);
  await drop(config.mongo);
  return JSON.parse(stdout) as FloorResult;
}

async function runImport(stack: Stack, sandbox: BenchSandbox): Promise<Timed> {
  const healthPort = await getPort();
  const env = { ...workerEnvironment(stack, sandbox), WORKER_HEALTH_PORT: String(healthPort) };
  const config = readConfig(env);
  const core = await openCore(config, createLogger('bench', 'warn'));
  await core.store.createIndexes();
  const tenantId = randomUUID();
  const { accessToken } = await consent(core.oauth.sage, 'owner');
  const settings = { ...DEFAULT_SETTINGS, invoiceFields: false };
  await connectTenant(core, tenantId, await demoBusiness(core, accessToken), settings);
  const ready = httpOk(`http://127.0.0.1:${healthPort}/readyz`);
  const worker = await stack.start('worker', 'services/worker/main.ts', env, ready);
  const before = await writesOf(sandbox);

  const connection = await Connection.connect({ address: stack.temporalAddress });
  const started = performance.now();
  const counts = (await new Client({ connection }).workflow.execute('initialImportWorkflow', {
    ...{ taskQueue: TASK_QUEUE, workflowId: `bench/${tenantId}`, args: [{ tenantId, importNumber: 1 }] },
  })) as ImportCounts;
  const ms = performance.now() - started;

  const after = await writesOf(sandbox);
  const peakMb = peakOf(worker.pid);
  await Promise.all([connection.close(), worker.stop(), core.close()]);
  await drop(config.mongo);
  const writes = { sage: after.sage - before.sage, capsule: after.capsule - before.capsule };
  return { ms, counts, peakMb, writes };
}

async function demoBusiness(core: Awaited<ReturnType<typeof openCore>>, token: string) {
  const businesses = await core.vendors.sageOf({ get: () => Promise.resolve(token) }).listBusinesses();
  const business = businesses.find(({ name }) => name.startsWith('Thames'));
  if (!business) throw new Error('the sandbox has no demo business');
  return business;
}

interface Requests {
  total: number;
  byRoute: Record<string, number>;
}

const requestsOf = async (url: string): Promise<Requests> =>
  (await (await fetch(`${url}/sandbox/requests`)).json()) as Requests;

async function writesOf(sandbox: BenchSandbox): Promise<Timed['writes']> {
  const count = async (url: string, api: RegExp) =>
    Object.entries((await requestsOf(url)).byRoute)
      .filter(([route]) => /^(POST|PUT|DELETE) /.test(route) && api.test(route))
      .reduce((sum, [, times]) => sum + times, 0);
  return {
    sage: await count(sandbox.sageUrl, /\/v3\.1/),
    capsule: await count(sandbox.capsuleUrl, /\/api\/v2/),
  };
}

/** Peak resident memory of the command under a guard shell, in MB. */
function peakOf(guardPid: number | undefined): number {
  const children = readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      return status.includes(`PPid:\t${guardPid}\n`) && /^Name:\s+(node|MainThread)/m.test(status);
    } catch {
      return false;
    }
  });
  const peaks = children.map(
    (pid) => /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1],
  );
  return Math.round(Math.max(0, ...peaks.map(Number)) / 1024);
}

async function drop(mongo: { uri: string; database: string }): Promise<void> {
  const client = await MongoClient.connect(mongo.uri);
  await client.db(mongo.database).dropDatabase();
  await client.close();
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`.padStart(8);
const balanced = ({ total, done }: ImportCounts): boolean => total > 0 && done === total;

function describe({ counts, peakMb, writes }: Timed): string {
  const { total, linked, created, review, excluded, failed } = counts;
  const outcome = `${linked} linked + ${created} created + ${review} review + ${excluded} left out + ${failed} failed`;
  return `${outcome} = ${total}; writes: Capsule ${writes.capsule}, Sage ${writes.sage}; worker peak ${peakMb} MB`;
}

function verdict(met: boolean): boolean {
  say(`${''.padEnd(16)} ${met ? 'met' : 'NOT MET'}\n`);
  return met;
}

void main();
