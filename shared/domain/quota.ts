/**
 * Pacing towards one vendor for one tenant (R30): pure decisions, no clock. Every `now` is the caller's, in
 * milliseconds on one clock with `resetAt` (the caller corrects the vendor's skew).
 *
 * Bursts are allowed inside a window: nothing is spread evenly. Bulk work leaves the last tenth of a window
 * to interactive work.
 */

export interface QuotaState {
  /** The vendor's limit per window, in requests; 0 = unknown. */
  limit: number;
  /** What is left of it: the vendor's word, less what went out since. Meaningless while `limit` is 0. */
  remaining: number;
  /** When the vendor's window ends; 0 = not known. Once passed, the window counts as full again. */
  resetsAt: number;
  /** Requests since the vendor's window began, as far as we saw it. */
  sentInWindow: number;
  /** Our own window: it begins with its first request. */
  ownStartedAt: number;
  ownSent: number;
  /** Nothing goes out before this, whatever its priority. */
  pausedUntil: number;
  consecutive429: number;
}

export interface QuotaPolicy {
  /** Our own limit per window, in requests; 0 = none. */
  ownLimit: number;
  ownWindowMs: number;
  /** Share of a window that bulk work leaves to interactive work, 0…1. */
  reserveShare: number;
}

export type QuotaDecision = { send: true } | { send: false; waitMs: number; until: number };

export interface QuotaAnswer {
  status: number;
  limit?: number;
  remaining?: number;
  /** End of the vendor's window. */
  resetAt?: number;
  retryAfterMs?: number;
}

const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 5 * 60_000;
/** Even a vendor's word is not waited for longer: the longest limits are daily ones. */
const LONGEST_STATED_PAUSE_MS = 24 * 3_600_000;
/** Resets closer together than this are one: headers have whole seconds, and so has a skew taken from them. */
const SAME_WINDOW_MS = 2_500;

export function newQuotaState(): QuotaState {
  return {
    limit: 0,
    remaining: 0,
    resetsAt: 0,
    sentInWindow: 0,
    ownStartedAt: 0,
    ownSent: 0,
    pausedUntil: 0,
    consecutive429: 0,
  };
}

/** Whether a request may go out now; if not, the earliest time to ask again. Counts nothing: see {@link sent}. */
export function decide(
  state: QuotaState,
  policy: QuotaPolicy,
  now: number,
  priority: 'interactive' | 'bulk',
): QuotaDecision {
  const share = priority === 'bulk' ? policy.reserveShare : 0;
  let until = state.pausedUntil;
  if (now < state.resetsAt && state.remaining <= reserveOf(state.limit, share)) {
    until = Math.max(until, state.resetsAt);
  }
  if (policy.ownLimit > 0 && inOwnWindow(state, policy, now)) {
    const left = policy.ownLimit - state.ownSent;
    if (left <= reserveOf(policy.ownLimit, share)) {
      until = Math.max(until, state.ownStartedAt + policy.ownWindowMs);
    }
  }
  return now < until ? { send: false, waitMs: until - now, until } : { send: true };
}

/** A request goes out: it counts in our own window and in the vendor's. */
export function sent(state: QuotaState, policy: QuotaPolicy, now: number): QuotaState {
  const next = windowAt(state, now);
  const inOwn = inOwnWindow(state, policy, now);
  next.ownStartedAt = inOwn ? state.ownStartedAt : now;
  next.ownSent = inOwn ? state.ownSent + 1 : 1;
  next.sentInWindow++;
  next.remaining = Math.max(0, next.remaining - 1);
  return next;
}

/** Learns from an answer. Answers may come in another order than their requests went out. */
export function answered(state: QuotaState, now: number, answer: QuotaAnswer): QuotaState {
  const next = windowAt(state, now);
  learnWindow(next, now, answer);
  if (answer.status === 429) pause(next, now, answer);
  // A late success of a request from before the pause proves nothing.
  else if (now >= next.pausedUntil) next.consecutive429 = 0;
  return next;
}

/** A window of one request keeps none back, or bulk work would never move. */
function reserveOf(limit: number, share: number): number {
  if (limit <= 1) return 0;
  // Less an epsilon: 70 × 0.1 is a little more than 7.
  return Math.min(limit - 1, Math.ceil(limit * share - 1e-9));
}

function inOwnWindow(state: QuotaState, policy: QuotaPolicy, now: number): boolean {
  return state.ownSent > 0 && now >= state.ownStartedAt && now < state.ownStartedAt + policy.ownWindowMs;
}

/** A copy of the state, its vendor window begun anew when the old one has passed. */
function windowAt(state: QuotaState, now: number): QuotaState {
  if (state.resetsAt === 0 || now < state.resetsAt) return { ...state };
  return { ...state, resetsAt: 0, remaining: state.limit, sentInWindow: 0 };
}

/** @param state is changed in place */
function learnWindow(state: QuotaState, now: number, { limit, remaining, resetAt }: QuotaAnswer): void {
  if (limit !== undefined && limit > 0) state.limit = limit;
  if (remaining === undefined || resetAt === undefined || resetAt <= now) return;
  if (state.resetsAt === 0) {
    // First word on this window: requests under way are in our count and not yet in the vendor's.
    const ours = state.limit > 0 ? Math.max(0, state.limit - state.sentInWindow) : remaining;
    state.remaining = Math.min(remaining, ours);
    state.resetsAt = resetAt;
  } else if (Math.abs(resetAt - state.resetsAt) <= SAME_WINDOW_MS) {
    state.remaining = Math.min(remaining, state.remaining);
  } else if (resetAt > state.resetsAt) {
    state.remaining = remaining;
    state.resetsAt = resetAt;
    state.sentInWindow = 0;
  }
}

/** @param state is changed in place */
function pause(state: QuotaState, now: number, { retryAfterMs, resetAt }: QuotaAnswer): void {
  const stated = statedPause(now, retryAfterMs, resetAt);
  if (now < state.pausedUntil) {
    // One more of the burst that brought the pause about: only the vendor's own word makes it longer.
    state.pausedUntil = Math.max(state.pausedUntil, now + stated);
    return;
  }
  const backOff = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(state.consecutive429, 10));
  state.consecutive429++;
  state.pausedUntil = now + (stated || backOff);
}

/** Retry-After, else the vendor's reset; 0 when it gives none that lies ahead. */
function statedPause(now: number, retryAfterMs = 0, resetAt = 0): number {
  const stated = retryAfterMs > 0 ? retryAfterMs : Math.max(0, resetAt - now);
  return Math.min(stated, LONGEST_STATED_PAUSE_MS);
}
