import { deletingIn, type Pair, preparing } from '../support/deleting';
import { type ImportedCompany, importCompany } from '../support/imported';
import { until } from '../support/until';

const POST_PARTIES = { method: 'POST', path: /\/api\/v2\/parties$/ };

/** One company, imported once; each test merges records of its own. */
describe('parties that were merged in Capsule', () => {
  let company: ImportedCompany;
  const pairs: Record<string, Pair> = {};
  const parties: Record<string, number> = {};
  const { pass, deleteParty, deleteContact, merge, marker, ...ask } = deletingIn(() => company);

  const of = (label: string): Pair => {
    const pair = pairs[label];
    if (!pair) throw new Error(`no pair ${label}`);
    return pair;
  };
  const partyOf = (label: string): number => parties[label] ?? 0;
  const decide = (label: string, decision: object) =>
    company.admin.api<{ outcome?: string; partyId?: number; code?: string; detail?: string }>(
      ...(['POST', `/api/reviews/${of(label).sageId}`, decision] as const),
    );
  const site = (label: string) => ({ websites: [{ service: 'URL', address: marker(of(label).sageId) }] });
  /** Deletes the party of a pair beside a namesake of whom nothing else is known. */
  async function doubt(label: string): Promise<void> {
    deleteParty(of(label).partyId);
    const run = await pass();
    expect(run.counts.capsule).toMatchObject({ skipped: 1, created: 0 });
    expect((await ask.review(of(label).sageId))?.decided).toBeNull();
  }

  beforeAll(async () => {
    company = await importCompany((gateway) => {
      const { pair, party } = preparing(gateway);
      for (const label of ['Marker', 'Detail', 'Winner', 'Loser', 'Twice', 'Trader'])
        pairs[label] = pair(`${label} Ltd`);
      for (const label of ['Marker', 'Trader']) parties[label] = party(`${label} Group`);
      for (const name of ['one', 'two']) pairs[name] = pair('Homonym Ltd', { email: `${name}@homonym.test` });
      for (const label of DOUBTS) pairs[label] = pair(`${label} Doubt`, { sageName: `${label} Doubt` });
    });
    // Namesakes come after the import: they would have been in the way of linking.
    const { party } = preparing(company.gateway);
    parties.Detail = party('Detail Ltd');
    for (const label of DOUBTS) parties[label] = party(`${label} Doubt`, { email: `x@${label}.test` });
    await pass();
  });
  afterEach(async () => {
    company.gateway.sandbox.capsule.faults.clear();
    await until(async () => (await company.figures().catch(() => null)) !== null);
  });
  afterAll(() => company.close());

  test('R21 the link moves to a living party that bears our marker', async () => {
    const { partyId, sageId } = of('Marker');
    merge(partyId, partyOf('Marker'), site('Marker'));
    const run = await pass();
    expect(await ask.link(sageId)).toMatchObject({
      ...{ live: true, partyId: partyOf('Marker'), because: 'merged', run: run.id, origin: 'linked' },
    });
    expect(run.counts.capsule).toMatchObject({ deleted: 1, linked: 1, created: 0 });
    expect(ask.partiesNamed('Marker Ltd')).toEqual([]);
    const [newest] = await ask.history(sageId);
    expect(newest).toMatchObject({ action: 'moved', partyId: partyOf('Marker') });
    expect(newest?.why).toContain('was merged into this one');
    // The name that the merge kept in Capsule is the one that counts.
    expect((await ask.link(sageId))?.differs).toContain('name');
  });

  test('R21 the same name and one more agreeing detail are enough', async () => {
    const { partyId, sageId } = of('Detail');
    deleteParty(partyId);
    await pass();
    expect(await ask.link(sageId)).toMatchObject({ live: true, partyId: partyOf('Detail') });
    expect(ask.partiesNamed('Detail Ltd')).toHaveLength(1);
    expect(await ask.waiting()).toEqual([]);
  });

  test('R21 a winner that has a link of that kind is a person’s to judge, and nothing is made until then', async () => {
    const { partyId, sageId } = of('Loser');
    merge(partyId, of('Winner').partyId, site('Loser'));
    const run = await pass();
    expect(run.counts.capsule).toMatchObject({ skipped: 1, created: 0, linked: 0 });
    expect(await ask.review(sageId)).toMatchObject({
      review: { why: 'merged', candidates: [{ partyId: of('Winner').partyId, name: 'Winner Ltd' }] },
    });
    await pass();
    expect(company.copies(sageId)).toBe(1);
    expect(ask.partiesNamed('Loser Ltd')).toEqual([]);
    expect((await ask.history(sageId)).filter(({ action }) => action === 'skipped')).toHaveLength(1);

    const taken = await decide('Loser', { decision: 'link', partyId: of('Winner').partyId });
    expect(taken).toMatchObject({ status: 409, body: { code: 'taken' } });
    expect(await decide('Loser', { decision: 'ignore' })).toMatchObject({ status: 200 });
    expect(await ask.link(sageId)).toMatchObject({ live: false, ended: { why: 'capsuleDeleted' } });
    await pass();
    expect(ask.partiesNamed('Loser Ltd')).toEqual([]);
    expect(await ask.link(of('Winner').sageId)).toMatchObject({ live: true, partyId: of('Winner').partyId });
  });

  test('R21 of two homonyms one is deleted: a person decides, and the other keeps its link', async () => {
    const [one, two] = [of('one'), of('two')];
    deleteParty(one.partyId);
    await pass();
    const review = await ask.review(one.sageId);
    expect(review?.review.candidates.map(({ partyId }) => partyId)).toEqual([two.partyId]);
    const page = await company.admin.get('/reviews');
    expect(page.text).toContain('Homonym Ltd');
    const decided = await decide('one', { decision: 'create' });
    expect(decided).toMatchObject({ status: 200, body: { outcome: 'created' } });
    expect(await ask.link(one.sageId)).toMatchObject({
      ...{ live: true, because: 'recreated', partyId: decided.body.partyId },
    });
    expect(await ask.link(two.sageId)).toMatchObject({ live: true, partyId: two.partyId });
    expect(ask.partiesNamed('Homonym Ltd')).toHaveLength(2);
    expect((await decide('one', { decision: 'create' })).body).toEqual(decided.body);
    await pass();
    expect(await ask.waiting()).toEqual([]);
  });

  test('R21 a person moves the link to the winner', async () => {
    await doubt('Move');
    const { sageId } = of('Move');
    const decision = { decision: 'link', partyId: partyOf('Move') };
    expect(await decide('Move', { ...decision, partyId: 999_999 })).toMatchObject({ status: 409 });
    expect(await decide('Move', decision)).toMatchObject({ status: 200, body: { outcome: 'linked' } });
    expect(await ask.link(sageId)).toMatchObject({ live: true, partyId: partyOf('Move'), because: 'merged' });
    expect(await decide('Move', decision)).toMatchObject({ status: 200 });
    expect(await decide('Move', { decision: 'create' })).toMatchObject({ status: 409 });
    await pass();
    expect(await ask.waiting()).toEqual([]);
  });

  test.each([
    ['Lost', 'drop-after'],
    ['Dropped', 'drop-before'],
  ] as const)('R29 a create by decision whose answer is lost (%s) ends in one party', async (label, how) => {
    await doubt(label);
    const { sageId, partyId } = of(label);
    company.gateway.sandbox.capsule.faults.failNext({ match: POST_PARTIES, times: 1, how });
    expect(await decide(label, { decision: 'create' })).toMatchObject({ status: 202 });
    expect(await decide(label, { decision: 'ignore' })).toMatchObject({ body: { code: 'creating' } });
    await until(async () => (await ask.review(sageId))?.decided === 'create');
    await pass();
    expect(company.copies(sageId)).toBe(1);
    expect((await ask.link(sageId))?.partyId).not.toBe(partyId);
    expect(await ask.waiting()).toEqual([]);
  });

  test('R21 a party that was restored while a person was asked keeps its link', async () => {
    await doubt('Restored');
    const { partyId, sageId } = of('Restored');
    ask.restoreParty(partyId);
    await pass();
    expect(await ask.review(sageId)).toBeUndefined();
    expect(await ask.link(sageId)).toMatchObject({ live: true, partyId });
    expect(await ask.waiting()).toEqual([]);
  });

  test('R21 restored a moment before the decision: nothing is made', async () => {
    await doubt('Quick');
    const { partyId, sageId } = of('Quick');
    ask.restoreParty(partyId);
    expect(await decide('Quick', { decision: 'create' })).toMatchObject({
      body: { outcome: 'linked', partyId },
    });
    expect(ask.partiesNamed('Quick Doubt')).toHaveLength(2);
    expect(company.copies(sageId)).toBe(0);
    await pass();
  });

  test('R18 do not bring back is an answer as well', async () => {
    await doubt('Unwanted');
    const { sageId } = of('Unwanted');
    expect(await company.admin.api('PUT', `/api/ignored/${sageId}`)).toMatchObject({ status: 200 });
    expect(await ask.review(sageId)).toBeUndefined();
    await pass();
    expect(await ask.link(sageId)).toMatchObject({ live: false, ended: { why: 'capsuleDeleted' } });
    expect(ask.partiesNamed('Unwanted Doubt')).toHaveLength(1);
  });

  test('R20 the contact is deleted in Sage while a person is asked: nobody is asked any longer', async () => {
    await doubt('Ended');
    const { sageId } = of('Ended');
    deleteContact(sageId);
    await pass();
    expect(await ask.review(sageId)).toBeUndefined();
    expect(await ask.link(sageId)).toMatchObject({ live: false, ended: { why: 'capsuleDeleted' } });
    expect(await ask.waiting()).toEqual([]);
  });
});

const DOUBTS = ['Move', 'Lost', 'Dropped', 'Restored', 'Quick', 'Ended', 'Unwanted'];
