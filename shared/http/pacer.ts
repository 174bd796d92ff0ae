import { setTimeout as delay } from 'node:timers/promises';
import { answered, decide, newQuotaState, type QuotaPolicy, type QuotaState, sent } from '../domain/quota';
import { type Vendor } from '../ids';
import { VendorError } from './vendor-error';

export type Priority = 'interactive' | 'bulk';

export interface PacerAnswer {
  limit?: number;
  remaining?: number;
  /** Milliseconds of the vendor's clock. */
  resetAt?: number;
  retryAfterMs?: number;
}

/** Waits longer than this are not slept through: the caller gets `rateLimited` and comes back later. */
const LONGEST_WAIT_MS = 60_000;

/** Below this the vendor's clock counts as ours: `Date` headers have whole seconds. */
const CLOCK_NOISE_MS = 2_000;

export type Pacer = ReturnType<typeof createPacer>;

/**
 * Holds requests back to the limits of one tenant at one vendor (R30). The decisions are shared/domain/quota;
 * this adds the clock, the waiting and the vendor's clock skew.
 */
export function createPacer(vendor: Vendor, policy: QuotaPolicy, now: () => number = Date.now) {
  let state: QuotaState = newQuotaState();
  /** Until when waiting work has to wait, by priority. */
  const waiting: Record<Priority, number> = { interactive: 0, bulk: 0 };
  /** How far the vendor's clock is ahead of ours, as far as that matters. */
  let skewMs = 0;

  /** Waits for a turn; counts the request in the same breath, so that no two slip past each other. */
  async function turn(priority: Priority, count: boolean): Promise<void> {
    for (;;) {
      const decision = decide(state, policy, now(), priority);
      waiting[priority] = decision.send ? 0 : decision.until;
      if (decision.send) {
        if (count) state = sent(state, policy, now());
        return;
      }
      if (decision.waitMs > LONGEST_WAIT_MS) {
        throw new VendorError({
          kind: 'rateLimited',
          vendor,
          status: 429,
          reason: 'its limit of requests is used up',
          retryAt: new Date(decision.until),
        });
      }
      await delay(Math.max(decision.waitMs, 5));
    }
  }

  return {
    /**
     * Returns when a request may go out, and counts it.
     * @throws VendorError `rateLimited` with `retryAt` when that is over a minute away
     */
    wait: (priority: Priority): Promise<void> => turn(priority, true),

    /** The same without counting: for work that is to begin only when its requests can follow. */
    ready: (priority: Priority): Promise<void> => turn(priority, false),

    /** Learns from an answer. @param date the vendor's clock when it answered */
    answered(status: number, date: Date, answer: PacerAnswer): void {
      const skew = date.getTime() - now();
      skewMs = Math.abs(skew) < CLOCK_NOISE_MS ? 0 : skew;
      const resetAt = answer.resetAt === undefined ? undefined : answer.resetAt - skewMs;
      state = answered(state, now(), { ...answer, resetAt, status });
    },

    /** The vendor's clock, as far as its answers have told it. */
    vendorNow: (): Date => new Date(now() + skewMs),

    /** What the status page shows: the vendor's limit, or our own where it tells none; 0 = no limit at all. */
    snapshot(): { used: number; limit: number; resetsAt: Date | null; waitingUntil: Date | null } {
      const { limit, remaining, resetsAt, ownStartedAt, ownSent } = state;
      const waitingUntil = Math.max(waiting.bulk, waiting.interactive);
      const passed = resetsAt > 0 && resetsAt <= now();
      const ownEnd = ownStartedAt + policy.ownWindowMs;
      const window =
        limit > 0
          ? { limit, used: passed ? 0 : limit - remaining, ends: resetsAt }
          : {
              limit: policy.ownLimit,
              used: policy.ownLimit > 0 && ownEnd > now() ? ownSent : 0,
              ends: ownEnd,
            };
      return {
        used: window.used,
        limit: window.limit,
        resetsAt: window.ends > now() && window.limit > 0 ? new Date(window.ends) : null,
        waitingUntil: waitingUntil > now() ? new Date(waitingUntil) : null,
      };
    },
  };
}
