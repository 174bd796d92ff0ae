import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import getPort from 'get-port';
import { type Guarded, spawnGuarded } from '../services/local/guard';
import { becomes, httpOk, type Probe, storeReady, temporalReady } from '../services/local/health';
import { provision } from '../services/local/provision';
import { storeCommand, temporalCommand } from '../services/local/servers';

/** What a run may kill. Two workers share the work, as two hosts would. */
export const PARTS = ['temporal', 'store', 'gateway', 'worker-1', 'worker-2'] as const;
export type PartName = (typeof PARTS)[number];

const START_MS = 60_000;

interface Part {
  command: string[];
  env: Record<string, string>;
  ready: Probe;
  guarded: Guarded | null;
  starting: Promise<void> | null;
  starts: number;
}

/** The real processes, reused by all runs; one that is killed is started again with the same files and port. */
export class Stack {
  private readonly parts = new Map<PartName, Part>();
  private readonly folder = mkdtempSync(join(tmpdir(), 'capsule-sage-campaign-'));
  temporalAddress = '';
  mongoUri = '';

  /** Starts both servers, unless the environment names them: then they are never killed. */
  async startServers(): Promise<void> {
    const found = await provision({ say: (text) => process.stderr.write(`${text}\n`) });
    this.temporalAddress = found.temporal.kind === 'given' ? found.temporal.address : '';
    this.mongoUri = found.store.kind === 'given' ? found.store.uri : '';
    const starting: Promise<void>[] = [];
    if (found.temporal.kind === 'start') {
      const port = await getPort();
      this.temporalAddress = `127.0.0.1:${port}`;
      const place = { port, uiPort: null, file: join(this.folder, 'temporal.db') };
      this.add(
        'temporal',
        temporalCommand(found.temporal.executable, place),
        {},
        temporalReady(this.temporalAddress),
      );
      starting.push(this.up('temporal'));
    }
    if (found.store.kind === 'start') {
      const port = await getPort();
      const data = join(this.folder, 'store');
      mkdirSync(data);
      this.mongoUri = `mongodb://127.0.0.1:${port}`;
      this.add('store', storeCommand(found.store, port, data), {}, storeReady(this.mongoUri));
      starting.push(this.up('store'));
    }
    await Promise.all(starting);
  }

  /** @param env of gateway and workers alike */
  async startOurs(env: Record<string, string>): Promise<void> {
    const bundle = await this.bundleWorkflows();
    this.add('gateway', ours('services/gateway/main.ts'), env, httpOk(`${env.PUBLIC_URL}/readyz`));
    for (const name of ['worker-1', 'worker-2'] as const) {
      const port = await getPort();
      const own = { WORKER_HEALTH_PORT: String(port), WORKFLOW_BUNDLE: bundle };
      this.add(
        name,
        ours('services/worker/main.ts'),
        { ...env, ...own },
        httpOk(`http://127.0.0.1:${port}/readyz`),
      );
    }
    await this.up('gateway');
    await Promise.all([this.up('worker-1'), this.up('worker-2')]);
  }

  /** Runs one of our scripts to its end. @throws when it fails */
  async runOnce(script: string, env: Record<string, string>): Promise<void> {
    const logFile = join(this.folder, 'once.log');
    const guarded = spawnGuarded(ours(script), { logFile, env: { ...process.env, ...env } });
    if ((await guarded.exited) !== 0) throw new Error(`${script} failed:\n${tail(logFile)}`);
  }

  /** SIGKILL, and at once a start on the same files. Does not wait for the latter. */
  kill(name: PartName): void {
    const part = this.parts.get(name);
    if (!part || part.starting) return;
    try {
      process.kill(Number(readFileSync(this.pidFile(name), 'utf8')), 'SIGKILL');
    } catch {
      // It is being started, or has ended by itself: then it is started below.
    }
    void this.up(name).catch(() => undefined);
  }

  /** Everything runs and answers; what has ended is started. @throws with its log when one does not come up */
  async allUp(): Promise<void> {
    for (const name of PARTS) if (this.parts.has(name)) await this.up(name);
  }

  /** What all processes have written since the stack was made. */
  logs(): string {
    return [...this.parts].map(([name, { starts }]) => this.logsOf(name, starts)).join('\n');
  }

  async close(): Promise<void> {
    for (const { guarded } of this.parts.values()) await guarded?.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private add(name: PartName, command: string[], env: Record<string, string>, ready: Probe): void {
    this.parts.set(name, { command, env, ready, guarded: null, starting: null, starts: 0 });
  }

  private up(name: PartName): Promise<void> {
    const part = this.parts.get(name);
    if (!part) return Promise.resolve();
    part.starting ??= this.start(name, part).finally(() => (part.starting = null));
    return part.starting;
  }

  private async start(name: PartName, part: Part): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      if (!part.guarded?.running() || killed(this.pidFile(name))) {
        await part.guarded?.stop();
        part.starts += 1;
        const logFile = this.logFile(name, part.starts);
        const env = { ...process.env, ...part.env };
        // The process itself is to be killed, and not its guard.
        const command = ['/bin/sh', '-c', 'echo $$ > "$0"; exec "$@"', this.pidFile(name), ...part.command];
        part.guarded = spawnGuarded(command, { logFile, env, graceSeconds: 2 });
      }
      const { guarded } = part;
      if (await becomes(part.ready, { timeoutMs: START_MS, hopeless: () => !guarded.running() })) return;
      if (tries === 3) throw new Error(`${name} did not start:\n${tail(this.logFile(name, part.starts))}`);
    }
  }

  /** Bundled once, with the limits of campaign/timeouts.ts: a worker is up again in a second. */
  private async bundleWorkflows(): Promise<string> {
    const { code } = await bundleWorkflowCode({
      workflowsPath: require.resolve('../workflows/index.ts'),
      workflowInterceptorModules: [require.resolve('./timeouts.ts')],
      logger: new DefaultLogger('ERROR'),
    });
    const file = join(this.folder, 'workflows.js');
    writeFileSync(file, code);
    return file;
  }

  private logsOf(name: PartName, starts: number): string {
    const files = Array.from({ length: starts }, (_, i) => this.logFile(name, i + 1));
    return files.map((file) => readFileSync(file, 'utf8')).join('\n');
  }

  private logFile = (name: PartName, start: number): string => join(this.folder, `${name}-${start}.log`);
  private pidFile = (name: PartName): string => join(this.folder, `${name}.pid`);
}

const ours = (script: string): string[] => [process.execPath, '--import', 'tsx', script];

const tail = (file: string): string => readFileSync(file, 'utf8').slice(-3_000);

function killed(pidFile: string): boolean {
  try {
    process.kill(Number(readFileSync(pidFile, 'utf8')), 0);
    return false;
  } catch {
    return true;
  }
}
