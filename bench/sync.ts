import { execFile } from 'node:child_process';
import { cpus, totalmem } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs, promisify } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import getPort from 'get-port';
import { type Core } from '../services/core';
import { Browser } from '../services/local/browser';
import { connectSage, readStatus, signIn } from '../services/local/demo-admin';
import { httpOk } from '../services/local/health';
import { type Sandbox, startSandbox } from '../services/sandbox';
import { type Config } from '../shared/config';
import { importWorkflowId, reconcileScheduleId, tenantSyncWorkflowId } from '../shared/ids';
import { type Run } from '../shared/store/runs';
import { startGateway, startServers, type Stack, workerEnvironment } from './stack';
import { type BurstInput } from './sync-floor';

/**
 * npm run bench:sync [-- --only quiet,burst,importing,incremental,sweep,deep --contacts 10000]
 *
 * How long an edit in Capsule takes to stand in Sage, alone, in a burst and beside an import, and what passes with
 * nothing new cost. Gateway and worker are processes of their own; both vendors' sandboxes run in this one, without
 * limits and latency, so that the moment at which an edit stands in Sage is seen.
 */

const { values: options } = parseArgs({
  options: { only: { type: 'string' }, contacts: { type: 'string', default: '10000' } },
});
const CONTACTS = Number(options.contacts);
const wanted = (...names: string[]) =>
  names.some((name) => !options.only || options.only.split(',').includes(name));
const say = (line: string) => process.stdout.write(`${line}\n`);

/** Edits a second of the two measurements of single edits. */
const RATE = 5;
const QUIET_EDITS = 100;
const IMPORT_EDITS = 60;
const BURST = 1_000;
const GIVE_UP_MS = 120_000;

interface Pair {
  partyId: number;
  sageContactId: string;
}

interface Company {
  sandbox: Sandbox;
  core: Core;
  config: Config;
  browser: Browser;
  tenantId: string;
  publicUrl: string;
  temporal: Client;
  close(): Promise<void>;
}

async function main(): Promise<void> {
  say(`machine: ${cpus().length} × ${cpus()[0]?.model ?? '?'}, ${Math.round(totalmem() / 2 ** 30)} GiB\n`);
  const stack = await startServers();
  const results: boolean[] = [];
  try {
    if (wanted('quiet', 'burst')) {
      const company = await startCompany(stack, { contacts: BURST, parties: BURST, overlap: 'all' });
      await imported(company);
      if (wanted('quiet')) results.push(await quiet(company));
      if (wanted('burst')) results.push(await burst(company));
      await company.close();
    }
    if (wanted('importing')) results.push(await importing(stack));
    if (wanted('incremental', 'sweep')) results.push(await passes(stack));
    if (wanted('deep')) results.push(await deepPass(stack));
  } finally {
    await stack.close();
  }
  process.exitCode = results.every(Boolean) ? 0 : 1;
}

async function quiet(company: Company): Promise<boolean> {
  const pairs = pairsByName(company).slice(0, QUIET_EDITS);
  const latencies = await editAtRate(company, pairs);
  return report('quiet', latencies, { p50: 200, p95: 2_000 });
}

/** A thousand edits at once: hooks are answered, everything arrives, and how much longer that takes than a script. */
async function burst(company: Company): Promise<boolean> {
  const pairs = pairsByName(company).slice(0, BURST);
  const floorMs = await floorOf(company, pairs, { blind: false });
  const before = await hookAnswers(company);
  const started = performance.now();
  pairs.forEach((pair) => edit(company, pair, 'burst'));
  const ms = (await arrivals(company, pairs, 'burst')) - started;
  const after = await hookAnswers(company);
  const answered = after.all - before.all;
  const quick = (after.quick - before.quick) / answered;
  const blindMs = await floorOf(company, pairs, { blind: true });
  say(
    `${'burst'.padEnd(12)} floor ${seconds(floorMs)}  sync ${seconds(ms)}  ratio ${(ms / floorMs).toFixed(2)} (at most 1.5)`,
  );
  say(
    `${''.padEnd(12)} ${(ms / blindMs).toFixed(2)} of a script that does not read Sage, and empties telephones`,
  );
  say(
    `${''.padEnd(12)} ${answered} hooks, ${(quick * 100).toFixed(1)} % answered within 100 ms (at least 95 %)`,
  );
  return verdict(ms / floorMs <= 1.5 && quick >= 0.95);
}

