import { addPair, editsOf, type Pair } from '../support/edits';
import { type ImportedCompany, importCompany } from '../support/imported';

const LABELS = ['Differs', 'Same', 'Gone', 'Refused', 'Twice'] as const;

/** R13: what differs in Sage is overwritten when a person says so. */
describe('pushing Capsule’s values', () => {
  let company: ImportedCompany;
  const pairs = {} as Record<(typeof LABELS)[number], Pair>;
  let stranger: number;
  const { sage, puts, link, history, failure } = editsOf(() => company);
  const push = (partyId: number, browser = company.admin) =>
    browser.api<Record<string, unknown>>('POST', `/api/contacts/${partyId}/push`);
  const business = () => company.gateway.sandbox.sage.business();
  const editPerson = (sageId: string, email: string) =>
    business().editContact(sageId, { main_contact_person: { ...sage(sageId).person, email } });

  beforeAll(async () => {
    company = await importCompany((gateway) => {
      for (const label of LABELS) pairs[label] = addPair(gateway, `${label} Ltd`);
      stranger = gateway.sandbox.capsule.addParty({ type: 'organisation', name: 'Stranger' }).id;
    });
  });
  afterAll(() => company.close());

  test('R13 puts Capsule’s values in the place of Sage’s, which stay in the history', async () => {
    const { partyId, sageId } = pairs.Differs;
    editPerson(sageId, 'edited@sage.test');
    const { status, body } = await push(partyId);
    expect({ status, body }).toEqual({ status: 200, body: { contacts: 1, fields: 1 } });
    expect(sage(sageId).person?.email).toBe('info@firm.test');
    expect(await link(sageId)).toMatchObject({ differs: [] });
    const [line] = await history(sageId);
    expect(line?.fields).toEqual([{ field: 'email', before: 'edited@sage.test', after: 'info@firm.test' }]);
    expect(line?.why).toContain('A person pushed');
  });

  test('R13 writes nothing where nothing differs', async () => {
    expect(await push(pairs.Same.partyId)).toMatchObject({ body: { contacts: 1, fields: 0 } });
    expect(puts(pairs.Same.sageId)).toBe(0);
  });

  test('R13 a double submit writes once', async () => {
    const { partyId, sageId } = pairs.Twice;
    editPerson(sageId, 'edited@sage.test');
    const answers = await Promise.all([push(partyId), push(partyId)]);
    expect(answers.map(({ body }) => body.fields).sort()).toEqual([0, 1]);
    expect(puts(sageId)).toBe(1);
  });

  test('R26 what Sage refuses is told and set aside', async () => {
    const { partyId, sageId } = pairs.Refused;
    editPerson(sageId, 'edited@sage.test');
    company.gateway.sandbox.sage.faults.failNext({
      ...{ match: { method: 'PUT', path: /contacts/ }, how: 'status', status: 422, times: 1 },
      body: [{ $severity: 'error', $dataCode: 'RecordInvalid', $message: 'is locked', $source: 'base' }],
    });
    const { status, body } = await push(partyId);
    expect(status).toBe(422);
    expect(body.detail).toContain('is locked');
    expect(await failure(sageId)).toMatchObject({ work: 'push' });
    const retried = await company.admin.api('POST', '/api/failures/retry', { ids: [`sage-${sageId}`] });
    expect(retried.body).toMatchObject({ retried: 1 });
    expect((await push(partyId)).status).toBe(200);
    expect(await failure(sageId)).toBeUndefined();
  });

  test('R19 a contact that Sage no longer has is told', async () => {
    business().deleteContact(pairs.Gone.sageId);
    const { status, body } = await push(pairs.Gone.partyId);
    expect(status).toBe(422);
    expect(body.detail).toContain('no longer has');
  });

  test('a contact that is not linked is told; everybody signed in may push', async () => {
    expect(await push(stranger)).toMatchObject({ status: 404, body: { code: 'notLinked' } });
    const bob = company.gateway.browser();
    expect((await push(pairs.Same.partyId, bob)).status).toBe(401);
    await bob.connectCapsule('bob');
    expect((await push(pairs.Same.partyId, bob)).status).toBe(200);
  });
});
