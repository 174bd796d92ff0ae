import { type SyncedFields } from '../../shared/domain/types';
import { VendorError } from '../../shared/http/vendor-error';
import { createSageClient, type NewSageContact } from '../../shared/sage/client';
import { fakeHttp } from '../support/fake-http';

const ID = 'f'.repeat(32);

const raw = (more: object = {}) => ({
  ...{
    id: 'c1',
    name: 'Hall',
    reference: 'HAL001',
    contact_types: [{ id: 'CUSTOMER' }],
    email: 'a@hall.test',
  },
  main_address: {
    ...{ id: 'a1', name: 'Head office', address_type: { id: 'SALES' }, country: { id: 'GB' } },
    ...{ address_line_1: '1 High St', address_line_2: 'Flat 2', city: 'Bath', region: 'Avon' },
    ...{ postal_code: 'BA1 1AA', is_main_address: true },
  },
  main_contact_person: {
    ...{ id: 'p1', name: 'Ann Hall', job_title: 'Director', telephone: '01', mobile: null, fax: '' },
    ...{ email: 'a@hall.test', contact_person_types: [{ id: 'ACCOUNTS' }, { id: 'SALES' }] },
  },
  ...more,
});

const refused = (kind: 'missing' | 'rejected') =>
  new VendorError({ kind, vendor: 'sage', status: kind === 'missing' ? 404 : 422, reason: 'no' });

/** A contact that is read as told, one reading after the other, and what becomes of its PUT. */
function book(readings: (object | Error)[], put: object | Error = raw()) {
  const script = [...readings];
  const http = fakeHttp(({ method }) => {
    const given = method === 'PUT' ? put : ((script.length > 1 ? script.shift() : script[0]) ?? {});
    return given instanceof Error ? given : { body: given };
  });
  const sent = () =>
    http.requests
      .filter(({ method }) => method === 'PUT')
      .map(({ body }) => (JSON.parse(JSON.stringify(body)) as { contact: unknown }).contact);
  return { sage: createSageClient(http, 'b1'), http, sent };
}

