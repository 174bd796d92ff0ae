import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import getPort from 'get-port';
import { Browser } from '../../services/local/browser';
import { connectSage, readStatus, signIn } from '../../services/local/demo-admin';
import { becomes, httpOk } from '../../services/local/health';
import { markerUrl } from '../../shared/ids';
import { type Company, prepareCompany } from '../support/company';

/**
 * The real processes, started alone with nothing but their environment, against stand-ins of both vendors that
 * they know by address only. The one test on the real task queue.
 */
const CONTACTS = 400;

let company: Company;
let url: string;
const processes = new Set<ChildProcess>();

function start(script: string, env: Record<string, string> = {}): ChildProcess {
  const child = spawn(process.execPath, ['--import', 'tsx', script], {
    env: { ...process.env, ...company.env, ...env },
    stdio: 'ignore',
  });
  processes.add(child);
  child.once('exit', () => processes.delete(child));
  return child;
}

async function startWorker(): Promise<ChildProcess> {
  const port = await getPort();
  const worker = start('services/worker/main.ts', { WORKER_HEALTH_PORT: String(port) });
  await ready(`http://127.0.0.1:${port}/readyz`);
  return worker;
}

async function ready(address: string): Promise<void> {
  if (!(await becomes(httpOk(address), { timeoutMs: 40_000 })))
    throw new Error(`nobody answers at ${address}`);
}

beforeAll(async () => {
  const port = await getPort();
  url = `http://localhost:${port}`;
  company = await prepareCompany({
    sandbox: { contacts: CONTACTS, latencyMs: 20 },
    env: { PORT: String(port), PUBLIC_URL: url, OUTCOME_SETTLE: '5s' },
  });
  const [code] = (await once(start('services/setup/main.ts'), 'exit')) as [number];
  expect(code).toBe(0);
  start('services/gateway/main.ts');
  await ready(`${url}/readyz`);
});

afterAll(async () => {
  for (const child of processes) child.kill('SIGKILL');
  await company.close();
});

it('R29 a worker killed in the middle of an import leaves no second copy of anyone', async () => {
  const worker = await startWorker();
  const browser = new Browser();
  await signIn(browser, url);
  await connectSage(browser, url);
  const before = company.sandbox.capsule.parties().length;
  const underWay = await becomes(
    () => Promise.resolve(company.sandbox.capsule.parties().length > before + 20),
    { timeoutMs: 60_000, everyMs: 5 },
  );
  expect(underWay).toBe(true);
  worker.kill('SIGKILL');
  await once(worker, 'exit');

  await startWorker();
  const finished = async () => (await readStatus(browser, url)).phase === 'active';
  expect(await becomes(finished, { timeoutMs: 60_000, everyMs: 200 })).toBe(true);

  const { import: counts } = await readStatus(browser, url);
  expect(counts?.done).toBe(counts?.total);
  expect(counts?.failed).toBe(0);
  expect(copies().filter((count) => count > 1)).toEqual([]);
  expect(copies().filter((count) => count === 1)).toHaveLength(Number(counts?.created));
  expect(company.sandbox.capsule.parties().length).toBe(before + Number(counts?.created));
});

/** How many Capsule parties carry the marker of each Sage contact. */
function copies(): number[] {
  const marked = new Map<string, number>();
  for (const party of company.sandbox.capsule.parties()) {
    for (const { address } of party.websites) marked.set(address, (marked.get(address) ?? 0) + 1);
  }
  return company.sandbox.sage
    .business()
    .contacts()
    .map(({ id }) => marked.get(markerUrl(url, id)) ?? 0);
}
