import { grantId, userGrantId } from '../../shared/ids';
import { addPair, type Pair } from '../support/edits';
import { importCompany, type ImportedCompany } from '../support/imported';
import { lifecycleOf } from '../support/lifecycle';
import { until } from '../support/until';

const ALICE = 101;

describe('R23 an administrator disconnects', () => {
  let company: ImportedCompany;
  let pair: Pair;
  let createdId = '';
  const life = lifecycleOf(() => company);
  const grants = () => life.store().grants.idsOf(company.tenantId);

  beforeEach(async () => {
    company = await importCompany((gateway) => {
      pair = addPair(gateway, 'Alder Ltd');
      createdId = gateway.sandbox.sage.business().addContact({ name: 'Birch Ltd' }).id;
    });
  });
  afterEach(() => company.close());

  test('R23 work has stopped when it is answered: no hooks, schedule, tokens; links are kept', async () => {
    const living = life.sandbox().sage.livingGrants();
    await until(async () => (await life.schedule()) !== null);
    expect(life.hookAddresses()).toHaveLength(3);

    expect(await life.disconnect()).toMatchObject({ status: 200, body: { stopped: true, clearing: null } });
    expect(life.hookAddresses()).toEqual([]);
    expect(await life.schedule()).toBeNull();
    expect(life.sandbox().sage.livingGrants()).toBe(living - 1);
    expect(await grants()).toEqual([userGrantId(company.tenantId, ALICE)]);
    expect(await life.status()).toMatchObject({ phase: 'disconnected', business: null, grants: [] });
    const links = await life.store().links.bySageContacts(company.tenantId, [pair.sageId, createdId]);
    expect(links.map(({ live }) => live)).toEqual([true, true]);
    expect(company.copies(createdId)).toBe(1);
    await until(async () => (await life.workflow()) === 'COMPLETED');
    await company.worker.record('tenant-disconnected');
  });

  test('R23 a late hook and a late click never start the work again', async () => {
    const [address = ''] = life.hookAddresses();
    await life.disconnect();
    await until(async () => (await life.workflow()) === 'COMPLETED');
    life.rename(pair.partyId, 'Alder & Sons Ltd');
    expect((await life.hook(address, pair.partyId)).status).toBe(404);
    const click = await company.admin.api('POST', `/api/contacts/${pair.partyId}/push`);
    expect(click.status).toBeGreaterThanOrEqual(400);
    expect(await company.admin.api('POST', '/api/sync')).toMatchObject({ status: 409 });
    expect(await life.workflow()).toBe('COMPLETED');
    expect(life.sageName(pair.sageId)).toBe('Alder Ltd');
  });

  test('R23 clears the Sage fields when ticked, telling how many and how long', async () => {
    const answer = await life.disconnect({ clearFields: true });
    expect(answer.body.clearing).toMatchObject({ records: 2 });
    expect(answer.body.clearing?.etaSeconds).toBeGreaterThan(0);
    await until(() => company.copies(createdId) === 0);
    await until(async () => (await life.tenant()).leaving == null);
    const [party] = life
      .sandbox()
      .capsule.parties()
      .filter(({ name }) => name === 'Birch Ltd');
    expect(party?.fields).toEqual([]);
    expect(party?.tagIds).toEqual([]);
    expect(await grants()).toEqual([userGrantId(company.tenantId, ALICE)]);
  });

  test('R23 asking again, also at the same time, answers the same', async () => {
    const answers = await Promise.all([life.disconnect(), life.disconnect(), life.disconnect()]);
    answers.push(await life.disconnect());
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(await grants()).toHaveLength(1);
  });

  test('R23 works after the workflow has crashed', async () => {
    await life.terminate();
    expect(await life.disconnect()).toMatchObject({ status: 200 });
    expect(life.hookAddresses()).toEqual([]);
    expect(await life.schedule()).toBeNull();
    expect(await grants()).not.toContain(grantId(company.tenantId, 'sage'));
  });

  test('R23 works with a dead Sage grant', async () => {
    life.killSageGrant();
    expect(await life.disconnect()).toMatchObject({ status: 200 });
    expect(await grants()).toEqual([userGrantId(company.tenantId, ALICE)]);
  });

  test('R23 ends also while both vendors are down', async () => {
    const down = { match: { path: /./ }, how: 'status', status: 503 } as const;
    life.sandbox().sage.faults.set([down]);
    life.sandbox().capsule.faults.set([down]);
    expect(await life.disconnect()).toMatchObject({ status: 200, body: { stopped: true } });
    expect(await life.status()).toMatchObject({ phase: 'disconnected' });
    expect(await grants()).not.toContain(grantId(company.tenantId, 'sage'));
  });

  test('R5 only an administrator may', async () => {
    const bob = company.gateway.browser();
    await bob.connectCapsule('bob');
    expect(await bob.api('DELETE', '/api/connection')).toMatchObject({ status: 403 });
    expect(await life.status()).toMatchObject({ phase: 'active' });
  });
});

test('R23 an import under way stops within seconds', async () => {
  const company = await importCompany(
    ({ sandbox }) => {
      for (let n = 0; n < 300; n += 1) sandbox.sage.business().addContact({ name: `Firm ${n}` });
      sandbox.capsule.conditions.latencyMs = 50;
    },
    { until: 'importing' },
  );
  const { capsule } = company.gateway.sandbox;
  const posts = () =>
    capsule.requests
      .recent(5_000)
      .filter(({ method, path }) => method === 'POST' && path.endsWith('/parties'));
  await until(() => capsule.parties().length > 10);
  const began = Date.now();
  const answer = await company.admin.api('DELETE', '/api/connection');
  expect(answer.status).toBe(200);
  expect(Date.now() - began).toBeLessThan(15_000);
  const made = posts().length;
  expect(made).toBeLessThan(300);
  // Nothing more comes: the worker is asked to finish whatever it still has.
  await company.worker.close();
  expect(posts()).toHaveLength(made);
  await company.gateway.close();
});

test('R23 with the fields to be cleared it ends also before anything was read of Capsule', async () => {
  const company = await importCompany(
    ({ sandbox }) => sandbox.capsule.faults.set([{ match: { path: /titles/ }, how: 'status', status: 503 }]),
    { until: 'importing' },
  );
  const life = lifecycleOf(() => company);
  try {
    const body = { stopped: true, clearing: null };
    expect(await life.disconnect({ clearFields: true })).toMatchObject({ status: 200, body });
    await until(async () => (await life.workflow()) === 'COMPLETED');
    expect((await life.tenant()).leaving ?? null).toBeNull();
  } finally {
    await company.close();
  }
});
