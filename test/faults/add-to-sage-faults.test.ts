import { type Fault } from '../../services/sandbox/kernel/faults';
import { addingTo, POST_CONTACTS } from '../support/adding';
import { type ImportedCompany, importCompany } from '../support/imported';
import { runPass } from '../support/passes';
import { until } from '../support/until';

/** R29: whatever becomes of an answer or of a worker, one Sage contact results. One company; each test has its own. */
describe('Add to Sage when things go wrong', () => {
  let company: ImportedCompany;
  const { store, business, organisation, add, inSage, links, failure, openIntents, posts } = addingTo(
    () => company,
  );
  const faults = () => company.gateway.sandbox.sage.faults;
  const conditions = () => company.gateway.sandbox.sage.conditions;
  const namesakes = (name: string) =>
    company.gateway.sandbox.capsule.parties().filter((party) => party.name === name);
  const pass = () => runPass({ worker: company.worker, store: store(), tenantId: company.tenantId });

  beforeAll(async () => {
    company = await importCompany(({ sandbox }) => {
      sandbox.sage.business().addContact({ name: 'Somebody Ltd' });
    });
    await pass();
  });
  afterEach(async () => {
    faults().clear();
    conditions().latencyMs = 0;
    expect(await openIntents()).toEqual([]);
    expect(business().mostParallelContactPosts()).toBeLessThanOrEqual(1);
  });
  afterAll(() => company.close());

  async function becomesOne(partyId: number, name: string): Promise<void> {
    await until(async () => (await links(partyId)).length === 1);
    expect(inSage(name)).toHaveLength(1);
    expect(await links(partyId)).toMatchObject([{ sageContactId: inSage(name)[0]?.id, origin: 'added' }]);
    await until(async () => (await openIntents()).length === 0);
    expect(await failure(partyId)).toBeUndefined();
  }

  test.each<[string, Partial<Fault> & { times: number }]>([
    ['is lost after it was made', { how: 'drop-after', times: 1 }],
    ['is lost before it was made', { how: 'drop-before', times: 1 }],
    ['is a 500 although it was made', { how: 'status-after', status: 500, times: 1 }],
    ['is a 503 several times', { how: 'status', status: 503, times: 3 }],
    ['is cut in half', { how: 'truncated', times: 1 }],
    ['is empty', { how: 'empty', times: 1 }],
    ['is lost more often than one attempt asks', { how: 'drop-after', times: 6 }],
    ['is refused for the number of requests', { how: 'too-many', times: 1 }],
  ])('R29 an answer that %s leaves one Sage contact', async (how, fault) => {
    const name = `Answer ${how} Ltd`;
    const partyId = organisation(name);
    faults().failNext({ match: POST_CONTACTS, ...fault } as Fault & { times: number });
    await add(partyId);
    await becomesOne(partyId, name);
  });

  test('R29 clicks, a tag and a lost answer together leave one Sage contact', async () => {
    const name = 'Everything Ltd';
    const partyId = organisation(name, { tags: [{ name: 'Add to Sage' }] });
    faults().failNext({ match: POST_CONTACTS, how: 'drop-after', times: 2 });
    await Promise.all(Array.from({ length: 5 }, () => add(partyId)));
    await becomesOne(partyId, name);
  });

  test('R26 a refusal is told; what was corrected is sent under a new id', async () => {
    const partyId = organisation('Odd Ltd');
    faults().failNext({
      ...{ match: POST_CONTACTS, how: 'status', status: 422, times: 1 },
      body: [{ $severity: 'error', $dataCode: 'RecordInvalid', $message: 'is odd', $source: 'contact.name' }],
    });
    const { status, body } = await add(partyId);
    expect({ status, code: body.code }).toEqual({ status: 422, code: 'rejected' });
    expect(body.detail).toContain('is odd');
    expect(await openIntents()).toEqual([]);
    company.gateway.sandbox.capsule.editParty(partyId, { name: 'Even Ltd' });
    expect((await add(partyId)).status).toBe(201);
    expect([inSage('Odd Ltd').length, inSage('Even Ltd').length]).toEqual([0, 1]);
  });

  test('R29 an edit while the answer is open is not lost, and makes no second contact', async () => {
    const partyId = organisation('Before Ltd');
    const sent = posts();
    faults().failNext({ match: POST_CONTACTS, how: 'drop-after', times: 5 });
    const asked = add(partyId);
    await until(() => posts() > sent);
    company.gateway.sandbox.capsule.editParty(partyId, { name: 'After Ltd' });
    await asked;
    await until(() => inSage('After Ltd').length === 1);
    expect(inSage('Before Ltd')).toEqual([]);
    expect(await links(partyId)).toHaveLength(1);
  });

  test('R29 no pass makes a party for the contact while its answer is open', async () => {
    const name = 'Seen Early Ltd';
    const partyId = organisation(name);
    const sent = posts();
    faults().failNext({ match: POST_CONTACTS, how: 'drop-after', times: 7 });
    const asked = add(partyId);
    await until(() => posts() > sent && inSage(name).length === 1);
    // The party is renamed, so that its name no longer guards it.
    company.gateway.sandbox.capsule.editParty(partyId, { name: 'Renamed Meanwhile Ltd' });
    await pass();
    expect(namesakes(name)).toEqual([]);
    await asked;
    await until(async () => (await links(partyId)).length === 1);
    await pass();
    expect(namesakes(name)).toEqual([]);
    expect(await links(partyId)).toHaveLength(1);
  });

  test('R29 a party that is deleted while the answer is open leaves nothing that waits', async () => {
    const name = 'Deleted Meanwhile Ltd';
    const partyId = organisation(name);
    const sent = posts();
    faults().failNext({ match: POST_CONTACTS, how: 'drop-after', times: 4 });
    const asked = add(partyId);
    await until(() => posts() > sent && inSage(name).length === 1);
    company.gateway.sandbox.capsule.deleteParty(partyId);
    await asked;
    await until(async () => (await pass()).run.outcome === 'complete');
    expect(await openIntents()).toEqual([]);
    expect(await failure(partyId)).toBeUndefined();
    // R11: what was made in Sage arrives in Capsule as any new contact does.
    await pass();
    expect([inSage(name).length, namesakes(name).length]).toEqual([1, 1]);
  });

  test('R29 a party that is deleted before Sage made anything leaves nothing open', async () => {
    const name = 'Never Made Ltd';
    const partyId = organisation(name);
    const sent = posts();
    faults().failNext({ match: POST_CONTACTS, how: 'drop-before', times: 4 });
    const asked = add(partyId);
    await until(() => posts() > sent);
    company.gateway.sandbox.capsule.deleteParty(partyId);
    await asked;
    expect(await openIntents()).toHaveLength(1);
    await until(async () => {
      await pass();
      return (await openIntents()).length === 0;
    });
    expect([inSage(name).length, await failure(partyId)]).toEqual([0, undefined]);
  });

  test('R15 a contact that was deleted in Sage after it was added is made anew when asked again', async () => {
    const partyId = organisation('Again Ltd');
    const { body } = await add(partyId);
    business().deleteContact(body.sageContactId);
    await store().links.end(company.tenantId, body.sageContactId, 'sageDeleted', new Date());
    const second = await add(partyId);
    expect(second.status).toBe(201);
    expect(second.body.sageContactId).not.toBe(body.sageContactId);
    expect(inSage('Again Ltd').map(({ id }) => id)).toEqual([second.body.sageContactId]);
  });

  test('R29 after days without an answer a person decides, and nothing is sent by itself', async () => {
    const partyId = organisation('Old Ltd');
    const at = new Date(Date.now() - 7 * 24 * 3600_000);
    const fields = { name: 'Old Ltd' };
    await store().intents.begin(company.tenantId, { partyId, kind: 'CUSTOMER', fields, bucket: 1, at });
    const sent = posts();
    expect(await add(partyId)).toMatchObject({ status: 409, body: { code: 'unsettled' } });
    expect(posts()).toBe(sent);
    expect((await add(partyId, { force: true })).status).toBe(201);
    expect(inSage('Old Ltd')).toHaveLength(1);
  });
});
