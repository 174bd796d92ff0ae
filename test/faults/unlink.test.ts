import { addingTo } from '../support/adding';
import { editsOf } from '../support/edits';
import { type ImportedCompany, importCompany } from '../support/imported';
import { runPass } from '../support/passes';

const LABELS = ['Parted', 'Twice', 'Passed', 'Imported', 'Relinked', 'Added', 'Forced', 'Edited'] as const;

/** One company, imported once; each test unlinks a pair of its own. */
describe('unlinking', () => {
  let company: ImportedCompany;
  const pairs = {} as Record<(typeof LABELS)[number], { partyId: number; sageId: string }>;
  let trader: { partyId: number; customer: string; supplier: string };
  const { store, business, add, unlink, links, linkOf, inSage } = addingTo(() => company);
  const { history, puts, rest, setEmail } = editsOf(() => company);
  const parties = () => company.gateway.sandbox.capsule.parties();
  const pass = (kind: 'incremental' | 'deep' = 'incremental') =>
    runPass({ worker: company.worker, store: store(), tenantId: company.tenantId }, { kind });

  beforeAll(async () => {
    company = await importCompany(({ sandbox }) => {
      const pair = (name: string, kind = 'CUSTOMER') => ({
        partyId: sandbox.capsule.addParty({ type: 'organisation', name }).id,
        sageId: sandbox.sage.business().addContact({ name, contact_type_ids: [kind] }).id,
      });
      for (const label of LABELS) pairs[label] = pair(`${label} Ltd`);
      const { partyId, sageId: customer } = pair('Trader Ltd');
      const supplier = sandbox.sage
        .business()
        .addContact({ name: 'Trader Ltd', contact_type_ids: ['VENDOR'] }).id;
      trader = { partyId, customer, supplier };
    });
  });
  afterEach(() => company.figures());
  afterAll(() => company.close());

  test('ends the link, leaves both records, and stands in the history', async () => {
    const { partyId, sageId } = pairs.Parted;
    const before = { parties: parties().length, excluded: (await company.figures()).excluded };
    expect(await unlink(partyId)).toMatchObject({ status: 200, body: { outcome: 'unlinked' } });
    expect(await linkOf(sageId)).toMatchObject({ live: false, ended: { why: 'unlinked' } });
    expect([inSage('Parted Ltd').length, parties().length]).toEqual([1, before.parties]);
    expect(await history(sageId)).toMatchObject([{ action: 'unlinked', partyId }]);
    expect((await company.figures()).excluded).toBe(before.excluded + 1);
  });

  test('asked for twice it is done once; what never was linked is told', async () => {
    const { partyId, sageId } = pairs.Twice;
    const answers = await Promise.all([unlink(partyId), unlink(partyId)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(await history(sageId)).toHaveLength(1);
    expect(await unlink(999_999)).toMatchObject({ status: 404, body: { code: 'notLinked' } });
  });

  test('neither passes nor sweeps match the two again, or make either', async () => {
    const { partyId, sageId } = pairs.Passed;
    await unlink(partyId);
    const before = parties().length;
    business().editContact(sageId, { name: 'PASSED Ltd' });
    company.gateway.sandbox.capsule.editParty(partyId, { about: 'seen again' });
    await pass();
    await pass('deep');
    expect(await links(partyId)).toEqual([]);
    expect([inSage('PASSED Ltd').length, parties().length]).toEqual([1, before]);
    expect((await store().reviews.among(company.tenantId, [sageId])).open.size).toBe(0);
  });

  test('another Sage contact of the party’s name is a person’s to judge, not linked and not made', async () => {
    const { partyId } = pairs.Imported;
    await unlink(partyId);
    const before = parties().length;
    const { id } = business().addContact({ name: 'Imported Ltd' });
    await pass();
    expect(await links(partyId)).toEqual([]);
    expect(parties()).toHaveLength(before);
    expect((await store().reviews.among(company.tenantId, [id])).open.size).toBe(1);
  });

  test('the next import leaves the two apart as well', async () => {
    const { linked, excluded, created } = await company.figures();
    expect(await company.worker.runImport(1)).toMatchObject({ linked, excluded, created });
  });

  test('edits of the party no longer reach Sage', async () => {
    const { partyId, sageId } = pairs.Edited;
    await unlink(partyId);
    setEmail(partyId, 'unheard@firm.test');
    await rest();
    expect(puts(sageId)).toBe(0);
  });

  test('linking by hand puts the two together again, for every pass to come', async () => {
    const { partyId, sageId } = pairs.Relinked;
    await unlink(partyId);
    const { excluded, linked } = await company.figures();
    expect(await add(partyId, { linkTo: sageId })).toMatchObject({
      status: 201,
      body: { outcome: 'linked' },
    });
    expect(await linkOf(sageId)).toMatchObject({ live: true, origin: 'manual', partyId });
    expect(await company.figures()).toMatchObject({ excluded: excluded - 1, linked: linked + 1 });
    await pass('deep');
    expect(await links(partyId)).toHaveLength(1);
    setEmail(partyId, 'heard@firm.test');
    await rest();
    expect(puts(sageId)).toBe(1);
  });

  test('R17 Add to Sage offers the contact that was unlinked, whatever its name is by now', async () => {
    const { partyId, sageId } = pairs.Added;
    await unlink(partyId);
    business().editContact(sageId, { name: 'Quite Another Ltd' });
    const { status, body } = await add(partyId);
    expect({ status, ids: body.candidates.map(({ id }) => id) }).toEqual({ status: 409, ids: [sageId] });
  });

  test('R17 a new one is made when told to, and the unlinked one stays apart', async () => {
    const { partyId, sageId } = pairs.Forced;
    await unlink(partyId);
    const { status, body } = await add(partyId, { force: true });
    expect(status).toBe(201);
    await pass();
    expect(await links(partyId)).toMatchObject([{ sageContactId: body.sageContactId }]);
    expect(await linkOf(sageId)).toMatchObject({ live: false });
  });

  test('of a customer who is a supplier too, one link ends when asked for one', async () => {
    expect((await unlink(trader.partyId, '?type=VENDOR')).status).toBe(200);
    expect(await links(trader.partyId)).toMatchObject([{ sageContactId: trader.customer }]);
    expect((await unlink(trader.partyId)).status).toBe(200);
    expect(await links(trader.partyId)).toEqual([]);
    expect((await unlink(trader.partyId, '?type=BANK')).status).toBe(422);
  });

  test('R5 only administrators unlink', async () => {
    const bob = company.gateway.browser();
    await bob.connectCapsule('bob');
    const path = `/api/contacts/${pairs.Relinked.partyId}/sage`;
    expect((await bob.api('DELETE', path)).status).toBe(403);
    expect(await links(pairs.Relinked.partyId)).toHaveLength(1);
  });
});
