import { createPacer, type Pacer, type Priority } from '../../shared/http/pacer';
import { isVendorError } from '../../shared/http/vendor-error';
import { createVendors } from '../../shared/vendors';

// The pacer sleeps by timers of node, which jest cannot wind; those of the global object it can.
jest.mock('node:timers/promises', () => ({
  setTimeout: (ms: number) => new Promise((resolve) => setTimeout(resolve, ms)),
}));

const NOW = Date.UTC(2026, 0, 1, 9);
const ALL = { ownLimit: 0, ownWindowMs: 60_000, reserveShare: 0.1 };
const own = (ownLimit: number, ownWindowMs: number) => ({ ownLimit, ownWindowMs, reserveShare: 0 });
const date = (ms = 0) => new Date(Date.now() + ms);

beforeEach(() => {
  jest.useFakeTimers({ now: NOW });
});
afterEach(() => {
  jest.useRealTimers();
});

/** Asks for so many turns at once; tells when each came, in ms from now, in the order in which they came. */
function ask(pacer: Pacer, count: number, priority: Priority = 'bulk') {
  const began = Date.now();
  const came: { index: number; at: number }[] = [];
  const turns = Array.from({ length: count }, async (_, index) => {
    await pacer.wait(priority);
    came.push({ index, at: Date.now() - began });
  });
  return { came, all: Promise.all(turns) };
}

describe('R30 the pacer', () => {
  test('lets a burst out at once', async () => {
    const { came, all } = ask(createPacer('capsule', ALL), 200);
    await all;
    expect(came.every(({ at }) => at === 0)).toBe(true);
  });

  test('never lets more out than a window allows, however many ask at once', async () => {
    const { came, all } = ask(createPacer('sage', own(50, 10_000)), 220);
    await jest.advanceTimersByTimeAsync(45_000);
    await all;
    const perWindow = [0, 10_000, 20_000, 30_000, 40_000].map(
      (start) => came.filter(({ at }) => at >= start && at < start + 10_000).length,
    );
    expect(perWindow).toEqual([50, 50, 50, 50, 20]);
  });

  test('lets those that wait out in the order in which they asked', async () => {
    const pacer = createPacer('sage', own(10, 10_000));
    const first = ask(pacer, 30);
    await jest.advanceTimersByTimeAsync(25_000);
    await first.all;
    expect(first.came.map(({ index }) => index)).toEqual([...Array(30).keys()]);
  });

  test('keeps a tenth for interactive work', async () => {
    const pacer = createPacer('sage', { ...own(100, 50_000), reserveShare: 0.1 });
    const bulk = ask(pacer, 95);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(bulk.came).toHaveLength(90);
    const interactive = ask(pacer, 10, 'interactive');
    await interactive.all;
    await jest.advanceTimersByTimeAsync(50_000);
    await bulk.all;
    expect(bulk.came.at(-1)).toMatchObject({ at: 50_000 });
  });

  test('refuses to sleep for over a minute and says until when', async () => {
    const pacer = createPacer('capsule', ALL);
    pacer.answered(200, date(), { limit: 4_000, remaining: 0, resetAt: NOW + 90_000 });
    const refused: unknown = await pacer.wait('interactive').catch((error: unknown) => error);
    expect(refused).toMatchObject({ kind: 'rateLimited', retryAt: new Date(NOW + 90_000) });
    expect(isVendorError(refused, 'rateLimited')).toBe(true);
  });

  test('sleeps for a minute at most, then goes on', async () => {
    const pacer = createPacer('capsule', ALL);
    pacer.answered(200, date(), { limit: 4_000, remaining: 0, resetAt: NOW + 60_000 });
    const { came, all } = ask(pacer, 1);
    await jest.advanceTimersByTimeAsync(60_000);
    await all;
    expect(came).toEqual([{ index: 0, at: 60_000 }]);
  });

  test('counts nothing for work that only asks whether it may begin', async () => {
    const pacer = createPacer('sage', own(5, 10_000));
    await Promise.all(Array.from({ length: 50 }, () => pacer.ready('bulk')));
    const { came } = ask(pacer, 6);
    await jest.advanceTimersByTimeAsync(0);
    expect(came).toHaveLength(5);
  });

  test('waits out what the vendor states after a refusal, and 5 s where it states nothing', async () => {
    const pacer = createPacer('sage', ALL);
    pacer.answered(429, date(), { retryAfterMs: 7_000 });
    const stated = ask(pacer, 1);
    await jest.advanceTimersByTimeAsync(7_000);
    pacer.answered(200, date(), {});
    pacer.answered(429, date(), {});
    const unstated = ask(pacer, 1);
    await jest.advanceTimersByTimeAsync(5_000);
    await Promise.all([stated.all, unstated.all]);
    expect([stated.came[0]?.at, unstated.came[0]?.at]).toEqual([7_000, 5_000]);
  });
});

