import { useSageSandbox } from '../support/sage-sandbox';

const { sage, books, call, get, post, put, create } = useSageSandbox();

const customer = { name: 'Acme', contact_type_ids: ['CUSTOMER'] };
const key = (digit: string): string => digit.repeat(32);

describe('businesses', () => {
  it('are listed whole under an envelope of their own', async () => {
    const { body, headers } = await get('/businesses', { business: null });
    expect(body).toMatchObject({ $total: 5, $next: null, $items_per_page: 2_147_483_647 });
    expect(Object.keys(body.$items[0]!).sort()).toEqual(['$path', 'displayed_as', 'id']);
    expect(headers.get('x-business')).toBeNull();
  });

  it.each([
    ['Thames & Severn Trading Ltd', 'GB', 'ACCOUNTING', true],
    ['Cotswold Farm Shop', 'GB', 'START', true],
    ['Liffey Valley Supplies Ltd', 'IE', 'ACCOUNTING', true],
    ['Severn Payroll Bureau', 'GB', 'PAYROLL', true],
    ['Old Wharf Chandlery', 'GB', 'ACCOUNTING', false],
  ])('%s is in %s with subscription %s active %s', async (name, country, subscription, active) => {
    const id = sage()
      .businesses()
      .find((business) => business.name === name)!.id;
    const { body } = await get(`/businesses/${id}`, { business: null });
    expect(body).toMatchObject({ name, country: { id: country } });
    expect(body.subscriptions).toMatchObject([{ id: subscription, active }]);
  });

  it.each([
    ['nobody', 0],
    ['single', 1],
    ['accountant', 45],
  ])('%s reaches %i of them', async (login, count) => {
    const token = sage().issueTokens(login).accessToken;
    expect((await get('/businesses', { token, business: null })).body.$items).toHaveLength(count);
    const lead = await get('/businesses/lead', { token, business: null });
    expect(lead.status).toBe(count === 0 ? 404 : 200);
  });
});

describe('X-Business', () => {
  it('is echoed, and stands for the lead business where it is left out', async () => {
    const lead = (await get('/businesses/lead', { business: null })).body.id;
    expect((await get('/contacts')).headers.get('x-business')).toBe(books().id);
    expect((await get('/contacts', { business: null })).headers.get('x-business')).toBe(lead);
    expect(lead).not.toBe(books().id);
  });

  it.each([
    ['unknown', () => key('0'), 'The business is not available to the current user.'],
    ['lapsed', () => businessNamed('Old Wharf Chandlery'), 'No active subscription. (MSE)'],
    ['Payroll only', () => businessNamed('Severn Payroll Bureau'), 'No active subscription. (MSE)'],
  ])('of a business that is %s is 401', async (_what, business, message) => {
    const { status, faults } = await get('/contacts', { business: business() });
    expect([status, faults]).toEqual([401, [['AuthorizationFailure', '', message]]]);
  });

  const businessNamed = (name: string): string =>
    sage()
      .businesses()
      .find((business) => business.name === name)!.id;
});

