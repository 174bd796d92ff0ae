import {
  answered,
  decide,
  newQuotaState,
  type QuotaAnswer,
  type QuotaPolicy,
  type QuotaState,
  sent,
} from '../../../shared/domain/quota';

const NOW = Date.UTC(2026, 0, 1);
const NO_OWN: QuotaPolicy = { ownLimit: 0, ownWindowMs: 60_000, reserveShare: 0.1 };
const OWN_100: QuotaPolicy = { ownLimit: 100, ownWindowMs: 60_000, reserveShare: 0.1 };

/** Sends at once as many as it may, at most `most`. */
function burst(
  state: QuotaState,
  policy: QuotaPolicy,
  now: number,
  priority: 'interactive' | 'bulk',
  most = 999,
) {
  let count = 0;
  for (; count < most && decide(state, policy, now, priority).send; count++) state = sent(state, policy, now);
  return { state, count };
}
const told = (state: QuotaState, answer: Partial<QuotaAnswer>, now = NOW) =>
  answered(state, now, { status: 200, ...answer });
const waitOf = (state: QuotaState, now = NOW, policy = NO_OWN) => {
  const decision = decide(state, policy, now, 'interactive');
  return decision.send ? 0 : decision.waitMs;
};

describe('R30 our own limit', () => {
  it('lets a burst out at once, keeps a tenth for interactive work, then waits for the window to end', () => {
    const bulk = burst(newQuotaState(), OWN_100, NOW, 'bulk');
    expect(bulk.count).toBe(90);
    const rest = burst(bulk.state, OWN_100, NOW + 1_000, 'interactive');
    expect(rest.count).toBe(10);
    const until = NOW + 60_000;
    expect(decide(rest.state, OWN_100, NOW + 1_000, 'bulk')).toEqual({ send: false, waitMs: 59_000, until });
  });

  it('begins a new window with the first request after the old one', () => {
    const { state } = burst(newQuotaState(), OWN_100, NOW, 'interactive');
    const later = NOW + 75_000;
    expect(burst(state, OWN_100, later, 'interactive').count).toBe(100);
    expect(sent(state, OWN_100, later).ownStartedAt).toBe(later);
  });

  it.each([
    [1, 1],
    [2, 1],
    [5, 4],
    [70, 63],
    [4_000, 3_600],
  ])('of %i leaves bulk work %i', (ownLimit, expected) => {
    expect(burst(newQuotaState(), { ...OWN_100, ownLimit }, NOW, 'bulk', 9_999).count).toBe(expected);
  });

  it('counts for nothing when it is 0', () => {
    expect(burst(newQuotaState(), NO_OWN, NOW, 'bulk', 500).count).toBe(500);
  });
});

describe("R30 the vendor's limit", () => {
  const resetAt = NOW + 60_000;

  it('holds bulk work at the last tenth and interactive work at the end, until the reset', () => {
    const state = told(newQuotaState(), { limit: 100, remaining: 40, resetAt });
    const bulk = burst(state, NO_OWN, NOW, 'bulk');
    expect(bulk.count).toBe(30);
    expect(burst(bulk.state, NO_OWN, NOW, 'interactive').count).toBe(10);
    expect(decide(bulk.state, NO_OWN, NOW, 'bulk')).toEqual({ send: false, waitMs: 60_000, until: resetAt });
  });

  it('is full again once its reset has passed', () => {
    const state = told(newQuotaState(), { limit: 100, remaining: 0, resetAt });
    expect(waitOf(state)).toBe(60_000);
    expect(burst(state, NO_OWN, resetAt, 'bulk', 50).count).toBe(50);
    expect(sent(state, NO_OWN, resetAt).remaining).toBe(99);
  });

  it('never rises within a window: an older answer may come late', () => {
    const early = { limit: 100, remaining: 80, resetAt };
    let state = told(newQuotaState(), { ...early, remaining: 50 });
    state = told(state, early);
    expect(state.remaining).toBe(50);
    expect(told(state, { ...early, remaining: 70, resetAt: resetAt + 1_000 }).remaining).toBe(50);
  });

  it('learns a new window from its first answer, and nothing from a late one of the old', () => {
    let state = told(newQuotaState(), { limit: 100, remaining: 5, resetAt });
    const after = resetAt + 10;
    state = sent(state, NO_OWN, after);
    state = told(state, { limit: 100, remaining: 0, resetAt }, after);
    expect(state).toMatchObject({ remaining: 99, resetsAt: 0 });
    state = told(state, { limit: 100, remaining: 97, resetAt: resetAt + 60_000 }, after);
    expect(state).toMatchObject({ remaining: 97, resetsAt: resetAt + 60_000 });
  });

  it('counts what is under way when the first answer of a window comes', () => {
    const { state } = burst(newQuotaState(), NO_OWN, NOW, 'interactive', 20);
    expect(told(state, { limit: 100, remaining: 99, resetAt }).remaining).toBe(80);
  });

  it('ignores a rest without a reset: nobody could say until when', () => {
    expect(waitOf(told(newQuotaState(), { limit: 100, remaining: 0 }))).toBe(0);
  });
});

describe('R30 refusals', () => {
  const refused = (state: QuotaState, answer: Partial<QuotaAnswer> = {}, now = NOW) =>
    told(state, { status: 429, ...answer }, now);

  it.each([
    ['Retry-After', { retryAfterMs: 7_000, resetAt: NOW + 60_000 }, 7_000],
    ["the vendor's reset", { resetAt: NOW + 60_000 }, 60_000],
    ['5 s where neither is given', {}, 5_000],
    ['5 s where the reset has passed', { resetAt: NOW - 1 }, 5_000],
    ['5 s where Retry-After is 0', { retryAfterMs: 0 }, 5_000],
    ['a day at most', { retryAfterMs: 1e12 }, 86_400_000],
  ])('wait for %s', (_what, answer, expected) => {
    expect(waitOf(refused(newQuotaState(), answer))).toBe(expected);
  });

  it('hold interactive and bulk work alike', () => {
    const state = refused(newQuotaState());
    for (const priority of ['interactive', 'bulk'] as const) {
      expect(decide(state, NO_OWN, NOW, priority)).toMatchObject({ send: false, until: NOW + 5_000 });
    }
  });

  it('wait twice as long each time, 5 minutes at most, and begin anew after a success', () => {
    let state = newQuotaState();
    let now = NOW;
    const waits: number[] = [];
    for (let i = 0; i < 9; i++) {
      state = refused(state, {}, now);
      waits.push(waitOf(state, now) / 1000);
      now += waitOf(state, now);
    }
    expect(waits).toEqual([5, 10, 20, 40, 80, 160, 300, 300, 300]);
    expect(waitOf(refused(told(state, {}, now), {}, now), now)).toBe(5_000);
  });

  it('count once for a burst of them, of which the longest stated wait holds', () => {
    let state = newQuotaState();
    for (let i = 0; i < 10; i++) state = refused(state, {}, NOW + i);
    expect(waitOf(state)).toBe(5_000);
    expect(state.consecutive429).toBe(1);
    expect(waitOf(refused(state, { retryAfterMs: 9_000 }))).toBe(9_000);
  });

  it('are not forgotten for a success from before the pause', () => {
    expect(told(refused(newQuotaState()), {}, NOW + 1).consecutive429).toBe(1);
  });
});
