import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Guarded, spawnGuarded } from './guard';
import { becomes, type Probe } from './health';

export interface Part {
  name: string;
  /** Null: somebody else's server, which is only waited for. */
  command: readonly string[] | null;
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  /** Says when the part can be used. Null: a job, which is done when it has ended with code 0. */
  ready: Probe | null;
  startTimeoutMs?: number;
  /** Seconds that the part has to stop. */
  graceSeconds?: number;
}

/** A part died, or never became ready. Its message names the part and ends with the end of its log. */
export class PartFailed extends Error {
  override name = 'PartFailed';
}

/** The start was given up because somebody asked to stop. */
export class Stopped extends Error {
  override name = 'Stopped';
}

const START_TIMEOUT_MS = 60_000;
const GIVEN_TIMEOUT_MS = 15_000;
const LOG_LINES = 20;
/** Stack frames outside our own code, which would push the message out of sight. */
const FOREIGN_FRAME = /^\s+at .*(node_modules|node:internal)/;

interface Running {
  name: string;
  process: Guarded;
}

/** Starts parts wave by wave, watches them, and stops them in reverse order. */
export class Supervisor {
  /** Rejects with {@link PartFailed} as soon as a part dies that should run; never resolves. */
  readonly failure: Promise<never>;
  private fail!: (error: PartFailed) => void;
  private readonly waves: Running[][] = [];
  private stopping: Promise<void> | null = null;

  /** @param onSpawn told the process id that lives as long as a part */
  constructor(
    private readonly logFolder: string,
    private readonly onSpawn: (pid: number) => void = () => undefined,
  ) {
    mkdirSync(logFolder, { recursive: true });
    this.failure = new Promise((_, reject) => (this.fail = reject));
    this.failure.catch(() => undefined);
  }

  /**
   * Starts parts side by side and waits until all of them are ready. A later wave depends on the earlier ones.
   * @param onReady told each part's name and the milliseconds that it took
   * @throws PartFailed, or Stopped when {@link stop} was called meanwhile
   */
  async startWave(parts: readonly Part[], onReady: (name: string, ms: number) => void): Promise<void> {
    if (this.stopping) throw new Stopped();
    const wave: Running[] = [];
    this.waves.push(wave);
    await Promise.race([this.failure, Promise.all(parts.map((part) => this.start(part, wave, onReady)))]);
  }

  /** Stops the last wave first; resolves when nothing runs any more. */
  stop(): Promise<void> {
    this.stopping ??= this.stopAll();
    return this.stopping;
  }

  private async stopAll(): Promise<void> {
    for (const wave of this.waves.toReversed())
      await Promise.all(wave.map(({ process: guarded }) => guarded.stop()));
  }

  private async start(
    part: Part,
    wave: Running[],
    onReady: (name: string, ms: number) => void,
  ): Promise<void> {
    const begin = performance.now();
    if (part.command) await this.run(part, part.command, wave);
    else await this.untilAnswers(part);
    onReady(part.name, performance.now() - begin);
  }

  private async run(part: Part, command: readonly string[], wave: Running[]): Promise<void> {
    const { env, cwd, graceSeconds } = part;
    const guarded = spawnGuarded(command, { logFile: this.logOf(part.name), env, cwd, graceSeconds });
    wave.push({ name: part.name, process: guarded });
    if (guarded.pid) this.onSpawn(guarded.pid);
    if (part.ready) await this.untilReady(part, part.ready, guarded);
    else await this.untilDone(part, guarded);
  }

  private async untilAnswers({ name, ready, startTimeoutMs = GIVEN_TIMEOUT_MS }: Part): Promise<void> {
    const timeoutMs = startTimeoutMs;
    const hopeless = () => this.stopping !== null;
    if (!ready || (await becomes(ready, { timeoutMs, hopeless }))) return;
    if (this.stopping) throw new Stopped();
    throw new PartFailed(
      `Your ${name} did not answer within ${timeoutMs / 1000} s. Is it running, and is its address right?`,
    );
  }

  private async untilDone(part: Part, guarded: Guarded): Promise<void> {
    const code = await guarded.exited;
    if (this.stopping) throw new Stopped();
    if (code !== 0) throw this.failed(part.name, `ended with code ${code}`);
  }

  private async untilReady(part: Part, ready: Probe, guarded: Guarded): Promise<void> {
    void guarded.exited.then((code) => {
      if (!this.stopping) this.fail(this.failed(part.name, `died (code ${code})`));
    });
    const timeoutMs = part.startTimeoutMs ?? START_TIMEOUT_MS;
    const hopeless = () => this.stopping !== null || !guarded.running();
    if (await becomes(ready, { timeoutMs, hopeless })) return;
    if (this.stopping) throw new Stopped();
    if (!guarded.running()) return this.failure;
    throw this.failed(part.name, `was not ready after ${Math.round(timeoutMs / 1000)} s`);
  }

  private failed(name: string, what: string): PartFailed {
    const log = this.logOf(name);
    const lines = readFileSync(log, 'utf8').trimEnd().split('\n');
    const end = lines.filter((line) => !FOREIGN_FRAME.test(line)).slice(-LOG_LINES);
    const shown = end.map((line) => `    ${line}`).join('\n');
    return new PartFailed(`The ${name} ${what}. The end of its log (${log}):\n${shown}`);
  }

  private logOf(name: string): string {
    return join(this.logFolder, `${name}.log`);
  }
}
