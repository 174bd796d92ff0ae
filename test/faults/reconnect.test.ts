import { grantId, userGrantId } from '../../shared/ids';
import { POST_CONTACTS } from '../support/adding';
import { addPair, editsOf, type Pair } from '../support/edits';
import { importCompany, type ImportedCompany } from '../support/imported';
import { lifecycleOf } from '../support/lifecycle';
import { until } from '../support/until';

let company: ImportedCompany;
const life = lifecycleOf(() => company);
const edits = editsOf(() => company);
const partyPosts = () =>
  life
    .sandbox()
    .capsule.requests.recent(20_000)
    .filter(({ method, path }) => method === 'POST' && path.endsWith('/parties')).length;

afterEach(() => company.close());

describe('R24 the same business again', () => {
  const pairs: Record<string, Pair> = {};
  let created = '';

  beforeEach(async () => {
    company = await importCompany((gateway) => {
      for (const name of ['Alder', 'Birch', 'Cedar']) pairs[name] = addPair(gateway, `${name} Ltd`);
      created = gateway.sandbox.sage.business().addContact({ name: 'Dogwood Ltd' }).id;
    });
  });

  const pair = (name: string) => pairs[name] ?? { partyId: 0, sageId: '' };
  const reconnect = async () => {
    await company.admin.connectSage('single');
    await company.worker.reaches('active');
  };

  test('R24 links are taken up again: nobody is created, also when it follows at once', async () => {
    const before = partyPosts();
    const [old] = life.hookAddresses();
    await life.disconnect();
    await reconnect();
    expect(await life.status()).toMatchObject({ phase: 'active', problems: [] });
    expect(partyPosts()).toBe(before);
    expect((await life.tenant()).connection).toMatchObject({ number: 2 });
    expect(life.hookAddresses()).toHaveLength(3);
    expect(life.hookAddresses()).not.toContain(old);
    expect(await company.figures()).toMatchObject({ linked: 3, created: 1 });
    await company.worker.record('tenant-second-connection');
  });

  test('R24 what happened meanwhile is made up for, on either side', async () => {
    await life.disconnect();
    edits.setEmail(pair('Alder').partyId, 'new@alder.test');
    const [gone] = await life.store().links.bySageContacts(company.tenantId, [created]);
    life.sandbox().capsule.deleteParty(gone?.partyId ?? 0);
    life.sandbox().sage.business().deleteContact(pair('Birch').sageId);
    const added = life.sandbox().sage.business().addContact({ name: 'Elder Ltd' }).id;
    const before = partyPosts();
    await reconnect();

    await until(() => edits.sage(pair('Alder').sageId).person?.email === 'new@alder.test');
    // R19: the link has ended, the Capsule contact stays.
    await until(async () => (await edits.link(pair('Birch').sageId)) === undefined);
    expect(life.partyName(pair('Birch').partyId)).toBe('Birch Ltd');
    // R18: made again and linked anew.
    await until(async () => {
      const partyId = (await edits.link(created))?.partyId;
      return partyId !== undefined && partyId !== gone?.partyId;
    });
    expect([company.copies(created), company.copies(added)]).toEqual([1, 1]);
    expect(partyPosts()).toBe(before + 2);
  });

  test('R24 R29 what was on its way into Sage when somebody disconnected is one contact, and linked', async () => {
    const { sage, capsule } = life.sandbox();
    const partyId = capsule.addParty({ type: 'organisation', name: 'Elder Ltd' }).id;
    const elders = () =>
      sage
        .business()
        .contacts()
        .filter(({ name }) => name === 'Elder Ltd');
    sage.faults.set([{ match: POST_CONTACTS, how: 'drop-after' }]);
    const click = company.admin.api('POST', `/api/contacts/${partyId}/sage`);
    await until(() => elders().length === 1);
    await life.disconnect();
    sage.faults.clear();
    await click;
    await reconnect();
    expect(await life.store().links.byParties(company.tenantId, [partyId])).toMatchObject([
      { sageContactId: elders()[0]?.id, origin: 'added' },
    ]);
    expect(elders()).toHaveLength(1);
    expect(capsule.parties().filter(({ name }) => name === 'Elder Ltd')).toHaveLength(1);
  });

  test('R24 connecting while fields are still being cleared ends the clearing', async () => {
    life.sandbox().capsule.conditions.latencyMs = 400;
    expect((await life.disconnect({ clearFields: true })).body.clearing).not.toBeNull();
    await company.admin.connectSage('single');
    life.sandbox().capsule.conditions.latencyMs = 0;
    await company.worker.reaches('active');
    expect((await life.tenant()).leaving).toBeNull();
    expect((await life.status()).grants.map(({ state }) => state)).toEqual(['active', 'active']);
  });

  test('R23 R24 a disconnect that a crash broke off is ended when somebody looks', async () => {
    await life.terminate();
    await life.store().tenants.beginLeaving(company.tenantId, {
      ...{ clearFields: false, erase: false, by: 101, at: new Date() },
    });
    company.gateway.advance(60_000);
    await until(async () => {
      await life.status();
      return (await life.tenant()).leaving === null;
    });
    expect(await life.store().grants.idsOf(company.tenantId)).toEqual([userGrantId(company.tenantId, 101)]);
  });
});

