import { deletingIn, type Pair, preparing } from '../support/deleting';
import { type ImportedCompany, importCompany } from '../support/imported';
import { until } from '../support/until';

const POST_PARTIES = { method: 'POST', path: /\/api\/v2\/parties$/ };
const LABELS = [
  ...['Again', 'Reference', 'Restricted', 'Restored', 'Lost', 'Dropped', 'Refused', 'Marked', 'Locked'],
  ...['Both', 'Late', 'Erased', 'Linked', 'Trader', 'Widower', 'Idle'],
] as const;
type Label = (typeof LABELS)[number];

/** One company, imported once; each test deletes records of its own. */
describe('deletions', () => {
  let company: ImportedCompany;
  const pairs = {} as Record<Label, Pair>;
  let supplier: string;
  let widow: string;
  let duo: string[];
  const { store, pass, deleteParty, deleteContact, ...ask } = deletingIn(() => company);
  const faults = () => company.gateway.sandbox.capsule.faults;
  const refuse = (match: { method: string; path: RegExp }) => {
    const body = {
      message: 'Validation Failed',
      errors: [{ message: 'record is locked', resource: 'party' }],
    };
    faults().failNext({ match, times: 1, how: 'status', status: 422, body });
  };

  beforeAll(async () => {
    company = await importCompany((gateway) => {
      const { pair, sage } = preparing(gateway);
      for (const label of LABELS) pairs[label] = pair(`${label} Ltd`);
      supplier = sage('Trader Ltd', { kind: 'VENDOR' });
      widow = sage('Widower Ltd', { kind: 'VENDOR' });
      duo = [sage('Duo Ltd'), sage('Duo Ltd', { kind: 'VENDOR' })];
      for (const label of ['Marked', 'Locked'] as const) {
        gateway.sandbox.capsule.deleteParty(pairs[label].partyId);
      }
    });
    // Their parties were made by the import, with our marks.
    for (const label of ['Marked', 'Locked'] as const)
      pairs[label].partyId = (await ask.link(pairs[label].sageId))?.partyId ?? 0;
  });
  afterEach(async () => {
    faults().clear();
    expect(await ask.waiting()).toEqual([]);
  });
  afterAll(() => company.close());

  test('R18 a party deleted in Capsule is created again, linked, and the history says why', async () => {
    const { partyId, sageId } = pairs.Again;
    deleteParty(partyId);
    const run = await pass('reconcile-deletions');
    const link = await ask.link(sageId);
    expect(link).toMatchObject({ live: true, origin: 'linked', because: 'recreated', run: run.id });
    expect(link?.partyId).not.toBe(partyId);
    expect(company.copies(sageId)).toBe(1);
    expect(ask.party(link?.partyId ?? 0)?.emailAddresses).toMatchObject([{ address: 'again.ltd@firm.test' }]);
    expect(run.counts.capsule).toMatchObject({ deleted: 1, created: 1, linked: 0, failed: 0 });
    const [newest] = await ask.history(sageId);
    expect(newest).toMatchObject({ action: 'created', run: run.id, partyId: link?.partyId });
    expect(newest?.why).toMatch(
      /^was deleted in Capsule on .*20\d\d; linked in Sage, so it was created again$/,
    );

    await pass();
    expect(await ask.link(sageId)).toEqual(link);
    expect(ask.partiesNamed('Again Ltd')).toHaveLength(1);
  });

  test('R18 a party that is restricted now is no deletion', async () => {
    const { restricted } = company.gateway.sandbox.capsule.account;
    restricted.add(pairs.Restricted.partyId);
    await pass();
    restricted.clear();
    expect((await ask.link(pairs.Restricted.sageId))?.partyId).toBe(pairs.Restricted.partyId);
    expect(company.copies(pairs.Restricted.sageId)).toBe(0);
  });

  test('R18 a party that was restored before the pass keeps its link', async () => {
    const { partyId, sageId } = pairs.Restored;
    deleteParty(partyId);
    ask.restoreParty(partyId);
    await pass();
    expect(await ask.link(sageId)).toMatchObject({ live: true, partyId });
    expect(ask.partiesNamed('Restored Ltd')).toHaveLength(1);
  });

  test('R18 a party that was never linked is forgotten, and no more', async () => {
    const { id } = company.gateway.sandbox.capsule.addParty({ type: 'organisation', name: 'Stranger Ltd' });
    await pass();
    deleteParty(id);
    const run = await pass();
    expect(run.counts.capsule).toMatchObject({ created: 0, deleted: 0 });
    expect(await store().contacts.partiesByIds(company.tenantId, [id])).toEqual([]);
  });

  test.each([
    ['Lost', 'drop-after'],
    ['Dropped', 'drop-before'],
  ] as const)('R29 a re-creation whose answer is lost (%s) ends in one party', async (label, how) => {
    const { partyId, sageId } = pairs[label];
    deleteParty(partyId);
    faults().failNext({ match: POST_PARTIES, times: 1, how });
    await pass();
    await until(async () => {
      if ((await ask.link(sageId))?.partyId !== partyId) return true;
      await pass();
      return false;
    });
    await pass();
    expect(company.copies(sageId)).toBe(1);
    expect(await ask.link(sageId)).toMatchObject({ live: true, origin: 'linked', because: 'recreated' });
    expect((await ask.history(sageId)).filter(({ action }) => action === 'created')).toHaveLength(1);
  });

  test('R26 a party that Capsule refuses to make again is set aside, and tried again on request', async () => {
    const { partyId, sageId } = pairs.Refused;
    deleteParty(partyId);
    refuse(POST_PARTIES);
    const run = await pass();
    expect(run.counts.capsule).toMatchObject({ deleted: 1, failed: 1, created: 0 });
    expect(await ask.failure(sageId)).toMatchObject({ work: 'create' });
    expect(await ask.link(sageId)).toMatchObject({ live: false, ended: { why: 'notRecreated' } });
    const answer = await company.admin.api('POST', '/api/failures/retry', { ids: [`capsule-${sageId}`] });
    expect(answer).toMatchObject({ status: 202, body: { created: 1, failed: 0 } });
    expect(company.copies(sageId)).toBe(1);
    await company.figures();
  });

  test('R18 a party that was customer and supplier is made once, for both', async () => {
    const { partyId, sageId } = pairs.Trader;
    expect((await ask.link(supplier))?.partyId).toBe(partyId);
    deleteParty(partyId);
    const run = await pass();
    const [customer, vendor] = [await ask.link(sageId), await ask.link(supplier)];
    expect(customer?.partyId).not.toBe(partyId);
    expect(vendor).toMatchObject({ live: true, kind: 'VENDOR', partyId: customer?.partyId });
    expect(ask.partiesNamed('Trader Ltd')).toHaveLength(1);
    expect(run.counts.capsule).toMatchObject({ created: 1, deleted: 1, linked: 1 });
  });

  test('R19 a contact deleted in Sage: the link ends, the party stays, its Sage fields are cleared', async () => {
    const { partyId, sageId } = pairs.Marked;
    expect(ask.party(partyId)).toMatchObject({ websites: [{ address: ask.marker(sageId) }] });
    expect(ask.party(partyId)?.tagIds).toHaveLength(1);
    deleteContact(sageId);
    const run = await pass();
    expect(await ask.link(sageId)).toMatchObject({ live: false, partyId, ended: { why: 'sageDeleted' } });
    expect(ask.party(partyId)).toMatchObject({ name: 'Marked Ltd', websites: [], fields: [], tagIds: [] });
    expect(run.counts).toMatchObject({ sage: { deleted: 1 }, capsule: { updated: 1, deleted: 0 } });
    const whys = (await ask.history(sageId)).map(({ why }) => why).join('\n');
    expect(whys).toContain('deleted in Sage: the link ended, the Capsule contact stays');
    expect(whys).toContain('its Sage fields were cleared');
    await pass();
    expect((await ask.history(sageId)).length).toBe(2);
  });

  test('R19 a party without our marks is not written', async () => {
    const { partyId, sageId } = pairs.Linked;
    const before = ask.party(partyId)?.updatedAt;
    deleteContact(sageId);
    await pass();
    expect(await ask.link(sageId)).toMatchObject({ live: false, ended: { why: 'sageDeleted' } });
    expect(ask.party(partyId)?.updatedAt).toBe(before);
  });

  test('R19 a locked party is set aside, the link ends, and a later pass clears it', async () => {
    const { partyId, sageId } = pairs.Locked;
    deleteContact(sageId);
    const put = { method: 'PUT', path: new RegExp(`/api/v2/parties/${partyId}$`) };
    refuse(put);
    const run = await pass();
    expect(await ask.link(sageId)).toMatchObject({ live: false, ended: { why: 'sageDeleted' } });
    expect((await ask.failure(sageId))?.reason).toContain('record is locked');
    expect(run.counts.capsule).toMatchObject({ failed: 1, updated: 0 });
    expect(ask.party(partyId)?.websites).toHaveLength(1);
    await pass();
    expect(await ask.failure(sageId)).toBeUndefined();
    expect(ask.party(partyId)).toMatchObject({ websites: [], fields: [], tagIds: [] });
  });

  test('R19 the other link of a party stays, and so does what names it', async () => {
    const { partyId, sageId } = pairs.Widower;
    deleteContact(sageId);
    await pass();
    expect(await ask.link(sageId)).toMatchObject({ live: false });
    expect(await ask.link(widow)).toMatchObject({ live: true, partyId });
  });

  test('R19 the fields of a party with two links name the one that is left', async () => {
    const partyId = (await ask.link(duo[0] ?? ''))?.partyId ?? 0;
    const named = String(ask.party(partyId)?.fields[0]?.value);
    const other = duo.find((id) => id !== named) ?? '';
    expect(await ask.link(other)).toMatchObject({ live: true, partyId });
    deleteContact(named);
    await pass();
    expect(await ask.link(other)).toMatchObject({ live: true, partyId });
    expect(ask.party(partyId)).toMatchObject({ websites: [], fields: [{ value: other }] });
    expect(ask.party(partyId)?.tagIds).toHaveLength(1);
  });

  test('R20 deleted on both sides, nothing comes back', async () => {
    const { partyId, sageId } = pairs.Both;
    deleteParty(partyId);
    deleteContact(sageId);
    const run = await pass();
    await pass();
    expect(await ask.link(sageId)).toMatchObject({ live: false, ended: { why: 'capsuleDeleted' } });
    expect(ask.partiesNamed('Both Ltd')).toEqual([]);
    expect(run.counts).toMatchObject({ sage: { deleted: 1 }, capsule: { deleted: 1, created: 0 } });
  });

  test('R20 a contact that Sage turns out to have deleted does not come back either', async () => {
    const { partyId, sageId } = pairs.Late;
    deleteParty(partyId);
    // The list of deleted contacts lags behind: only reading the contact tells.
    const list = { match: { method: 'GET', path: /\/contacts\?.*deleted_since/ }, how: 'status' as const };
    const { sage } = company.gateway.sandbox;
    deleteContact(sageId);
    sage.faults.failNext({ ...list, times: 1, status: 200, body: EMPTY_LIST });
    await pass();
    await pass();
    expect(await ask.link(sageId)).toMatchObject({ live: false, ended: { why: 'capsuleDeleted' } });
    expect(ask.partiesNamed('Late Ltd')).toEqual([]);
  });

  test('R10 a contact that was erased under the GDPR is not made again', async () => {
    const { partyId, sageId } = pairs.Erased;
    company.gateway.sandbox.sage.business().eraseContact(sageId);
    deleteParty(partyId);
    await pass();
    await pass();
    expect((await ask.link(sageId))?.live).toBe(false);
    expect(company.copies(sageId)).toBe(0);
  });

  test('a pass that is run again changes nothing', async () => {
    const before = await ask.link(pairs.Idle.sageId);
    const run = await pass();
    expect(run.counts.capsule).toMatchObject({ created: 0, deleted: 0, updated: 0, linked: 0 });
    expect(await ask.link(pairs.Idle.sageId)).toEqual(before);
    await company.figures();
  });
});

const EMPTY_LIST = { $total: 0, $page: 1, $next: null, $back: null, $itemsPerPage: 200, $items: [] };
