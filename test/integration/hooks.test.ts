import { randomBytes } from 'node:crypto';
import { createCapsuleHooks } from '../../activities/capsule-hooks';
import { addPair, editsOf, type Pair } from '../support/edits';
import { type ImportedCompany, importCompany } from '../support/imported';
import { until } from '../support/until';

const ADMINISTRATION = ['party/created', 'party/updated', 'party/deleted'];

const post = (url: string, body: string | object, headers: Record<string, string> = {}) =>
  fetch(url, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  });

/** What a company's hooks are, and who looks after them. */
function hooksOf(company: () => ImportedCompany) {
  const store = () => company().gateway.services.store;
  /** As the tenant's workflow does, at the start, once a day and at the end. */
  const upkeep = () => {
    const { store, vendors, config, log } = company().gateway.services;
    return createCapsuleHooks({ store, vendors, log, publicUrl: config.publicUrl });
  };
  return {
    ...{ store, upkeep },
    capsule: () => company().gateway.sandbox.capsule,
    address: async () => {
      const { secret } = await store().hooks.ensure(company().tenantId, 1);
      return `${company().gateway.url}/hooks/capsule/${company().tenantId}/${secret}`;
    },
  };
}

/** One company, imported once, whose hooks point at the gateway of the test. */
describe('REST hooks of a connected company', () => {
  let company: ImportedCompany;
  let pair: Pair;
  let burst: Pair[];
  const { setEmail, sage, puts, rest } = editsOf(() => company);
  const { store, upkeep, capsule, address } = hooksOf(() => company);
  const hookUrls = () =>
    capsule()
      .hooks.all()
      .map(({ targetUrl }) => targetUrl);
  const ensure = () => upkeep().ensureHooks(company.tenantId);
  const problems = async () => (await store().tenants.find(company.tenantId))?.problems ?? [];

  beforeAll(async () => {
    company = await importCompany((gateway) => {
      pair = addPair(gateway, 'Hooked Ltd');
      burst = Array.from({ length: 200 }, (_, n) => addPair(gateway, `Burst ${n} Ltd`));
    });
    await rest();
  });
  afterEach(() => {
    company.gateway.sandbox.sage.conditions.latencyMs = 0;
  });
  afterAll(() => company.close());

  test('R12 the three that matter are subscribed, with a secret in their address', async () => {
    const hooks = capsule().hooks.all();
    expect(hooks.map(({ event }) => event)).toEqual(ADMINISTRATION);
    expect(new Set(hookUrls())).toEqual(new Set([await address()]));
    expect((await store().hooks.find(company.tenantId))?.hookIds).toEqual(hooks.map(({ id }) => id));
  });

  test('a burst of 200 edits arrives whole, by few signals and without a second write', async () => {
    const before = (await company.gateway.signals(company.tenantId)).length;
    burst.forEach(({ partyId }, n) => setEmail(partyId, `burst${n}@firm.test`));
    await until(() => burst.every(({ sageId }, n) => sage(sageId).person?.email === `burst${n}@firm.test`));
    await rest();
    expect(burst.map(({ sageId }) => puts(sageId))).toEqual(burst.map(() => 1));
    expect((await company.gateway.signals(company.tenantId)).length - before).toBeLessThan(20);
  });

  test('an edit that comes while another of the party is on its way is not lost', async () => {
    const { partyId, sageId } = pair;
    company.gateway.sandbox.sage.conditions.latencyMs = 300;
    setEmail(partyId, 'first@firm.test');
    await until(() => puts(sageId) > 0);
    setEmail(partyId, 'second@firm.test');
    await until(() => sage(sageId).person?.email === 'second@firm.test');
  });

  test('a hook whose signal was lost is made up for by the next', async () => {
    const { partyId, sageId } = pair;
    const kept = capsule().hooks.all();
    capsule().hooks.restore([]);
    setEmail(partyId, 'unsignalled@firm.test');
    await store().changes.note(company.tenantId, [partyId], new Date());
    capsule().hooks.restore(kept);
    capsule().addParty({ type: 'organisation', name: 'Rings the bell' });
    await until(() => sage(sageId).person?.email === 'unsignalled@firm.test');
  });

  test.each<[string, (url: string) => string]>([
    ['another secret', (url) => url.replace(/[^/]+$/, randomBytes(32).toString('base64url'))],
    ['a part of the secret', (url) => url.slice(0, -1)],
    ['another tenant', (url) => url.replace(company.tenantId, 'nobody')],
  ])('%s is no address', async (_what, change) => {
    await rest();
    const { status } = await post(change(await address()), { payload: [{ id: pair.partyId }] });
    expect(status).toBe(404);
    expect(await store().changes.count(company.tenantId)).toBe(0);
  });

  test('no session, no cookie and no Origin are needed, and none is given', async () => {
    const answer = await post(await address(), { event: 'party/updated', payload: [{ id: 1 }] });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('set-cookie')).toBeNull();
    const elsewhere = { origin: 'https://elsewhere.test', 'content-type': 'text/plain' };
    expect((await post(await address(), { payload: [] }, elsewhere)).status).toBe(200);
  });

  test.each<[string, string, number]>([
    ['no JSON', 'party=1', 400],
    ['half of it', '{"payload":[{"id":', 400],
    ['a number', '7', 400],
    ['nothing', '', 200],
    ['junk ids', '{"payload":[{"id":"x"},null,[],{"id":-4},{"id":1e99}]}', 200],
    [
      'ids without end',
      JSON.stringify({ payload: Array.from({ length: 20_000 }, (_, id) => ({ id: id + 1 })) }),
      413,
    ],
    ['too much', `{"payload":["${'x'.repeat(6_000_000)}"]}`, 413],
  ])('a delivery of %s does no harm', async (_what, body, status) => {
    expect((await post(await address(), body)).status).toBe(status);
    await rest();
  });

  test('hooks that Capsule dropped are subscribed again, and those of an older secret removed', async () => {
    const [first] = capsule().hooks.all();
    if (!first) throw new Error('no hooks');
    const stale = { ...first, id: 900, targetUrl: first.targetUrl.replace(/[^/]+$/, 'older') };
    const foreign = { ...first, id: 901, targetUrl: 'https://elsewhere.test/hooks/capsule/x' };
    const double = { ...first, id: 902 };
    capsule().hooks.restore([first, stale, foreign, double]);
    await ensure();
    const hooks = capsule().hooks.all();
    expect(hooks.map(({ event, targetUrl }) => `${event} ${targetUrl === first.targetUrl}`).sort()).toEqual(
      [...ADMINISTRATION.map((event) => `${event} true`), 'party/created false'].sort(),
    );
    expect(hooks).toContainEqual(expect.objectContaining({ id: 901 }));
    await ensure();
    expect(capsule().hooks.all()).toEqual(hooks);
    capsule().hooks.restore(hooks.filter(({ id }) => id !== foreign.id));
  });

  test('a full account is told in plain words, and no longer once there is room', async () => {
    capsule().hooks.restore([]);
    capsule().account.quirks.hooksOfOtherApps = 20;
    await ensure();
    expect(await problems()).toMatchObject([{ code: 'hooks-refused' }]);
    expect((await problems())[0]?.message).toContain('all apps together may have 20');
    capsule().account.quirks.hooksOfOtherApps = 0;
    await ensure();
    expect(await problems()).toEqual([]);
    expect(capsule().hooks.all()).toHaveLength(ADMINISTRATION.length);
  });
});

