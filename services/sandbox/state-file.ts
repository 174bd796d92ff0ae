import { readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';

import { type ResolvedOptions, type VendorSandbox } from './types';

const FORMAT = 1;
/** What a killed process may forget. */
const SAVE_EVERY_MS = 2000;

interface Saved {
  format: number;
  /** Says which made-up company this is the state of. */
  company: string;
  vendors: Record<string, unknown>;
}

/**
 * The vendors' states in `options.stateFile`, by name; empty when there is none of this company.
 * @throws Error when the file is there but cannot be read
 */
export function loadStates(options: ResolvedOptions): Record<string, unknown> {
  const saved = options.stateFile === undefined ? null : load(options.stateFile);
  return saved?.company === companyOf(options) ? saved.vendors : {};
}

/**
 * Keeps the file, if one is wanted, up to date: at most every two seconds while requests come in, and at the end.
 * @returns writes for the last time and stops. To be called after the servers have closed
 */
export function keepStates(
  options: ResolvedOptions,
  vendors: Record<string, VendorSandbox>,
): () => Promise<void> {
  const { stateFile } = options;
  if (stateFile === undefined) return () => Promise.resolve();
  const company = companyOf(options);
  const changes = (): number =>
    Object.values(vendors).reduce((sum, { requests }) => sum + requests.writes, 0);
  let written = changes();
  let saving: Promise<void> = Promise.resolve();
  const save = (): void => {
    written = changes();
    const states = Object.entries(vendors).map(([name, vendor]) => [name, vendor.snapshot?.()] as const);
    const content: Saved = { format: FORMAT, company, vendors: Object.fromEntries(states) };
    const text = JSON.stringify(content);
    saving = saving.then(() => replace(stateFile, text)).catch(complain);
  };
  const timer = setInterval(() => {
    if (changes() !== written) save();
  }, SAVE_EVERY_MS).unref();
  return async () => {
    clearInterval(timer);
    save();
    await saving;
  };
}

const companyOf = ({ seed, contacts, parties, overlap, invoices }: ResolvedOptions): string =>
  JSON.stringify({ seed, contacts, parties, overlap, invoices });

function load(file: string): Saved | null {
  try {
    const saved = JSON.parse(readFileSync(file, 'utf8')) as Saved;
    return saved.format === FORMAT ? saved : null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new Error(`The sandboxes' state in ${file} cannot be read. Delete the file to start afresh.`, {
      cause: error,
    });
  }
}

/** Never leaves half a file. */
async function replace(file: string, text: string): Promise<void> {
  await writeFile(`${file}.new`, text);
  await rename(`${file}.new`, file);
}

function complain(error: unknown): void {
  console.error("The sandboxes' state could not be written:", error);
}