/** The floor carries every party's name and e-mail address over as they are. */
async function floorOf(
  { sandbox, config }: Company,
  pairs: readonly Pair[],
  { blind }: { blind: boolean },
): Promise<number> {
  const input: BurstInput = {
    ...{ sageApi: config.sage.apiUrl, sageToken: sandbox.sage.issueTokens('owner').accessToken },
    ...{ capsuleApi: config.capsule.apiUrl, capsuleToken: sandbox.capsule.issueTokens('alice').accessToken },
    businessId: sandbox.sage.business().id,
    ...{ pairs: [...pairs], blind },
  };
  const command = ['--import', 'tsx', 'bench/sync-floor.ts', JSON.stringify(input)];
  const { stdout } = await promisify(execFile)(process.execPath, command, { maxBuffer: 1e7 });
  return Number(stdout);
}

/** Edits of contacts that are linked already, while the same tenant's import creates thousands. */
async function importing(stack: Stack): Promise<boolean> {
  const company = await startCompany(stack, { contacts: CONTACTS, parties: 0, overlap: 'none' });
  try {
    const linked = async () =>
      (await company.core.store.links.page(company.tenantId, { limit: 2_000 })).items;
    await until(async () => (await linked()).length >= IMPORT_EDITS * 2, 'first links of the import');
    const pairs = (await linked()).slice(0, IMPORT_EDITS);
    const latencies = await editAtRate(company, pairs);
    const { phase } = await readStatus(company.browser, company.publicUrl);
    if (phase !== 'importing') say(`${'importing'.padEnd(12)} the import ended before the last edit`);
    return report('importing', latencies, { p50: 500, p95: 2_000 });
  } finally {
    await company.close();
  }
}

async function passes(stack: Stack): Promise<boolean> {
  const company = await startCompany(stack, { contacts: CONTACTS, parties: CONTACTS, overlap: 'all' });
  try {
    await imported(company);
    // The first pass after an import looks back over it.
    await pass(company, { full: true });
    const met: boolean[] = [];
    if (wanted('incremental'))
      met.push(await idlePass(company, 'incremental', {}, { sage: 6, capsule: 6, sum: 6 }));
    if (wanted('sweep'))
      met.push(await idlePass(company, 'sweep', { full: true }, { sage: 60, capsule: 115 }));
    return met.every(Boolean);
  } finally {
    await company.close();
  }
}

async function deepPass(stack: Stack): Promise<boolean> {
  const settings = { contacts: CONTACTS, parties: CONTACTS, overlap: 'all' as const };
  const company = await startCompany(stack, settings, { DEEP_SWEEP_INTERVAL: '1s' });
  try {
    await imported(company);
    await pass(company, { full: true });
    return await idlePass(company, 'deep', { full: true }, { sage: 220, capsule: 115 });
  } finally {
    await company.close();
  }
}

/** A pass over records that have not changed: its calls, its history, and that it writes nothing. */
async function idlePass(
  company: Company,
  name: string,
  how: { full?: boolean },
  most: { sage: number; capsule: number; sum?: number },
): Promise<boolean> {
  const { sage: sageLog, capsule: capsuleLog } = company.sandbox;
  const before = [sageLog.requests.total, capsuleLog.requests.total] as const;
  const [started, since] = [performance.now(), new Date()];
  const run = await pass(company, how);
  const ms = performance.now() - started;
  const toSage = sageLog.requests.recent(sageLog.requests.total - before[0]).filter(isSageCall);
  const toCapsule = capsuleLog.requests.recent(capsuleLog.requests.total - before[1]).filter(isCapsuleCall);
  const invoices = toSage.filter(isOfInvoices).length;
  const [sage, capsule] = [toSage.length - invoices, toCapsule.length];
  const writes = [...toSage, ...toCapsule].filter(isWrite).length;
  const events = await historyOf(company, since);
  say(
    `${name.padEnd(12)} ${CONTACTS} contacts: ${sage} Sage and ${capsule} Capsule calls, ${invoices} for invoices, ${writes} writes, ${events} history events, ${seconds(ms).trim()} (${run.kind}${run.deep ? ', deep' : ''}, ${run.outcome})`,
  );
  const within = sage <= most.sage && capsule <= most.capsule && sage + capsule <= (most.sum ?? Infinity);
  return verdict(
    within && writes === 0 && run.outcome === 'complete' && (name !== 'incremental' || events <= 30),
  );
}

