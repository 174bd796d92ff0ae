import { createSageClient, SAGE_PAGE_SIZE } from '../../shared/sage/client';
import { fakeHttp } from '../support/fake-http';

const row = (index: number) => ({
  id: `c${index}`,
  name: `Firm ${index}`,
  contact_types: [{ id: 'CUSTOMER' }],
});
const rows = (count: number) => Array.from({ length: count }, (_, index) => row(index));
const envelope = (more: object = {}) => ({
  ...{ $total: 1, $page: 1, $next: null, $back: null, $itemsPerPage: 200, $items: rows(1) },
  ...more,
});

function answering(body: unknown, headers: Record<string, string> = {}) {
  const http = fakeHttp(() => ({ body, headers }));
  return { http, sage: createSageClient(http, 'b1') };
}

describe('a contact of Sage', () => {
  const full = {
    ...{ id: 'c1', displayed_as: 'Hall Associates (HAL001)', name: 'Hall Associates', reference: 'HAL001' },
    contact_types: [{ id: 'CUSTOMER', displayed_as: 'Customer' }],
    main_address: { id: 'a1', displayed_as: '' },
    main_contact_person: { id: 'p1', displayed_as: 'Main Contact' },
    ...{ system: false, gdpr_obfuscated: false, credit_limit: '4000.0', email: 'a@hall.test' },
    links: [
      { href: 'https://api.test/c1', rel: 'self', type: 'application/json' },
      { href: 'https://app.test/contacts/customers/1', rel: 'alternate', type: 'text/html' },
    ],
    ...{ created_at: '2023-09-22T08:01:13Z', updated_at: '2023-10-02T14:32:36Z' },
  };
  const read = async (wire: object) =>
    (await answering(envelope({ $items: [{ id: 'c1', ...wire }] })).sage.listContacts(1)).rows[0];

  test('is read whole, its address and person by id', async () => {
    expect(await read(full)).toEqual({
      contact: {
        ...{ id: 'c1', kind: 'CUSTOMER', name: 'Hall Associates', reference: 'HAL001' },
        ...{ isSystem: false, isErased: false, url: 'https://app.test/contacts/customers/1' },
        ...{ createdAt: '2023-09-22T08:01:13Z', updatedAt: '2023-10-02T14:32:36Z' },
      },
      ...{ addressId: 'a1', personId: 'p1', email: 'a@hall.test', isDeleted: false },
    });
  });

  test('is read when all that may be null is null', async () => {
    const nulls = Object.fromEntries(Object.keys(full).map((name) => [name, null]));
    expect(await read({ ...nulls, id: 'c1' })).toEqual({
      contact: {
        ...{ id: 'c1', kind: 'CUSTOMER', name: '', reference: '', isSystem: false, isErased: false },
        ...{ url: '', createdAt: '', updatedAt: '' },
      },
      ...{ addressId: null, personId: null, email: '', isDeleted: false },
    });
  });

  test.each<[string, object, object]>([
    ['R10 a supplier by its type', { contact_types: [{ id: 'VENDOR' }] }, { kind: 'VENDOR' }],
    ['a customer where no type is told', { contact_types: [] }, { kind: 'CUSTOMER' }],
    ["R10 Sage's own", { system: true }, { isSystem: true }],
    ['R10 erased', { gdpr_obfuscated: true }, { isErased: true }],
    ['named by what is shown where it has no name', { name: '', displayed_as: 'HMRC' }, { name: 'HMRC' }],
  ])('is %s', async (_what, wire, expected) => {
    expect((await read({ ...full, ...wire }))?.contact).toMatchObject(expected);
  });
});

describe('addresses and persons of Sage', () => {
  test('are read with the country as a code', async () => {
    const address = {
      ...{ id: 'a1', address_line_1: '79 Hartfield Rd', address_line_2: null, city: 'London', region: '' },
      ...{ postal_code: 'SW19 3ES', country: { id: 'gb', displayed_as: 'United Kingdom (GB)' } },
      is_main_address: true,
    };
    const { rows: read } = await answering(envelope({ $items: [address] })).sage.listAddresses(1);
    const place = { line1: '79 Hartfield Rd', line2: '', city: 'London', region: '', postcode: 'SW19 3ES' };
    expect(read).toEqual([{ id: 'a1', mayBeMain: true, address: { ...place, countryCode: 'GB' } }]);
  });

  test('are read with phones and e-mail', async () => {
    const person = { id: 'p1', name: 'Ann Hall', telephone: '020 1', mobile: null, email: 'a@hall.test' };
    const { rows: read } = await answering(envelope({ $items: [person] })).sage.listPersons(1);
    const expected = { id: 'p1', name: 'Ann Hall', telephone: '020 1', mobile: '', email: 'a@hall.test' };
    expect(read).toEqual([{ ...expected, mayBeMain: true }]);
  });

  test.each([
    [true, true],
    [false, false],
    [null, true],
    [undefined, true],
  ])('may be the main ones unless Sage says no: %s', async (main, expected) => {
    const $items = [{ id: 'x', is_main_address: main, is_main_contact: main }];
    const { sage } = answering(envelope({ $items }));
    expect((await sage.listAddresses(1)).rows[0]?.mayBeMain).toBe(expected);
    expect((await sage.listPersons(1)).rows[0]?.mayBeMain).toBe(expected);
  });
});