describe('R12 an edit of a Sage contact', () => {
  const address = {
    ...{ name: 'Head office', address_type_id: 'SALES', country_id: 'GB', address_line_1: '1 High St' },
    ...{ address_line_2: 'Flat 2', city: 'Bath', region: 'Avon', postal_code: 'BA1 1AA' },
  };
  const person = {
    ...{ name: 'Ann Hall', job_title: 'Director', telephone: '01', fax: '', email: 'a@hall.test' },
    contact_person_type_ids: ['ACCOUNTS', 'SALES'],
  };

  test.each<[string, SyncedFields, object]>([
    ['its name alone', { name: 'Hill' }, { name: 'Hill' }],
    ['its address whole', { city: 'Wells' }, { name: 'Hall', main_address: { ...address, city: 'Wells' } }],
    ['an emptied line', { line2: '' }, { name: 'Hall', main_address: { ...address, address_line_2: '' } }],
    [
      'an emptied country',
      { countryCode: '' },
      { name: 'Hall', main_address: { ...address, country_id: '' } },
    ],
    [
      'its person whole',
      { mobile: '07' },
      { name: 'Hall', main_contact_person: { ...person, mobile: '07' } },
    ],
    [
      'what changes and nothing else',
      { city: 'Bath', email: '', name: 'Hall' },
      { name: 'Hall', main_contact_person: { ...person, email: '' } },
    ],
  ])('sends %s', async (_what, changes, contact) => {
    const { sage, sent } = book([raw()]);
    await sage.editContact('c1', changes);
    expect(sent()).toEqual([contact]);
  });

  test('reads the contact with what hangs on it, and tells how it was and is', async () => {
    const now = raw({ name: 'Hill', updated_at: '2026-02-02T00:00:00Z' });
    const { sage, http } = book([raw()], now);
    const { before, after } = await sage.editContact('c1', { name: 'Hill' });
    expect([before.name, after.name, after.updatedAt]).toEqual(['Hall', 'Hill', '2026-02-02T00:00:00Z']);
    expect(http.requests).toMatchObject([
      { method: 'GET', path: '/contacts/c1', query: { nested_attributes: 'all' } },
      { method: 'PUT', path: '/contacts/c1', headers: { 'x-business': 'b1' } },
    ]);
  });

  test('reads it anew where the write had to wait, and writes over nothing that came meanwhile', async () => {
    const now = jest.spyOn(Date, 'now').mockReturnValue(0);
    const phoned = { ...raw().main_contact_person, telephone: '02' };
    const { sage, sent, http } = book([raw(), raw({ main_contact_person: phoned })]);
    const { send } = http;
    let waited = false;
    http.send = (request) => {
      if (request.method !== 'PUT' || waited) return send(request);
      waited = true;
      now.mockReturnValue((request.notAfter ?? Infinity) + 1);
      const reason = 'its turn came too late to be sent';
      return Promise.reject(new VendorError({ kind: 'unavailable', vendor: 'sage', status: 0, reason }));
    };
    await sage.editContact('c1', { mobile: '07' });
    now.mockRestore();
    expect(waited).toBe(true);
    expect(sent()).toMatchObject([{ main_contact_person: { telephone: '02', mobile: '07' } }]);
  });

  test('sends nothing where all is so already', async () => {
    const { sage, sent } = book([raw()]);
    const { before, after } = await sage.editContact('c1', { city: 'Bath', mobile: '', name: 'Hall' });
    expect(sent()).toEqual([]);
    expect(after).toBe(before);
  });

  test('tells how it is where the answer names address and person only', async () => {
    const told = raw({ main_address: { id: 'a1' }, main_contact_person: { id: 'p1' }, updated_at: 'later' });
    const { after } = await book([raw()], told).sage.editContact('c1', { city: 'Wells', email: '' });
    expect(after).toMatchObject({ address: { city: 'Wells', line2: 'Flat 2' }, email: '', telephone: '01' });
    expect(after.updatedAt).toBe('later');
  });

  test.each([
    ['address', { main_address: { id: 'a1' } }, { city: 'Wells' }],
    ['person', { main_contact_person: { id: 'p1', displayed_as: 'Ann' } }, { email: 'b@hall.test' }],
  ])('never writes back an %s that came as a mere reference', async (_what, stub, changes) => {
    const { sage, sent } = book([raw(stub)]);
    await expect(sage.editContact('c1', changes)).rejects.toMatchObject({ kind: 'unavailable' });
    expect(sent()).toEqual([]);
  });

  test('gives a contact without an address one', async () => {
    const { sage, sent } = book([raw({ main_address: null })]);
    await sage.editContact('c1', { line1: '1 High St', city: 'Bath' });
    expect(sent()).toEqual([{ name: 'Hall', main_address: { address_line_1: '1 High St', city: 'Bath' } }]);
  });

  test.each<[string, (object | Error)[], object | Error, string]>([
    [
      'deleted: it is missing, though Sage shows it',
      [raw({ deleted_at: '2026-01-01T00:00:00Z' })],
      raw(),
      'missing',
    ],
    ['gone: it is missing', [refused('missing')], raw(), 'missing'],
    [
      'deleted while it was read: it is missing',
      [raw(), raw({ deleted_at: 'x' })],
      refused('rejected'),
      'missing',
    ],
    ['refused: it stays refused', [raw()], refused('rejected'), 'rejected'],
    ['erased: it is left alone (R10)', [raw({ gdpr_obfuscated: true })], raw(), 'rejected'],
  ])('of one that is %s', async (_what, readings, put, kind) => {
    const { sage } = book(readings, put);
    await expect(sage.editContact('c1', { name: 'Hill' })).rejects.toMatchObject({ kind, vendor: 'sage' });
  });
});