async function pass(company: Company, how: { full?: boolean }): Promise<Run> {
  const { browser, publicUrl, core, tenantId } = company;
  const { runId } = await browser.json<{ runId: string }>(`${publicUrl}/api/sync`, how);
  let run: Run | null = null;
  await until(async () => {
    run = await core.store.runs.find(tenantId, runId);
    return run !== null && run.outcome !== 'running';
  }, `run ${runId}`);
  if (!run) throw new Error('unreachable');
  return run;
}

/** Events of the pass that began after this moment: Temporal's list follows a little behind. */
async function historyOf({ temporal, tenantId }: Company, since: Date): Promise<number> {
  const query = `WorkflowType = "reconcileWorkflow" AND TenantId = "${tenantId}" AND ExecutionStatus = "Completed"`;
  let events: number | undefined;
  await until(async () => {
    for await (const { startTime, historyLength } of temporal.workflow.list({ query }))
      if (startTime >= since) events = historyLength;
    return events !== undefined;
  }, 'the history of the pass');
  return events ?? Infinity;
}

interface Call {
  method: string;
  path: string;
  query: string;
}

/** Refreshes of tokens are no calls of a pass. */
const isSageCall = ({ path }: Call): boolean => path.startsWith('/v3.1');
const isCapsuleCall = ({ path }: Call): boolean => path.startsWith('/api/v2');
/** What the invoices beside the contacts cost; `npm run bench:invoices` is about them. */
const isOfInvoices = ({ path, query }: Call): boolean =>
  /_(invoices|credit_notes|quotes|estimates)$/.test(path) || query.includes('show_balance');
/** Searches are posted, and change nothing. */
const isWrite = ({ method, path }: Call): boolean => method !== 'GET' && !path.endsWith('/filters/results');

/** @returns milliseconds from each edit in Capsule until it stood in Sage */
async function editAtRate(company: Company, pairs: readonly Pair[]): Promise<number[]> {
  const latencies: Promise<number>[] = [];
  for (const [n, pair] of pairs.entries()) {
    const started = performance.now();
    edit(company, pair, `edit ${n}`);
    latencies.push(arrival(company, pair, `edit ${n}`).then((at) => at - started));
    await delay(Math.max(0, 1000 / RATE - (performance.now() - started)));
  }
  return Promise.all(latencies);
}

/** A person changes the e-mail address of a contact on Capsule's page. */
function edit({ sandbox }: Company, { partyId }: Pair, mark: string): void {
  const [row] = sandbox.capsule.account.parties.get(partyId)?.emailAddresses ?? [];
  const address = addressOf(mark, partyId);
  sandbox.capsule.editParty(partyId, {
    emailAddresses: [row ? { id: row.id, address } : { type: 'Work', address }],
  });
}

const LOOK_MS = 2;

/** @returns when the edit stood in Sage */
async function arrival(company: Company, pair: Pair, mark: string): Promise<number> {
  return arrivals(company, [pair], mark);
}

/** One look for all: the sandbox lives in this process, and must not be held up by who waits for it. */
async function arrivals({ sandbox }: Company, pairs: readonly Pair[], mark: string): Promise<number> {
  const books = sandbox.sage.business();
  const stands = ({ partyId, sageContactId }: Pair): boolean => {
    const personId = books.contact(sageContactId)?.main_contact_person_id ?? '';
    return books.books.persons.get(personId)?.email === addressOf(mark, partyId);
  };
  const end = performance.now() + GIVE_UP_MS;
  let open = [...pairs];
  while (open.length > 0) {
    if (performance.now() > end) throw new Error(`${open.length} edits did not arrive`);
    await delay(LOOK_MS);
    const arrived = open.findIndex((pair) => !stands(pair));
    open = arrived === -1 ? [] : open.slice(arrived);
  }
  return performance.now();
}

const addressOf = (mark: string, partyId: number) => `${mark.replace(/\W/g, '')}.${partyId}@firm.example`;

