import { type CapsuleParty } from '../domain/types';
import { type CapsuleClient } from './client';

/** More pages than any account has: 1,000,000 parties. */
const LAST_PAGE = 10_000;
/** Whole seconds, and clocks that differ a little: changes are looked for from so much before a listing began. */
const OVERLAP_MS = 5_000;

/** Plain JSON, so that a heartbeat can carry it. */
export interface PartyCursor {
  /** URL of the page to read next; null: from the beginning. */
  next: string | null;
  /** Capsule's clock when the listing began. */
  startedAt: string;
}

export interface PartyListing {
  /** Capsule's clock when the first page was answered: whatever was committed before is in the listing. */
  startedAt: Date;
  /**
   * False when something was changed or deleted while the pages were read: their numbers shift then
   * (reference capsule-api §4, D), and a party may have slipped through.
   */
  undisturbed: boolean;
  /** Whether one page held it all: nothing can slip through between pages then. */
  onePage: boolean;
  /** Parties that could not be understood, and so cannot be matched. */
  unreadable: number;
}

/**
 * Streams all parties, or those changed since a time, page by page. Parties may come twice.
 * @param options.resumed where an attempt before a crash had got to
 * @param onPage stores a page, then is told where the next one is
 */
export async function listAllParties(
  capsule: CapsuleClient,
  options: { since?: string; resumed?: PartyCursor | null },
  onPage: (parties: CapsuleParty[], cursor: PartyCursor) => Promise<void>,
): Promise<PartyListing> {
  let next = options.resumed?.next ?? null;
  let startedAt = options.resumed?.startedAt ?? null;
  let storing: Promise<void> = Promise.resolve();
  let unreadable = 0;
  let onePage = false;
  for (let page = 1; page <= LAST_PAGE; page += 1) {
    const answer = await capsule.listParties(next, options.since);
    startedAt ??= answer.date.toISOString();
    unreadable += answer.unreadable;
    // A page is stored while the next one is on its way, never more than one.
    await storing;
    storing = onPage(answer.parties, { next: answer.next, startedAt });
    // A failure is reported by the await above or below; until then it is not unhandled.
    storing.catch(() => undefined);
    next = answer.next;
    if (next === null) {
      onePage = page === 1 && !options.resumed;
      break;
    }
  }
  await storing;
  const began = startedAt ?? new Date(0).toISOString();
  const undisturbed = await undisturbedSince(capsule, began, onPage);
  return { startedAt: new Date(began), undisturbed, onePage, unreadable };
}

/** Reads what changed meanwhile, so that it is not missed, and tells whether anything did. */
async function undisturbedSince(
  capsule: CapsuleClient,
  startedAt: string,
  onPage: (parties: CapsuleParty[], cursor: PartyCursor) => Promise<void>,
): Promise<boolean> {
  const since = new Date(Date.parse(startedAt) - OVERLAP_MS).toISOString().replace(/\.\d+Z$/, 'Z');
  let changes = 0;
  let next: string | null = null;
  for (let page = 1; page <= LAST_PAGE; page += 1) {
    const answer = await capsule.listParties(next, since);
    changes += answer.parties.length;
    if (answer.parties.length > 0) await onPage(answer.parties, { next: null, startedAt });
    next = answer.next;
    if (next === null) break;
  }
  const deleted = await capsule.listDeleted(since);
  return changes === 0 && deleted.length === 0;
}
