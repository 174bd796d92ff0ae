import { useSageSandbox } from '../support/sage-sandbox';

const { sage, books, call, get, create } = useSageSandbox();

describe('lists', () => {
  const fill = (count: number): void => {
    for (let n = 1; n <= count; n++) books().addContact({ name: `Firm ${n}`, reference: `R${n}` });
  };

  it('tell id, displayed_as and $path of twenty unless asked for more', async () => {
    fill(23);
    const { body } = await get('/contacts');
    expect([body.$items.length, body.$total, body.$itemsPerPage]).toEqual([20, 25, 20]);
    expect(body.$items[2]).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
      displayed_as: 'Firm 1 (R1)',
      $path: `/contacts/${body.$items[2]!.id}`,
    });
  });

  it('give a relative $next without the version that keeps the query', async () => {
    fill(3);
    const { body } = await get('/contacts?items_per_page=2&exclude_system=true&attributes=name,email');
    expect(body.$next).toBe('/contacts?page=2&items_per_page=2&exclude_system=true&attributes=name,email');
    const next = await get(body.$next!);
    expect([next.body.$page, next.body.$next, next.body.$items.length]).toEqual([2, null, 1]);
  });

  it('repeat the last page beyond the end, and give 200 to whoever asks for more', async () => {
    fill(201);
    const [last, beyond] = [
      await get('/contacts?items_per_page=500&page=2'),
      await get('/contacts?items_per_page=500&page=9'),
    ];
    expect([beyond.body.$itemsPerPage, beyond.body.$page, beyond.body.$items.length]).toEqual([200, 2, 3]);
    expect(beyond.body.$items).toEqual(last.body.$items);
  });

  it('pass over nested_attributes: nested records are stubs even with attributes=all', async () => {
    fill(1);
    const list = await get('/contacts?attributes=all&nested_attributes=all&search=Firm');
    const [contact] = list.body.$items;
    expect(Object.keys(contact!.main_address).sort()).toEqual(['$path', 'displayed_as', 'id']);
    const single = await get(`/contacts/${contact!.id}?nested_attributes=all`);
    expect(single.body.main_address).toMatchObject({ postal_code: null, is_main_address: true });
    const some = await get(`/contacts/${contact!.id}?nested_attributes=postal_code`);
    expect(Object.keys(some.body.main_address).sort()).toEqual([
      '$path',
      'displayed_as',
      'id',
      'postal_code',
    ]);
  });

  it('leave out the balance unless asked for, and deleted_at of the living', async () => {
    fill(1);
    const list = async (query: string) => (await get(`/contacts?attributes=all&search=Firm${query}`)).body;
    expect((await list('')).$items[0]).not.toHaveProperty('balance');
    expect((await list('')).$items[0]).not.toHaveProperty('deleted_at');
    expect((await list('&show_balance=true')).$items[0]).toHaveProperty('balance', '0.0');
  });

  it.each([
    ['contact_type_id=VENDOR', ['HMRC Payments', 'Supplier Ltd']],
    ['exclude_system=true', ['Acme Ltd', 'Sleepy Ltd', 'Supplier Ltd']],
    ['exclude_system=true&filter_inactive_contacts=true', ['Acme Ltd', 'Supplier Ltd']],
    ['search=acm', ['Acme Ltd']],
    ['search=REF-7', ['Acme Ltd']],
    ['email=PAY@acme.example', ['Acme Ltd']],
    ['email=acme.example', []],
  ])('are filtered by %s', async (query, names) => {
    const person = { email: 'pay@acme.example' };
    books().addContact({ name: 'Acme Ltd', reference: 'REF-7', main_contact_person: person });
    books().addContact({ name: 'Supplier Ltd', contact_type_ids: ['VENDOR'] });
    books().setActive(books().addContact({ name: 'Sleepy Ltd' }).id, false);
    const { body } = await get(`/contacts?attributes=name&${query}`);
    expect(body.$items.map(({ name }) => name).sort()).toEqual(names);
  });

  it('take updated_or_created_since inclusively', async () => {
    const { updated_at } = await create({ name: 'Acme' });
    sage().clock.advance(5000);
    const later = new Date(Date.parse(updated_at) + 1000).toISOString().replace('.000', '');
    const count = async (since: string) =>
      (await get(`/contacts?exclude_system=true&updated_or_created_since=${encodeURIComponent(since)}`)).body
        .$total;
    expect(await Promise.all([updated_at, updated_at.replace('Z', '+00:00'), later].map(count))).toEqual([
      1, 1, 0,
    ]);
  });

  it('take deleted_since exclusively, and refuse a time whose plus was not encoded', async () => {
    const { id } = await create({ name: 'Acme' });
    await call('DELETE', `/contacts/${id}`);
    const all = await get('/contacts?deleted_since=2020-01-01&attributes=deleted_at');
    const at = all.body.$items[0]!.deleted_at as string;
    expect(at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect((await get(`/contacts?deleted_since=${at}`)).body.$total).toBe(0);
    const plus = await get('/contacts?deleted_since=2020-01-01T00:00:00+00:00');
    expect([plus.status, plus.faults[0]?.[1]]).toEqual([422, 'deleted_since']);
  });

  it('of addresses tell their contact, those of persons only their address', async () => {
    const { id, main_address } = await create({ name: 'Acme', main_address: { postal_code: 'N1 1AA' } });
    const addresses = await get(`/addresses?attributes=all&contact_id=${id}`);
    expect(addresses.body.$items).toMatchObject([
      { contact: { id }, postal_code: 'N1 1AA', is_main_address: true },
    ]);
    const persons = await get(`/contact_persons?attributes=all&address_id=${main_address.id}`);
    expect(persons.body.$items).toMatchObject([{ address: { id: main_address.id }, is_main_contact: true }]);
    expect(persons.body.$items[0]).not.toHaveProperty('contact');
  });
});
