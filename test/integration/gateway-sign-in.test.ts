import { grantId, userGrantId } from '../../shared/ids';
import { bootGateway, type TestGateway } from '../support/gateway';
import { type TestBrowser } from '../support/test-browser';

interface Status {
  tenantId: string;
  phase: string;
  grants: { vendor: string; state: string }[];
  problems: { code: string; message: string }[];
}

const [ALICE, BOB] = [101, 102];

describe('R5 who may do what', () => {
  let gateway: TestGateway;
  let alice: TestBrowser;
  let bob: TestBrowser;

  const status = async (browser: TestBrowser) => (await browser.api<Status>('GET', '/api/status')).body;
  const grantOf = (id: string) => gateway.services.store.grants.describe(id);

  beforeAll(async () => {
    gateway = await bootGateway();
  });
  afterAll(() => gateway.close());

  beforeEach(async () => {
    await gateway.forget();
    [alice, bob] = [gateway.browser(), gateway.browser()];
    await alice.connectCapsule('alice');
    await bob.connectCapsule('bob');
  });

  test('R5 everybody of one Capsule account meets the same tenant, named by its immutable claim', async () => {
    const { tenantId } = await status(alice);
    expect(tenantId).toBe(gateway.sandbox.capsule.account.tenant);
    expect((await status(bob)).tenantId).toBe(tenantId);
    expect(await gateway.services.store.tenants.find(tenantId)).toMatchObject({
      ...{ subdomain: 'thames-severn', siteName: 'Thames & Severn Trading Ltd' },
    });
  });

  test('R5 somebody who is no administrator may look', async () => {
    expect((await bob.get('/')).text).toContain('Bob Kennet');
    expect((await bob.api('GET', '/api/status')).status).toBe(200);
    expect((await bob.api('GET', '/api/settings')).status).toBe(200);
    expect((await bob.api('GET', '/api/reviews')).status).toBe(200);
  });

  test.each([
    ['GET', '/api/businesses', undefined],
    ['POST', '/api/connection', { businessId: 'x' }],
    ['PUT', '/api/settings', { excludeSuppliers: true }],
  ])('R5 … but not %s %s, and is told why', async (method, path, body) => {
    const answer = await bob.api<{ title: string; detail: string }>(method, path, body);
    expect(answer).toMatchObject({ status: 403, type: 'application/problem+json; charset=utf-8' });
    expect(answer.body.title).toBe('Only an administrator can do this');
    expect(answer.body.detail).toContain('you have to be an administrator in Capsule');
  });

  test.each(['/connect/sage', '/businesses', '/oauth/sage/callback?code=x&state=y'])(
    'R5 … nor open %s: a page says why and what to do',
    async (path) => {
      const page = await bob.get(path);
      expect(page.status).toBe(403);
      expect(page.text).toContain('Ask an administrator of your Capsule account');
    },
  );

  test.each(['/settings', '/businesses'])('R5 … nor send the form of %s', async (path) => {
    expect((await bob.post(path, { businessId: 'x' })).status).toBe(403);
    expect(await gateway.services.store.tenants.find((await status(bob)).tenantId)).toMatchObject({
      settings: { excludeSuppliers: false },
    });
  });

  test('R5 an administrator who is none any more cannot connect with an old session', async () => {
    await alice.connectSage('owner');
    const user = gateway.sandbox.capsule.account.users.find(({ id }) => id === ALICE)!;
    user.administrator = false;
    const { id } = gateway.sandbox.sage.business();
    const answer = await alice.api('POST', '/api/connection', { businessId: id });
    user.administrator = true;
    expect(answer.status).toBe(403);
    expect((await status(alice)).phase).toBe('disconnected');
  });

  test('R5 the sync keeps the grant of the administrator who connected, whoever signs in', async () => {
    await alice.connectSage('single');
    const { tenantId } = await status(alice);
    const carrying = await grantOf(grantId(tenantId, 'capsule'));
    await gateway.browser().connectCapsule('bob');
    expect(await grantOf(grantId(tenantId, 'capsule'))).toEqual(carrying);
    expect(await grantOf(userGrantId(tenantId, BOB))).toMatchObject({ userName: 'Bob Kennet' });
  });

  test('R5 the same administrator signing in again renews the grant that carries the sync', async () => {
    await alice.connectSage('single');
    const { tenantId } = await status(alice);
    const before = await grantOf(grantId(tenantId, 'capsule'));
    await gateway.browser().connectCapsule('alice');
    const after = await grantOf(grantId(tenantId, 'capsule'));
    expect(after).toMatchObject({ userId: String(ALICE), removeAt: null });
    expect(after?.version).not.toBe(before?.version);
    expect(await grantOf(userGrantId(tenantId, ALICE))).toBeNull();
  });

  test('the grant of somebody who only looks is forgotten after a week', async () => {
    const { tenantId } = await status(bob);
    const days = ((await grantOf(userGrantId(tenantId, BOB)))!.removeAt!.getTime() - Date.now()) / 86_400_000;
    expect(days).toBeCloseTo(7, 1);
  });

  test('the session changes its id at sign-in', async () => {
    const browser = gateway.browser();
    const page = await browser.consentPage('capsule');
    const states = await gateway.db.collection<{ sessionId: string }>('oauthStates').find().toArray();
    const before = states.at(-1)?.sessionId;
    await browser.decide(page, 'alice');
    await browser.consentPage('sage');
    const after = await gateway.db.collection<{ sessionId: string }>('oauthStates').find().toArray();
    expect(before).toBeDefined();
    expect(after.map(({ sessionId }) => sessionId)).not.toContain(before);
  });

  test('signing out ends the session', async () => {
    const page = await alice.post('/signout', {});
    expect(page.text).toContain('You are signed out.');
    expect((await alice.api('GET', '/api/status')).status).toBe(401);
    expect((await alice.get('/')).text).toContain('Sign in with Capsule');
  });

  test('a session that was tampered with counts as none', async () => {
    const stranger = gateway.browser();
    await stranger.jar.setCookie('session=Fe26.2*1*abc*def; Path=/', gateway.url);
    expect((await stranger.api('GET', '/api/status')).status).toBe(401);
  });

  test('R25 a grant that Sage refuses is shown as reconnect, with who gave it', async () => {
    await alice.connectSage('single');
    const { tenantId } = await status(alice);
    gateway.sandbox.sage.revokeGrants();
    gateway.sandbox.sage.expireAccessTokens();
    const { vendors } = gateway.services;
    const sage = vendors.sage(tenantId, gateway.sandbox.sage.business().id, 'interactive');
    await expect(sage.getUser()).rejects.toMatchObject({ kind: 'unauthorised' });
    const { grants, problems } = await status(alice);
    expect(grants).toContainEqual(expect.objectContaining({ vendor: 'sage', state: 'reconnect' }));
    expect(problems[0]).toMatchObject({ code: 'reconnect-sage' });
    expect(problems[0]?.message).toContain('Simon Vale');
  });

  describe('R25 work that waits for a new permission', () => {
    beforeEach(async () => {
      await alice.connectSage('single');
      await gateway.services.store.tenants.setPhase((await status(alice)).tenantId, 'reconnect');
    });

    test('R25 is woken when the administrator connects Sage again', async () => {
      const { tenantId } = await status(alice);
      await alice.connectSage('single');
      expect(await gateway.signals(tenantId)).toContain('grantsRenewedSignal');
    });

    test('R25 is woken when the administrator whose grant it is signs in again', async () => {
      const { tenantId } = await status(alice);
      await gateway.browser().connectCapsule('alice');
      expect(await gateway.signals(tenantId)).toContain('grantsRenewedSignal');
    });

    test('R25 is not woken by anybody else', async () => {
      const { tenantId } = await status(alice);
      await gateway.browser().connectCapsule('bob');
      expect(await gateway.signals(tenantId)).toEqual([]);
    });

    test('R25 does not keep anybody from signing in while Temporal is away', async () => {
      const away = jest
        .spyOn(gateway.services.temporal, 'startTenantSync')
        .mockRejectedValue(new Error('away'));
      const page = await gateway.browser().connectCapsule('alice');
      away.mockRestore();
      expect(page).toMatchObject({ url: `${gateway.url}/`, status: 200 });
    });
  });

  test('R25 after Reconnect the grant is active again and the problem is gone', async () => {
    await alice.connectSage('single');
    const { tenantId } = await status(alice);
    const own = grantId(tenantId, 'sage');
    const { grants: stored } = gateway.services.store;
    await stored.markDead(own, (await grantOf(own))!.version, 'gone', new Date());
    expect((await status(alice)).problems).toHaveLength(1);
    await alice.connectSage('single');
    const after = await status(alice);
    expect(after.grants.every(({ state }) => state === 'active')).toBe(true);
    expect(after.problems).toEqual([]);
  });
});
