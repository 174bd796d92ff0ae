import { randomBytes } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { becomes } from './health';
import { type Ports } from './ports';

/** Where one local stack keeps what survives a restart. */
export interface Home {
  folder: string;
  logs: string;
  /** SQLite file of the Temporal dev server. */
  temporalFile: string;
  /** Data folders of the store; one per product, for their formats differ. */
  storeFolder(product: string): string;
  /** The sandboxes' records: they and the store must remember the same past. */
  sandboxFile: string;
}

export interface Secrets {
  ENCRYPTION_KEYS: string;
  SESSION_SECRET: string;
}

/** Another process runs on the same folder. */
export class AlreadyRunning extends Error {
  override name = 'AlreadyRunning';
}

const STATE = ['state.json', 'secrets.json', 'temporal.db', 'temporal.db-shm', 'temporal.db-wal'];
const FOLDERS = ['secantusdb', 'mongod', 'logs'];

export function openHome(folder: string): Home {
  mkdirSync(folder, { recursive: true });
  return {
    folder,
    logs: join(folder, 'logs'),
    temporalFile: join(folder, 'temporal.db'),
    storeFolder(product) {
      const path = join(folder, product);
      mkdirSync(path, { recursive: true });
      return path;
    },
    sandboxFile: join(folder, 'sandbox-state.json'),
  };
}

/** Forgets everything but the installed servers. */
export function forget(home: Home): void {
  for (const name of [...STATE, ...FOLDERS, 'sandbox-state.json'])
    rmSync(join(home.folder, name), { recursive: true, force: true });
}

/** This process's hold on a folder. */
export interface Hold {
  /** Notes a process that works on the folder. */
  add: (pid: number) => void;
  giveBack: () => void;
}

/** A little more than the longest grace that a part has to stop. */
const LAST_PARTS_MS = 40_000;

/**
 * Takes the folder for this process. The mark of a process that was killed does not count, but its parts are
 * given the time to stop: two stores must not work on the same files.
 * @throws AlreadyRunning
 */
export async function takeFolder(home: Home, say: (text: string) => void): Promise<Hold> {
  const mark = join(home.folder, 'running.pid');
  const [other = NaN, ...parts] = existsSync(mark) ? readFileSync(mark, 'utf8').split('\n').map(Number) : [];
  if (alive(other))
    throw new AlreadyRunning(
      `It runs already, as process ${other} on ${home.folder}. Stop that one first (Ctrl-C in its terminal).` +
        `\nIf process ${other} is something else, delete ${mark}.`,
    );
  if (parts.some(alive)) {
    say('Waiting until the parts of the last start have stopped.');
    await becomes(() => Promise.resolve(!parts.some(alive)), { timeoutMs: LAST_PARTS_MS });
  }
  rmSync(mark, { force: true });
  writeFileSync(mark, `${process.pid}\n`, { flag: 'wx' });
  return {
    add: (pid) => appendFileSync(mark, `${pid}\n`),
    giveBack: () => rmSync(mark, { force: true }),
  };
}

export function alive(pid: number): boolean {
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The keys of this folder, made at its first start; readable by the owner alone. */
export function keepSecrets(home: Home): Secrets {
  return kept(join(home.folder, 'secrets.json'), () => ({
    ENCRYPTION_KEYS: `local:${randomBytes(32).toString('base64')}`,
    SESSION_SECRET: randomBytes(32).toString('base64url'),
  }));
}

/** The ports of the last start; their addresses stand on the demo's records. */
export function rememberedPorts(home: Home): Partial<Ports> {
  const file = join(home.folder, 'state.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { ports: Ports }).ports : {};
}

export function rememberPorts(home: Home, ports: Ports): void {
  write(join(home.folder, 'state.json'), { ports });
}

function kept<T>(file: string, make: () => T): T {
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as T;
  const made = make();
  write(file, made);
  return made;
}

/** In one step, so that a crash leaves the old file or the new one. */
function write(file: string, value: unknown): void {
  writeFileSync(`${file}.new`, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
