import { deletingIn, type Pair, preparing } from '../support/deleting';
import { walk } from '../support/database';
import { type ImportedCompany, importCompany } from '../support/imported';

interface Item {
  id: string;
  name: string;
  linked: boolean;
  partyId: number | null;
}

/** One company, imported once; each test has contacts of its own. */
describe('do not bring back', () => {
  let company: ImportedCompany;
  const pairs: Record<string, Pair> = {};
  const near: Record<string, string> = {};
  const { store, pass, deleteParty, ...ask } = deletingIn(() => company);

  const of = (label: string): Pair => {
    const pair = pairs[label];
    if (!pair) throw new Error(`no pair ${label}`);
    return pair;
  };
  const put = (id: string, browser = company.admin) => browser.api<Item>('PUT', `/api/ignored/${id}`);
  const undo = (id: string, browser = company.admin) => browser.api('DELETE', `/api/ignored/${id}`);
  const list = async (limit = 200) =>
    (
      await walk(async (cursor) => {
        const query = new URLSearchParams({ limit: String(limit), ...(cursor === null ? {} : { cursor }) });
        const path = `/api/ignored?${query.toString()}`;
        return (await company.admin.api<{ items: Item[]; nextCursor: string | null }>('GET', path)).body;
      })
    ).flat();
  const listed = async (id: string) => (await list()).find((item) => item.id === id);

  beforeAll(async () => {
    company = await importCompany((gateway) => {
      const { pair, party, sage } = preparing(gateway);
      for (const label of ['Kept', 'Undone', 'Early', 'Form', 'Merged']) pairs[label] = pair(`${label} Ltd`);
      for (const label of ['Left', 'Bob', 'Page']) {
        party(`The ${label} & Sons Limited`, { email: `${label}@capsule.test` });
        near[label] = sage(`${label} and Sons Ltd`);
      }
    });
  });
  afterAll(() => company.close());

  test('R18 what is not to be brought back stays away once it is deleted, until that is undone', async () => {
    const { partyId, sageId } = of('Kept');
    expect(await put(sageId)).toMatchObject({
      ...{ status: 200, body: { id: sageId, name: 'Kept Ltd', linked: true, partyId } },
    });
    expect(await listed(sageId)).toMatchObject({ linked: true, partyId });
    deleteParty(partyId);
    await pass();
    await pass();
    expect(ask.partiesNamed('Kept Ltd')).toEqual([]);
    expect(await ask.link(sageId)).toMatchObject({ live: false, ended: { why: 'capsuleDeleted' } });
    expect(await listed(sageId)).toMatchObject({ name: 'Kept Ltd', linked: false, partyId: null });
    expect((await ask.history(sageId)).map(({ why }) => why).join('\n')).toContain('not to be brought back');

    expect(await undo(sageId)).toMatchObject({ status: 204 });
    expect(await listed(sageId)).toBeUndefined();
    await pass();
    expect(company.copies(sageId)).toBe(1);
    expect(await ask.link(sageId)).toMatchObject({ live: true, keepDeleted: false });
    await pass();
    expect(company.copies(sageId)).toBe(1);
  });

  test('R18 undone before the deletion, the party is created again as ever', async () => {
    const { partyId, sageId } = of('Undone');
    await put(sageId);
    await undo(sageId);
    deleteParty(partyId);
    await pass();
    expect(await ask.link(sageId)).toMatchObject({ live: true, because: 'recreated' });
  });

  test('R18 a linked contact goes on being synced while it is alive', async () => {
    const { partyId, sageId } = of('Early');
    await put(sageId);
    await pass();
    expect(await ask.link(sageId)).toMatchObject({ live: true, partyId, keepDeleted: true });
    await undo(sageId);
  });

  test('a contact without a link is left out, and taken back by the next pass after the undo', async () => {
    const id = near.Left ?? '';
    expect((await ask.review(id))?.decided).toBeNull();
    expect(await put(id)).toMatchObject({ status: 200, body: { linked: false, partyId: null } });
    expect((await ask.review(id))?.decided).toBe('ignore');
    expect((await company.admin.get('/reviews')).text).not.toContain('Left and Sons Ltd');
    await pass();
    expect(await ask.link(id)).toBeUndefined();
    expect(await put(id)).toMatchObject({ status: 200 });

    expect(await undo(id)).toMatchObject({ status: 204 });
    expect(await undo(id)).toMatchObject({ status: 204 });
    await pass();
    expect(await ask.review(id)).toMatchObject({ decided: null, review: { why: 'near' } });
    expect(await store().contacts.toRematch(company.tenantId, 10)).toEqual([]);
  });

  test('both kinds are listed together, by pages, each once', async () => {
    const ids = [of('Early').sageId, of('Merged').sageId, near.Page ?? ''];
    for (const id of ids) await put(id);
    const all = await list(1);
    expect(all.map(({ id }) => id).sort()).toEqual([...ids].sort());
    expect(all.map(({ id }) => id)).toEqual((await list()).map(({ id }) => id));
    for (const id of ids) await undo(id);
    expect(await list()).toEqual([]);
  });

  test('the page asks by plain forms', async () => {
    const { sageId } = of('Form');
    await company.admin.post(`/ignored/${sageId}`, {});
    expect(await listed(sageId)).toMatchObject({ name: 'Form Ltd' });
    await company.admin.post(`/ignored/${sageId}/undo`, {});
    expect(await listed(sageId)).toBeUndefined();
  });

  test('R5 only administrators wish so; others may look', async () => {
    const bob = company.gateway.browser();
    await bob.connectCapsule('bob');
    const id = near.Bob ?? '';
    expect(await put(id, bob)).toMatchObject({ status: 403 });
    expect(await undo(id, bob)).toMatchObject({ status: 403 });
    expect(await bob.api('GET', '/api/ignored')).toMatchObject({ status: 200 });
    expect(await company.gateway.browser().api('GET', '/api/ignored')).toMatchObject({ status: 401 });
    expect((await ask.review(id))?.decided).toBeNull();
  });

  test('a contact of another tenant, and one that never was, do not exist', async () => {
    await store().reviews.ignore(
      'other',
      [{ sageContactId: 'theirs', name: 'X', kind: 'CUSTOMER' }],
      new Date(),
    );
    for (const id of ['theirs', 'never']) {
      expect(await put(id)).toMatchObject({ status: 404 });
      expect(await undo(id)).toMatchObject({ status: 404 });
    }
  });
});
