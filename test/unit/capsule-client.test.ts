import { createCapsuleClient } from '../../shared/capsule/client';
import { type NewParty } from '../../shared/domain/types';
import { isVendorError } from '../../shared/http/vendor-error';
import { fakeHttp } from '../support/fake-http';

const draft: NewParty = {
  ...{ type: 'organisation', name: 'Hall', title: '', firstName: '', lastName: '', email: '' },
  ...{ telephone: '', mobile: '', address: null, marker: 'https://sync.test/s/s1' },
  ...{ sageContactId: 's1', sageReference: '' },
};
const NO_FIELDS = { sageId: null, sageReference: null, tagId: null };
const firm = (id: number) => ({ id, type: 'organisation', name: `Firm ${id}` });

function answering(body: unknown, headers: Record<string, string> = {}) {
  const http = fakeHttp(() => ({ body, headers }));
  return { http, capsule: createCapsuleClient(http) };
}

describe('the parties of Capsule', () => {
  test('are listed a hundred at a time, from a time on where one is given', async () => {
    const { http, capsule } = answering({ parties: [firm(1)] });
    const page = await capsule.listParties(null, '2026-01-01T00:00:00Z');
    expect(page.parties).toMatchObject([{ id: 1, name: 'Firm 1' }]);
    expect(http.requests).toMatchObject([
      { path: '/parties', query: { perPage: 100, since: '2026-01-01T00:00:00Z' }, priority: 'bulk' },
    ]);
  });

  test('go on at the address that the page before named, as it is', async () => {
    const { http, capsule } = answering({ parties: [] });
    await capsule.listParties('https://capsule.test/api/v2/parties?page=2&perPage=100', 'ignored');
    expect(http.requests).toMatchObject([
      { path: 'https://capsule.test/api/v2/parties?page=2&perPage=100', query: undefined },
    ]);
  });

  const NEXT = 'https://c.test/api/v2/parties?page=3&embed=tags,fields';
  const PREV = 'https://c.test/api/v2/parties?page=1';
  test.each<[string, string | undefined, string | null]>([
    ['none', undefined, null],
    ['empty', '', null],
    ['next alone', `<${NEXT}>; rel="next"`, NEXT],
    ['without quotes', `<${NEXT}>;rel=next`, NEXT],
    ['next after prev', `<${PREV}>; rel="prev", <${NEXT}>; rel="next"`, NEXT],
    ['next before prev', `<${NEXT}>; rel="next",<${PREV}>; rel="prev"`, NEXT],
    ['with a parameter before', `<${NEXT}>; title="more"; rel="next"`, NEXT],
    ['prev alone', `<${PREV}>; rel="prev"`, null],
    ['no link at all', 'rel="next"', null],
  ])('name the next page by a Link header: %s', async (_what, link, expected) => {
    const { capsule } = answering({ parties: [] }, link === undefined ? {} : { link });
    expect((await capsule.listParties(null)).next).toBe(expected);
  });

  test('R18 that were deleted are told apart from those that became invisible', async () => {
    const { http, capsule } = answering({
      parties: [{ id: 1, deletedAt: '2026-01-01T00:00:00Z' }],
      restrictedParties: [{ id: 2, type: 'person', isRestricted: true }],
    });
    expect(await capsule.listDeleted('2026-01-01T00:00:00Z')).toEqual([1]);
    expect(http.requests).toMatchObject([{ query: { since: '2026-01-01T00:00:00Z' } }]);
  });

  test('R29 are created by one POST that has an end of its time and is never repeated', async () => {
    const { http, capsule } = answering({ party: firm(9) });
    expect(await capsule.createParty(draft, NO_FIELDS, 7, 123)).toMatchObject({ id: 9 });
    expect(http.requests).toMatchObject([
      { method: 'POST', path: '/parties', notAfter: 123, body: { party: { name: 'Hall', team: { id: 7 } } } },
    ]);
    expect(http.requests[0]?.repeatable).toBeUndefined();
  });

  test.each([
    [null, 7, { owner: null, team: { id: 7 } }],
    [5, null, { owner: { id: 5 }, team: null }],
  ])('are given owner %s and team %s together', async (owner, team, party) => {
    const { http, capsule } = answering({ party: firm(9) });
    await capsule.assignParty(9, owner, team);
    expect(http.requests).toMatchObject([{ method: 'PUT', path: '/parties/9', body: { party } }]);
  });

  test('R26 are listed although one of them cannot be read', async () => {
    const { capsule } = answering({ parties: [firm(1), { id: 2, type: 'robot' }, firm(3)] });
    expect((await capsule.listParties(null)).parties.map(({ id }) => id)).toEqual([1, 3]);
  });

  test('R29 whose create was answered by something else may have been made', async () => {
    const { capsule } = answering({ unforeseen: true });
    const error: unknown = await capsule.createParty(draft, NO_FIELDS, null, 1).catch((e: unknown) => e);
    expect(isVendorError(error, 'outcomeUnknown')).toBe(true);
  });
});

