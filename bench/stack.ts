import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import getPort from 'get-port';
import { type Core, openCore } from '../services/core';
import { type Guarded, spawnGuarded } from '../services/local/guard';
import { becomes, httpOk, type Probe, storeReady, temporalReady } from '../services/local/health';
import { provision } from '../services/local/provision';
import { storeCommand, temporalCommand } from '../services/local/servers';
import { vendorEnvironment } from '../services/sandbox/environment';
import { type Config, readConfig } from '../shared/config';
import { createLogger } from '../shared/log';

/** The real servers of a benchmark, each a process of its own, ended with the benchmark however it ends. */
export interface Stack {
  temporalAddress: string;
  mongoUri: string;
  /** Starts one of our processes; its log is shown when it does not come up. */
  start(name: string, script: string, env: Record<string, string>, ready: Probe): Promise<Guarded>;
  close(): Promise<void>;
}

export async function startServers(): Promise<Stack> {
  const found = await provision({ say: (text) => process.stderr.write(`${text}\n`) });
  const folder = mkdtempSync(join(tmpdir(), 'capsule-sage-bench-'));
  const processes: Guarded[] = [];

  async function run(
    name: string,
    command: string[],
    ready: Probe,
    env?: Record<string, string>,
  ): Promise<Guarded> {
    const logFile = join(folder, `${name}-${processes.length}.log`);
    const guarded = spawnGuarded(command, { logFile, env: { ...process.env, ...env } });
    processes.push(guarded);
    const up = await becomes(ready, { timeoutMs: 60_000, hopeless: () => !guarded.running() });
    if (!up) throw new Error(`${name} did not start:\n${readFileSync(logFile, 'utf8').slice(-2_000)}`);
    return guarded;
  }

  let temporalAddress = found.temporal.kind === 'given' ? found.temporal.address : '';
  if (found.temporal.kind === 'start') {
    const port = await getPort();
    temporalAddress = `127.0.0.1:${port}`;
    const command = temporalCommand(found.temporal.executable, { port, uiPort: null, file: null });
    await run('temporal', command, temporalReady(temporalAddress));
  }
  let mongoUri = found.store.kind === 'given' ? found.store.uri : '';
  if (found.store.kind === 'start') {
    const port = await getPort();
    mongoUri = `mongodb://127.0.0.1:${port}`;
    await run(
      'store',
      storeCommand(found.store, port, mkdtempSync(join(folder, 'store-'))),
      storeReady(mongoUri),
    );
  }

  return {
    temporalAddress,
    mongoUri,
    start: (name, script, env, ready) => run(name, [process.execPath, '--import', 'tsx', script], ready, env),
    async close() {
      await Promise.all(processes.map((process) => process.stop()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export interface BenchSandbox {
  sageUrl: string;
  capsuleUrl: string;
  environment: Record<string, string>;
  stop(): Promise<void>;
}

/** A sandbox in a process of its own. @param settings SANDBOX_* variables */
export async function startSandboxProcess(
  stack: Stack,
  settings: Record<string, string>,
): Promise<BenchSandbox> {
  const [sagePort, capsulePort] = [await getPort(), await getPort()];
  const sageUrl = `http://localhost:${sagePort}`;
  const capsuleUrl = `http://localhost:${capsulePort}`;
  const ports = { SANDBOX_SAGE_PORT: String(sagePort), SANDBOX_CAPSULE_PORT: String(capsulePort) };
  const process_ = await stack.start(
    'sandbox',
    'services/sandbox/main.ts',
    { ...ports, ...settings },
    httpOk(`${capsuleUrl}/sandbox/requests`),
  );
  return {
    ...{ sageUrl, capsuleUrl },
    environment: vendorEnvironment(sageUrl, capsuleUrl),
    stop: () => process_.stop(),
  };
}

/** The rest of a worker's environment: no limits of our own, a database of its own. */
export const workerEnvironment = (stack: Stack, sandbox: BenchSandbox): Record<string, string> => ({
  ...sandbox.environment,
  TEMPORAL_ADDRESS: stack.temporalAddress,
  MONGODB_URI: stack.mongoUri,
  MONGODB_DB: `b_${randomUUID().replaceAll('-', '')}`,
  PUBLIC_URL: 'http://localhost:3000',
  ENCRYPTION_KEYS: `bench:${randomBytes(32).toString('base64')}`,
  SESSION_SECRET: randomBytes(32).toString('hex'),
  SAGE_REQUESTS_PER_MINUTE: '0',
  CAPSULE_REQUESTS_PER_HOUR: '0',
  LOG_LEVEL: 'warn',
});

/** A gateway in a process of its own, and its store and settings in this one. @param env with PORT and PUBLIC_URL */
export async function startGateway(
  stack: Stack,
  env: Record<string, string>,
): Promise<{ gateway: Guarded; core: Core; config: Config }> {
  const config = readConfig(env);
  const core = await openCore(config, createLogger('bench', 'warn'));
  await core.store.createIndexes();
  const ready = httpOk(`${config.publicUrl}/healthz`);
  return { gateway: await stack.start('gateway', 'services/gateway/main.ts', env, ready), core, config };
}
