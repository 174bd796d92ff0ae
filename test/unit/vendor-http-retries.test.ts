import { capsuleDialect } from '../../shared/capsule/dialect';
import { createPacer, type Pacer } from '../../shared/http/pacer';
import { VendorError } from '../../shared/http/vendor-error';
import { createVendorHttp, type VendorDialect, type VendorRequest } from '../../shared/http/vendor-http';
import { sageDialect } from '../../shared/sage/dialect';
import { type Answer, deadAddress, useVendorServer } from '../support/vendor-server';

/** Nobody sleeps: whoever waits moves the clock of the file on. */
const mockClock = { now: 0, slept: [] as number[] };
jest.mock('node:timers/promises', () => ({
  setTimeout: (ms: number) => {
    mockClock.now += ms;
    mockClock.slept.push(ms);
    return Promise.resolve();
  },
}));

const UNLIMITED = { ownLimit: 0, ownWindowMs: 60_000, reserveShare: 0 };
const NOW = Date.UTC(2026, 0, 1, 9);
const at = (ms: number) => new Date(NOW + ms);
/** The vendor's clock, in step with ours. */
const date = { date: at(0).toUTCString() };

describe('a vendor call that fails', () => {
  const vendor = useVendorServer();
  let pacer: Pacer;
  let rejected: (string | undefined)[];

  beforeEach(() => {
    Object.assign(mockClock, { now: NOW, slept: [] });
    jest.spyOn(Date, 'now').mockImplementation(() => mockClock.now);
    pacer = createPacer('capsule', UNLIMITED);
    rejected = [];
  });
  afterEach(() => jest.restoreAllMocks());

  const tokens = {
    get(old?: string) {
      rejected.push(old);
      return Promise.resolve(old === undefined ? 'old' : 'new');
    },
  };
  const send = (request: Partial<VendorRequest>, dialect: VendorDialect = capsuleDialect, apiUrl?: string) =>
    createVendorHttp({ apiUrl: apiUrl ?? vendor.url(), dialect, tokens, pacer }).send({
      ...{ method: 'GET', path: '/x' },
      ...request,
    });
  const failure = (...args: Parameters<typeof send>): Promise<VendorError> =>
    send(...args).then(
      () => Promise.reject(new Error('the call did not fail')),
      (error: unknown) => error as VendorError,
    );
  const bearers = () => vendor.heard().map(({ headers }) => headers.authorization);

  const OUTAGE = { status: 500 };
  const NO_JSON = { body: '{"half":' };
  test.each<[Partial<VendorRequest>, Answer, number, string]>([
    [{ method: 'GET' }, OUTAGE, 4, 'unavailable'],
    [{ method: 'GET' }, 'hang up', 4, 'unavailable'],
    [{ method: 'GET' }, 'cut short', 4, 'unavailable'],
    [{ method: 'GET' }, NO_JSON, 4, 'unavailable'],
    [{ method: 'PUT' }, OUTAGE, 4, 'outcomeUnknown'],
    [{ method: 'DELETE' }, 'hang up', 4, 'outcomeUnknown'],
    [{ method: 'POST' }, OUTAGE, 1, 'outcomeUnknown'],
    [{ method: 'POST' }, 'hang up', 1, 'outcomeUnknown'],
    [{ method: 'POST' }, 'cut short', 1, 'outcomeUnknown'],
    [{ method: 'POST' }, NO_JSON, 1, 'outcomeUnknown'],
    [{ method: 'POST', repeatable: true }, OUTAGE, 4, 'outcomeUnknown'],
    [{ method: 'POST', reads: true }, OUTAGE, 4, 'unavailable'],
    [{ method: 'POST', reads: true }, 'hang up', 4, 'unavailable'],
    [{ method: 'POST', repeatable: true }, 'hang up', 4, 'outcomeUnknown'],
    [{ method: 'PUT', repeatable: false }, OUTAGE, 1, 'outcomeUnknown'],
    [{ method: 'GET' }, { status: 422 }, 1, 'rejected'],
    [{ method: 'GET' }, { status: 403 }, 1, 'forbidden'],
    [{ method: 'GET' }, { status: 404 }, 1, 'missing'],
    [{ method: 'PUT' }, { status: 409 }, 1, 'conflict'],
  ])('%j by %j is sent %i times and is %s', async (request, answer, times, kind) => {
    vendor.answer(answer);
    expect((await failure(request)).kind).toBe(kind);
    expect(vendor.heard()).toHaveLength(times);
  });

  test('at first ends well when it comes to, with the same body each time', async () => {
    vendor.answer(OUTAGE, 'hang up', { body: { ok: true } });
    const request = { method: 'POST', repeatable: true, body: { name: 'Hall' } } as const;
    expect(await send(request)).toMatchObject({ body: { ok: true } });
    expect(vendor.heard().map(({ body }) => body)).toEqual(Array(3).fill('{"name":"Hall"}'));
  });

  test('waits longer each time, about 250, 500 and 1,000 ms', async () => {
    vendor.answer(OUTAGE);
    await failure({});
    expect(mockClock.slept).toHaveLength(3);
    for (const [index, typical] of [250, 500, 1_000].entries()) {
      expect(mockClock.slept[index]).toBeGreaterThanOrEqual(typical * 0.5);
      expect(mockClock.slept[index]).toBeLessThanOrEqual(typical * 1.5);
    }
  });

  test('because nobody listens is unavailable, a create too', async () => {
    const error = await failure({ method: 'POST' }, capsuleDialect, await deadAddress());
    expect(error).toMatchObject({ kind: 'unavailable', status: 0, reason: 'it cannot be reached' });
    expect(mockClock.slept).toHaveLength(3);
  });

  describe('R25 by a refused token', () => {
    test('is sent once more with a newer one', async () => {
      vendor.answer({ status: 401 }, { body: {} });
      await send({ method: 'POST' });
      expect(bearers()).toEqual(['Bearer old', 'Bearer new']);
      expect(rejected).toEqual([undefined, 'old']);
    });

    test('twice is a dead grant', async () => {
      vendor.answer({ status: 401, body: { message: 'Token revoked' } });
      expect(await failure({})).toMatchObject({ kind: 'unauthorised', reason: 'Token revoked' });
      expect(bearers()).toEqual(['Bearer old', 'Bearer new']);
    });

    test('for a lapsed subscription asks for no newer one', async () => {
      vendor.answer({ status: 401, body: [{ $message: 'No active subscription. (MSE)' }] });
      expect(await failure({}, sageDialect)).toMatchObject({ kind: 'lapsed', status: 401 });
      expect(rejected).toEqual([undefined]);
    });

    test('ends where the keeper of tokens has none', async () => {
      const dead = new VendorError({ kind: 'unauthorised', vendor: 'sage', status: 400, reason: 'revoked' });
      jest.spyOn(tokens, 'get').mockRejectedValue(dead);
      expect(await failure({})).toBe(dead);
      expect(vendor.heard()).toEqual([]);
    });
  });

  describe('R30 by a limit', () => {
    const limited = (headers: Record<string, string> = {}) => ({
      status: 429,
      headers: { ...date, ...headers },
    });

    test('waits for Retry-After and is sent again, a create too', async () => {
      vendor.answer(limited({ 'retry-after': '7' }), { body: {}, headers: date });
      await send({ method: 'POST' }, sageDialect);
      expect(vendor.heard()).toHaveLength(2);
      expect(mockClock.now - NOW).toBe(7_000);
    });

    test("waits for the vendor's reset", async () => {
      const reset = String(at(40_000).getTime() / 1000);
      const headers = {
        'x-ratelimit-limit': '4000',
        'x-ratelimit-remaining': '0',
        'x-ratelimit-reset': reset,
      };
      vendor.answer(limited(headers), { body: {} });
      await send({});
      expect(mockClock.now - NOW).toBe(40_000);
    });

    test('waits longer each time where the vendor states nothing, at last elsewhere', async () => {
      vendor.answer(limited());
      expect(await failure({}, sageDialect)).toMatchObject({ kind: 'rateLimited', status: 429 });
      expect(mockClock.slept).toEqual([5_000, 10_000, 20_000, 40_000]);
    });

    test('that is over a minute away is handed back with its time', async () => {
      vendor.answer(limited({ 'retry-after': '90' }));
      expect(await failure({})).toMatchObject({ kind: 'rateLimited', retryAt: at(90_000) });
      expect(vendor.heard()).toHaveLength(1);
      expect(mockClock.slept).toEqual([]);
    });
  });

  describe('and has an end of its time', () => {
    test('is not sent after it, which certainly did nothing', async () => {
      expect(await failure({ method: 'POST', notAfter: NOW - 1 })).toMatchObject({
        ...{ kind: 'unavailable', reason: 'its turn came too late to be sent' },
      });
      expect(vendor.heard()).toEqual([]);
    });

    test('is not sent after it when its turn comes late', async () => {
      pacer.answered(429, at(0), { retryAfterMs: 7_000 });
      expect(await failure({ method: 'POST', notAfter: NOW + 6_999 })).toMatchObject({ kind: 'unavailable' });
      expect(vendor.heard()).toEqual([]);
    });

    test('is tried again until then only', async () => {
      vendor.answer(OUTAGE);
      await failure({ notAfter: NOW });
      expect(vendor.heard()).toHaveLength(1);
    });

    test('R29 stays unknown when it was sent once and then came too late', async () => {
      vendor.answer(OUTAGE);
      expect(await failure({ method: 'POST', repeatable: true, notAfter: NOW })).toMatchObject({
        kind: 'outcomeUnknown',
      });
    });
  });
});