describe('creating a contact', () => {
  it('answers 201 with a blank main address and a person called Main Contact', async () => {
    const { status, body, headers } = await post(customer);
    expect(status).toBe(201);
    expect(body).toMatchObject({
      displayed_as: 'Acme',
      reference: null,
      email: null,
      main_address: { displayed_as: '' },
      main_contact_person: { displayed_as: 'Main Contact' },
    });
    expect(headers.get('x_request_id')).toBeTruthy();
  });

  it('keeps decimals as texts and mirrors the e-mail of the main contact person', async () => {
    const person = { name: 'Ann', email: 'ann@acme.example' };
    const made = await create({
      name: 'Acme',
      email: 'no@acme.example',
      credit_limit: 2000,
      main_contact_person: person,
    });
    expect(made).toMatchObject({ email: 'ann@acme.example', credit_limit: '2000.0' });
  });

  it('leaves the keys of customers off suppliers', async () => {
    const supplier = await create({ name: 'Acme', contact_type_ids: ['VENDOR'] });
    for (const name of ['delivery_address', 'send_statements', 'default_sales_tax_rate']) {
      expect(supplier).not.toHaveProperty(name);
    }
    expect(supplier.links[0]!.href).toContain('/contacts/suppliers/');
  });

  it.each<[string, object, string]>([
    ['no name', { contact_type_ids: ['CUSTOMER'] }, 'name'],
    ['a blank name', { ...customer, name: ' ' }, 'name'],
    ['a name of 101 characters', { ...customer, name: 'x'.repeat(101) }, 'name'],
    ['no type', { name: 'Acme' }, 'contact_type_ids'],
    ['two types', { ...customer, contact_type_ids: ['CUSTOMER', 'VENDOR'] }, 'contact_type_ids'],
    ['a reference of 11 characters', { ...customer, reference: 'x'.repeat(11) }, 'reference'],
    [
      'a line of 51',
      { ...customer, main_address: { address_line_1: 'x'.repeat(51) } },
      'main_address.address_line_1',
    ],
    [
      'a postcode of 11',
      { ...customer, main_address: { postal_code: 'x'.repeat(11) } },
      'main_address.postal_code',
    ],
    ['a strange country', { ...customer, main_address: { country_id: 'UK' } }, 'main_address.country_id'],
    ['a bad e-mail', { ...customer, main_contact_person: { email: 'nobody' } }, 'main_contact_person.email'],
    ['a bad VAT number', { ...customer, tax_number: '12' }, 'tax_number'],
    ['a short idempotency id', { ...customer, idempotency_id: 'abc' }, 'idempotency_id'],
  ])('with %s is 422', async (_what, contact, source) => {
    const { status, faults } = await post(contact);
    expect([status, faults.map(([code, field]) => [code, field])]).toEqual([
      422,
      [['RecordInvalid', source]],
    ]);
    expect(books().contacts()).toHaveLength(2);
  });

  it.each([
    ['without its wrapper', customer, {}, 422],
    ['that is no JSON', '{"contact":', {}, 400],
    ['as a form', 'name=Acme', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
  ])('from a body %s is refused', async (_what, body, headers, status) => {
    expect((await call('POST', '/contacts', { body, headers })).status).toBe(status);
  });

  it('refuses a reference that a contact has or a deleted one had', async () => {
    const { id } = await create({ name: 'Acme', reference: 'ACM001' });
    const again = { ...customer, reference: 'acm001' };
    expect((await post(again)).status).toBe(422);
    await call('DELETE', `/contacts/${id}`);
    expect((await post(again)).faults).toEqual([
      ['RecordInvalid', 'reference', 'The reference has already been taken.'],
    ]);
  });

  it('counts how many POSTs were under way at the same time', async () => {
    await create({ name: 'One' });
    await create({ name: 'Two' });
    expect(books().mostParallelContactPosts()).toBe(1);
    sage().conditions.latencyMs = 200;
    await Promise.all([create({ name: 'Three' }), create({ name: 'Four' })]);
    expect(books().mostParallelContactPosts()).toBe(2);
  });
});

describe('idempotency', () => {
  it('repeats the first result for seven days, and not for longer', async () => {
    const contact = { ...customer, idempotency_id: key('a') };
    const first = await post(contact);
    await put(first.body.id, { name: 'Renamed' });
    const again = await post({ ...contact, name: 'Other' });
    expect([again.status, again.body]).toEqual([201, first.body]);
    sage().clock.advance(8 * 86_400_000);
    const token = sage().issueTokens('owner').accessToken;
    const late = await call('POST', '/contacts', { body: { contact }, token });
    expect(late.body.id).not.toBe(first.body.id);
  });

  it('refuses an id that was used for another type of record', async () => {
    const { id } = await create({ name: 'Acme', idempotency_id: key('b') });
    const address = { name: 'Yard', address_type_id: 'DELIVERY', is_main_address: false, contact_id: id };
    const { status, faults } = await call('POST', '/addresses', {
      body: { address: { ...address, idempotency_id: key('b') } },
    });
    expect([status, faults[0]?.[0]]).toEqual([422, 'IdempotencyResourceMismatch']);
  });

  it('finds the contact again after a lost answer', async () => {
    const contact = { ...customer, idempotency_id: key('c') };
    sage().faults.failNext({ match: { method: 'POST', path: /contacts/ }, times: 1, how: 'drop-after' });
    await expect(post(contact)).rejects.toThrow();
    const second = await post(contact);
    expect(
      books()
        .contacts()
        .filter(({ system }) => !system),
    ).toMatchObject([{ id: second.body.id }]);
  });
});

describe('changing a contact', () => {
  it('touches only what is given at the top level and moves updated_at', async () => {
    const before = await create({ name: 'Acme', reference: 'ACM001', notes: 'Old' });
    sage().clock.advance(2000);
    const { body } = await put(before.id, { notes: '' });
    expect(body).toMatchObject({ name: 'Acme', reference: 'ACM001', notes: '' });
    expect(body.updated_at > before.updated_at).toBe(true);
  });

  it('replaces a nested object: what is left out of it is emptied', async () => {
    const { id } = await create({ name: 'Acme', main_address: { city: 'Leeds', postal_code: 'LS1 1AA' } });
    await put(id, { main_address: { city: 'York' } });
    const { body } = await get(`/contacts/${id}?nested_attributes=all`);
    expect(body.main_address).toMatchObject({ city: 'York', postal_code: null });
  });

  it('through its address or person leaves updated_at of the contact alone', async () => {
    const { id, updated_at, main_contact_person: person } = await create({ name: 'Acme' });
    sage().clock.advance(2000);
    const changed = { contact_person: { email: 'new@acme.example' } };
    expect((await call('PUT', `/contact_persons/${person.id}`, { body: changed })).status).toBe(200);
    expect((await get(`/contacts/${id}`)).body).toMatchObject({ email: 'new@acme.example', updated_at });
  });

  it('that was deleted is 422, to read it 404', async () => {
    const { id } = await create({ name: 'Acme' });
    expect((await call('DELETE', `/contacts/${id}`)).status).toBe(204);
    const statuses = [
      await put(id, { name: 'X' }),
      await get(`/contacts/${id}`),
      await call('DELETE', `/contacts/${id}`),
    ];
    expect(statuses.map(({ status }) => status)).toEqual([422, 404, 404]);
    expect(statuses[1]!.faults[0]?.[0]).toBe('RecordNotFound');
  });

  it('erased under the GDPR keeps the row and tells nothing of who it was', async () => {
    const { id } = await create({ name: 'Ann Lee', main_contact_person: { email: 'ann@x.example' } });
    books().eraseContact(id);
    const { body } = await get(`/contacts/${id}`);
    expect(body).toMatchObject({ gdpr_obfuscated: true, email: null });
    expect(JSON.stringify(body)).not.toContain('Ann');
  });
});

describe('addresses and persons', () => {
  it('are added, made the main one and deleted, but never the main one', async () => {
    const contact = await create({ name: 'Acme' });
    const address = {
      name: 'Yard',
      address_type_id: 'DELIVERY',
      is_main_address: true,
      contact_id: contact.id,
    };
    const made = await call('POST', '/addresses', { body: { address } });
    expect(made.status).toBe(201);
    expect((await get(`/contacts/${contact.id}`)).body.main_address.id).toBe(made.body.id);
    expect((await call('DELETE', `/addresses/${made.body.id}`)).status).toBe(422);
    expect((await call('DELETE', `/addresses/${contact.main_address.id}`)).status).toBe(204);
    expect((await get('/addresses?deleted_since=2020-01-01')).body.$total).toBe(1);
  });

  it('need what the specification says', async () => {
    const { faults } = await call('POST', '/contact_persons', { body: { contact_person: { name: 'Ann' } } });
    expect(faults.map(([, source]) => source).sort()).toEqual(['address_id', 'contact_person_type_ids']);
  });
});

describe('being refused', () => {
  it.each([
    ['a clerk', 'clerk', 'full_access'],
    ['a token that may only read', 'owner', 'readonly'],
  ] as const)('%s may read and not write', async (_who, login, scope) => {
    const token = sage().issueTokens(login, scope).accessToken;
    expect((await get('/contacts', { token })).status).toBe(200);
    const { status, faults } = await call('POST', '/contacts', { token, body: { contact: customer } });
    expect([status, faults[0]?.[0]]).toEqual([403, 'MultiUserAccessDenied']);
  });

  it('beyond the limit is 429, with Retry-After every second time only, until the minute is over', async () => {
    sage().conditions.limit = 2;
    const answers = [];
    for (let n = 0; n < 4; n++) answers.push(await get('/contacts'));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429, 429]);
    expect(answers.slice(2).map(({ headers }) => headers.has('retry-after'))).toEqual([true, false]);
    sage().clock.advance(61_000);
    expect((await get('/contacts')).status).toBe(200);
  });

  it.each([
    ['GET', '/nothing', 404],
    ['DELETE', '/contacts', 405],
    ['GET', `/contacts/${key('0')}`, 404],
  ])('%s %s is %i', async (method, path, status) => {
    const answer = await call(method, path);
    expect([answer.status, answer.faults.length]).toEqual([status, 1]);
  });
});
