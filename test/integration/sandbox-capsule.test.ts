import { type Answered, until, useCapsuleSandbox } from '../support/capsule-sandbox';

const { capsule, call, create, change } = useCapsuleSandbox();

const acme = { type: 'organisation', name: 'Acme' } as const;

describe('creating a party', () => {
  test('answers 201 with its address, the token user as owner, and whole seconds', async () => {
    const { status, headers, body } = await call('POST', '/parties', { party: { ...acme, owner: null } });
    expect(status).toBe(201);
    expect(headers.get('location')).toBe(`${capsule().url}/api/v2/parties/${body.party.id}`);
    expect(body.party).toMatchObject({ name: 'Acme', owner: { id: 101 }, team: null, addresses: [] });
    expect(body.party.createdAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  });

  test.each<[string, object, object]>([
    ['no name', { type: 'organisation' }, { resource: 'party', field: 'name', message: 'name is required' }],
    ['no type', { name: 'Acme' }, { resource: 'party', field: 'type', message: 'type is required' }],
    ['a nameless person', { type: 'person', jobTitle: 'Buyer' }, { resource: 'party', field: 'firstName' }],
    [
      'too long a name',
      { type: 'organisation', name: 'x'.repeat(251) },
      { resource: 'party', field: 'name' },
    ],
    ['a strange title', { type: 'person', firstName: 'A', title: 'Lord' }, { field: 'title' }],
    ['an empty phone', { ...acme, phoneNumbers: [{ number: '' }] }, { message: 'number is required' }],
    ['a website by url', { ...acme, websites: [{ url: 'http://x' }] }, { message: 'address is required' }],
    ['no e-mail address', { ...acme, emailAddresses: [{ address: 'nobody' }] }, { resource: 'emailAddress' }],
    ['a strange type', { ...acme, addresses: [{ type: 'Barn' }] }, { resource: 'address', field: 'type' }],
    [
      'an owner outside the team',
      { ...acme, owner: { id: 101 }, team: { id: 5 } },
      { message: 'owner is not a member of the team' },
    ],
  ])('with %s is 422', async (_what, party, issue) => {
    const { status, body } = await call('POST', '/parties', { party });
    expect(status).toBe(422);
    expect(body).toMatchObject({ message: 'Validation Failed', errors: [expect.objectContaining(issue)] });
    expect(capsule().parties()).toEqual([]);
  });

  test.each([
    ['United Kingdom', 'United Kingdom'],
    ['Czechia', 'Czechia'],
    ['USA', 'United States'],
    ['', null],
    ['UK', 'unknown country'],
    ['Britain', 'unknown country'],
    ['Czech Republic', 'unknown country'],
    ['United States of America', 'unknown country'],
  ])('keeps the country %j as %j', async (country, kept) => {
    const party = { ...acme, addresses: [{ city: 'X', country }] };
    const { status, body } = await call('POST', '/parties', { party });
    expect(status === 201 ? body.party.addresses[0].country : body.errors[0].message).toBe(kept);
  });

  test('a person names the organisation, which is made when missing and found the next time', async () => {
    const person = { type: 'person', firstName: 'Ann', organisation: { name: 'New Firm' } };
    const [first, second] = [await create(person), await create(person)];
    expect(first.organisation).toMatchObject({ type: 'organisation', name: 'New Firm' });
    expect(second.organisation.id).toBe(first.organisation.id);
    const people = await call('GET', `/parties/${first.organisation.id}/people`);
    expect(people.body.parties.map(({ id }) => id)).toEqual([first.id, second.id]);
    expect((await call('GET', `/parties/${first.id}/people`)).body.parties).toEqual([]);
  });

  test.each([
    ['a body that is no JSON', '{"party":', 400],
    ['a body without its wrapper', '{"name":"Acme"}', 422],
  ])('%s is %s → %i', async (_what, body, status) => {
    expect((await call('POST', '/parties', body)).status).toBe(status);
  });

  test('a lost answer leaves the party behind', async () => {
    capsule().faults.failNext({
      match: { method: 'POST', path: /parties/ },
      times: 1,
      how: 'drop-after',
    });
    await expect(create(acme)).rejects.toThrow();
    expect(capsule().parties()).toHaveLength(1);
  });
});

describe('changing a party', () => {
  const rich = {
    ...acme,
    about: 'Old',
    phoneNumbers: [{ type: 'Work', number: '1' }],
    emailAddresses: [{ type: 'Work', address: 'a@acme.example' }],
  };

  test('leaves absent attributes, clears null, adds rows without id and changes rows with one', async () => {
    const { id, phoneNumbers } = await create(rich);
    const { body } = await change(id, {
      about: null,
      phoneNumbers: [{ id: phoneNumbers[0].id, type: 'Mobile' }, { number: '2' }],
    });
    expect(body.party).toMatchObject({ name: 'Acme', about: null, emailAddresses: rich.emailAddresses });
    expect(body.party.phoneNumbers).toMatchObject([
      { id: phoneNumbers[0].id, type: 'Mobile', number: '1' },
      { type: null, number: '2' },
    ]);
  });

  test.each<[string, (id: number) => object[], number, boolean]>([
    ['an empty array does nothing', () => [], 1, false],
    ['_delete removes the row', (id) => [{ id, _delete: true }], 0, true],
    ['_destroy is ignored without a word', (id) => [{ id, _destroy: true }], 1, true],
  ])('%s', async (_what, rows, left, moves) => {
    const { id, phoneNumbers, updatedAt } = await create(rich);
    capsule().clock.advance(5000);
    const { status, body } = await change(id, { phoneNumbers: rows(phoneNumbers[0].id) });
    expect([status, body.party.phoneNumbers.length]).toEqual([200, left]);
    expect(body.party.updatedAt !== updatedAt).toBe(moves);
  });

  test('a row that is gone is 404, and nothing else of the request is done', async () => {
    const { id } = await create(rich);
    expect((await change(id, { name: 'Other', phoneNumbers: [{ id: 1, _delete: true }] })).status).toBe(404);
    expect((await call('GET', `/parties/${id}`)).body.party.name).toBe('Acme');
  });

  test('an owner without a team clears the team, and both may be null', async () => {
    const { id } = await create({ ...acme, owner: { id: 101 }, team: { id: 4 } });
    const owned = await change(id, { owner: { id: 101 } });
    expect(owned.body.party).toMatchObject({ owner: { id: 101 }, team: null });
    const byTeam = await change(id, { owner: null, team: { id: 5 } });
    expect(byTeam.body.party).toMatchObject({ owner: null, team: { id: 5 } });
    expect((await change(id, { owner: null, team: null })).body.party).toMatchObject({
      owner: null,
      team: null,
    });
  });

  test('a tag does not move updatedAt, and detaching an absent one is 422', async () => {
    const { id, updatedAt } = await create(acme);
    capsule().clock.advance(5000);
    const { body } = await change(id, { tags: [{ name: 'Add to Sage' }] }, '?embed=tags');
    expect(body.party).toMatchObject({ updatedAt, tags: [{ name: 'Add to Sage', dataTag: false }] });
    const tag = { id: body.party.tags[0].id, _delete: true };
    expect((await change(id, { tags: [tag] }, '?embed=tags')).body.party.tags).toEqual([]);
    expect((await change(id, { tags: [tag] })).body.errors[0].message).toBe('tag not found to delete');
  });
});

describe('custom fields', () => {
  async function field(type: string): Promise<number> {
    const { body } = await call('POST', '/parties/tags', { tag: { name: `Tag of ${type}`, dataTag: true } });
    const definition = { name: `A ${type}`, type, tag: { id: body.tag.id }, options: ['red', 'blue'] };
    const answer = await call('POST', '/parties/fields/definitions', { definition });
    expect(answer).toMatchObject({ status: 201, body: { definition: { tag: { dataTag: true } } } });
    return answer.body.definition.id;
  }

  test.each<[string, unknown, unknown]>([
    ['text', 'some', 'some'],
    ['number', 3, '3'],
    ['boolean', true, true],
    ['date', '2026-01-31', '2026-01-31'],
    ['link', 'http://localhost:3000/contacts/1', 'http://localhost:3000/contacts/1'],
    ['list', 'red', 'red'],
    ['list', 'green', 'invalid type for field'],
    ['number', 'many', 'invalid type for field'],
    ['boolean', null, 'invalid type for field'],
    ['boolean', false, undefined],
    ['text', null, undefined],
  ])('a %s of %j is read back as %j', async (type, value, expected) => {
    const id = await field(type);
    const party = { ...acme, fields: [{ definition: { id }, value }] };
    const { body } = await call('POST', '/parties?embed=fields,tags', { party });
    expect(body.errors?.[0].message ?? body.party.fields[0]?.value).toEqual(expected);
    // Setting the field of a DataTag does not attach the tag.
    expect(body.party?.tags ?? []).toEqual([]);
  });

  test('only listed fields are touched, and a deleted definition takes its values along', async () => {
    const [text, number] = [await field('text'), await field('number')];
    const values = [text, number].map((id) => ({ definition: { id }, value: '1' }));
    const { id } = await create({ ...acme, fields: values });
    const { body } = await change(
      id,
      { fields: [{ definition: { id: text }, value: null }] },
      '?embed=fields',
    );
    expect(body.party.fields).toMatchObject([{ definition: { id: number }, value: '1' }]);
    await call('DELETE', `/parties/fields/definitions/${number}`);
    expect((await call('GET', `/parties/${id}?embed=fields`)).body.party.fields).toEqual([]);
  });

  test('a definition needs an administrator, a DataTag that exists and room in the plan', async () => {
    const make = (definition: object, token?: string) =>
      call('POST', '/parties/fields/definitions', { definition }, token);
    expect((await make({ name: 'X', type: 'text', tag: { name: 'Sage' } })).status).toBe(422);
    const bob = capsule().issueTokens('bob').accessToken;
    expect((await make({ name: 'X', type: 'text' }, bob)).status).toBe(403);
    capsule().account.quirks.customFieldLimit = 0;
    expect((await make({ name: 'X', type: 'text' })).status).toBe(403);
  });
});

describe('deleting a party', () => {
  test('is 204, then 404, frees its people and stands in the deleted list', async () => {
    const person = await create({ type: 'person', firstName: 'Ann', organisation: { name: 'Firm' } });
    const { id } = person.organisation;
    expect((await call('DELETE', `/parties/${id}`)).status).toBe(204);
    expect((await call('DELETE', `/parties/${id}`)).status).toBe(404);
    expect((await call('GET', `/parties/${person.id}`)).body.party.organisation).toBeNull();
    const { body } = await call('GET', '/parties/deleted?since=2020-01-01T00:00:00Z');
    expect(body).toEqual({
      parties: [{ id, deletedAt: expect.any(String) as string }],
      restrictedParties: [],
    });
    expect((await call('GET', '/parties/deleted')).body.errors[0].message).toBe('since is required');
  });

  test('of an organisation with many people is a job', async () => {
    capsule().account.quirks.jobFromPeople = 1;
    const { organisation } = await create({
      type: 'person',
      firstName: 'Ann',
      organisation: { name: 'Firm' },
    });
    const { status, headers } = await call('DELETE', `/parties/${organisation.id}`);
    const job = headers.get('location')!.replace(`${capsule().url}/api/v2`, '');
    expect([status, (await call('GET', job)).body.job.status]).toEqual([202, 'running']);
    await until(() =>
      capsule()
        .parties()
        .every(({ id }) => id !== organisation.id),
    );
    expect((await call('GET', job)).body.job).toMatchObject({ status: 'completed', progress: 100 });
  });
});

describe('reading many', () => {
  const names = (answer: Answered): string[] => answer.body.parties.map(({ name }) => name);

  beforeEach(() => {
    for (let i = 1; i <= 5; i++) {
      capsule().addParty({ type: 'organisation', name: `Firm ${i}` });
      capsule().clock.advance(10_000);
    }
  });

  test('pages run from the newest id by full Link URLs that keep the parameters', async () => {
    const first = await call('GET', '/parties?perPage=2&embed=tags');
    expect(names(first)).toEqual(['Firm 5', 'Firm 4']);
    expect(first.headers.get('x-pagination-has-more')).toBe('true');
    const next = /<([^>]+)>; rel="next"/.exec(first.headers.get('link')!)![1]!;
    expect(next).toBe(`${capsule().url}/api/v2/parties?perPage=2&embed=tags&page=2`);
    const last = await call('GET', '/parties?perPage=2&page=3');
    expect([names(last), last.headers.get('x-pagination-has-more')]).toEqual([['Firm 1'], 'false']);
    expect(last.headers.get('link')).toMatch(/page=2>; rel="prev"$/);
  });

  test('since is inclusive at whole seconds', async () => {
    const { updatedAt } = (await call('GET', '/parties')).body.parties[2]!;
    expect(names(await call('GET', `/parties?since=${updatedAt}`))).toEqual(['Firm 5', 'Firm 4', 'Firm 3']);
  });

  test.each(['/parties?perPage=101', '/parties?page=0', '/parties?since=yesterday', '/parties/search'])(
    '%s is 422',
    async (path) => {
      expect((await call('GET', path)).status).toBe(422);
    },
  );

  test('up to ten ids are read at once', async () => {
    const ids = capsule()
      .parties()
      .map(({ id }) => id);
    expect(names(await call('GET', `/parties/${ids.join(',')},7`))).toHaveLength(5);
    const tooMany = await call('GET', `/parties/${[...ids, ...ids, 7].join(',')}`);
    expect(tooMany.body.errors[0].message).toBe('too many ids');
  });

  test.each<[string, object[], string[]]>([
    ['name is', [{ field: 'name', operator: 'is', value: 'Firm 2' }], ['Firm 2']],
    [
      'name starts with',
      [{ field: 'name', operator: 'starts with', value: 'Firm' }],
      ['5', '4', '3', '2', '1'],
    ],
    ['email is', [{ field: 'email', operator: 'is', value: 'one@firm.example' }], ['Firm 1']],
    ['tag is, by name', [{ field: 'tag', operator: 'is', value: 'VIP' }], ['Firm 1']],
    ['updatedOn is before', [{ field: 'updatedOn', operator: 'is before', value: '2020-01-01' }], []],
    [
      'an AND',
      [
        { field: 'tag', operator: 'is', value: 'VIP' },
        { field: 'name', operator: 'is', value: 'Firm 2' },
      ],
      [],
    ],
  ])('the filter %s finds what it should', async (_what, conditions, expected) => {
    const [first] = capsule().parties();
    const row = { emailAddresses: [{ address: 'one@firm.example' }], tags: [{ name: 'VIP' }] };
    capsule().editParty(first!.id, row);
    const answer = await call('POST', '/parties/filters/results', { filter: { conditions } });
    expect(names(answer)).toEqual(expected.map((name) => expect.stringContaining(name) as string));
  });

  test('JSON names are no filter names', async () => {
    const conditions = [{ field: 'updatedAt', operator: 'is after', value: '2020-01-01' }];
    const { status, body } = await call('POST', '/parties/filters/results', { filter: { conditions } });
    expect([status, body.errors[0].message]).toEqual([422, 'invalid field name']);
  });

  test('search and filters see a write only after a while, the list at once', async () => {
    capsule().account.quirks.indexLagMs = 2000;
    await create({ type: 'organisation', name: 'Late Ltd' });
    expect(names(await call('GET', '/parties/search?q=late'))).toEqual([]);
    expect(names(await call('GET', '/parties'))).toContain('Late Ltd');
    capsule().clock.advance(2001);
    expect(names(await call('GET', '/parties/search?q=late'))).toEqual(['Late Ltd']);
  });
});

describe('lists of the account', () => {
  test.each([
    ['/site', '"subdomain":"thames-severn"'],
    ['/users/current', '"username":"alice"'],
    ['/teams?embed=memberships', '"memberships":[{"user":{"id":101'],
    ['/titles', '{"id":1,"name":"Mr"}'],
    ['/currencies', '"code":"GBP"'],
  ])('%s holds %s', async (path, expected) => {
    const { status, body } = await call('GET', path);
    expect([status, JSON.stringify(body)]).toEqual([200, expect.stringContaining(expected)]);
  });

  test('every country of the list can be written', async () => {
    const { countries } = (await call('GET', '/countries')).body;
    expect(countries.length).toBeGreaterThan(240);
    const addresses = countries.map(({ name }) => ({ city: 'X', country: name }));
    const party = await create({ ...acme, addresses });
    expect(party.addresses.map(({ country }) => country)).toEqual(countries.map(({ name }) => name));
  });
});