describe('REST hooks of a company', () => {
  let company: ImportedCompany;
  let pair: Pair;
  const { store, upkeep, capsule, address } = hooksOf(() => company);

  beforeEach(async () => {
    company = await importCompany((gateway) => {
      pair = addPair(gateway, 'Hooked Ltd');
    });
  });
  afterEach(() => company.close());

  test('guesses are limited, and shut nobody out who knows the secret', async () => {
    const right = await address();
    const tell = async (url: string) => (await post(url, { payload: [] })).status;
    expect(await tell(right)).toBe(200);
    const answers = await Promise.all(
      Array.from({ length: 310 }, (_, n) => tell(`${right.slice(0, -3)}${n}`)),
    );
    expect(new Set(answers)).toEqual(new Set([404, 429]));
    expect(await tell(right)).toBe(200);
  });

  test('R23 a late hook of a finished connection finds nothing, and starts nothing', async () => {
    const url = await address();
    await company.gateway.db
      .collection<{ _id: string }>('tenants')
      .updateOne({ _id: company.tenantId }, { $set: { connected: false } });
    const signals = (await company.gateway.signals(company.tenantId)).length;
    expect((await post(url, { payload: [{ id: pair.partyId }] })).status).toBe(404);
    expect(await store().changes.count(company.tenantId)).toBe(0);
    await upkeep().removeHooks(company.tenantId);
    expect(capsule().hooks.all()).toEqual([]);
    expect(await store().hooks.find(company.tenantId)).toBeNull();
    expect((await company.gateway.signals(company.tenantId)).length).toBe(signals);
  });
});
