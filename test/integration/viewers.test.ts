import { type Contact } from '../../services/gateway/api/contacts-schemas';
import { type ImportedCompany, importCompany } from '../support/imported';
import { type TestBrowser } from '../support/test-browser';

interface List {
  items: Contact[];
}

/** Of the sandbox's teams, Bob is in Sales and not in Accounts; he is no administrator. */
const SALES = 3;
const ACCOUNTS = 4;

/** One company, imported once: some of its parties are none of Bob's business. */
describe('R31 who may see what', () => {
  let company: ImportedCompany;
  let bob: TestBrowser;
  const partyIds: Record<string, number> = {};
  const sageIds: Record<string, string> = {};

  const names = async (browser: TestBrowser, query = '') =>
    (await browser.api<List>('GET', `/api/contacts?limit=200${query}`)).body.items.map(({ name }) => name);

  beforeAll(async () => {
    company = await importCompany(({ sandbox }) => {
      const pair = (label: string, team: number | null, email?: string) => {
        const name = `${label} Firm Ltd`;
        const emailAddresses = email ? [{ type: 'Work', address: email }] : [];
        const party = { type: 'organisation' as const, name, emailAddresses };
        const owned = team === null ? {} : { owner: { id: 101 }, team: { id: team } };
        partyIds[label] = sandbox.capsule.addParty({ ...party, ...owned }).id;
        sageIds[label] = sandbox.sage.business().addContact({ name }).id;
      };
      pair('Open', null);
      pair('Sales', SALES);
      pair('Secret', ACCOUNTS, 'secret@firm.test');
      pair('Later', ACCOUNTS);
      sandbox.sage.business().addContact({ name: 'Near and Sons Ltd' });
      sandbox.capsule.addParty({
        ...{ type: 'organisation' as const, name: 'The Near & Sons Limited' },
        ...{ owner: { id: 101 }, team: { id: ACCOUNTS } },
        emailAddresses: [{ type: 'Work', address: 'hidden@near.test' }],
      });
    });
    bob = company.gateway.browser();
    await bob.connectCapsule('bob');
  });
  afterAll(() => company.close());

  test('a list leaves out what Capsule does not show, and what has no party', async () => {
    expect(await names(company.admin)).toEqual(
      expect.arrayContaining(['Open Firm Ltd', 'Secret Firm Ltd', 'Near and Sons Ltd']),
    );
    expect(await names(bob)).toEqual(['Open Firm Ltd', 'Sales Firm Ltd']);
    expect(await names(bob, '&q=secret')).toEqual([]);
    expect(await names(bob, '&state=differs')).toEqual([]);
    for (const state of ['review', 'excluded', 'failing'])
      expect(await names(bob, `&state=${state}`)).toEqual([]);
  });

  test('a contact that Capsule does not show does not exist, by whichever address', async () => {
    const { Secret: partyId } = partyIds;
    for (const path of [`/api/contacts/${partyId}`, `/api/sage-contacts/${sageIds.Secret}`])
      expect(await bob.api('GET', path)).toMatchObject({ status: 404 });
    for (const path of [`/contacts/${partyId}`, `/sage-contacts/${sageIds.Secret}`, `/s/${sageIds.Secret}`])
      expect((await bob.get(path)).status).toBe(404);
    expect((await company.admin.get(`/contacts/${partyId}`)).status).toBe(200);
  });

  test('nobody pushes or adds what they may not see', async () => {
    const path = `/api/contacts/${partyIds.Secret}`;
    expect(await bob.api('POST', `${path}/push`)).toMatchObject({ status: 404 });
    expect(await bob.api('POST', `${path}/sage`, {})).toMatchObject({ status: 404 });
    expect((await bob.post(`/contacts/${partyIds.Secret}/push`, {})).status).toBe(404);
  });

  test('what one may see shows both records and the history', async () => {
    const { status, text } = await bob.get(`/contacts/${partyIds.Sales}`);
    expect(status).toBe(200);
    for (const part of ['Sales Firm Ltd', 'Linked: both have the same name.', 'In step'])
      expect(text).toContain(part);
    expect(text).not.toContain('Unlink these two');
  });

  test('the contacts of a run, and candidates of a review, are those that one may see', async () => {
    const run = (browser: TestBrowser) =>
      browser.api<{ contacts: { items: { name: string }[] } }>('GET', '/api/runs/import-1');
    expect((await run(bob)).body.contacts.items.map(({ name }) => name)).toEqual([
      'Open Firm Ltd',
      'Sales Firm Ltd',
    ]);
    expect((await run(company.admin)).body.contacts.items.length).toBeGreaterThan(2);
    for (const path of ['/', '/reviews', '/api/reviews'])
      expect((await bob.get(path)).text).not.toMatch(/hidden@near.test|Near and Sons/);
    expect((await company.admin.get('/reviews')).text).toContain('hidden@near.test');
  });

  test('a deep link leads back to its contact after signing in', async () => {
    const newcomer = company.gateway.browser();
    const asked = await newcomer.get(`/s/${sageIds.Sales}`);
    expect(asked.status).toBe(401);
    const href = /href="(\/connect\/capsule\?to=[^"]+)"/.exec(asked.text)?.[1] ?? '';
    const { url } = await newcomer.decide(await newcomer.get(href), 'bob');
    expect(url).toBe(`${company.gateway.url}/contacts/${partyIds.Sales}`);
  });

  test('what was set aside of a contact that one may not see is not told', async () => {
    const set = { work: 'push' as const, name: 'Secret Firm Ltd', reason: 'It is odd.' };
    await company.gateway.services.store.failures.setAside(company.tenantId, [
      { ...set, side: 'sage', recordId: sageIds.Secret ?? '', failedAt: new Date(), retryAt: null },
      {
        ...{ ...set, name: 'Sage Only Ltd', work: 'create' as const, side: 'capsule' },
        ...{ recordId: 'sage-only', failedAt: new Date(), retryAt: null },
      },
    ]);
    for (const path of ['/', '/failures', '/api/failures', '/contacts?state=failing']) {
      expect((await bob.get(path)).text).not.toMatch(/Secret Firm Ltd|Sage Only Ltd/);
      expect((await company.admin.get(path)).text).toContain('Secret Firm Ltd');
    }
  });

  test('Capsule is asked with the viewer’s own grant, ten at a time, and not again within minutes', async () => {
    const other = company.gateway.browser();
    await other.connectCapsule('bob');
    const { capsule } = company.gateway.sandbox;
    capsule.requests.clear();
    await names(other);
    const asked = () =>
      capsule.requests.recent(1_000).filter(({ path }) => /\/parties\/[\d,]+$/.test(path)).length;
    expect(asked()).toBe(1);
    await names(other);
    expect(asked()).toBe(1);
  });

  test('a right that was given counts when the old answer has aged', async () => {
    expect(await bob.api('GET', `/api/contacts/${partyIds.Later}`)).toMatchObject({ status: 404 });
    const own = (party: { owner: { id: number } | null; team: { id: number } | null }) => {
      company.gateway.sandbox.capsule.editParty(partyIds.Later ?? 0, party);
      company.gateway.advance(4 * 60_000);
    };
    own({ owner: null, team: null });
    expect(await bob.api('GET', `/api/contacts/${partyIds.Later}`)).toMatchObject({ status: 200 });
    own({ owner: { id: 101 }, team: { id: ACCOUNTS } });
    expect(await bob.api('GET', `/api/contacts/${partyIds.Later}`)).toMatchObject({ status: 404 });
  });

  test('whose sign-in with Capsule has ended is told to sign in again', async () => {
    const { services, db } = company.gateway;
    const gone = company.gateway.browser();
    await gone.connectCapsule('bob');
    await db.collection('grants').deleteMany({ userId: '102' });
    for (const path of ['/api/contacts', `/api/contacts/${partyIds.Open}`]) {
      const { status, body } = await gone.api<{ title: string }>('GET', path);
      expect({ status, title: body.title }).toEqual({ status: 401, title: 'Please sign in again' });
    }
    expect(await services.store.links.any(company.tenantId)).toBe(true);
    await bob.connectCapsule('bob');
  });
});
