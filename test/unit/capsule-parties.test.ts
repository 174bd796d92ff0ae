import { createCapsuleClient, type PartyEdit } from '../../shared/capsule/client';
import { VendorError } from '../../shared/http/vendor-error';
import { type VendorRequest } from '../../shared/http/vendor-http';
import { fakeHttp } from '../support/fake-http';

const firm = (id: number) => ({
  id,
  type: 'organisation',
  name: `Firm ${id}`,
  tags: [{ id: 5, name: 'Sage' }],
});
const refused = (kind: 'missing' | 'rejected' | 'forbidden', reason = 'no') =>
  new VendorError({ kind, vendor: 'capsule', status: kind === 'missing' ? 404 : 422, reason });
const idsOf = ({ path }: VendorRequest) => path.replace('/parties/', '').split(',').map(Number);

/** An account that has these parties, and answers a read of several without those that are missing. */
function account(has: (id: number) => boolean, severalFail = false) {
  const http = fakeHttp((request) => {
    const ids = idsOf(request);
    const parties = ids.filter(has).map(firm);
    if (ids.length === 1) return parties[0] ? { body: { party: parties[0] } } : refused('missing');
    return severalFail && parties.length < ids.length ? refused('missing') : { body: { parties } };
  });
  return { http, capsule: createCapsuleClient(http) };
}
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe('parties by their ids', () => {
  test.each([
    [0, []],
    [1, [1]],
    [10, [10]],
    [11, [10, 1]],
    [25, [10, 10, 5]],
  ])('%d of them are asked for in calls of %j', async (count, calls) => {
    const { http, capsule } = account(() => true);
    const reads = await capsule.getParties(numbers(count));
    expect(reads.map(({ party }) => party.id)).toEqual(numbers(count));
    expect(http.requests.map((request) => idsOf(request).length)).toEqual(calls);
    for (const { query } of http.requests) expect(query).toEqual({ embed: 'tags' });
  });

  test('come once each, in the order asked for, with their tags', async () => {
    const reads = await account(() => true).capsule.getParties([3, 1, 3]);
    expect(reads.map(({ party }) => party.id)).toEqual([3, 1]);
    expect(reads[0]).toMatchObject({ party: { name: 'Firm 3' }, tags: [{ id: 5, name: 'Sage' }] });
  });

  test.each([
    ['left out of the answer', false],
    ['the reason to refuse the others', true],
  ])('a missing one is %s: the others come', async (_what, severalFail) => {
    const { capsule } = account((id) => id !== 4 && id !== 25, severalFail);
    const reads = await capsule.getParties(numbers(25));
    expect(reads.map(({ party }) => party.id)).toEqual(numbers(25).filter((id) => id !== 4 && id !== 25));
  });

  test('R27 an answer that is no list fails: it says nothing about them', async () => {
    const capsule = createCapsuleClient(fakeHttp(() => ({ body: { unforeseen: true } })));
    await expect(capsule.getParties([1, 2])).rejects.toMatchObject({ kind: 'unavailable' });
    await expect(capsule.getParty(1)).rejects.toMatchObject({ kind: 'unavailable' });
  });

  test('R26 one that cannot be read is absent, the others come', async () => {
    const parties = [firm(1), { id: 2, type: 'robot' }];
    const capsule = createCapsuleClient(fakeHttp(() => ({ body: { parties } })));
    expect((await capsule.getParties([1, 2])).map(({ party }) => party.id)).toEqual([1]);
  });

  test('a single one is missing, or comes with its tags', async () => {
    const { capsule } = account((id) => id === 1);
    expect(await capsule.getParty(1)).toMatchObject({ party: { id: 1 }, tags: [{ id: 5, name: 'Sage' }] });
    await expect(capsule.getParty(2)).rejects.toMatchObject({ kind: 'missing' });
  });

  test('have website rows that are known by ids', async () => {
    const websites = [
      { id: 8, address: 'https://hall.test', url: '' },
      { id: 9, url: 'http://x.test' },
      { url: 'no id' },
    ];
    const capsule = createCapsuleClient(fakeHttp(() => ({ body: { party: { ...firm(1), websites } } })));
    expect(await capsule.listWebsiteRows(1)).toEqual([
      { id: 8, address: 'https://hall.test' },
      { id: 9, address: 'http://x.test' },
    ]);
  });
});

