import { existsSync, readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';

import { z } from 'zod';

import { type ResolvedOptions, type VendorSandbox } from './types';

/** To be raised when what a vendor's `snapshot` gives changes its shape. */
const FORMAT = 2;
/** What a process may forget that is killed: little enough for a demo. */
const SAVE_EVERY_MS = 2000;
/**
 * A rest of so many times what the last save took, where that is longer: a save of 20,000 contacts and their
 * 50,000 documents holds up requests for about a second, which must stay rare.
 */
const REST = 20;

const State = z.looseObject({});
const StateFile = z.object({
  format: z.literal(FORMAT),
  /** Says which made-up company this is the state of. */
  company: z.string(),
  vendors: z.object({ sage: State, capsule: State }),
});

export type VendorStates = z.output<typeof StateFile>['vendors'];

/**
 * The vendors' states in `options.stateFile`; null, and a line on the console, when they cannot be used: the
 * file is broken, or it is of another company or another version.
 */
export function loadStates(options: ResolvedOptions): VendorStates | null {
  const { stateFile } = options;
  if (stateFile === undefined || !existsSync(stateFile)) return null;
  const { data } = StateFile.safeParse(read(stateFile));
  if (data?.company === companyOf(options)) return data.vendors;
  beginAfresh(options, data ? 'is of another company' : 'cannot be read by this version');
  return null;
}

/** Says why the state that is there is not used. */
export function beginAfresh({ stateFile }: ResolvedOptions, because: string): void {
  console.warn(`The sandboxes begin afresh: the state in ${stateFile} ${because}.`);
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
  const parts = Object.entries(vendors).map(([name, vendor]) => partOf(name, vendor));
  let closed = false;
  let timer: NodeJS.Timeout;
  let saving = Promise.resolve();
  const save = async (): Promise<void> => {
    const begin = performance.now();
    await write(stateFile, companyOf(options), parts, closed).catch(complain);
    if (!closed) wait(Math.max(SAVE_EVERY_MS, REST * (performance.now() - begin)));
  };
  const wait = (ms: number): void => {
    timer = setTimeout(() => {
      saving = save();
    }, ms).unref();
  };
  wait(SAVE_EVERY_MS);
  return async () => {
    closed = true;
    clearTimeout(timer);
    await saving;
    await save();
  };
}

/** One vendor's part of the file. */
interface Part {
  bytes: Buffer;
  /** Writes it anew if the vendor had something to do since the last time. @returns whether it did */
  update(anyway: boolean): boolean;
}

function partOf(name: string, vendor: VendorSandbox): Part {
  let seen = -1;
  const part: Part = {
    bytes: Buffer.alloc(0),
    update: (anyway) => {
      const { writes } = vendor.requests;
      if (writes === seen && !anyway) return false;
      seen = writes;
      part.bytes = Buffer.from(`${JSON.stringify(name)}:${JSON.stringify(vendor.snapshot())}`);
      return true;
    },
  };
  return part;
}

/** Never leaves half a file. */
async function write(file: string, company: string, parts: readonly Part[], anyway: boolean): Promise<void> {
  const changed = parts.map((part) => part.update(anyway));
  if (!changed.includes(true)) return;
  const head = `{"format":${FORMAT},"company":${JSON.stringify(company)},"vendors":{`;
  const content = parts.flatMap(({ bytes }, nth) => [nth === 0 ? head : ',', bytes]);
  await writeFile(`${file}.new`, [...content, '}}\n']);
  await rename(`${file}.new`, file);
}

const companyOf = ({ seed, contacts, parties, overlap, invoices }: ResolvedOptions): string =>
  JSON.stringify({ seed, contacts, parties, overlap, invoices });

/** Null when it is no JSON, or nothing that may be read. */
function read(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

function complain(error: unknown): void {
  console.error("The sandboxes' state could not be written:", error);
}
