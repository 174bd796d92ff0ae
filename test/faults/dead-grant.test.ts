import { grantId } from '../../shared/ids';
import { addPair, editsOf, type Pair } from '../support/edits';
import { importCompany, type ImportedCompany } from '../support/imported';
import { lifecycleOf } from '../support/lifecycle';
import { until } from '../support/until';

describe('R25 a grant dies', () => {
  let company: ImportedCompany;
  let pairs: Pair[];
  const life = lifecycleOf(() => company);
  const edits = editsOf(() => company);
  const NAMES = ['Alder Ltd', 'Birch Ltd', 'Cedar Ltd'];

  beforeAll(async () => {
    company = await importCompany((gateway) => {
      pairs = NAMES.map((name) => addPair(gateway, name));
    });
  });
  afterAll(() => company.close());

  const editAll = (suffix: string) =>
    pairs.forEach(({ partyId }, n) => edits.setEmail(partyId, `${n}@${suffix}`));
  const emails = () => pairs.map(({ sageId }) => edits.sage(sageId).person?.email);

  test('R25 edits queue while it is dead, and all arrive after Reconnect', async () => {
    life.killSageGrant();
    editAll('first.test');
    await company.worker.reaches('reconnect');
    editAll('second.test');
    const { phase, problems, grants } = await life.status();
    expect(phase).toBe('reconnect');
    expect(grants).toContainEqual(expect.objectContaining({ vendor: 'sage', state: 'reconnect' }));
    expect(problems).toEqual([
      expect.objectContaining({
        code: 'reconnect-sage',
        message: expect.stringContaining('Simon Vale') as string,
      }),
    ]);
    expect(new Date(problems[0]?.since ?? 0).getTime()).toBeGreaterThan(Date.now() - 60_000);
    expect((await life.schedule())?.paused).toBe(true);

    await company.admin.connectSage('single');
    await company.worker.reaches('active');
    await until(() => emails().join() === '0@second.test,1@second.test,2@second.test');
    await until(async () => (await life.schedule())?.paused === false);
    expect((await life.status()).problems).toEqual([]);
    await company.worker.record('tenant-dead-grant');
  });

  test('R25 asked for a pass meanwhile it says what has to be done first', async () => {
    life.killSageGrant();
    editAll('third.test');
    await company.worker.reaches('reconnect');
    expect(await company.admin.api('POST', '/api/sync')).toMatchObject({
      ...{ status: 409, body: { code: 'AuthorisationRevoked' } },
    });
    await company.admin.connectSage('single');
    await company.worker.reaches('active');
  });

  test('R25 the Capsule grant: signing in again as the same administrator is enough', async () => {
    life.sandbox().capsule.revokeGrants();
    editAll('fourth.test');
    await company.worker.reaches('reconnect');
    expect((await life.status()).problems[0]).toMatchObject({ code: 'reconnect-capsule' });
    await company.admin.connectCapsule('alice');
    await company.worker.reaches('active');
    await until(() => emails().join() === '0@fourth.test,1@fourth.test,2@fourth.test');
  });

  test('R25 a vendor that refuses fresh tokens for a moment is tried again within seconds', async () => {
    const { faults } = life.sandbox().sage;
    faults.failNext({ match: { path: /contacts/ }, how: 'status', status: 401, times: 4 });
    editAll('fifth.test');
    await company.worker.reaches('reconnect');
    await until(() => emails().join() === '0@fifth.test,1@fifth.test,2@fifth.test');
    await company.worker.reaches('active');
    const { problems, grants } = await life.status();
    expect(problems).toEqual([]);
    expect(grants).toContainEqual(expect.objectContaining({ vendor: 'sage', state: 'active' }));
  });

  test('R25 grants that rest are renewed for their own sake, once a day', async () => {
    const { keeper, store } = company.gateway.services;
    const id = grantId(company.tenantId, 'sage');
    const before = await store.grants.find(id);
    expect(await keeper.keepAlive(id)).toBe(false);
    await company.gateway.db
      .collection<{ _id: string }>('grants')
      .updateOne({ _id: id }, { $set: { issuedAt: new Date(Date.now() - 25 * 3600_000) } });
    expect(await Promise.all([keeper.keepAlive(id), keeper.keepAlive(id)])).toContain(true);
    const after = await store.grants.find(id);
    expect(after?.refreshToken).not.toBe(before?.refreshToken);
    expect(after?.state).toBe('active');
  });
});

test('a vendor that refuses a whole list is told, and tried again', async () => {
  const company = await importCompany(
    ({ sandbox }) => {
      sandbox.sage.business().addContact({ name: 'Alder Ltd' });
      sandbox.capsule.faults.set([
        { match: { method: 'GET', path: /\/api\/v2\/parties\?/ }, how: 'status', status: 403 },
      ]);
    },
    { until: 'importing' },
  );
  const life = lifecycleOf(() => company);
  await until(async () => (await life.status()).problems.length > 0);
  expect((await life.status()).problems).toEqual([
    expect.objectContaining({
      ...{
        code: 'refused',
        message: expect.stringContaining('Capsule does not let the sync go on') as string,
      },
    }),
  ]);
  life.sandbox().capsule.faults.clear();
  // As the next quarter of an hour would.
  await company.worker.signalGrantsRenewed();
  await company.worker.reaches('active');
  expect((await life.status()).problems).toEqual([]);
  await company.close();
});