describe('an edit of a party', () => {
  test.each<[PartyEdit, object]>([
    [{ removeTagIds: [5] }, { tags: [{ id: 5, _delete: true }] }],
    [{ addTagIds: [6], removeTagIds: [5] }, { tags: [{ id: 6 }, { id: 5, _delete: true }] }],
    [{ clearFields: [11] }, { fields: [{ definition: { id: 11 }, value: null }] }],
    [{ fields: [{ id: 11, value: 'x' }] }, { fields: [{ definition: { id: 11 }, value: 'x' }] }],
    [{ removeWebsites: [8] }, { websites: [{ id: 8, _delete: true }] }],
  ])('%j names rows and nothing else', async (edit, party) => {
    const http = fakeHttp(() => ({ body: { party: firm(1) } }));
    expect(await createCapsuleClient(http).editParty(1, edit)).toMatchObject({ id: 1 });
    expect(http.requests).toEqual([{ method: 'PUT', path: '/parties/1', body: { party }, priority: 'bulk' }]);
  });

  /** A party with tag 5 and website 8, whose first PUT is refused. */
  function refusing(error: VendorError, read: object | VendorError = { ...firm(1), websites: [{ id: 8 }] }) {
    let puts = 0;
    const http = fakeHttp(({ method }) => {
      if (method === 'PUT' && ++puts === 1) return error;
      return read instanceof VendorError ? read : { body: { party: read } };
    });
    const bodies = () => http.requests.filter(({ method }) => method === 'PUT').map(({ body }) => body);
    return { capsule: createCapsuleClient(http), bodies };
  }

  test.each<[string, VendorError, PartyEdit, object]>([
    [
      'tag',
      refused('rejected', 'tag not found to delete'),
      { removeTagIds: [5, 7] },
      { tags: [{ id: 5, _delete: true }] },
    ],
    ['website', refused('missing'), { removeWebsites: [8, 9] }, { websites: [{ id: 8, _delete: true }] }],
  ])('goes on without a %s that is gone already', async (_what, error, edit, party) => {
    const { capsule, bodies } = refusing(error);
    await capsule.editParty(1, edit);
    expect(bodies().slice(1)).toEqual([{ party }]);
  });

  test('is done where all that it removes is gone', async () => {
    const { capsule, bodies } = refusing(refused('missing'));
    expect(await capsule.editParty(1, { removeWebsites: [9], removeTagIds: [7] })).toMatchObject({ id: 1 });
    expect(bodies()).toHaveLength(1);
  });

  test.each<[string, VendorError, object | VendorError | undefined, string]>([
    ['refused for another reason', refused('rejected'), undefined, 'rejected'],
    ['not allowed', refused('forbidden'), undefined, 'forbidden'],
    ['gone', refused('missing'), refused('missing'), 'missing'],
  ])('of a party that is %s says so', async (_what, error, read, kind) => {
    const { capsule, bodies } = refusing(error, read);
    await expect(capsule.editParty(1, { removeTagIds: [5] })).rejects.toMatchObject({ kind });
    expect(bodies()).toHaveLength(1);
  });
});

describe('what Capsule tells of many parties', () => {
  const next = (url: string) => ({ link: `<${url}>; rel="next"` });

  test('R15 those with a tag are asked for by its name, page by page, up to a bound', async () => {
    const http = fakeHttp(({ query }) => ({
      body: { parties: [{ id: Number(query?.page) }] },
      headers: next('https://capsule.test/api/v2/parties/filters/results?page=9'),
    }));
    expect(await createCapsuleClient(http).listTagged('Add to Sage')).toEqual([1, 2, 3, 4, 5]);
    expect(http.requests[0]).toMatchObject({
      ...{ method: 'POST', path: '/parties/filters/results', reads: true, query: { page: 1, perPage: 100 } },
      body: { filter: { conditions: [{ field: 'tag', operator: 'is', value: 'Add to Sage' }] } },
    });
  });

  test('R18 deletions come from all pages, with the clock of the first', async () => {
    const http = fakeHttp(({ path }) => ({
      body: { parties: [{ id: path.startsWith('http') ? 2 : 1 }, { id: 1 }], restrictedParties: [{ id: 3 }] },
      ...(path.startsWith('http')
        ? { date: new Date(1) }
        : { headers: next('https://capsule.test/api/v2/parties/deleted?page=2') }),
    }));
    const since = '2026-01-01T00:00:00Z';
    expect(await createCapsuleClient(http).listDeletedSince(since)).toEqual({
      ids: [1, 2],
      date: new Date(0),
    });
    expect(http.requests).toMatchObject([
      { path: '/parties/deleted', query: { since } },
      { query: undefined },
    ]);
  });

  test('hooks are subscribed to by event and address', async () => {
    const http = fakeHttp(() => ({ status: 201, body: { restHook: { id: 101, event: 'party/updated' } } }));
    const capsule = createCapsuleClient(http);
    expect(await capsule.subscribeHook('party/updated', 'https://sync.test/h/1', 'sync')).toMatchObject({
      id: 101,
    });
    const restHook = { event: 'party/updated', targetUrl: 'https://sync.test/h/1', description: 'sync' };
    expect(http.requests).toMatchObject([{ method: 'POST', path: '/resthooks', body: { restHook } }]);
  });

  test.each(['missing', 'forbidden'] as const)('a hook whose removal is answered by %s', async (kind) => {
    const removal = createCapsuleClient(fakeHttp(() => refused(kind))).deleteHook(101);
    if (kind === 'missing') await expect(removal).resolves.toBeUndefined();
    else await expect(removal).rejects.toMatchObject({ kind });
  });
});
