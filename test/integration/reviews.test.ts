import { type ImportedCompany, importCompany } from '../support/imported';
import { until } from '../support/until';

interface Decided {
  outcome?: string;
  partyId?: number | null;
  title?: string;
  detail?: string;
  code?: string;
}

const POST_PARTIES = { method: 'POST', path: /\/api\/v2\/parties$/ };

/** One company, imported once; each test decides on a review of its own. */
describe('deciding a review', () => {
  let company: ImportedCompany;
  const ids: Record<string, string> = {};
  const partyIds: Record<string, number> = {};

  const idOf = (label: string) => String(ids[label]);
  const decide = (label: string, body: object, browser = company.admin) =>
    browser.api<Decided>('POST', `/api/reviews/${ids[label] ?? label}`, body);
  const link = (label: string, party: string) =>
    decide(label, { decision: 'link', partyId: partyIds[party] });
  const linkOf = async (label: string) =>
    (await company.gateway.services.store.links.bySageContacts(company.tenantId, [idOf(label)]))[0];
  const isOpen = async (label: string) =>
    (await company.gateway.services.store.reviews.among(company.tenantId, [idOf(label)])).open.size > 0;

  beforeAll(async () => {
    company = await importCompany(({ sandbox }) => {
      const near = (label: string) => {
        const party = { type: 'organisation' as const, name: `The ${label} & Sons Limited` };
        partyIds[label] = sandbox.capsule.addParty(party).id;
        ids[label] = sandbox.sage.business().addContact({ name: `${label} and Sons Ltd` }).id;
      };
      [
        'Link',
        'Create',
        'Ignore',
        'Lost',
        'Broken',
        'Refused',
        'Race',
        'Both',
        'Form',
        'Slow',
        'Bob',
      ].forEach(near);
      near('Rival');
      ids.Second = sandbox.sage.business().addContact({ name: 'Rival & Sons Ltd' }).id;
      partyIds.free = sandbox.capsule.addParty({ type: 'organisation', name: 'Elsewhere' }).id;
    });
  });
  afterEach(async () => {
    company.gateway.sandbox.capsule.faults.clear();
    company.gateway.sandbox.capsule.conditions.latencyMs = 0;
    await company.figures();
  });
  afterAll(() => company.close());

  test('R8 linking makes a link by hand, closes the review and moves the figures', async () => {
    const before = await company.figures();
    const answer = await link('Link', 'Link');
    expect(answer).toMatchObject({ status: 200, body: { outcome: 'linked', partyId: partyIds.Link } });
    expect(await linkOf('Link')).toMatchObject({ partyId: partyIds.Link, origin: 'manual', live: true });
    expect(await isOpen('Link')).toBe(false);
    const { review, linked } = await company.figures();
    expect({ review, linked }).toEqual({ review: before.review - 1, linked: before.linked + 1 });
  });

  test('R8 creating makes one party, marked and linked', async () => {
    const before = await company.figures();
    expect(await decide('Create', { decision: 'create' })).toMatchObject({
      ...{ status: 200, body: { outcome: 'created' } },
    });
    expect(company.copies(idOf('Create'))).toBe(1);
    expect(await linkOf('Create')).toMatchObject({ origin: 'created' });
    expect((await company.figures()).created).toBe(before.created + 1);
  });

  test('R8 ignoring leaves the contact out, also in the next import', async () => {
    const before = await company.figures();
    expect(await decide('Ignore', { decision: 'ignore' })).toMatchObject({
      ...{ status: 200, body: { outcome: 'ignored', partyId: null } },
    });
    const after = await company.figures();
    expect(after.excluded).toBe(before.excluded + 1);
    expect(await company.worker.runImport(1)).toMatchObject({ ...after });
    expect(await linkOf('Ignore')).toBeUndefined();
  });

  test.each([
    ['Lost', 'drop-after'],
    ['Broken', 'drop-before'],
  ] as const)('R29 a create whose answer is lost (%s) ends in one party', async (label, how) => {
    company.gateway.sandbox.capsule.faults.failNext({ match: POST_PARTIES, times: 1, how });
    expect(await decide(label, { decision: 'create' })).toMatchObject({
      ...{ status: 202, body: { outcome: 'accepted' } },
    });
    expect(await isOpen(label)).toBe(true);
    expect(await link(label, label)).toMatchObject({ status: 409, body: { code: 'creating' } });
    await until(async () => !(await isOpen(label)));
    expect(company.copies(idOf(label))).toBe(1);
    expect(await linkOf(label)).toMatchObject({ origin: 'created' });
    await until(async () => (await company.figures().catch(() => null)) !== null);
    await company.worker.record('tenant-reviews');
  });

  test('R26 a refusal by Capsule is told, and the review stays', async () => {
    company.gateway.sandbox.capsule.faults.failNext({
      ...{ match: POST_PARTIES, times: 1, how: 'status', status: 422 },
      body: {
        message: 'Validation Failed',
        errors: [{ message: 'name is odd', resource: 'party', field: 'name' }],
      },
    });
    const { status, body } = await decide('Refused', { decision: 'create' });
    expect(status).toBe(422);
    expect(body.detail).toContain('name is odd');
    expect(await isOpen('Refused')).toBe(true);
    expect((await company.figures()).failed).toBe(0);
  });

  test('a double submit ends in one party and the same answer', async () => {
    const [first, second] = await Promise.all([
      decide('Both', { decision: 'create' }),
      decide('Both', { decision: 'create' }),
    ]);
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(second.body).toEqual(first.body);
    expect(company.copies(idOf('Both'))).toBe(1);
  });

  test('of two people at once, one decides and the other is told', async () => {
    const answers = await Promise.all([link('Race', 'Race'), decide('Race', { decision: 'create' })]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({ code: 'decided' });
    const made = (await linkOf('Race'))?.origin === 'created' ? 1 : 0;
    expect(company.copies(idOf('Race'))).toBe(made);
  });

  test('R8 a candidate that was taken meanwhile is refused, naming what is in the way', async () => {
    expect(await link('Rival', 'Rival')).toMatchObject({ status: 200 });
    const { status, body } = await link('Second', 'Rival');
    expect({ status, code: body.code }).toEqual({ status: 409, code: 'taken' });
    expect(body.detail).toContain('Rival and Sons Ltd');
    expect((await company.admin.get('/reviews')).text).toContain('Linked with Rival and Sons Ltd by now');
    expect(await link('Second', 'nobody')).toMatchObject({ status: 422 });
    expect(await decide('Second', { decision: 'link', partyId: 999_999 })).toMatchObject({
      ...{ status: 409, body: { code: 'noParty' } },
    });
    expect(await link('Second', 'free')).toMatchObject({ status: 200 });
  });

  test('what takes longer is answered 504, and the work goes on', async () => {
    const { conditions } = company.gateway.sandbox.capsule;
    conditions.latencyMs = 2_000;
    company.gateway.waitsAtMost(500);
    const { status, body } = await decide('Slow', { decision: 'create' });
    conditions.latencyMs = 0;
    company.gateway.waitsAtMost(Infinity);
    expect(status).toBe(504);
    expect(body.detail).toContain('the work goes on');
    await until(async () => !(await isOpen('Slow')));
    expect(company.copies(idOf('Slow'))).toBe(1);
    await until(async () => (await company.figures().catch(() => null)) !== null);
  });

  test('R5 only administrators decide; others look and are told why', async () => {
    const bob = company.gateway.browser();
    await bob.connectCapsule('bob');
    expect(await decide('Bob', { decision: 'ignore' }, bob)).toMatchObject({ status: 403 });
    const page = await bob.get('/reviews');
    expect(page.text).toContain('Only a Capsule administrator');
    expect(page.text).not.toContain('>Decide');
    expect((await bob.post(`/reviews/${idOf('Bob')}`, { choice: 'ignore' })).status).toBe(403);
    expect(await isOpen('Bob')).toBe(true);
  });

  test('another tenant’s review, and one that never was, do not exist', async () => {
    await company.gateway.services.store.reviews.open('other', [
      {
        sageContactId: 'theirs',
        name: 'X',
        kind: 'CUSTOMER',
        why: 'near',
        candidates: [],
        openedAt: new Date(),
      },
    ]);
    for (const id of ['theirs', 'never'])
      expect(await decide(id, { decision: 'ignore' })).toMatchObject({ status: 404 });
  });

  test.each([{}, { decision: 'guess' }, { decision: 'link' }, { decision: 'create', partyId: 1 }])(
    '%j is refused',
    async (body) => {
      expect(await decide('Bob', body)).toMatchObject({ status: 422 });
    },
  );

  test('the page decides by a plain form, and says what became of it', async () => {
    const page = await company.admin.get('/reviews');
    expect(page.text).toContain('Form and Sons Ltd');
    const done = await company.admin.post(`/reviews/${idOf('Form')}`, { choice: `link:${partyIds.Form}` });
    expect(done).toMatchObject({ url: `${company.gateway.url}/reviews?done=linked`, status: 200 });
    expect(done.text).toContain('The contact is linked.');
    expect(done.text).not.toContain('Form and Sons Ltd');
    const again = await company.admin.post(`/reviews/${idOf('Form')}`, { choice: 'ignore' });
    expect(again.status).toBe(409);
    expect(again.text).toContain('This has been decided already');
  });
});
