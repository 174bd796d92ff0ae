import { condition, isCancellation, setHandler, sleep } from '@temporalio/workflow';
import { msToLondonMidnight } from '../shared/domain/london-day';
import { hashOf } from '../shared/ids';
import { type BooksEnd, readBooks } from './books';
import { figuresChangedSignal } from './messages';
import { bulk, writing } from './options';

export interface BookkeeperGate {
  /** Whether figures may be written now. */
  open: () => boolean;
  /** Whether a failure of this class is waited for until a person mends it. */
  waitsFor: (failure: string) => boolean;
  /** Returns when somebody may have mended what failed. @throws what nobody can mend */
  trouble: (error: unknown) => Promise<void>;
}

export interface BookkeeperOptions {
  /** The first mirror has been asked for, and has not come to its end. */
  due: boolean;
  /** Length of a day, for tests; left out, it ends at midnight in London. */
  dayMs?: number | undefined;
}

export type Bookkeeper = ReturnType<typeof startBookkeeper>;

/** Tenants do not all wake in the same second. */
const SPREAD_MS = 60_000;
/** How long one waits for somebody else who reads the documents: twice as long each time, and how often. */
const BUSY_MS = 1_000;
const LONGEST_BUSY_MS = 30_000;
const BUSY_LOOKS = 25;

/**
 * What a contact owes: reads Sage's documents for the first time, turns them overdue at midnight in London, and brings
 * what changed to the Capsule records. Beside everything else: neither edits nor commands nor passes wait for it.
 */
export function startBookkeeper(tenantId: string, gate: BookkeeperGate, { due, dayMs }: BookkeeperOptions) {
  let first = due;
  let wanted = true;
  setHandler(figuresChangedSignal, () => {
    wanted = true;
  });

  const parts = [readFirst(), write(), nightly()];
  // Whoever waits for it gets the failure; nobody waiting yet is no failure of its own.
  for (const part of parts) part.catch(() => undefined);
  return {
    /** After the import: everything of the business is to be read. */
    begin(): void {
      first = true;
    },
    wake(): void {
      wanted = true;
    },
    due: (): boolean => first,
    parts,
  };

  async function readFirst(): Promise<never> {
    for (;;) {
      await condition(() => first && gate.open());
      const { failure, error } = await readWhenFree();
      // What else could not be read is read by the passes.
      if (failure !== null && gate.waitsFor(failure)) await gate.trouble(error);
      else first = false;
      wanted = true;
    }
  }

  async function readWhenFree(): Promise<BooksEnd> {
    let end = await readBooks(tenantId, 'first');
    for (let look = 1; end.busy && look <= BUSY_LOOKS; look += 1) {
      await sleep(Math.min(BUSY_MS * 2 ** (look - 1), LONGEST_BUSY_MS));
      end = await readBooks(tenantId, 'first');
    }
    return end;
  }

  async function write(): Promise<never> {
    for (;;) {
      await condition(() => wanted && !first && gate.open());
      wanted = false;
      try {
        const { more } = await writing(tenantId).writeFigures({ tenantId });
        if (more) wanted = true;
      } catch (error) {
        if (isCancellation(error)) throw error;
        wanted = true;
        await gate.trouble(error);
      }
    }
  }

  async function nightly(): Promise<never> {
    for (;;) {
      await sleep(dayMs ?? msToLondonMidnight(new Date()) + (hashOf(tenantId) % SPREAD_MS));
      if ((await bulk(tenantId).turnOverdue({ tenantId })) > 0) wanted = true;
    }
  }
}
