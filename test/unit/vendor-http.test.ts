import { inspect } from 'node:util';
import { capsuleDialect } from '../../shared/capsule/dialect';
import { createPacer } from '../../shared/http/pacer';
import { type VendorError } from '../../shared/http/vendor-error';
import { createVendorHttp, type VendorRequest } from '../../shared/http/vendor-http';
import { type Answer, useVendorServer } from '../support/vendor-server';

const TOKEN = 'tok-0123456789';
const UNLIMITED = { ownLimit: 0, ownWindowMs: 60_000, reserveShare: 0 };

/** Waits between tries take no time here; how long they are is another file's matter. */
jest.mock('node:timers/promises', () => ({ setTimeout: () => Promise.resolve() }));

describe('a vendor call', () => {
  const vendor = useVendorServer();
  const stranger = useVendorServer();

  const http = () =>
    createVendorHttp({
      apiUrl: `${vendor.url()}/api/v2`,
      dialect: capsuleDialect,
      tokens: { get: () => Promise.resolve(TOKEN) },
      pacer: createPacer('capsule', UNLIMITED),
    });
  const get = (path: string, more: Partial<VendorRequest> = {}) =>
    http().send({ method: 'GET', path, ...more });
  const failure = (request: Partial<VendorRequest> = {}): Promise<VendorError> =>
    http()
      .send({ method: 'GET', path: '/x', ...request })
      .then(
        () => Promise.reject(new Error('the call did not fail')),
        (error: unknown) => error as VendorError,
      );

  test('carries the token, and says what it is and wants', async () => {
    await get('/parties');
    expect(vendor.heard()).toMatchObject([
      {
        ...{ method: 'GET', url: '/api/v2/parties', body: '' },
        headers: {
          ...{ authorization: `Bearer ${TOKEN}`, accept: 'application/json' },
          'user-agent': 'capsule-sage-sync',
        },
      },
    ]);
    expect(vendor.heard()[0]?.headers).not.toHaveProperty('content-type');
  });

  test('leaves out what is not asked for, and escapes what is', async () => {
    await get('/parties', { query: { q: 'Hall & Sons', page: 2, since: undefined, embed: true } });
    expect(vendor.heard()[0]?.url).toBe('/api/v2/parties?q=Hall+%26+Sons&page=2&embed=true');
  });

  test('sends its body as JSON, and no header of the caller takes the place of the token', async () => {
    const headers = { 'x-business': 'b1', authorization: 'none' };
    await http().send({ method: 'POST', path: '/parties', body: { party: { name: 'Hall' } }, headers });
    expect(vendor.heard()).toMatchObject([
      {
        ...{ method: 'POST', body: '{"party":{"name":"Hall"}}' },
        headers: {
          ...{ 'content-type': 'application/json', 'x-business': 'b1' },
          authorization: `Bearer ${TOKEN}`,
        },
      },
    ]);
  });

  test("brings back body, headers and the vendor's clock", async () => {
    const headers = { date: 'Thu, 01 Jan 2026 09:00:00 GMT', link: '<x>; rel="next"' };
    vendor.answer({ status: 201, body: { party: { id: 1 } }, headers });
    expect(await get('/x')).toMatchObject({
      ...{ status: 201, body: { party: { id: 1 } }, headers: { link: '<x>; rel="next"' } },
      date: new Date(Date.UTC(2026, 0, 1, 9)),
    });
  });

  test('brings back null for an empty answer', async () => {
    vendor.answer({ status: 204 });
    expect(await get('/x')).toMatchObject({ status: 204, body: null });
  });

  test('takes our clock where the vendor tells none that can be read', async () => {
    vendor.answer({ headers: { date: 'yesterday' } });
    const { date } = await get('/x');
    expect(Math.abs(date.getTime() - Date.now())).toBeLessThan(10_000);
  });

  describe('to an address that the vendor handed out', () => {
    test('goes there as it is', async () => {
      await get(`${vendor.url()}/api/v2/parties?page=2&embed=tags%2Cfields`);
      expect(vendor.heard()[0]?.url).toBe('/api/v2/parties?page=2&embed=tags%2Cfields');
    });

    test('is refused when it leads to another host, and our token is not sent there', async () => {
      const { kind } = await failure({ path: `${stranger.url()}/api/v2/parties?page=2` });
      expect(kind).toBe('unavailable');
      expect([...stranger.heard(), ...vendor.heard()]).toEqual([]);
    });

    test('says that it leads to another host', async () => {
      const { reason } = await failure({ path: `${stranger.url()}/api/v2/parties?page=2` });
      expect(reason).toBe(`it linked to another host (${new URL(stranger.url()).host})`);
    });

    test('is not followed by a redirect', async () => {
      vendor.answer({ status: 302, headers: { location: stranger.url() } });
      expect((await failure()).status).toBe(302);
      expect(stranger.heard()).toEqual([]);
    });
  });

  test.each<[string, Answer, VendorRequest['method']]>([
    ['a refusal', { status: 422, body: { message: 'name is required' } }, 'POST'],
    ['a refused token', { status: 401, body: { message: 'no' } }, 'GET'],
    ['an outage', { status: 503 }, 'GET'],
    ['an answer that is no JSON', { body: '<html>' }, 'POST'],
    ['a broken connection', 'hang up', 'POST'],
  ])('that fails by %s tells nothing of the token', async (_what, answer, method) => {
    vendor.answer(answer);
    const error = await failure({ method, body: method === 'POST' ? { name: 'Hall' } : undefined });
    expect(error.vendor).toBe('capsule');
    expect(inspect(error, { depth: 20, showHidden: true })).not.toContain(TOKEN);
    expect(error.message).toBe(`Capsule answered ${error.status || 'nothing'}: ${error.reason}`);
  });

  test('that fails keeps the number by which the vendor can find it', async () => {
    vendor.answer({ status: 422, headers: { x_request_id: 'r-77' } });
    expect(await failure()).toMatchObject({ kind: 'rejected', status: 422, requestId: 'r-77' });
    vendor.answer({ status: 500, headers: { x_request_id: 'r-78' } });
    expect(await failure()).toMatchObject({ kind: 'unavailable', status: 500, requestId: 'r-78' });
  });

  test.each([
    [401, 'unauthorised'],
    [403, 'forbidden'],
    [404, 'missing'],
    [413, 'rejected'],
  ])('that is refused with %i and no JSON is %s all the same', async (status, kind) => {
    vendor.answer({ status, body: '<html>Refused</html>' });
    expect(await failure({ method: 'POST' })).toMatchObject({ kind, status });
  });
});
