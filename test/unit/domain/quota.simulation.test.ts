import fc from 'fast-check';
import { answered, decide, newQuotaState, type QuotaPolicy, sent } from '../../../shared/domain/quota';

interface World {
  limit: number;
  windowMs: number;
  concurrency: number;
  /** How long each request takes, in turn: answers overtake each other. */
  latenciesMs: number[];
  priority: 'interactive' | 'bulk';
  policy: QuotaPolicy;
}

/** A vendor with a fixed window that begins with its first request, and one client that always has work. */
function simulate({ limit, windowMs, concurrency, latenciesMs, priority, policy }: World, forMs: number) {
  let state = newQuotaState();
  let window = { used: 0, resetAt: 0 };
  let underWay: { at: number; remaining: number; resetAt: number; status: number }[] = [];
  const perWindow: number[] = [];
  const sentAt: number[] = [];
  let refusals = 0;

  for (let now = 1_000_000; now < 1_000_000 + forMs; now += 5) {
    for (const { status, remaining, resetAt } of underWay.filter(({ at }) => at <= now)) {
      state = answered(state, now, { status, limit, remaining, resetAt });
    }
    underWay = underWay.filter(({ at }) => at > now);
    while (underWay.length < concurrency && decide(state, policy, now, priority).send) {
      state = sent(state, policy, now);
      if (now >= window.resetAt) {
        perWindow.push(window.used);
        window = { used: 0, resetAt: now + windowMs };
      }
      const allowed = window.used < limit;
      if (allowed) window.used++;
      else refusals++;
      const at = now + (latenciesMs[sentAt.length % latenciesMs.length] ?? 0);
      sentAt.push(now);
      underWay.push({
        at,
        remaining: limit - window.used,
        resetAt: window.resetAt,
        status: allowed ? 200 : 429,
      });
    }
  }
  return { refusals, sentAt, perWindow: perWindow.slice(1) };
}

const world = fc.record({
  limit: fc.integer({ min: 20, max: 200 }),
  windowMs: fc.integer({ min: 1_000, max: 3_000 }),
  concurrency: fc.integer({ min: 1, max: 20 }),
  latenciesMs: fc.array(fc.integer({ min: 1, max: 150 }), { minLength: 1, maxLength: 7 }),
});
const NO_OWN = { ownLimit: 0, ownWindowMs: 1, reserveShare: 0.1 };
const RUNS = { numRuns: 60 };

describe('R30 a run of many windows', () => {
  it('is never refused, and uses every window to its end', () => {
    fc.assert(
      fc.property(world, (one) => {
        const run = simulate({ ...one, priority: 'interactive', policy: NO_OWN }, one.windowMs * 5);
        expect(run.refusals).toBe(0);
        const fastest = (one.windowMs / (Math.max(...one.latenciesMs) + 5)) * one.concurrency;
        for (const used of run.perWindow)
          expect(used).toBeGreaterThanOrEqual(Math.min(one.limit, fastest * 0.9) - 1);
      }),
      RUNS,
    );
  });

  it('of bulk work takes nine tenths of every window and no more', () => {
    fc.assert(
      fc.property(world, (one) => {
        const quick = { ...one, latenciesMs: [5, 20], windowMs: 3_000, concurrency: 10 };
        const run = simulate({ ...quick, priority: 'bulk', policy: NO_OWN }, 15_000);
        expect(run.refusals).toBe(0);
        expect(run.perWindow.length).toBeGreaterThan(2);
        for (const used of run.perWindow) expect(used).toBe(one.limit - Math.ceil(one.limit / 10 - 1e-9));
      }),
      RUNS,
    );
  });

  it('keeps our own limit in each of our own windows', () => {
    fc.assert(
      fc.property(world, fc.integer({ min: 1, max: 50 }), (one, ownLimit) => {
        const policy = { ownLimit, ownWindowMs: 1_000, reserveShare: 0.1 };
        const { sentAt } = simulate({ ...one, limit: 1e6, priority: 'interactive', policy }, 5_000);
        let window = { from: 0, used: 0 };
        for (const at of sentAt) {
          window = at < window.from + 1_000 ? { ...window, used: window.used + 1 } : { from: at, used: 1 };
          expect(window.used).toBeLessThanOrEqual(ownLimit);
        }
        expect(sentAt.length).toBeGreaterThan(0);
      }),
      RUNS,
    );
  });
});