describe("R30 the vendor's clock", () => {
  test.each([600_000, -600_000])('is %i ms away, and its reset is waited for by ours', async (skew) => {
    const pacer = createPacer('capsule', ALL);
    const resetAt = NOW + skew + 30_000;
    pacer.answered(200, date(skew), { limit: 100, remaining: 0, resetAt });
    const { came, all } = ask(pacer, 1);
    await jest.advanceTimersByTimeAsync(30_000);
    await all;
    expect(came).toEqual([{ index: 0, at: 30_000 }]);
  });

  test('is told as far as it differs from ours', () => {
    const pacer = createPacer('capsule', ALL);
    expect(pacer.vendorNow()).toEqual(new Date(NOW));
    pacer.answered(200, date(-1_900), {});
    expect(pacer.vendorNow()).toEqual(new Date(NOW));
    pacer.answered(200, date(90_000), {});
    expect(pacer.vendorNow()).toEqual(new Date(NOW + 90_000));
  });
});

describe('R30 what the status page shows of a limit', () => {
  test('is our own limit while the vendor has told none', async () => {
    const pacer = createPacer('sage', own(100, 60_000), () => NOW);
    await pacer.wait('bulk');
    expect(pacer.snapshot()).toEqual({
      ...{ used: 1, limit: 100, resetsAt: new Date(NOW + 60_000), waitingUntil: null },
    });
  });

  test('is no limit where neither the vendor nor we have one', () => {
    expect(createPacer('sage', own(0, 60_000)).snapshot()).toMatchObject({
      used: 0,
      limit: 0,
      resetsAt: null,
    });
  });

  test("is the vendor's word and what went out since", async () => {
    const pacer = createPacer('capsule', ALL);
    pacer.answered(200, date(), { limit: 4_000, remaining: 3_000, resetAt: NOW + 30_000 });
    await ask(pacer, 5).all;
    expect(pacer.snapshot()).toEqual({
      ...{ used: 1_005, limit: 4_000, resetsAt: new Date(NOW + 30_000), waitingUntil: null },
    });
  });

  test('is until when work waits, and no longer than that', async () => {
    const pacer = createPacer('capsule', ALL);
    pacer.answered(429, date(), { retryAfterMs: 20_000 });
    const { all } = ask(pacer, 1);
    expect(pacer.snapshot().waitingUntil).toEqual(new Date(NOW + 20_000));
    await jest.advanceTimersByTimeAsync(20_000);
    await all;
    expect(pacer.snapshot().waitingUntil).toBeNull();
  });

  test('is that bulk work waits, although interactive work goes on', async () => {
    const pacer = createPacer('capsule', ALL);
    pacer.answered(200, date(), { limit: 100, remaining: 5, resetAt: NOW + 30_000 });
    const bulk = ask(pacer, 1);
    await ask(pacer, 1, 'interactive').all;
    const { waitingUntil } = pacer.snapshot();
    await jest.advanceTimersByTimeAsync(30_000);
    await bulk.all;
    expect(waitingUntil).toEqual(new Date(NOW + 30_000));
  });

  test('is a fresh window once the old one has passed', () => {
    const pacer = createPacer('capsule', ALL);
    pacer.answered(200, date(), { limit: 4_000, remaining: 0, resetAt: NOW + 30_000 });
    jest.setSystemTime(NOW + 31_000);
    expect(pacer.snapshot()).toMatchObject({ used: 0, limit: 4_000, resetsAt: null });
  });
});

test('R30 all clients of a tenant share one pacer for each vendor', () => {
  const unused = {
    clientId: '',
    clientSecret: '',
    authorizeUrl: '',
    tokenUrl: '',
    revokeUrl: '',
    apiUrl: '',
  };
  const vendors = createVendors(
    {
      sage: { ...unused, requestsPerMinute: 100 },
      capsule: { ...unused, userinfoUrl: '', requestsPerHour: 4_000 },
    },
    () => ({ get: () => Promise.resolve('token') }),
  );
  expect(vendors.pacerOf('acme', 'sage')).toBe(vendors.pacerOf('acme', 'sage'));
  expect(vendors.pacerOf('acme', 'sage')).not.toBe(vendors.pacerOf('acme', 'capsule'));
  expect(vendors.pacerOf('acme', 'sage')).not.toBe(vendors.pacerOf('other', 'sage'));
});
