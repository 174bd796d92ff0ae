import { text } from 'node:stream/consumers';
import { createPacer } from '../../shared/http/pacer';
import { createVendorHttp } from '../../shared/http/vendor-http';
import { sageDialect } from '../../shared/sage/dialect';
import { useVendorServer } from '../support/vendor-server';

const UNLIMITED = { ownLimit: 0, ownWindowMs: 60_000, reserveShare: 0 };
const PDF = { body: '%PDF-1.4 …', headers: { 'content-type': 'application/pdf' } };

describe('a streamed answer', () => {
  const vendor = useVendorServer();

  function stream() {
    let tokens = 0;
    const http = createVendorHttp({
      apiUrl: vendor.url(),
      dialect: sageDialect,
      tokens: { get: () => Promise.resolve(`token-${(tokens += 1)}`) },
      pacer: createPacer('sage', UNLIMITED),
    });
    return http.stream({ method: 'GET', path: '/sales_invoices/1', headers: { accept: 'application/pdf' } });
  }

  test('comes as the vendor sends it', async () => {
    vendor.answer(PDF);
    const { headers, body } = await stream();
    expect(headers['content-type']).toBe('application/pdf');
    expect(await text(body)).toBe(PDF.body);
    expect(vendor.heard()[0]?.headers.accept).toBe('application/pdf');
  });

  test('comes with a newer token when the first was refused', async () => {
    vendor.answer({ status: 401, body: [] }, PDF);
    expect(await text((await stream()).body)).toBe(PDF.body);
    expect(vendor.heard().map(({ headers }) => headers.authorization)).toEqual([
      'Bearer token-1',
      'Bearer token-2',
    ]);
  });

  test.each([
    [401, [], 'unauthorised', 2],
    [401, [{ $message: 'No active subscription. (MSE)' }], 'lapsed', 1],
    [403, [], 'forbidden', 1],
    [404, [], 'missing', 1],
    [429, [], 'rateLimited', 1],
    [500, [], 'unavailable', 1],
    [202, '', 'unavailable', 1],
    [200, 'hang up', 'unavailable', 1],
  ])('of %i %j is %s, after %i requests', async (status, body, kind, requests) => {
    vendor.answer(body === 'hang up' ? 'hang up' : { status, body });
    await expect(stream()).rejects.toMatchObject({ name: 'VendorError', vendor: 'sage', kind });
    expect(vendor.heard()).toHaveLength(requests);
  });
});
