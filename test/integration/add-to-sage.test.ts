import { type PartyInput } from '../../services/sandbox/capsule';
import { addingTo } from '../support/adding';
import { editsOf } from '../support/edits';
import { type ImportedCompany, importCompany } from '../support/imported';
import { until } from '../support/until';

const DETAILS: PartyInput = {
  emailAddresses: [{ type: 'Work', address: 'info@firm.test' }],
  phoneNumbers: [{ type: 'Mobile', number: '07700 900123' }],
  addresses: [
    { type: 'Office', street: '1 High Street', city: 'Lechlade', zip: 'GL7 3AA', country: 'United Kingdom' },
  ],
};

/** One company, imported once; each test adds contacts of its own. */
describe('Add to Sage', () => {
  let company: ImportedCompany;
  let linked: { partyId: number; sageId: string };
  let near: { partyId: number; sageId: string };
  const { store, business, organisation, add, inSage, links, linkOf, failure, openIntents, tagsOf, tag } =
    addingTo(() => company);
  const { sage, history, setEmail } = editsOf(() => company);
  const capsule = () => company.gateway.sandbox.capsule;
  const person = (more: PartyInput) => capsule().addParty({ type: 'person', ...more }).id;

  beforeAll(async () => {
    company = await importCompany(({ sandbox }) => {
      const pair = (party: string, contact: string) => ({
        partyId: sandbox.capsule.addParty({ type: 'organisation', name: party }).id,
        sageId: sandbox.sage.business().addContact({ name: contact }).id,
      });
      linked = pair('Linked Ltd', 'Linked Ltd');
      near = pair('The Near & Co Limited', 'Near and Co Ltd');
    });
    company.gateway.sandbox.capsule.account.quirks.indexLagMs = 0;
  });
  afterEach(async () => {
    expect(await openIntents()).toEqual([]);
    expect(business().mostParallelContactPosts()).toBeLessThanOrEqual(1);
    await company.figures();
  });
  afterAll(() => company.close());

  test('R15 makes a customer of the contact, links it and answers with its page', async () => {
    const partyId = organisation('Fresh Ltd', DETAILS);
    const { status, body } = await add(partyId);
    expect({ status, outcome: body.outcome, partyId: body.partyId }).toEqual({
      ...{ status: 201, outcome: 'created', partyId },
    });
    expect(body.url).toContain('/contacts/customers/');
    expect(sage(body.sageContactId)).toMatchObject({
      ...{ name: 'Fresh Ltd', type: 'CUSTOMER', source_guid: String(partyId) },
      person: { email: 'info@firm.test', mobile: '07700 900123' },
      address: { address_line_1: '1 High Street', postal_code: 'GL7 3AA', country_id: 'GB' },
    });
    const [link] = await links(partyId);
    expect(link).toMatchObject({ origin: 'added', because: 'added', differs: [], run: '' });
    expect(await history(body.sageContactId)).toMatchObject([{ action: 'created', side: 'sage', partyId }]);
  });

  test('R12 what was added is kept in step from then on', async () => {
    const partyId = organisation('Kept Ltd', DETAILS);
    const { body } = await add(partyId);
    setEmail(partyId, 'later@firm.test');
    await until(() => sage(body.sageContactId).person?.email === 'later@firm.test');
  });

  test('R15 a second click answers with the same Sage contact', async () => {
    const partyId = organisation('Twice Ltd');
    const first = await add(partyId);
    const second = await add(partyId);
    expect([first.status, second.status]).toEqual([201, 200]);
    expect(second.body).toMatchObject({ sageContactId: first.body.sageContactId, outcome: 'already' });
    expect((await add(linked.partyId)).body).toMatchObject({ sageContactId: linked.sageId });
  });

  test('R15 ten submits at once make one Sage contact and one link', async () => {
    const partyId = organisation('Crowd Ltd');
    const answers = await Promise.all(Array.from({ length: 10 }, () => add(partyId)));
    expect(new Set(answers.map(({ body }) => body.sageContactId)).size).toBe(1);
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(inSage('Crowd Ltd')).toHaveLength(1);
    expect(await links(partyId)).toHaveLength(1);
  });

  test('R15 many contacts at once are posted one after the other', async () => {
    const ids = Array.from({ length: 12 }, (_, i) => organisation(`Queue ${i} Ltd`));
    const answers = await Promise.all(ids.map((id) => add(id)));
    // On a slow machine some are told that the work goes on, or that nobody can tell yet: asking again is harmless.
    const slow = ids.filter((_, i) => answers[i]?.status !== 201);
    expect(answers.map(({ status }) => status).filter((status) => ![201, 503, 504].includes(status))).toEqual(
      [],
    );
    for (const id of slow) await until(async () => [200, 201].includes((await add(id)).status));
    expect(business().mostParallelContactPosts()).toBe(1);
  });

  test('R15 a supplier when asked; the same contact may be both', async () => {
    const partyId = organisation('Both Ways Ltd');
    const supplier = await add(partyId, { type: 'VENDOR' });
    const customer = await add(partyId);
    expect([supplier.status, customer.status]).toEqual([201, 201]);
    expect(
      inSage('Both Ways Ltd')
        .map(({ type }) => type)
        .sort(),
    ).toEqual(['CUSTOMER', 'VENDOR']);
    expect(await links(partyId)).toHaveLength(2);
  });

  test('R10 no supplier while the settings leave suppliers out', async () => {
    const partyId = organisation('Left Out Ltd');
    await company.admin.api('PUT', '/api/settings', { excludeSuppliers: true });
    expect(await add(partyId, { type: 'VENDOR' })).toMatchObject({
      ...{ status: 409, body: { code: 'suppliersLeftOut' } },
    });
    await company.admin.api('PUT', '/api/settings', { excludeSuppliers: false });
    expect(inSage('Left Out Ltd')).toEqual([]);
  });

  test('R16 a person’s organisation is added in their place, once for all of them', async () => {
    const firm = organisation('Employer Ltd');
    const staff = ['Ann', 'Ben', 'Cay'].map((firstName) =>
      person({ firstName, lastName: 'Worker', organisation: { id: firm } }),
    );
    const answers = await Promise.all([...staff, firm].map((id) => add(id)));
    expect(new Set(answers.map(({ body }) => `${body.sageContactId}/${body.partyId}`)).size).toBe(1);
    expect(answers[0]?.body.partyId).toBe(firm);
    expect(inSage('Employer Ltd')).toHaveLength(1);
  });

  test('R16 a Sage contact is linked with the organisation whose name it has, and else with the person', async () => {
    const firm = organisation('Mason & Co Ltd');
    const staff = (firstName: string) => person({ firstName, lastName: 'Mason', organisation: { id: firm } });
    const [ann, ben] = [staff('Ann'), staff('Ben')];
    const ofFirm = business().addContact({ name: 'Mason and Co Limited' });
    const ofBen = business().addContact({ name: 'B Mason, private' });
    expect((await add(ann, { linkTo: ofFirm.id })).body).toMatchObject({ outcome: 'linked', partyId: firm });
    expect((await add(ben, { linkTo: ofBen.id })).body).toMatchObject({ outcome: 'linked', partyId: ben });
    expect((await add(ben)).body).toMatchObject({ outcome: 'already', sageContactId: ofBen.id });
  });

  test('a person without an organisation becomes a contact of their own name', async () => {
    const partyId = person({ title: 'Dr', firstName: 'Ida', lastName: 'Noon' });
    const { body } = await add(partyId);
    expect(sage(body.sageContactId)).toMatchObject({ name: 'Ida Noon', person: { name: 'Ida Noon' } });
    expect(await linkOf(body.sageContactId)).toMatchObject({ partyId, differs: [] });
  });

  test('R17 an unlinked Sage contact of that name is offered, and linked when told to', async () => {
    const partyId = organisation('Known Ltd');
    const { id } = business().addContact({
      ...{ name: 'KNOWN ltd', main_address: { postal_code: 'N1 1AA' } },
      main_contact_person: { email: 'a@known.test' },
    });
    const { status, body } = await add(partyId);
    expect({ status, code: body.code, partyId: body.partyId }).toEqual({
      status: 409,
      code: 'candidates',
      partyId,
    });
    expect(body.candidates).toMatchObject([
      { id, name: 'KNOWN ltd', email: 'a@known.test', postcode: 'N1 1AA' },
    ]);
    expect(body.candidates[0]?.url).toContain('/contacts/');
    const made = await add(partyId, { linkTo: id });
    expect(made).toMatchObject({ status: 201, body: { outcome: 'linked', sageContactId: id } });
    expect(await linkOf(id)).toMatchObject({ origin: 'manual', because: 'manual', partyId });
    expect((await add(partyId, { linkTo: id })).status).toBe(200);
  });

  test('R17 a new one is created only when told to', async () => {
    const partyId = organisation('Namesake Ltd');
    const { id } = business().addContact({ name: 'Namesake Ltd' });
    expect((await add(partyId)).status).toBe(409);
    const { status, body } = await add(partyId, { force: true });
    expect(status).toBe(201);
    expect(inSage('Namesake Ltd').map((contact) => contact.id)).toEqual([id, body.sageContactId]);
    await add(organisation('Owner of the other'), { linkTo: id });
  });

  test('R17 a near name that waits in the review queue is offered; linking answers the review', async () => {
    expect((await store().reviews.among(company.tenantId, [near.sageId])).open.size).toBe(1);
    const { body } = await add(near.partyId);
    expect(body.candidates.map(({ id }) => id)).toEqual([near.sageId]);
    expect((await add(near.partyId, { linkTo: near.sageId })).status).toBe(201);
    expect((await store().reviews.among(company.tenantId, [near.sageId])).open.size).toBe(0);
  });

  test('R17 nobody is offered who is linked, of another kind, or gone', async () => {
    const partyId = organisation('Linked Ltd');
    business().addContact({ name: 'Linked Ltd', contact_type_ids: ['VENDOR'] });
    const gone = business().addContact({ name: 'Linked Ltd' });
    expect((await add(partyId)).body.candidates.map(({ id }) => id)).toEqual([gone.id]);
    business().deleteContact(gone.id);
    expect(await add(partyId)).toMatchObject({ status: 201, body: { outcome: 'created' } });
  });

  test('links by hand only what can be linked, and says what is in the way', async () => {
    const partyId = organisation('Chooser Ltd');
    const system = business()
      .contacts()
      .find((contact) => contact.system);
    const code = async (linkTo: string) => (await add(partyId, { linkTo })).body.code;
    expect(await code(linked.sageId)).toBe('taken');
    expect(await code('0'.repeat(32))).toBe('noSageContact');
    expect(await code(String(system?.id))).toBe('notEligible');
    expect(await links(partyId)).toEqual([]);
  });

  test('R26 values that do not fit are refused before anything is sent; corrected ones go through', async () => {
    const partyId = organisation('Long Ltd', {
      emailAddresses: [{ address: `${'x'.repeat(100)}@firm.test` }],
    });
    const { status, body } = await add(partyId);
    expect({ status, code: body.code }).toEqual({ status: 422, code: 'rejected' });
    expect(body.detail).toContain('e-mail address');
    expect(inSage('Long Ltd')).toEqual([]);
    setEmail(partyId, 'short@firm.test');
    expect((await add(partyId)).status).toBe(201);
  });

  test('R15 everybody who is signed in may add; nobody else', async () => {
    const partyId = organisation('By Bob Ltd');
    const bob = company.gateway.browser();
    expect((await add(partyId, undefined, bob)).status).toBe(401);
    await bob.connectCapsule('bob');
    expect((await add(partyId, undefined, bob)).status).toBe(201);
  });

  test('a contact that Capsule does not have is told', async () => {
    expect(await add(999_999_999)).toMatchObject({ status: 404, body: { code: 'noParty' } });
  });

  test.each([
    ['0', {}],
    ['abc', {}],
    ['1', { type: 'BANK' }],
    ['1', { linkTo: '../x' }],
    ['1', { force: 'yes' }],
  ])('POST /api/contacts/%s/sage %j is refused', async (id, body) => {
    expect((await company.admin.api('POST', `/api/contacts/${id}/sage`, body)).status).toBe(422);
  });

  describe('by the tag', () => {
    const gone = (partyId: number) => until(() => !tagsOf(partyId).includes('Add to Sage'));

    test('R15 adds the contact and takes the tag off', async () => {
      const partyId = organisation('Tagged Ltd', { tags: [{ name: 'VIP' }] });
      tag(partyId);
      await gone(partyId);
      expect(tagsOf(partyId)).toEqual(['VIP']);
      const [link] = await links(partyId);
      expect(link).toMatchObject({ origin: 'added', run: expect.stringMatching(/^push-\d{10}$/) as string });
      expect(inSage('Tagged Ltd')).toHaveLength(1);
    });

    test('R15 is taken off where there is nothing to do', async () => {
      tag(linked.partyId);
      await gone(linked.partyId);
      expect(await links(linked.partyId)).toMatchObject([{ sageContactId: linked.sageId }]);
    });

    test('R15 and the button at once make one Sage contact', async () => {
      const partyId = organisation('Tag and Click Ltd');
      tag(partyId);
      await add(partyId);
      await gone(partyId);
      expect(inSage('Tag and Click Ltd')).toHaveLength(1);
    });

    test('R15 stays on refusal, with the reason in the failures, until the contact is corrected', async () => {
      const partyId = organisation('Refused Ltd', {
        emailAddresses: [{ address: `${'x'.repeat(100)}@firm.test` }],
      });
      tag(partyId);
      await until(async () => (await failure(partyId)) !== undefined);
      expect(await failure(partyId)).toMatchObject({ work: 'add', name: 'Refused Ltd' });
      expect((await failure(partyId))?.reason).toContain('e-mail address');
      expect(tagsOf(partyId)).toEqual(['Add to Sage']);
      setEmail(partyId, 'ok@firm.test');
      await gone(partyId);
      expect(await failure(partyId)).toBeUndefined();
      expect(inSage('Refused Ltd')).toHaveLength(1);
    });

    test('R26 is tried again by a person', async () => {
      const partyId = organisation('Rival Ltd');
      const { id } = business().addContact({ name: 'Rival Ltd' });
      tag(partyId);
      await until(async () => (await failure(partyId)) !== undefined);
      expect((await failure(partyId))?.reason).toContain('linked with nobody');
      business().deleteContact(id);
      const { body } = await company.admin.api('POST', '/api/failures/retry', { ids: [`sage-${partyId}`] });
      expect(body).toMatchObject({ retried: 1, created: 1, failed: 0 });
      await gone(partyId);
      expect(await failure(partyId)).toBeUndefined();
    });
  });
});
