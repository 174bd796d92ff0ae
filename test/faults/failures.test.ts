import { type ImportedCompany, importCompany } from '../support/imported';
import { until } from '../support/until';

const POST_PARTIES = { method: 'POST', path: /\/api\/v2\/parties$/ };
const NAMES = ['Alder Ltd', 'Birch Ltd', 'Cedar Ltd'];
const REFUSED = {
  ...{ match: POST_PARTIES, how: 'status' as const, status: 422 },
  body: {
    message: 'Validation Failed',
    errors: [{ message: 'name is odd', resource: 'party', field: 'name' }],
  },
};

/** A company whose three contacts were all refused by Capsule. */
describe('retrying what was set aside', () => {
  let company: ImportedCompany;
  let ids: string[];

  const retry = (body?: object, browser = company.admin) =>
    browser.api<Record<string, number>>('POST', '/api/failures/retry', body);
  const failures = async () => {
    const { items } = await company.gateway.services.store.failures.page(company.tenantId, { limit: 50 });
    return items.map(({ recordId }) => recordId);
  };
  const copies = () => ids.map((id) => company.copies(id));
  const capsule = () => company.gateway.sandbox.capsule;

  beforeEach(async () => {
    company = await importCompany(({ sandbox }) => {
      ids = NAMES.map((name) => sandbox.sage.business().addContact({ name }).id);
      sandbox.capsule.faults.failNext({ ...REFUSED, times: 3 });
    });
  });
  afterEach(() => company.close());

  test('R26 one is tried again, the others stay', async () => {
    expect(await company.figures()).toMatchObject({ failed: 3, created: 0 });
    const answer = await retry({ ids: [`capsule-${ids[0]}`] });
    expect(answer).toMatchObject({ status: 202, body: { retried: 1, created: 1, failed: 0 } });
    expect(copies()).toEqual([1, 0, 0]);
    expect((await failures()).sort()).toEqual(ids.slice(1).sort());
    expect(await company.figures()).toMatchObject({ failed: 2, created: 1 });
  });

  test('R26 all are tried again; one that is refused once more is told with its attempts', async () => {
    capsule().faults.failNext({ ...REFUSED, times: 1 });
    expect((await retry()).body).toEqual({
      ...{ retried: 3, linked: 0, created: 2, review: 0, excluded: 0, failed: 1 },
    });
    const { items } = await company.gateway.services.store.failures.page(company.tenantId, { limit: 5 });
    expect(items).toEqual([expect.objectContaining({ attempts: 2 })]);
    expect((await retry()).body).toMatchObject({ retried: 1, created: 1, failed: 0 });
    expect(copies()).toEqual([1, 1, 1]);
    expect((await retry()).body).toMatchObject({ retried: 0 });
    await company.worker.record('tenant-retries');
  });

  test('R26 what was corrected in Sage is read anew; what is gone there is forgotten', async () => {
    const business = company.gateway.sandbox.sage.business();
    business.editContact(String(ids[0]), { name: 'Acer Ltd' });
    business.deleteContact(String(ids[1]));
    expect((await retry()).body).toMatchObject({ retried: 3, created: 2, failed: 0 });
    expect(
      capsule()
        .parties()
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['Acer Ltd', 'Cedar Ltd']);
    expect(await company.figures()).toMatchObject({ total: 4, created: 2, failed: 0 });
  });

  test('R29 a retry whose answer is lost ends in one party, by itself', async () => {
    capsule().faults.failNext({ match: POST_PARTIES, times: 1, how: 'drop-after' });
    const { body } = await retry({ ids: [`capsule-${ids[0]}`] });
    expect(body).toMatchObject({ retried: 1, failed: 1 });
    await until(async () => (await failures()).length === 2);
    expect(copies()).toEqual([1, 0, 0]);
    await until(async () => (await company.figures().catch(() => null))?.created === 1);
  });

  test('R5 only administrators retry; the page works by plain forms', async () => {
    const bob = company.gateway.browser();
    await bob.connectCapsule('bob');
    expect(await retry({}, bob)).toMatchObject({ status: 403 });
    expect((await bob.get('/failures')).text).toContain('Only a Capsule administrator');
    expect(await retry({ ids: ['nonsense'] })).toMatchObject({ status: 422 });

    const page = await company.admin.get('/failures');
    for (const text of [...NAMES, 'name is odd', 'Retry all']) expect(page.text).toContain(text);
    const one = await company.admin.post('/failures/retry', { id: `capsule-${ids[0]}` });
    expect(one).toMatchObject({ url: `${company.gateway.url}/failures?done=retried`, status: 200 });
    expect(one.text).toContain('2 contacts were set aside');
    expect((await company.admin.post('/failures/retry', {})).text).toContain('Nothing is set aside');
    expect(copies()).toEqual([1, 1, 1]);
  });
});

test('nothing is retried while the import runs: it is told so', async () => {
  const company = await importCompany(
    ({ sandbox }) => {
      for (const name of NAMES) sandbox.sage.business().addContact({ name });
      sandbox.capsule.conditions.latencyMs = 1_000;
    },
    { until: 'importing' },
  );
  const answer = await company.admin.api('POST', '/api/failures/retry', {});
  expect(answer).toMatchObject({ status: 409, body: { title: 'The import still runs' } });
  const page = await company.admin.post('/failures/retry', {});
  expect(page.text).toContain('The import still runs');
  await company.close();
});
