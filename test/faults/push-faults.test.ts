import { addPair, editsOf, type Pair } from '../support/edits';
import { type ImportedCompany, importCompany } from '../support/imported';
import { until } from '../support/until';

const LABELS = [
  'Dropped',
  'Unsent',
  'Down',
  'Capsule',
  'Limit',
  'Poison',
  'Healthy',
  'Dead',
  'Raced',
  'Overtaken',
] as const;

/** One company, imported once; each test spoils the way of an edit of its own. */
describe('edits on a bad day', () => {
  let company: ImportedCompany;
  const pairs = {} as Record<(typeof LABELS)[number], Pair>;
  const { setEmail, edit, row, sage, puts, link, history, failure, rest } = editsOf(() => company);
  const sandbox = () => company.gateway.sandbox;
  const put = ({ sageId }: Pair) => ({ method: 'PUT', path: new RegExp(`/contacts/${sageId}`) });
  const arrives = ({ sageId }: Pair, address: string) => until(() => sage(sageId).person?.email === address);

  beforeAll(async () => {
    company = await importCompany((gateway) => {
      for (const label of LABELS) pairs[label] = addPair(gateway, `${label} Ltd`);
    });
    await rest();
  });
  afterEach(() => {
    sandbox().sage.faults.clear();
    sandbox().capsule.faults.clear();
  });
  afterAll(() => company.close());

  test.each([
    ['Dropped', 'drop-after', 1],
    ['Dropped', 'drop-after', 6],
    ['Unsent', 'drop-before', 6],
  ] as const)(
    'R12 an answer that is lost (%s, %s, %i times) changes nothing twice',
    async (label, how, times) => {
      const { partyId, sageId } = pairs[label];
      const address = `${how}${times}@firm.test`;
      const held = sage(sageId).person?.email;
      sandbox().sage.faults.failNext({ match: put(pairs[label]), times, how });
      setEmail(partyId, address);
      await until(async () => (await link(sageId))?.agreed.email === address);
      expect(sage(sageId).person).toMatchObject({ email: address, telephone: '01367 252525' });
      const lines = (await history(sageId)).filter(({ fields }) => fields[0]?.after === address);
      expect(lines.map(({ fields }) => fields)).toEqual([[{ field: 'email', before: held, after: address }]]);
      expect(await failure(sageId)).toBeUndefined();
    },
  );

  test('R25 edits wait while Sage is down, and arrive', async () => {
    const { partyId } = pairs.Down;
    sandbox().sage.faults.failNext({ match: { path: /contacts/ }, times: 9, how: 'status', status: 503 });
    setEmail(partyId, 'patient@firm.test');
    await arrives(pairs.Down, 'patient@firm.test');
    expect(sandbox().sage.faults.pending).toBe(0);
    expect(await failure(pairs.Down.sageId)).toBeUndefined();
  });

  test('R25 edits wait while Capsule does not show them, and arrive', async () => {
    const read = { method: 'GET', path: /\/api\/v2\/parties/ };
    sandbox().capsule.faults.failNext({ match: read, times: 6, how: 'drop-before' });
    setEmail(pairs.Capsule.partyId, 'shown@firm.test');
    await arrives(pairs.Capsule, 'shown@firm.test');
    expect(sandbox().capsule.faults.pending).toBe(0);
  });

  test('R30 a limit is waited out', async () => {
    sandbox().sage.faults.failNext({ match: put(pairs.Limit), times: 1, how: 'status', status: 429 });
    setEmail(pairs.Limit.partyId, 'limited@firm.test');
    await arrives(pairs.Limit, 'limited@firm.test');
    expect(await failure(pairs.Limit.sageId)).toBeUndefined();
  });

  test('R26 a contact with which alone Sage has trouble is set aside, and holds nobody up', async () => {
    const { partyId, sageId } = pairs.Poison;
    sandbox().sage.faults.failNext({ match: put(pairs.Poison), times: 1_000, how: 'status', status: 500 });
    setEmail(partyId, 'poison@firm.test');
    setEmail(pairs.Healthy.partyId, 'healthy@firm.test');
    await until(async () => (await failure(sageId)) !== undefined);
    expect(sage(pairs.Healthy.sageId).person?.email).toBe('healthy@firm.test');
    expect((await failure(sageId))?.reason).toContain('Sage did not take the changes of this contact');
    await rest();
    sandbox().sage.faults.clear();
    setEmail(partyId, 'cured@firm.test');
    await arrives(pairs.Poison, 'cured@firm.test');
    await until(async () => (await failure(sageId)) === undefined);
  });

  test('R25 edits wait for a dead grant, and arrive when an administrator has connected again', async () => {
    sandbox().sage.revokeGrants();
    sandbox().sage.expireAccessTokens();
    setEmail(pairs.Dead.partyId, 'revived@firm.test');
    await company.worker.reaches('reconnect');
    setEmail(pairs.Dead.partyId, 'later@firm.test');
    await company.admin.connectSage('single');
    await arrives(pairs.Dead, 'later@firm.test');
    await company.worker.reaches('active');
  });

  test('R12 whoever changes a link at the same time, Sage ends with what Capsule holds', async () => {
    const { partyId, sageId } = pairs.Raced;
    const { store } = company.gateway.services;
    sandbox().sage.conditions.latencyMs = 150;
    setEmail(partyId, 'one@firm.test');
    await until(() => puts(sageId) > 0);
    // Another writer, with a newer party: it has been faster with the link.
    const read = await link(sageId);
    if (!read) throw new Error('not linked');
    await store.links.update(company.tenantId, read, { agreed: { ...read.agreed, email: 'two@firm.test' } });
    edit(partyId, { about: 'touched' });
    sandbox().sage.conditions.latencyMs = 0;
    await rest();
    await until(async () => (await link(sageId))?.agreed.email === 'one@firm.test');
    expect(sage(sageId).person?.email).toBe('one@firm.test');
  });

  test('R12 a push that was overtaken gives back what it wrote over', async () => {
    const { partyId, sageId } = pairs.Overtaken;
    const { store } = company.gateway.services;
    sandbox().sage.conditions.latencyMs = 150;
    setEmail(partyId, 'slow@firm.test');
    await until(() => puts(sageId) > 0);
    // Another push has carried the telephone over, and the one under way sends the person as it was before.
    const read = await link(sageId);
    if (!read) throw new Error('not linked');
    edit(partyId, { phoneNumbers: [{ ...row(partyId, 'phoneNumbers'), number: '01285 600029' }] });
    const agreed = { ...read.agreed, telephone: '01285 600029' };
    expect(await store.links.update(company.tenantId, read, { agreed })).toBe(true);
    sandbox().sage.conditions.latencyMs = 0;
    await until(async () => (await link(sageId))?.agreed.email === 'slow@firm.test');
    await rest();
    expect(sage(sageId).person).toMatchObject({ email: 'slow@firm.test', telephone: '01285 600029' });
    expect(await link(sageId)).toMatchObject({ differs: [] });
  });
});
