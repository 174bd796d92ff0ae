import { Readable } from 'node:stream';
import { type DocumentKind } from '../../shared/domain/invoices';
import { type VendorRequest } from '../../shared/http/vendor-http';
import { createSageClient } from '../../shared/sage/client';
import { fakeHttp } from '../support/fake-http';

const PAYMENT_PAGE = 'https://sage.test/online_payment/secret';

/** A row as Sage tells it, with what the mirror leaves out too. */
const row = (given: object = {}) => ({
  ...{
    id: 'i1',
    displayed_as: 'SI-2',
    $path: '/sales_invoices/i1',
    contact: { id: 'c1' },
    contact_name: 'Acme',
  },
  ...{ date: '2026-05-01', due_date: '2026-05-31', reference: 'null', currency: { id: 'GBP' } },
  ...{ total_amount: '6011.4', outstanding_amount: '2000.0', base_currency_outstanding_amount: '2000.0' },
  status: { id: 'PART_PAID', displayed_as: 'Part paid' },
  links: [
    { href: PAYMENT_PAGE, rel: 'bookmark', type: 'text/html' },
    { href: 'https://sage.test/invoicing/i1', rel: 'alternate', type: 'text/html' },
  ],
  ...{ created_at: '2026-05-01T10:00:00Z', updated_at: '2026-05-02T10:00:00Z', notes: 'private' },
  ...given,
});

function listing(...rows: object[]) {
  const http = fakeHttp(() => ({ body: { $items: rows, $page: 1, $total: rows.length, $next: null } }));
  return { http, sage: createSageClient(http, 'b1') };
}

async function read(given: object, kind: DocumentKind = 'sales_invoice') {
  const { rows, unreadable } = await listing(row(given)).sage.listDocuments(kind, 1);
  return { document: rows[0], unreadable };
}

describe('a document of Sage', () => {
  test('is read exactly, and its payment page is left behind', async () => {
    const { document } = await read({});
    expect(document).toEqual({
      ...{ id: 'i1', kind: 'sales_invoice', contactId: 'c1', contactName: 'Acme', number: 'SI-2' },
      ...{ reference: '', date: '2026-05-01', dueDate: '2026-05-31', currency: 'GBP' },
      ...{ total: 601_140, outstanding: 200_000, baseOutstanding: 200_000, sageStatus: 'PART_PAID' },
      ...{ createdAt: '2026-05-01T10:00:00Z', updatedAt: '2026-05-02T10:00:00Z' },
      url: 'https://sage.test/invoicing/i1',
    });
    expect(JSON.stringify(document)).not.toContain('secret');
  });

  test.each(['10.0', '-10.0'])('that is a credit note of %s is negative', async (total_amount) => {
    const { document } = await read({ total_amount, outstanding_amount: '0.0' }, 'sales_credit_note');
    expect(document).toMatchObject({ total: -1000, outstanding: 0 });
    expect(Object.is(document?.outstanding, 0)).toBe(true);
  });

  test('in yen has no places, and what is owed in pounds is rounded', async () => {
    const { document } = await read({
      ...{ currency: { id: 'JPY' }, total_amount: '500.0', outstanding_amount: '500.0' },
      base_currency_outstanding_amount: '2.7149',
    });
    expect(document).toMatchObject({ total: 500, outstanding: 500, baseOutstanding: 271 });
  });

  test('of a purchase has the number of the supplier', async () => {
    const { document } = await read({ vendor_reference: 'X-7', reference: 'ours' }, 'purchase_invoice');
    expect(document?.reference).toBe('X-7');
  });

  test('without currency is in pounds; a quote expires', async () => {
    const quote = {
      currency: null,
      due_date: undefined,
      expiry_date: '2026-06-01',
      outstanding_amount: undefined,
    };
    const { document } = await read(quote, 'sales_quote');
    expect(document).toMatchObject({ currency: 'GBP', dueDate: '2026-06-01', outstanding: 0 });
  });

  test.each([{ total_amount: '1.005' }, { total_amount: 'many' }])('with %j is set aside', async (given) => {
    expect(await read(given)).toEqual({ document: undefined, unreadable: ['i1'] });
  });
});

describe('lists of documents', () => {
  const queryOf = (http: { requests: VendorRequest[] }) => http.requests[0]?.query;

  test('ask for no more than is needed, in whole seconds, oldest first', async () => {
    const { http, sage } = listing();
    await sage.listDocuments('sales_invoice', 3, { since: new Date('2026-05-01T10:00:00.999Z') });
    expect(http.requests[0]).toMatchObject({
      path: '/sales_invoices',
      query: {
        page: 3,
        items_per_page: 200,
        updated_or_created_since: '2026-05-01T10:00:00Z',
        sort: 'created_at:asc',
      },
      headers: { 'x-business': 'b1' },
    });
    expect(queryOf(http)?.attributes).not.toMatch(/all|lines|notes|address/);
  });

  test('of estimates are not sorted, as Sage cannot', async () => {
    const { http, sage } = listing();
    await sage.listDocuments('sales_estimate', 1);
    expect(queryOf(http)?.sort).toBeUndefined();
  });

  test('of deleted ones ask a second earlier, because Sage leaves out the instant itself', async () => {
    const { http, sage } = listing({ id: 'i9' });
    const { rows } = await sage.listDeletedDocuments('sales_invoice', 1, new Date('2026-05-01T10:00:00Z'));
    expect(rows).toEqual(['i9']);
    expect(queryOf(http)?.deleted_since).toBe('2026-05-01T09:59:59Z');
  });

  test('of balances are one of contacts', async () => {
    const { http, sage } = listing({ id: 'c1', balance: '-25.2' }, { id: 'c2' }, { id: 'c3', balance: 'x' });
    const { rows, unreadable } = await sage.listBalances(1);
    expect(rows).toEqual([
      { contactId: 'c1', balance: -2520 },
      { contactId: 'c2', balance: null },
    ]);
    expect(unreadable).toEqual(['c3']);
    expect(http.requests[0]).toMatchObject({
      path: '/contacts',
      query: { show_balance: true, attributes: 'balance' },
    });
  });
});

describe('the PDF of a document', () => {
  const pdf = (headers: Record<string, string>) => {
    const body = Readable.from(['%PDF']);
    const asked: VendorRequest[] = [];
    const http = {
      ...fakeHttp(() => ({})),
      stream: (request: VendorRequest) => {
        asked.push(request);
        return Promise.resolve({ headers, body });
      },
    };
    return { asked, body, sage: createSageClient(http, 'b1', 'interactive') };
  };

  test('is asked for without marking it as sent', async () => {
    const { asked, sage } = pdf({ 'content-type': 'application/pdf', 'content-length': '4' });
    expect(await sage.streamPdf('sales_invoice', 'a/b')).toMatchObject({ length: 4 });
    expect(asked[0]).toMatchObject({
      ...{ path: '/sales_invoices/a%2Fb', query: { mark_as_sent: false }, priority: 'interactive' },
      headers: { accept: 'application/pdf', 'x-business': 'b1' },
    });
  });

  test.each([
    { 'content-type': 'application/json' },
    { 'content-type': 'application/pdf', 'x-business': 'b2' },
  ])('is refused and let go when it comes with %j', async (headers) => {
    const { body, sage } = pdf(headers as unknown as Record<string, string>);
    await expect(sage.streamPdf('sales_invoice', 'i1')).rejects.toMatchObject({ kind: 'unavailable' });
    expect(body.destroyed).toBe(true);
  });
});