/** Both sides have each name once. */
function pairsByName({ sandbox }: Company): Pair[] {
  const parties = new Map(
    sandbox.capsule
      .parties()
      .map((party) => [party.name ?? `${party.firstName ?? ''} ${party.lastName ?? ''}`.trim(), party.id]),
  );
  return sandbox.sage
    .business()
    .contacts()
    .flatMap(({ id, name }) => {
      const partyId = parties.get(name);
      return partyId === undefined ? [] : [{ partyId, sageContactId: id }];
    });
}

/** Hooks that the gateway has answered, and how many of them within 100 ms. */
async function hookAnswers({ publicUrl }: Company): Promise<{ all: number; quick: number }> {
  const text = await (await fetch(`${publicUrl}/metrics`)).text();
  const lines = text.split('\n').filter((line) => line.includes('route="/hooks/capsule'));
  const sum = (part: string) =>
    lines
      .filter((line) => line.includes(part))
      .reduce((total, line) => total + Number(line.split(' ').at(-1)), 0);
  return { all: sum('_count{'), quick: sum('le="0.1"') };
}

async function startCompany(
  stack: Stack,
  sizes: { contacts: number; parties: number; overlap: 'all' | 'none' },
  more: Record<string, string> = {},
): Promise<Company> {
  const sandbox = await startSandbox({ ...sizes, invoices: false, capsuleLimit: 0 });
  const [port, healthPort] = [await getPort(), await getPort()];
  const { environment, sageUrl, capsuleUrl } = sandbox;
  const vendors = { environment, sageUrl, capsuleUrl, stop: () => sandbox.close() };
  const publicUrl = `http://localhost:${port}`;
  const env = {
    ...workerEnvironment(stack, vendors),
    ...{ PORT: String(port), PUBLIC_URL: publicUrl, WORKER_HEALTH_PORT: String(healthPort) },
    // Passes come when they are asked for.
    ...{ SYNC_INTERVAL: '7d', SWEEP_INTERVAL: '7d', DEEP_SWEEP_INTERVAL: '7d' },
    ...more,
  };
  const { gateway, core, config } = await startGateway(stack, env);
  const ready = httpOk(`http://127.0.0.1:${healthPort}/readyz`);
  const worker = await stack.start('worker', 'services/worker/main.ts', env, ready);
  const connection = await Connection.connect({ address: stack.temporalAddress });
  const client = new Client({ connection });
  const browser = new Browser();
  const { tenantId } = await signIn(browser, publicUrl);
  await connectSage(browser, publicUrl);
  return {
    ...{ sandbox, core, config, browser, tenantId, publicUrl },
    temporal: client,
    async close() {
      // The next company has the same id, and a store of its own.
      const { workflow, schedule } = client;
      const over = 'the measurement is over';
      await workflow.getHandle(tenantSyncWorkflowId(tenantId)).terminate(over);
      await workflow
        .getHandle(importWorkflowId(tenantId, 1))
        .terminate(over)
        .catch(() => undefined);
      // An import that has not ended has made none yet.
      await schedule
        .getHandle(reconcileScheduleId(tenantId))
        .delete()
        .catch(() => undefined);
      await Promise.all([gateway.stop(), worker.stop()]);
      await Promise.all([connection.close(), core.close(), sandbox.close()]);
    },
  };
}

const imported = ({ browser, publicUrl }: Company): Promise<void> =>
  until(async () => (await readStatus(browser, publicUrl)).phase === 'active', 'the import');

async function until(condition: () => Promise<boolean>, what: string): Promise<void> {
  const end = performance.now() + GIVE_UP_MS * 2;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`waited in vain for ${what}`);
    await delay(50);
  }
}

function report(name: string, latencies: readonly number[], most: { p50: number; p95: number }): boolean {
  const sorted = [...latencies].sort((a, b) => a - b);
  const at = (share: number) =>
    Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
  const [p50, p95] = [at(0.5), at(0.95)];
  say(
    `${name.padEnd(12)} ${sorted.length} edits at ${RATE} a second: p50 ${p50} ms (at most ${most.p50}), p95 ${p95} ms (at most ${most.p95}), longest ${at(1)} ms`,
  );
  return verdict(p50 <= most.p50 && p95 <= most.p95);
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`.padStart(8);

function verdict(met: boolean): boolean {
  say(`${''.padEnd(12)} ${met ? 'met' : 'NOT MET'}\n`);
  return met;
}

void main();
