import { bootGateway, type TestGateway } from '../support/gateway';
import { type Answer, type TestBrowser } from '../support/test-browser';

describe('OAuth callbacks', () => {
  let gateway: TestGateway;
  let admin: TestBrowser;

  const signedIn = async (browser: TestBrowser) => (await browser.api('GET', '/api/status')).status === 200;
  /** The address to which a vendor sent the browser. */
  const callbackOf = ({ hops }: Answer) => hops.find((hop) => hop.includes('/callback?')) ?? '';

  /** Consents, but stops before the browser follows the vendor back to us. */
  async function callbackHeldBack(browser: TestBrowser, vendor: 'capsule' | 'sage', user: string) {
    const page = await browser.consentPage(vendor);
    const form = new URLSearchParams([
      ...new URL(page.url).searchParams,
      ['user', user],
      ['decision', 'allow'],
    ]);
    const decision = new URL(page.url);
    decision.pathname += '/decision';
    const answer = await fetch(decision, { method: 'POST', body: form, redirect: 'manual' });
    return answer.headers.get('location') ?? '';
  }

  beforeAll(async () => {
    gateway = await bootGateway();
  });
  afterAll(() => gateway.close());

  beforeEach(async () => {
    await gateway.forget();
    admin = gateway.browser();
    await admin.connectCapsule('alice');
  });

  test('signing in leads home, with a session that scripts cannot read', async () => {
    const browser = gateway.browser();
    const page = await browser.connectCapsule('alice');
    expect(page).toMatchObject({ url: `${gateway.url}/`, status: 200 });
    expect(page.text).toContain('Alice Marlow');
    const [cookie] = await browser.jar.getCookies(gateway.url);
    expect(cookie).toMatchObject({ key: 'session', httpOnly: true, sameSite: 'lax', path: '/' });
  });

  test('a callback carries state and code, and the way out a PKCE challenge', async () => {
    const page = await admin.consentPage('sage');
    const asked = new URL(page.url).searchParams;
    expect(asked.get('code_challenge_method')).toBe('S256');
    expect(asked.get('redirect_uri')).toBe(`${gateway.url}/oauth/sage/callback`);
    const back = new URL(callbackOf(await admin.decide(page, 'single'))).searchParams;
    expect(back.get('state')).toBe(asked.get('state'));
    expect(back.get('code')).toMatch(/^GB\//);
  });

  test.each(['capsule', 'sage'] as const)('%s: denied consent is told as that', async (vendor) => {
    const browser = vendor === 'sage' ? admin : gateway.browser();
    const page = await browser.decide(await browser.consentPage(vendor), 'alice', 'deny');
    expect(page.status).toBe(403);
    expect(page.text).toContain('you chose not to allow it');
    expect(page.text).toContain(`href="/connect/${vendor}"`);
  });

  test.each([
    ['capsule', 'alice'],
    ['sage', 'single'],
  ] as const)('%s: a replayed callback is refused', async (vendor, user) => {
    const page = await admin.decide(await admin.consentPage(vendor), user);
    const replayed = await admin.get(callbackOf(page));
    expect(replayed.status).toBe(400);
    expect(replayed.text).toContain('This link has expired');
    expect(await signedIn(admin)).toBe(true);
  });

  test.each([
    ['capsule', 'alice'],
    ['sage', 'single'],
  ] as const)('%s: a state older than ten minutes is refused', async (vendor, user) => {
    const page = await admin.consentPage(vendor);
    gateway.advance(10 * 60_000);
    const late = await admin.decide(page, user);
    expect(late.status).toBe(400);
    expect(late.text).toContain('This link has expired');
  });

  test("another browser's callback is refused, and still works in the right one", async () => {
    const callback = await callbackHeldBack(admin, 'capsule', 'alice');
    const stranger = gateway.browser();
    expect((await stranger.get(callback)).status).toBe(400);
    expect(await signedIn(stranger)).toBe(false);
    expect((await admin.get(callback)).status).toBe(200);
  });

  test("nobody is made to connect a stranger's Sage account", async () => {
    const attacker = gateway.browser();
    await attacker.connectCapsule('alice');
    const callback = await callbackHeldBack(attacker, 'sage', 'single');
    const page = await admin.get(callback);
    expect(page.status).toBe(400);
    expect((await admin.api<{ phase: string }>('GET', '/api/status')).body.phase).toBe('disconnected');
  });

  test("a state of one vendor is none of the other's", async () => {
    const callback = new URL(await callbackHeldBack(admin, 'capsule', 'alice'));
    callback.pathname = '/oauth/sage/callback';
    expect((await admin.get(callback.href)).status).toBe(400);
  });

  test.each(['', '?code=x', '?state=x', '?code=x&state=unknown', '?code=&state='])(
    'a callback with %j is refused',
    async (query) => {
      const page = await admin.get(`/oauth/capsule/callback${query}`);
      expect(page.status).toBe(400);
      expect(page.text).toContain('This link has expired');
    },
  );

  test("Sage's own words for a login of another country are understood without a state", async () => {
    const page = await admin.get('/oauth/sage/callback?error=Invalid+request&reason=Email+already+in+use');
    expect(page.status).toBe(403);
    expect(page.text).toContain('This Sage login belongs to another country');
  });

  test('any other error is shown in the words of the vendor, as text', async () => {
    const page = await admin.get('/oauth/sage/callback?error=server_error&error_description=%3Cb%3Eoops');
    expect(page.status).toBe(400);
    expect(page.text).toContain('server_error: &lt;b>oops');
  });

  test('a code that Capsule no longer takes is told as an expired link', async () => {
    gateway.sandbox.capsule.faults.failNext({
      ...{ match: { path: /\/token/ }, times: 1, how: 'status', status: 400 },
      body: { error: 'invalid_grant' },
    });
    const page = await gateway.browser().connectCapsule('alice');
    expect(page.status).toBe(400);
    expect(page.text).toContain('no longer accepts it');
  });

  test('Capsule out of reach is told as that', async () => {
    gateway.sandbox.capsule.faults.failNext({
      ...{ match: { path: /\/token/ }, times: 1, how: 'status', status: 503 },
    });
    const page = await gateway.browser().connectCapsule('alice');
    expect(page.status).toBe(502);
    expect(page.text).toContain('Capsule cannot be reached');
    expect(gateway.logged()).toContain('request failed');
    expect(gateway.logged()).not.toContain(gateway.env.CAPSULE_CLIENT_SECRET);
    expect(gateway.logged()).not.toContain(new URL(callbackOf(page)).searchParams.get('code'));
  });

  test('an answer of Capsule that makes no sense is told as that', async () => {
    gateway.sandbox.capsule.faults.failNext({
      ...{ match: { path: /\/site/ }, times: 1, how: 'status', status: 200, body: { site: null } },
    });
    const page = await gateway.browser().connectCapsule('alice');
    expect(page.status).toBe(502);
    expect(page.text).toContain('An answer made no sense');
  });

  test('no token, code, secret or verifier lies in the store in clear, nor in the log', async () => {
    const page = await admin.decide(await admin.consentPage('sage'), 'owner');
    await admin.consentPage('sage');
    const { store } = gateway.services;
    const ids = await gateway.db.collection<{ _id: string }>('grants').find().toArray();
    const grants = await Promise.all(ids.map(({ _id }) => store.grants.find(_id)));
    const code = new URL(callbackOf(page)).searchParams.get('code') ?? '';
    const secrets = [
      ...grants.flatMap((grant) => [grant?.accessToken ?? '', grant?.refreshToken ?? '']),
      ...[code, gateway.env.SAGE_CLIENT_SECRET, gateway.env.CAPSULE_CLIENT_SECRET],
      gateway.env.SESSION_SECRET,
    ];
    expect(secrets.every((secret) => (secret ?? '').length > 10)).toBe(true);
    const collections = await gateway.db.collections();
    const documents = await Promise.all(collections.map((collection) => collection.find().toArray()));
    const everything = JSON.stringify(documents) + gateway.logged();
    expect(everything).toContain('request');
    for (const secret of secrets) expect(everything).not.toContain(secret);
  });
});