describe('a page of a Sage list', () => {
  test.each<[string, number, object, boolean]>([
    ['the last one by total and by $next', 1, { $total: 1 }, false],
    ['not the last one while $next is told', 1, { $next: '/contacts?page=2' }, true],
    ['not the last one while the total is not reached', 1, { $total: 500, $items: rows(200) }, true],
    ['the last one when the total is reached', 3, { $total: 500, $page: 3, $items: rows(100) }, false],
    ['the last one again, whatever $next says', 4, { $total: 900, $page: 3, $next: '/x' }, false],
    ['empty, whatever the total says', 1, { $total: 500, $items: [] }, false],
    ['of an empty book', 1, { $total: 0, $items: [] }, false],
  ])('R27 is %s', async (_what, asked, answer, more) => {
    const page = await answering(envelope(answer)).sage.listContacts(asked);
    expect(page.more).toBe(more);
  });

  test('is asked for by number, full size and named attributes', async () => {
    const { http, sage } = answering(envelope());
    await sage.listContacts(3);
    expect(http.requests).toMatchObject([
      { path: '/contacts', query: { page: 3, items_per_page: SAGE_PAGE_SIZE }, priority: 'bulk' },
    ]);
    expect(http.requests[0]?.query?.attributes).toMatch(/\bmain_contact_person\b/);
    expect(http.requests[0]?.query?.attributes).not.toMatch(/\ball\b/);
  });

  test('R26 sets rows aside that cannot be read, and keeps the others', async () => {
    const $items = [row(1), { id: 'odd', name: 7 }, 'no row', { name: 'without id' }, row(2)];
    const page = await answering(envelope({ $items, $total: 5 })).sage.listContacts(1);
    expect(page.rows.map(({ contact }) => contact.id)).toEqual(['c1', 'c2']);
    expect(page.unreadable).toEqual(['odd', 'without id', 'without id']);
    expect(page).toMatchObject({ total: 5, page: 1, more: false });
  });

  test.each([[{}], [[]], [null], [{ ...envelope(), $total: null }]])(
    'R27 that is no page fails: %j',
    async (body) => {
      await expect(answering(body).sage.listContacts(1)).rejects.toThrow();
    },
  );
});

describe('the business of a call', () => {
  test('is named in each call that reads its books', async () => {
    const { http, sage } = answering(envelope());
    await sage.listContacts(1);
    await sage.listAddresses(1);
    await sage.listPersons(1);
    expect(http.requests.map(({ headers }) => headers)).toEqual(Array(3).fill({ 'x-business': 'b1' }));
  });

  test('has to be the one that answers: two ledgers are never mixed', async () => {
    const { sage } = answering(envelope(), { 'x-business': 'b2' });
    await expect(sage.listContacts(1)).rejects.toMatchObject({
      ...{ name: 'VendorError', kind: 'unavailable', vendor: 'sage' },
      reason: 'it answered for another business than the one asked for',
    });
    await expect(answering(envelope(), { 'x-business': 'b1' }).sage.listContacts(1)).resolves.toBeDefined();
  });

  test('is not named where businesses and the user are read', async () => {
    const http = fakeHttp(({ path }) => ({
      body: path === '/user' ? { id: 'u1', displayed_as: 'Olive', email: 'o@x.test' } : { $items: [] },
    }));
    const sage = createSageClient(http, null, 'interactive');
    await sage.listBusinesses();
    expect(await sage.getUser()).toEqual({ id: 'u1', name: 'Olive', email: 'o@x.test' });
    expect(http.requests.map(({ headers, priority }) => [headers, priority])).toEqual(
      Array(2).fill([undefined, 'interactive']),
    );
  });
});

describe('a business of Sage', () => {
  test('is read with country and subscriptions', async () => {
    const { http, sage } = answering({
      ...{ id: 'b/1', name: 'Hall', country: { id: 'gb', displayed_as: 'United Kingdom' } },
      subscriptions: [{ id: 'ACCOUNTING', displayed_as: 'Accounting', active: true, status: 'TRIAL' }],
    });
    expect(await sage.getBusiness('b/1')).toEqual({
      ...{ id: 'b/1', name: 'Hall', countryCode: 'GB', countryName: 'United Kingdom' },
      subscriptions: [{ id: 'ACCOUNTING', name: 'Accounting', active: true, status: 'TRIAL' }],
    });
    expect(http.requests[0]?.path).toBe('/businesses/b%2F1');
  });

  test('is read where Sage tells little of it', async () => {
    const { sage } = answering({ id: 'b1', displayed_as: 'Hall', country: null, subscriptions: null });
    expect(await sage.getBusiness('b1')).toEqual({
      ...{ id: 'b1', name: 'Hall', countryCode: '', countryName: '', subscriptions: [] },
    });
  });
});

describe('a single contact of Sage', () => {
  const wire = { id: 'c1', name: 'Hall', contact_types: [{ id: 'VENDOR' }] };

  test('comes with address and person in one call', async () => {
    const { http, sage } = answering({
      ...wire,
      main_address: { id: 'a1', city: 'Bath', postal_code: 'BA1 1AA', country: { id: 'GB' } },
      main_contact_person: { id: 'p1', name: 'Ann Hall', email: 'a@hall.test' },
    });
    expect(await sage.getContact('c1')).toMatchObject({
      ...{ id: 'c1', kind: 'VENDOR', email: 'a@hall.test', mainPersonName: 'Ann Hall', mobile: '' },
      address: { city: 'Bath', postcode: 'BA1 1AA', countryCode: 'GB' },
    });
    expect(http.requests).toMatchObject([{ path: '/contacts/c1', query: { nested_attributes: 'all' } }]);
  });

  test('comes without them where it has none', async () => {
    const { sage } = answering({ ...wire, main_address: null });
    expect(await sage.getContact('c1')).toMatchObject({ address: null, email: '', mainPersonName: '' });
  });
});
