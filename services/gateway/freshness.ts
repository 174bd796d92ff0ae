import { DOCUMENT_KINDS, documentKindsOf } from '../../shared/domain/invoices';
import { type ContactKind } from '../../shared/domain/types';
import { type ListName } from '../../shared/store/document-lists';
import { type SageOutage, type Tenant } from '../../shared/store/tenants';

/** How old the figures are, and whether Sage can be asked for newer ones. */
export interface Freshness {
  /** Everything before it is in the figures; null: they were never read. */
  asOf: Date | null;
  reachable: boolean;
  /** Null: it can be reached, or nobody knows since when not. */
  unreachableSince: Date | null;
}

type ReadTimes = ReadonlyMap<ListName, Date>;

export const ALL_LISTS: readonly ListName[] = [...DOCUMENT_KINDS, 'contact_balance'];

/** Passes that may fail to come before Sage counts as out of reach. */
const MISSED_PASSES = 3;
/** A pass may itself take a while. */
const GRACE_MS = 10 * 60_000;

/**
 * The oldest of what is shown: each contact is as fresh as the lists of its documents, or as the time when it alone
 * was asked for.
 */
export function asOfOf(
  contacts: readonly { kind: ContactKind; askedAt: Date | null }[],
  readTimes: ReadTimes,
): Date | null {
  const times = contacts.map(({ kind, askedAt }) =>
    Math.max(oldest([...documentKindsOf(kind), 'contact_balance'], readTimes), askedAt?.getTime() ?? 0),
  );
  const first = Math.min(...times);
  return Number.isFinite(first) && first > 0 ? new Date(first) : null;
}

/**
 * Whether Sage can be asked. Known are: a permission or subscription that has ended, somebody's request that Sage did
 * not answer, and passes that have failed to bring anything.
 */
export function reachOf(
  tenant: Pick<Tenant, 'connected' | 'phase' | 'paused' | 'problems' | 'sageOutage'>,
  readTimes: ReadTimes,
  now: Date,
  syncMs: number,
): Pick<Freshness, 'reachable' | 'unreachableSince'> {
  const { connected, phase, paused, problems, sageOutage } = tenant;
  const gone = (since: Date | null) => ({ reachable: false, unreachableSince: since });
  if (!connected) return gone(null);
  if (phase === 'reconnect' || phase === 'lapsed') {
    return gone(problems.find(({ code }) => code.startsWith(phase))?.since ?? null);
  }
  if (sageOutage && sageOutage.readTo === latestOf(readTimes)) return gone(sageOutage.since);
  const last = latestOf(readTimes);
  const late = last > 0 && now.getTime() - last > MISSED_PASSES * syncMs + GRACE_MS;
  if (phase === 'active' && !paused && late) return gone(new Date(last));
  return { reachable: true, unreachableSince: null };
}

/** What to remember when Sage does not answer: the first time counts until Sage is read again. */
export function outageOf(before: SageOutage | null | undefined, readTimes: ReadTimes, now: Date): SageOutage {
  const readTo = latestOf(readTimes);
  return before?.readTo === readTo ? before : { since: now, readTo };
}

/** Milliseconds; 0 when nothing was ever read. */
const latestOf = (readTimes: ReadTimes): number =>
  Math.max(0, ...[...readTimes.values()].map((time) => time.getTime()));

const oldest = (names: readonly ListName[], readTimes: ReadTimes): number =>
  Math.min(...names.map((name) => readTimes.get(name)?.getTime() ?? 0));