describe('R15 a new Sage contact', () => {
  const draft = (more: Partial<NewSageContact> = {}): NewSageContact => ({
    ...{ kind: 'CUSTOMER', sourceGuid: '17', fields: { name: 'Hall', email: '', city: '' } },
    ...more,
  });

  function created(given: NewSageContact, answer: object = raw()) {
    const http = fakeHttp(() => ({ status: 201, body: answer }));
    return { http, made: createSageClient(http, 'b1').createContact(given, ID) };
  }

  test.each<[string, NewSageContact, object]>([
    ['its name alone', draft(), { name: 'Hall', contact_type_ids: ['CUSTOMER'] }],
    ['a supplier', draft({ kind: 'VENDOR' }), { name: 'Hall', contact_type_ids: ['VENDOR'] }],
    [
      'the address with what there is of it',
      draft({ fields: { name: 'Hall', city: 'Bath', countryCode: 'GB', region: '' } }),
      {
        ...{ name: 'Hall', contact_type_ids: ['CUSTOMER'] },
        main_address: { address_type_id: 'ACCOUNTS', city: 'Bath', country_id: 'GB' },
      },
    ],
    [
      'the person with what there is of it',
      draft({ fields: { name: 'Ann Hall', email: 'a@hall.test' }, personName: 'Ann Hall' }),
      {
        ...{ name: 'Ann Hall', contact_type_ids: ['CUSTOMER'] },
        main_contact_person: {
          contact_person_type_ids: ['ACCOUNTS'],
          name: 'Ann Hall',
          email: 'a@hall.test',
        },
      },
    ],
  ])('is sent with %s', async (_what, given, contact) => {
    const { http, made } = created(given);
    await made;
    expect(http.requests).toMatchObject([{ method: 'POST', path: '/contacts', repeatable: true }]);
    const body = JSON.parse(JSON.stringify(http.requests[0]?.body)) as unknown;
    expect(body).toEqual({ contact: { ...contact, source_guid: '17', idempotency_id: ID } });
  });

  test('is told as Sage answers it', async () => {
    expect(await created(draft()).made).toMatchObject({
      id: 'c1',
      mainPersonName: 'Ann Hall',
      telephone: '01',
    });
  });

  test('is told by what was sent where the answer names address and person only', async () => {
    const stubs = raw({ main_address: { id: 'a1' }, main_contact_person: { id: 'p1' } });
    const fields = { name: 'Hall', city: 'Bath', email: 'x@hall.test' };
    expect(await created(draft({ fields }), stubs).made).toMatchObject({
      ...{ id: 'c1', email: 'x@hall.test', telephone: '', mobile: '' },
      address: { line1: '', city: 'Bath', countryCode: '' },
    });
  });

  test('R29 may have been made where the answer is something else', async () => {
    await expect(created(draft(), { unforeseen: true }).made).rejects.toMatchObject({
      kind: 'outcomeUnknown',
    });
  });
});

describe('what changed in Sage', () => {
  const page = (...$items: object[]) => ({ $items, $page: 1, $total: $items.length, $next: null });
  const SINCE = '2026-01-01T10:00:00.900Z';

  test('is asked for since a whole second, in each list', async () => {
    const http = fakeHttp(() => ({ body: page() }));
    const sage = createSageClient(http, 'b1');
    await sage.listContacts(1, SINCE);
    await sage.listAddresses(1, SINCE);
    await sage.listPersons(1, SINCE);
    expect(http.requests.map(({ query }) => query?.updated_or_created_since)).toEqual(
      Array(3).fill('2026-01-01T10:00:00Z'),
    );
  });

  test('R19 is deleted from the very second on: Sage itself would leave that second out', async () => {
    const http = fakeHttp(() => ({ body: page({ id: 'c1', displayed_as: 'Hall' }) }));
    const { rows } = await createSageClient(http, 'b1').listDeletedContacts(2, '2026-01-01T10:00:00Z');
    expect(rows).toEqual([]);
    expect(http.requests).toMatchObject([{ query: { page: 2, deleted_since: '2026-01-01T09:59:59Z' } }]);
    const first = await createSageClient(http, 'b1').listDeletedContacts(1, '2026-01-01T10:00:00Z');
    expect(first.rows).toEqual([{ id: 'c1' }]);
  });

  test('R17 a search by name gives the living of the first page', async () => {
    const http = fakeHttp(() => ({ body: page(raw({ id: 'c1' }), raw({ id: 'c2', deleted_at: 'x' })) }));
    const rows = await createSageClient(http, 'b1').findContactsByName('Hall & Sons');
    expect(rows.map(({ contact }) => contact.id)).toEqual(['c1']);
    expect(http.requests).toMatchObject([{ path: '/contacts', query: { search: 'Hall & Sons', page: 1 } }]);
  });
});
