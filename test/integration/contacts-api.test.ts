import { randomUUID } from 'node:crypto';
import { type Contact, type ContactDetails } from '../../services/gateway/api/contacts-schemas';
import { type ImportedCompany, importCompany } from '../support/imported';

interface List {
  items: Contact[];
  nextCursor: string | null;
}

const POST_PARTIES = { method: 'POST', path: /\/api\/v2\/parties$/ };

/** One company with a contact in each state, imported once; nothing is changed by these tests. */
describe('contacts by the API', () => {
  let company: ImportedCompany;
  const sageIds: Record<string, string> = {};
  const partyIds: Record<string, number> = {};

  const get = <T>(path: string) => company.admin.api<T>('GET', path);
  const list = async (query: string) => (await get<List>(`/api/contacts?${query}`)).body.items;
  const names = async (query: string) => (await list(query)).map(({ name }) => name);

  beforeAll(async () => {
    company = await importCompany(({ sandbox }) => {
      const { capsule } = sandbox;
      const sage = sandbox.sage.business();
      const party = (label: string, name: string, email?: string) => {
        const emailAddresses = email ? [{ type: 'Work', address: email }] : [];
        partyIds[label] = capsule.addParty({ type: 'organisation', name, emailAddresses }).id;
      };
      const contact = (label: string, name: string, email?: string) => {
        sageIds[label] = sage.addContact({ name, ...(email ? { main_contact_person: { email } } : {}) }).id;
      };
      party('inSync', 'Alder Bakery Ltd');
      contact('inSync', 'Alder Bakery Ltd');
      party('differs', 'Birch Motors Ltd', 'capsule@birch.test');
      contact('differs', 'Birch Motors Ltd', 'sage@birch.test');
      party('near', 'The Cedar & Sons Limited');
      contact('review', 'Cedar and Sons Ltd');
      contact('failing', 'Elder Refused Ltd');
      party('only', 'Zelkova Only Ltd');
      capsule.faults.failNext({
        ...{ match: POST_PARTIES, times: 1, how: 'status', status: 422 },
        body: {
          message: 'Validation Failed',
          errors: [{ message: 'name is odd', resource: 'party', field: 'name' }],
        },
      });
    });
  });
  afterAll(() => company.close());

  test.each([
    ['inSync', 'Alder Bakery Ltd', 'Both records agree.'],
    ['differs', 'Birch Motors Ltd', 'The e-mail address differs in Sage.'],
    ['review', 'Cedar and Sons Ltd', 'A contact in Capsule has nearly this name.'],
  ])('a contact that is %s says so, and why', async (state, name, reason) => {
    const [contact] = await list(`state=${state}`);
    expect(contact).toMatchObject({ state, name, reason, sageContactId: sageIds[state], kind: 'CUSTOMER' });
  });

  test('R26 what was set aside names the reason that the vendor gave', async () => {
    const items = await list('state=failing');
    expect(items).toMatchObject([{ name: 'Elder Refused Ltd', partyId: null, origin: null }]);
    expect(items[0]?.reason).toContain('name is odd');
  });

  test('R10 Sage’s own contacts are left out, with the reason', async () => {
    const items = await list('state=excluded');
    expect(items.length).toBeGreaterThan(0);
    expect(new Set(items.map(({ reason }) => reason))).toEqual(
      new Set(['It is one of Sage’s own contacts, which are never synced.']),
    );
  });

  test('all states together are everybody in Sage, each once, in the order of names', async () => {
    const everybody = await list('limit=200');
    const { total } = await company.figures();
    expect(everybody).toHaveLength(total);
    expect(new Set(everybody.map(({ id }) => id)).size).toBe(total);
    const order = everybody.map(({ name }) => name.toLowerCase());
    expect(order).toEqual([...order].sort());
    const states = ['inSync', 'differs', 'review', 'failing', 'excluded'];
    const each = await Promise.all(states.map((state) => list(`state=${state}&limit=200`)));
    expect(
      each
        .flat()
        .map(({ id }) => id)
        .sort(),
    ).toEqual(everybody.map(({ id }) => id).sort());
  });

  test('pages follow by cursor, whatever their length', async () => {
    const walked: string[] = [];
    let cursor: string | null = '';
    for (let pages = 0; cursor !== null && pages < 100; pages += 1) {
      const query: string = cursor ? `&cursor=${encodeURIComponent(cursor)}` : '';
      const { body } = await get<List>(`/api/contacts?limit=1${query}`);
      walked.push(...body.items.map(({ id }) => id));
      cursor = body.nextCursor;
    }
    expect(walked).toEqual((await list('limit=200')).map(({ id }) => id));
  });

  test.each([
    ['bak', ['Alder Bakery Ltd']],
    ['BIRCH', ['Birch Motors Ltd']],
    ['sage@birch.test', ['Birch Motors Ltd']],
    ['motors b', []],
    ['nobody', []],
  ])('the search for %j finds %j', async (q, found) => {
    expect(await names(`q=${encodeURIComponent(q)}`)).toEqual(found);
  });

  test('a search and a state are asked together', async () => {
    expect(await names('q=birch&state=differs')).toEqual(['Birch Motors Ltd']);
    expect(await names('q=birch&state=inSync')).toEqual([]);
  });

  test('R13 a contact shows both values of what differs, and how it was linked', async () => {
    const { status, body } = await get<ContactDetails>(`/api/contacts/${partyIds.differs}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      ...{ partyId: partyIds.differs, sageContactId: sageIds.differs, origin: 'linked', state: 'differs' },
      history: { items: [{ action: 'linked', run: 'import-1', why: 'Linked: both have the same name.' }] },
    });
    expect(body.fields.find(({ field }) => field === 'email')).toEqual({
      ...{ field: 'email', label: 'e-mail address', differs: true },
      ...{ capsule: 'capsule@birch.test', sage: 'sage@birch.test' },
    });
    expect(body.links.capsule).toContain(`/party/${partyIds.differs}`);
    expect(body.links.sage).toContain('http');
  });

  test('a Sage contact is the same by its own address, linked or not', async () => {
    const byParty = await get<ContactDetails>(`/api/contacts/${partyIds.inSync}`);
    const bySage = await get<ContactDetails>(`/api/sage-contacts/${sageIds.inSync}`);
    expect(bySage.body).toEqual(byParty.body);
    const waiting = await get<ContactDetails>(`/api/sage-contacts/${sageIds.review}`);
    expect(waiting.body).toMatchObject({ state: 'review', partyId: null, history: { items: [] } });
  });

  test('a party that Sage does not have is told as that', async () => {
    const { body } = await get<ContactDetails>(`/api/contacts/${partyIds.only}`);
    expect(body).toMatchObject({
      ...{ id: `capsule-${partyIds.only}`, sageContactId: null, kind: null, origin: null },
      ...{ state: 'excluded', reason: 'It is in Capsule only.', fields: [] },
    });
  });

  test('the address on a Capsule record leads to the contact, whether it is linked or not', async () => {
    const { gateway, admin } = company;
    expect((await admin.get(`/s/${sageIds.inSync}`)).url).toBe(`${gateway.url}/contacts/${partyIds.inSync}`);
    expect((await admin.get(`/s/${sageIds.review}`)).url).toBe(
      `${gateway.url}/sage-contacts/${sageIds.review}`,
    );
  });

  test('what belongs to another tenant, or never was, does not exist', async () => {
    await company.gateway.services.store.reviews.open('other', [
      {
        ...{ sageContactId: 'theirs', name: 'X', kind: 'CUSTOMER' },
        ...{ why: 'near', candidates: [], openedAt: new Date() },
      },
    ]);
    for (const path of ['contacts/999999999', 'sage-contacts/theirs', `sage-contacts/${randomUUID()}`])
      expect(await get(`/api/${path}`)).toMatchObject({ status: 404 });
    for (const path of ['/contacts/999999999', '/sage-contacts/theirs', '/s/theirs'])
      expect((await company.admin.get(path)).status).toBe(404);
  });

  test.each(['contacts?state=odd', 'contacts?limit=0', 'contacts?cursor=odd', 'contacts/abc', 'contacts/-1'])(
    'GET /api/%s is refused',
    async (path) => {
      expect(await get(`/api/${path}`)).toMatchObject({ status: 422 });
    },
  );

  test('nobody sees anything without signing in', async () => {
    const stranger = company.gateway.browser();
    for (const path of ['contacts', `contacts/${partyIds.inSync}`, `sage-contacts/${sageIds.inSync}`, 'runs'])
      expect(await stranger.api('GET', `/api/${path}`)).toMatchObject({ status: 401 });
    expect((await stranger.get(`/s/${sageIds.inSync}`)).status).toBe(401);
  });
});
