import { addPair, editsOf, type Pair } from '../support/edits';
import { importCompany, type ImportedCompany } from '../support/imported';
import { lifecycleOf } from '../support/lifecycle';
import { until } from '../support/until';

describe('R32 an administrator leaves for good', () => {
  let company: ImportedCompany;
  let pair: Pair;
  const life = lifecycleOf(() => company);
  const edits = editsOf(() => company);

  /** Every document of the database that names the tenant anywhere, by collection. */
  async function leftovers(tenantId: string): Promise<string[]> {
    const found: string[] = [];
    for (const collection of await company.gateway.db.collections()) {
      for (const document of await collection.find().toArray()) {
        if (JSON.stringify(document).includes(tenantId)) found.push(collection.collectionName);
      }
    }
    return found;
  }

  const erase = (confirm: string, browser = company.admin) =>
    browser.api('DELETE', '/api/tenant', { confirm });

  beforeEach(async () => {
    company = await importCompany((gateway) => {
      pair = addPair(gateway, 'Alder Ltd');
      gateway.sandbox.sage.business().addContact({ name: 'Birch Ltd' });
      gateway.sandbox.capsule.addParty({ type: 'organisation', name: 'Cedar & Co Limited' });
      gateway.sandbox.sage.business().addContact({ name: 'Cedar and Co Ltd' });
    });
    edits.setEmail(pair.partyId, 'new@alder.test');
    await edits.rest();
  });
  afterEach(() => company.close());

  test('R32 no document, hook, schedule or token is left; the records of the vendors stay', async () => {
    const { tenantId } = company;
    const { siteName } = await life.tenant();
    expect(new Set(await leftovers(tenantId)).size).toBeGreaterThan(8);
    const living = life.sandbox().sage.livingGrants();
    const parties = life.sandbox().capsule.parties().length;
    expect(await erase(siteName)).toMatchObject({ status: 200, body: { erased: true } });
    expect(await leftovers(tenantId)).toEqual([]);
    expect(await life.schedule()).toBeNull();
    expect(life.hookAddresses()).toEqual([]);
    expect(life.sandbox().sage.livingGrants()).toBe(living - 1);
    expect(life.sandbox().capsule.parties()).toHaveLength(parties);
    await until(async () => (await life.workflow()) === 'COMPLETED');
    expect(await leftovers(tenantId)).toEqual([]);
  });

  test('R32 other sessions find nothing, and bring nothing back', async () => {
    const other = company.gateway.browser();
    await other.connectCapsule('alice');
    await erase((await life.tenant()).siteName);
    expect(await company.admin.api('GET', '/api/status')).toMatchObject({ status: 401 });
    expect(await other.api('GET', '/api/status')).toMatchObject({ status: 401 });
    expect((await other.get('/connect/sage')).status).toBe(401);
    expect(await other.api('DELETE', '/api/connection')).toMatchObject({ status: 200 });
    expect(await leftovers(company.tenantId)).toEqual([]);
    // Signing in again begins anew.
    await other.connectCapsule('alice');
    expect((await other.api<{ phase: string }>('GET', '/api/status')).body.phase).toBe('disconnected');
  });

  test('R32 needs the name of the account, and an administrator', async () => {
    expect(await erase('something else')).toMatchObject({ status: 422 });
    expect(await company.admin.api('DELETE', '/api/tenant')).toMatchObject({ status: 422 });
    const bob = company.gateway.browser();
    await bob.connectCapsule('bob');
    expect(await erase((await life.tenant()).siteName, bob)).toMatchObject({ status: 403 });
    expect(await life.status()).toMatchObject({ phase: 'active' });
  });

  test('R32 works while disconnected, and also when it is asked for twice at once', async () => {
    const { siteName } = await life.tenant();
    await life.disconnect();
    const answers = await Promise.all([erase(siteName), erase(siteName)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(await leftovers(company.tenantId)).toEqual([]);
  });

  test('R32 leaves other tenants alone', async () => {
    const { store } = company.gateway.services;
    const near = `${company.tenantId}0`;
    await store.tenants.ensure(near, { subdomain: 'near', siteName: 'Near' }, new Date());
    await store.changes.note(near, [1], new Date());
    await erase((await life.tenant()).siteName);
    expect(await store.tenants.find(near)).toMatchObject({ siteName: 'Near' });
    expect(await store.changes.count(near)).toBe(1);
  });

  test('R32 the export holds everything but tokens', async () => {
    const { status, body, headers } = await company.admin.api<Record<string, { _id: string }[]>>(
      'GET',
      '/api/export',
    );
    expect(status).toBe(200);
    expect(headers.get('content-disposition')).toContain('.json');
    const counts = Object.fromEntries(Object.entries(body).map(([name, list]) => [name, list.length]));
    expect(counts).toMatchObject({ tenants: 1, links: 2, reviews: 1, contacts: 8 });
    expect(counts.journal).toBeGreaterThan(0);
    expect(counts.runs).toBeGreaterThan(0);
    const grants = await company.gateway.db.collection('grants').find().toArray();
    const text = JSON.stringify(body);
    for (const { accessToken, refreshToken } of grants as { accessToken?: string; refreshToken?: string }[]) {
      expect(text).not.toContain(accessToken);
      expect(text).not.toContain(refreshToken);
    }
    expect(Object.keys(body)).not.toEqual(expect.arrayContaining(['grants']));
    expect(await company.gateway.browser().api('GET', '/api/export')).toMatchObject({ status: 401 });
  });
});
