import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import getPort from 'get-port';
import { type Guarded, spawnGuarded } from '../../services/local/guard';
import { becomes, type Probe, storeReady, temporalReady } from '../../services/local/health';
import { alive } from '../../services/local/state';
import { LOCAL, ROOT } from '../../services/local/paths';
import { provision } from '../../services/local/provision';
import {
  type StoreServer,
  storeCommand,
  temporalCommand,
  type TemporalServer,
} from '../../services/local/servers';

const TESTS = join(LOCAL, 'tests');

declare global {
  /** What one run of the tests started; the teardown ends it. */
  var testServers: { folder: string; processes: Guarded[] } | undefined;
}

/**
 * One Temporal server and one store for the whole run, unless TEMPORAL_ADDRESS or MONGODB_URI name others;
 * and one bundle of the workflows. Tests find them in the environment: TEMPORAL_ADDRESS, MONGODB_URI,
 * WORKFLOW_BUNDLE (a file; absent while there are no workflows).
 */
export default async function startServers(): Promise<void> {
  const found = await provision({ say: (text) => process.stderr.write(`${text}\n`) });
  mkdirSync(TESTS, { recursive: true });
  sweepLeftovers();
  const folder = mkdtempSync(join(TESTS, `${process.pid}-`));
  globalThis.testServers = { folder, processes: [] };
  const [address, uri] = await Promise.all([
    startTemporal(found.temporal, folder),
    startStore(found.store, folder),
    bundleWorkflows(folder),
  ]);
  process.env.TEMPORAL_ADDRESS = address;
  process.env.MONGODB_URI = uri;
}

async function startTemporal(server: TemporalServer, folder: string): Promise<string> {
  if (server.kind === 'given') return server.address;
  const port = await getPort();
  const command = temporalCommand(server.executable, { port, uiPort: null, file: null });
  await start('temporal', command, folder, temporalReady(`127.0.0.1:${port}`));
  return `127.0.0.1:${port}`;
}

async function startStore(server: StoreServer, folder: string): Promise<string> {
  if (server.kind === 'given') return server.uri;
  const port = await getPort();
  const uri = `mongodb://127.0.0.1:${port}`;
  const data = join(folder, 'store');
  mkdirSync(data);
  await start('store', storeCommand(server, port, data), folder, storeReady(uri));
  return uri;
}

async function start(name: string, command: string[], folder: string, ready: Probe): Promise<void> {
  const logFile = join(folder, `${name}.log`);
  const server = spawnGuarded(command, { logFile });
  globalThis.testServers?.processes.push(server);
  if (!(await becomes(ready, { timeoutMs: 30_000, hopeless: () => !server.running() })))
    throw new Error(`The ${name} server for the tests did not start: see ${logFile}`);
}

async function bundleWorkflows(folder: string): Promise<void> {
  const workflowsPath = join(ROOT, 'workflows/index.ts');
  if (!existsSync(workflowsPath)) return;
  const { bundleWorkflowCode, DefaultLogger } = await import('@temporalio/worker');
  const { code } = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR') });
  process.env.WORKFLOW_BUNDLE = join(folder, 'workflows.js');
  writeFileSync(process.env.WORKFLOW_BUNDLE, code);
}

/** Folders of runs that were killed; their names begin with the process id. */
function sweepLeftovers(): void {
  for (const name of readdirSync(TESTS)) {
    if (!alive(Number.parseInt(name, 10))) rmSync(join(TESTS, name), { recursive: true, force: true });
  }
}