describe('what a Capsule account offers', () => {
  test('is its name, its user, its hooks and its tags', async () => {
    const body = {
      site: { subdomain: 'acme', name: 'Acme', url: 'https://acme.test', extra: true },
      user: { id: 5, name: 'Alice', username: 'alice', locale: 'en' },
      restHooks: [{ id: 3, event: 'party/created', targetUrl: 'https://sync.test', batched: true }],
      tags: [{ id: 1, name: 'Sage', dataTag: true, description: null }],
    };
    const { capsule } = answering(body);
    expect(await capsule.getSite()).toEqual({ subdomain: 'acme', name: 'Acme', url: 'https://acme.test' });
    expect(await capsule.getCurrentUser()).toEqual({ id: 5, name: 'Alice', username: 'alice' });
    expect(await capsule.listHooks()).toMatchObject([{ id: 3, event: 'party/created' }]);
    expect(await capsule.listTags()).toEqual([{ id: 1, name: 'Sage', dataTag: true }]);
  });

  test.each([
    ['texts', ['Mr', 'Dr']],
    ['objects with names', [{ name: 'Mr' }, { name: 'Dr' }]],
    ['objects with titles', [{ title: 'Mr' }, { title: 'Dr' }]],
  ])('are titles, told as %s', async (_what, titles) => {
    expect(await answering({ titles }).capsule.listTitles()).toEqual(['Mr', 'Dr']);
  });

  test('are country names, found by code', async () => {
    const countries = [
      { name: 'United Kingdom', alpha2Code: 'gb' },
      { name: 'Ireland', alpha2Code: 'IE' },
    ];
    const names = await answering({ countries }).capsule.listCountryNames();
    expect([names.get('GB'), names.get('IE')]).toEqual(['United Kingdom', 'Ireland']);
  });

  test('are custom fields, with the tag that groups them or without one', async () => {
    const definitions = [
      { id: 11, name: 'Sage id', type: 'text', tag: { id: 1, name: 'Sage' }, important: false },
      { id: 12, name: 'Region', type: 'list', tag: null },
    ];
    const found = await answering({ definitions }).capsule.listFieldDefinitions();
    expect(found.map(({ id, tag }) => [id, tag?.id])).toEqual([
      [11, 1],
      [12, undefined],
    ]);
  });

  test('is completed by our own tag and fields', async () => {
    const http = fakeHttp(({ path }) => ({
      body: path.endsWith('/tags')
        ? { tag: { id: 1, name: 'Sage', dataTag: true } }
        : { definition: { id: 11, name: 'Sage id', type: 'text', tag: null } },
    }));
    const capsule = createCapsuleClient(http);
    await capsule.createDataTag('Sage');
    await capsule.createFieldDefinition('Sage id', 1);
    expect(http.requests.map(({ method, body }) => [method, body])).toEqual([
      ['POST', { tag: { name: 'Sage', dataTag: true } }],
      ['POST', { definition: { name: 'Sage id', type: 'text', tag: { id: 1 } } }],
    ]);
  });

  test('R30 is asked for ahead of bulk work when a person waits', async () => {
    const http = fakeHttp(() => ({ body: { teams: [{ id: 7, name: 'Sales' }] } }));
    expect(await createCapsuleClient(http, 'interactive').listTeams()).toEqual([{ id: 7, name: 'Sales' }]);
    expect(http.requests).toMatchObject([{ path: '/teams', priority: 'interactive' }]);
  });
});
