import { deletingIn, type Pair, preparing } from '../support/deleting';
import { type ImportedCompany, importCompany } from '../support/imported';
import { until } from '../support/until';

interface Status {
  phase: string;
  problems: { code: string; message: string }[];
}

const SET = 21;

/** One company of 90 linked pairs; each test deletes a set of 21 or more of its own, which is more than 10 %. */
describe('a pass that would unlink or make again too many', () => {
  let company: ImportedCompany;
  const sets: Record<string, Pair[]> = {};
  const { pass, deleteParty, deleteContact, phase, store, ...ask } = deletingIn(() => company);

  const setOf = (label: string): Pair[] => sets[label] ?? [];
  const answer = (decision: string, browser = company.admin) =>
    browser.api<{ code?: string }>('POST', '/api/breaker', { decision });
  const status = async () => (await company.admin.api<Status>('GET', '/api/status')).body;
  const problem = async () => (await status()).problems.find(({ code }) => code === 'breaker')?.message;
  const copies = (pairs: readonly Pair[]) =>
    pairs.filter(({ sageId }) => company.copies(sageId) === 1).length;
  const asks = () => until(async () => (await phase()) === 'breaker');
  /** The tenant's own pass, which a decision or the end of a pause asks for, has dealt with everything. */
  const settled = () => until(async () => (await ask.waiting()).length === 0);
  const calm = () => until(async () => (await phase()) === 'active' && (await problem()) === undefined);

  beforeAll(async () => {
    company = await importCompany((gateway) => {
      const { pair } = preparing(gateway);
      for (const label of ['Go', 'Grown', 'Stop', 'Sage'])
        sets[label] = Array.from({ length: SET }, (_, i) => pair(`${label} ${letters(i)} Ltd`));
      for (let i = 0; i < 6; i += 1) pair(`Quiet ${letters(i)} Ltd`);
    });
  });
  afterAll(() => company.close());

  test('R28 it stops and asks, nothing is done, and going on makes each of them once', async () => {
    const set = setOf('Go');
    for (const { partyId } of set) deleteParty(partyId);
    const run = await pass('reconcile-breaker');
    expect(run).toMatchObject({ outcome: 'stopped' });
    expect(run.counts.capsule).toMatchObject({ created: 0, deleted: 0 });
    await asks();
    expect(copies(set)).toBe(0);
    expect(await problem()).toContain('create 21 contacts again in Capsule, of 90 that are linked');
    expect(await problem()).toMatch(/Among them: Go \w+ Ltd, .*…$/);
    expect((await company.admin.get('/')).text).toContain('create 21 contacts again');

    const bob = company.gateway.browser();
    await bob.connectCapsule('bob');
    expect(await answer('go-on', bob)).toMatchObject({ status: 403 });
    expect(await answer('perhaps')).toMatchObject({ status: 422 });
    expect(await answer('go-on')).toMatchObject({ status: 200 });
    await settled();
    await calm();
    expect(copies(set)).toBe(SET);
    expect(await store().breakers.find(company.tenantId)).toBeNull();
    expect(await answer('go-on')).toMatchObject({ status: 409 });
  });

  test('R28 going on is about what was asked, and a set that has grown asks again', async () => {
    const [asked, grown] = [setOf('Grown').slice(0, SET), setOf('Sage')];
    for (const { partyId } of asked) deleteParty(partyId);
    await pass();
    await asks();
    for (const { partyId } of grown) deleteParty(partyId);
    expect(await answer('go-on')).toMatchObject({ status: 200 });
    await until(() => copies(asked) === SET);
    await until(async () => (await phase()) === 'active');
    expect(copies(grown)).toBe(0);
    const run = await nextPass();
    expect(run).toBe('stopped');
    await asks();
    expect(copies(grown)).toBe(0);
    expect(await answer('go-on')).toMatchObject({ status: 200 });
    await settled();
    await calm();
    expect(copies(grown)).toBe(SET);
  });

  test('R28 stopping pauses and does nothing, and the pass after the pause asks again', async () => {
    const set = setOf('Stop');
    for (const { sageId } of set) deleteContact(sageId);
    await pass();
    await asks();
    expect(await problem()).toContain('unlink 21 contacts, of 90');
    expect(await answer('stop')).toMatchObject({ status: 200 });
    await until(async () => (await phase()) === 'paused');
    expect(await problem()).toBeUndefined();
    expect(await live(set)).toBe(SET);
    expect(await company.admin.api('POST', '/api/resume')).toMatchObject({ status: 200 });
    await asks();
    expect(await live(set)).toBe(SET);
    expect(await answer('go-on')).toMatchObject({ status: 200 });
    await settled();
    await calm();
    expect(await live(set)).toBe(0);
    expect(set.every(({ partyId }) => ask.party(partyId))).toBe(true);
  });

  test('R28 many that were deleted by mistake and restored are no reason to ask', async () => {
    const links = await Promise.all([...setOf('Go')].map(({ sageId }) => ask.link(sageId)));
    const ids = links.map((link) => link?.partyId ?? 0);
    for (const id of ids) deleteParty(id);
    for (const id of ids) ask.restoreParty(id);
    expect(await pass()).toMatchObject({ outcome: 'complete' });
    expect(await phase()).toBe('active');
    expect(await ask.waiting()).toEqual([]);
    expect(copies(setOf('Go'))).toBe(SET);
  });

  async function live(pairs: readonly Pair[]): Promise<number> {
    const links = await Promise.all(pairs.map(({ sageId }) => ask.link(sageId)));
    return links.filter((link) => link?.live).length;
  }

  /** The pass after one that may still run: two at a time would be none of the schedule's. */
  async function nextPass(): Promise<string> {
    const runs = (await store().runs.page(company.tenantId, { limit: 1 })).items;
    const [last] = runs;
    await until(
      async () => (await store().runs.find(company.tenantId, last?.id ?? ''))?.outcome !== 'running',
    );
    return (await pass()).outcome;
  }
});

/** Words instead of numbers: names that differ by digits only may be taken for near. */
const letters = (i: number): string => 'abcdefghijklmnopqrstuvwxyz'.charAt(i).repeat(3);
