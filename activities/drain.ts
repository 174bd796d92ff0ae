import { setTimeout as delay } from 'node:timers/promises';
import { type Change } from '../shared/store/changes';

/** Hints that are worked off together: ten reads of Capsule, and few enough that none waits long for the others. */
const BATCH = 100;
/** The first of a drain are fewer: Sage is not to wait until Capsule has shown a hundred parties. */
const FIRST_BATCH = 20;
/** While the contacts of one are written, the parties of the next are read. */
const AT_ONCE = 2;
/** A crash repeats the reads of so many; nothing is written twice. */
const MOST_UNSTORED = 1_000;
/** What was sent is stored when nothing more has come for so long. */
const STORE_AFTER_MS = 60;
/**
 * How long a drain that has found nothing more keeps looking: hints of the next second cost neither a signal nor
 * a new activity. Longer than the gateway waits before it signals at once again (hook-intake).
 */
const LINGER_MS = 1_500;
const LOOK_MS = 40;
/** The same while hints are worked off: each look costs the store something. */
const LOOK_FLYING_MS = 100;
/** How often hints are looked for that were noted earlier than others and written later. */
const LOOK_BACK_MS = 250;
/** How often presumed echoes are looked through, when nothing else is to be done. */
const SIFT_MS = 250;
/** Then the workflow has its turn: it may want to begin a new history, or hand over to somebody else. */
const LONGEST_MS = 45_000;
/**
 * Waits after hints that led to nothing, which are mostly echoes of our own writes: read a few at a time they
 * would cost a call each, and an import makes thousands.
 */
const FIRST_ECHO_WAIT_MS = 100;
const LONGEST_ECHO_WAIT_MS = 1_000;

/** Hints that were worked off, as far as the vendors are concerned. */
export interface Batch {
  hints: readonly Change[];
  /** Whether anything had to be done. */
  edited: boolean;
  /** What the workflow has to see to before anything else; empty: nothing. */
  handOver: readonly number[];
  /** Why some of them have to be tried later; null when all came to an end. */
  error: Error | null;
  /** Makes durable what was done; then the hints go. */
  store: () => Promise<void>;
}

export interface DrainWork {
  /** @param from leaves out what was noted before */
  next: (limit: number, from: Date | null) => Promise<Change[]>;
  /** Never rejects. Null when the work has ended: nothing more is to be done. */
  workOff: (hints: readonly Change[]) => Promise<Batch | null>;
  /** Looks through what is presumed to be echoes of our own writes. @returns whether any still wait */
  sift: () => Promise<boolean>;
  /** Nothing more is to be begun: somebody else goes on. */
  cancelled: () => boolean;
  /** False: it does not stay for more hints. After a failure the next one waits the shorter for a new attempt. */
  lingers: boolean;
}

/**
 * Works hints off until there are none for a moment. Sending goes before storing, which costs more: an edit waits
 * for nothing but the vendors, and what was sent is stored when no more come, or too many are not stored yet.
 * @returns what the workflow has to see to, and whether to call again
 * @throws the error of a batch, when everything that was sent is stored
 */
export async function drain(work: DrainWork): Promise<{ more: boolean; handOver: readonly number[] }> {
  const until = Date.now() + LONGEST_MS;
  const flying: { hints: readonly Change[]; batch: Promise<Batch | null> }[] = [];
  const unstored: Batch[] = [];
  let lingersUntil = Date.now() + LINGER_MS;
  let storesAt = 0;
  let restsUntil = 0;
  let looksBackAt = 0;
  let siftsAt = 0;
  let echoWaitMs = 0;
  /** What ends the drain: nothing is begun after it. */
  const end: { by: Batch | null; over: boolean } = { by: null, over: false };
  let storing: Promise<void> | null = null;
  let storeFailure: Error | null = null;

  try {
    for (;;) {
      const now = Date.now();
      const full = count(unstored) >= MOST_UNSTORED;
      const stops = work.cancelled() || now > until;
      const closes = end.by !== null || end.over || storeFailure !== null || stops;
      const takes = !closes && !full && flying.length < AT_ONCE && now >= restsUntil;
      const hints = takes ? await next() : [];
      const stores = full || closes || (flying.length + hints.length === 0 && now >= storesAt);
      if (unstored.length > 0 && !storeFailure && stores) storing ??= storeOldest();
      if (!closes && flying.length + hints.length === 0 && now >= siftsAt) await sift();
      if (hints.length > 0) flying.push({ hints, batch: work.workOff(hints) });
      else if (flying.length > 0) await land();
      else if (storeFailure) throw storeFailure as Error;
      else if (storing) await Promise.race([storing, delay(LOOK_MS)]);
      else if (unstored.length > 0) await delay(LOOK_MS);
      else if (end.by?.error) throw end.by.error;
      else if (end.by) return { more: true, handOver: end.by.handOver };
      else if (!closes && !work.lingers) return { more: true, handOver: [] };
      else if (closes || now > lingersUntil) return { more: stops && !end.over, handOver: [] };
      else await delay(LOOK_MS);
    }
  } finally {
    // What is under way ends before anybody begins anew.
    await Promise.allSettled([storing, ...flying.map(({ batch }) => batch)]);
  }

  /** The oldest that are not in work. One that was renewed meanwhile waits until its party has been stored. */
  async function next(): Promise<Change[]> {
    const known = [...unstored, ...flying].flatMap(({ hints }) => hints);
    const ids = new Set(known.map(({ partyId }) => partyId));
    const fresh = (hints: Change[]) =>
      hints.filter(({ partyId }) => !ids.has(partyId)).slice(0, known.length === 0 ? FIRST_BATCH : BATCH);
    const from = known.at(-1)?.at ?? null;
    const alike = known.filter(({ at }) => at.getTime() === from?.getTime()).length;
    const found = fresh(await work.next(BATCH + alike, from));
    if (found.length > 0 || from === null || Date.now() < looksBackAt) return found;
    // Hooks that come side by side are not written down in the order of their times.
    looksBackAt = Date.now() + LOOK_BACK_MS;
    return fresh(await work.next(BATCH + known.length, null));
  }

  async function sift(): Promise<void> {
    if (await work.sift()) lingersUntil = Math.max(lingersUntil, Date.now() + LINGER_MS);
    siftsAt = Date.now() + SIFT_MS;
  }

  /** Waits for the oldest batch, or a moment: new hints need not wait for it. */
  async function land(): Promise<void> {
    const [oldest] = flying;
    if (!oldest) return;
    const batch = await Promise.race([oldest.batch, delay(LOOK_FLYING_MS, 'flying' as const)]);
    if (batch === 'flying') return;
    flying.shift();
    if (batch === null) {
      end.over = true;
      return;
    }
    unstored.push(batch);
    if (batch.error !== null || batch.handOver.length > 0) end.by ??= batch;
    lingersUntil = Date.now() + LINGER_MS;
    storesAt = Date.now() + STORE_AFTER_MS;
    // Where many wait nothing is gained by waiting for more.
    const rests = !batch.edited && batch.hints.length < BATCH;
    echoWaitMs = rests ? Math.min(Math.max(echoWaitMs * 2, FIRST_ECHO_WAIT_MS), LONGEST_ECHO_WAIT_MS) : 0;
    restsUntil = Date.now() + echoWaitMs;
  }

  async function storeOldest(): Promise<void> {
    try {
      await unstored[0]?.store();
      unstored.shift();
    } catch (error) {
      storeFailure = error as Error;
    } finally {
      storing = null;
    }
  }
}

const count = (batches: readonly Batch[]): number =>
  batches.reduce((sum, { hints }) => sum + hints.length, 0);