describe('R24 a different business', () => {
  test('R24 nothing of the old business leaks into the new one', async () => {
    let pair = { partyId: 0, sageId: '' };
    let waiting = '';
    company = await importCompany((gateway) => {
      pair = addPair(gateway, 'Alder Ltd');
      gateway.sandbox.capsule.addParty({ type: 'organisation', name: 'Birch & Sons Limited' });
      waiting = gateway.sandbox.sage.business().addContact({ name: 'Birch and Sons Ltd' }).id;
    });
    const { tenantId } = company;
    expect(await life.store().reviews.countOpen(tenantId)).toBe(1);
    await life.disconnect();
    const shop = life
      .sandbox()
      .sage.businesses()
      .find(({ name }) => name === 'Cotswold Farm Shop');
    const business = life.sandbox().sage.business(shop?.id);
    const fresh = business.addContact({ name: 'Alder Ltd' }).id;
    await company.admin.connectSage('owner');
    const wish = { businessId: business.id };
    expect(await company.admin.api('POST', '/api/connection', wish)).toMatchObject({
      ...{ status: 409, body: { code: 'confirm-different-business' } },
    });
    expect(
      await company.admin.api('POST', '/api/connection', { ...wish, confirmDifferentBusiness: true }),
    ).toMatchObject({ status: 202 });
    await company.worker.reaches('active');

    const { links, reviews, failures, contacts } = life.store();
    const [old] = await links.withEnded(tenantId, [pair.sageId]);
    expect(old).toMatchObject({ live: false, ended: { why: 'otherBusiness' } });
    expect(await links.bySageContacts(tenantId, [fresh])).toMatchObject([{ partyId: pair.partyId }]);
    expect(await reviews.countOpen(tenantId)).toBe(0);
    expect(await failures.count(tenantId)).toBe(0);
    expect(await contacts.sageByIds(tenantId, [pair.sageId, waiting])).toEqual([]);
    expect((await life.tenant()).startAfresh).toBeUndefined();

    edits.setEmail(pair.partyId, 'new@alder.test');
    await edits.rest();
    const person = business.books.persons.get(business.contact(fresh)?.main_contact_person_id ?? '');
    expect(person?.email).toBe('new@alder.test');
    expect(edits.sage(pair.sageId).person?.email).toBe('info@firm.test');
  });
});

describe('R5 whose permission carries the sync', () => {
  const syncUser = async () =>
    (await life.store().grants.describe(grantId(company.tenantId, 'capsule')))?.userName;

  beforeEach(async () => {
    company = await importCompany(() => undefined);
  });

  test('R5 another administrator takes it over only by Reconnect', async () => {
    const bob = company.gateway.browser();
    const user = life.sandbox().capsule.account.users.find(({ username }) => username === 'bob');
    Object.assign(user ?? {}, { administrator: true });
    await bob.connectCapsule('bob');
    expect(await syncUser()).toBe('Alice Marlow');
    const page = await bob.decide(await bob.get('/connect/capsule?reconnect=1'), 'bob');
    expect(page.status).toBe(200);
    expect(await syncUser()).toBe(user?.name);
  });

  test('R5 nobody else can reconnect', async () => {
    const bob = company.gateway.browser();
    await bob.connectCapsule('bob');
    expect((await bob.get('/connect/capsule?reconnect=1')).status).toBe(403);
    const stranger = company.gateway.browser();
    expect((await stranger.get('/connect/capsule?reconnect=1')).status).toBe(401);
    // Who consents in the end decides, not who began.
    const page = await company.admin.decide(await company.admin.get('/connect/capsule?reconnect=1'), 'bob');
    expect(page.status).toBe(403);
    expect(await syncUser()).toBe('Alice Marlow');
  });
});
