import { condition, type CancellationScope } from '@temporalio/workflow';
import { failureType, vendorReason } from './failure-type';
import { stored } from './options';
import { type Standing } from './standing';

/**
 * Failures that only a person can end (R25), and when it is looked again by itself whether one did. Soon at first: a
 * vendor that refused fresh tokens by mistake takes them a moment later.
 */
const STOPS = {
  AuthorisationRevoked: { phase: 'reconnect', firstLookMs: 5_000, lastLookMs: 6 * 3600_000 },
  SubscriptionLapsed: { phase: 'lapsed', firstLookMs: 24 * 3600_000, lastLookMs: 24 * 3600_000 },
} as const;

/** A failure that is back within this time after it seemed to be mended is waited for longer: up to the next. */
const BACK_WITHIN_MS = 5 * 60_000;
const LONGEST_FIRST_LOOK_MS = 60_000;

/**
 * What a vendor refuses as a whole, such as a list that the user may no longer read: told to people, and tried
 * again, since rights come back and requests are mended. One contact's refusal never comes here (R26).
 */
const REFUSALS: ReadonlySet<string> = new Set(['ValidationRejected', 'RecordMissing', 'EditConflict']);
const REFUSED_LOOK_MS = 15 * 60_000;

export type StopType = keyof typeof STOPS;

export const isStop = (type: string | null): type is StopType => type !== null && Object.hasOwn(STOPS, type);

export type Waiting = ReturnType<typeof createWaiting>;

/**
 * The one place where a person's mending is waited for. Whoever meets such a failure comes here; all share one
 * wait, in which the schedule rests and the pages say who has to do what.
 * @param scope ends with the connection, and with it the wait
 * @param mended called when the wait is over and everything goes on
 */
export function createWaiting(
  tenantId: string,
  standing: Standing,
  scope: CancellationScope,
  mended: () => Promise<void>,
) {
  let waitsFor: StopType | null = null;
  let mending: Promise<void> | null = null;
  let renewals = 0;
  /** The last wait that ended without a renewal. */
  let tried: { type: StopType; waited: number; at: number } | null = null;

  /** Milliseconds. Doubles while a failure keeps coming back, so that a history grows slowly. */
  function firstLook(type: StopType): number {
    const { firstLookMs } = STOPS[type];
    if (tried?.type !== type || Date.now() - tried.at > BACK_WITHIN_MS) return firstLookMs;
    return Math.max(firstLookMs, Math.min(tried.waited * 2, LONGEST_FIRST_LOOK_MS));
  }

  async function mend(type: StopType): Promise<void> {
    const { phase, lastLookMs } = STOPS[type];
    const seen = renewals;
    waitsFor = type;
    standing.conditions.stop = phase;
    // The reason stands before the phase that makes people look for it.
    await standing.step('stop', () => stored.reportStop(tenantId, type));
    await standing.settle();
    for (let wait = firstLook(type); ; wait = Math.min(wait * 2, lastLookMs)) {
      tried = null;
      if (await condition(() => renewals > seen, wait)) break;
      tried = { type, waited: wait, at: Date.now() };
      if (await standing.step('stop', () => stored.mayGoOn(tenantId, type))) break;
    }
    await standing.step('stop', () => stored.clearProblem(tenantId, phase));
    waitsFor = null;
    standing.conditions.stop = null;
    await standing.settle();
    await mended();
  }

  async function refused(error: unknown): Promise<void> {
    const seen = renewals;
    await standing.step('stop', () => stored.reportProblem(tenantId, 'refused', describeRefusal(error)));
    await condition(() => renewals > seen, REFUSED_LOOK_MS);
    await standing.step('stop', () => stored.clearProblem(tenantId, 'refused'));
  }

  async function waitFor(type: StopType): Promise<void> {
    mending ??= scope.run(() => mend(type)).finally(() => (mending = null));
    await mending;
  }

  return {
    /**
     * Returns when somebody may have mended what failed.
     * @throws what no person can mend: the workflow then fails visibly rather than to hide it
     */
    async trouble(error: unknown): Promise<void> {
      const type = failureType(error);
      if (isStop(type)) await waitFor(type);
      else if (type !== null && REFUSALS.has(type)) await scope.run(() => refused(error));
      else throw error;
    },

    /** Does something, and again after each wait, until it goes well. */
    async through<T>(work: () => Promise<T>): Promise<T> {
      for (;;) {
        try {
          return await work();
        } catch (error) {
          await this.trouble(error);
        }
      }
    },

    /** Waits without a failure of its own: told by a pass, or by the run before this one. */
    join(type: string): void {
      if (!isStop(type)) return;
      // Whoever ends the connection ends the wait.
      waitFor(type).catch(() => undefined);
    },

    /** A person has connected again. */
    renewed(): void {
      renewals += 1;
    },

    waitsFor: (): StopType | null => waitsFor,
  };
}

function describeRefusal(error: unknown): string {
  const said = vendorReason(error) ?? { vendor: '', reason: '' };
  const who = said.vendor === 'sage' ? 'Sage' : 'Capsule';
  return `${who} does not let the sync go on: ${said.reason}. It is tried again every quarter of an hour.`;
}
