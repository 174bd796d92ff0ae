import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { createCapsuleOauth } from '../../shared/oauth/capsule';
import { createSageOauth } from '../../shared/oauth/sage';

interface Heard {
  path: string;
  form: URLSearchParams;
  authorization: string | undefined;
}

type Answer = { status: number; body: unknown; headers?: Record<string, string> } | 'hang up';

const TOKENS = { access_token: 'a1', refresh_token: 'r1', token_type: 'bearer', expires_in: 300 };
const NOW = Date.UTC(2026, 0, 1);
const CALLBACK = 'http://localhost:3000/oauth/sage/callback';

describe('OAuth clients', () => {
  let server: Server;
  let base: string;
  let heard: Heard[];
  let answers: Record<string, Answer>;

  beforeAll(async () => {
    server = createServer((request, response) => {
      void hear(request).then((what) => {
        heard.push(what);
        const answer = answers[what.path] ?? { status: 404, body: { message: 'unknown' } };
        if (answer === 'hang up') return request.socket.destroy();
        response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
        response.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body));
        return undefined;
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });

  beforeEach(() => {
    heard = [];
    answers = { '/token': { status: 200, body: TOKENS } };
  });

  const urls = () => ({
    clientId: 'id',
    clientSecret: 's&cret',
    authorizeUrl: `${base}/authorise`,
    tokenUrl: `${base}/token`,
    revokeUrl: `${base}/oauth/revoke`,
    apiUrl: `${base}/api`,
  });
  const sage = () => createSageOauth({ ...urls(), requestsPerMinute: 0 }, () => NOW);
  const capsule = () =>
    createCapsuleOauth({ ...urls(), userinfoUrl: `${base}/userinfo`, requestsPerHour: 0 }, () => NOW);

  test('the way to Sage carries what its consent page needs', async () => {
    const { url, state, verifier } = await sage().start(CALLBACK);
    const asked = Object.fromEntries(new URL(url).searchParams);
    expect(asked).toMatchObject({
      ...{ client_id: 'id', redirect_uri: CALLBACK, response_type: 'code', scope: 'full_access', state },
      ...{ filter: 'apiv3.1', country: 'gb', locale: 'en-GB', code_challenge_method: 'S256' },
    });
    expect(asked.code_challenge).toHaveLength(43);
    expect(url).not.toContain(verifier);
  });

  test('the way to Capsule asks for identity, reading and writing, no more', async () => {
    const { url } = await capsule().start('http://localhost:3000/oauth/capsule/callback');
    expect(new URL(url).searchParams.get('scope')).toBe('openid tenant read write');
  });

  test('no two starts share a state or a verifier', async () => {
    const [one, two] = await Promise.all([sage().start(CALLBACK), sage().start(CALLBACK)]);
    expect(one.state).not.toBe(two.state);
    expect(one.verifier).not.toBe(two.verifier);
  });

  test('a code with a slash reaches the token endpoint whole, with the secret in the form', async () => {
    await sage().exchange(CALLBACK, 'GB/12+ab', 'v'.repeat(43));
    expect(Object.fromEntries(heard[0]!.form)).toEqual({
      ...{ grant_type: 'authorization_code', code: 'GB/12+ab', redirect_uri: CALLBACK },
      ...{ code_verifier: 'v'.repeat(43), client_id: 'id', client_secret: 's&cret' },
    });
    expect(heard[0]!.authorization).toBeUndefined();
  });

  test('the answer becomes a pair with its ends', async () => {
    answers['/token'] = {
      status: 200,
      body: { ...TOKENS, refresh_token_expires_in: 100, requested_by_id: 'u' },
    };
    expect(await sage().exchange(CALLBACK, 'c', 'v'.repeat(43))).toMatchObject({
      ...{ accessToken: 'a1', refreshToken: 'r1', issuedAt: new Date(NOW) },
      accessExpiresAt: new Date(NOW + 300_000),
      refreshExpiresAt: new Date(NOW + 100_000),
      details: { requested_by_id: 'u' },
    });
  });

  test.each([
    ['an id_token that nobody could check', { ...TOKENS, id_token: 'not.a.token' }],
    ['no token type', { access_token: 'a1', refresh_token: 'r1' }],
    ['a token type in capitals', { ...TOKENS, token_type: 'Bearer' }],
    ['a lifetime as text', { ...TOKENS, expires_in: '300' }],
  ])('an answer with %s is taken', async (_what, body) => {
    answers['/token'] = { status: 200, body, headers: { 'content-type': 'text/plain' } };
    expect(await capsule().exchange(CALLBACK, 'c', 'v'.repeat(43))).toMatchObject({ accessToken: 'a1' });
  });

  test('a refresh that names no new refresh token keeps the old one', async () => {
    answers['/token'] = { status: 200, body: { access_token: 'a2', token_type: 'bearer' } };
    const pair = await capsule().refresh('r-old');
    expect(pair).toMatchObject({ accessToken: 'a2', refreshToken: 'r-old', refreshExpiresAt: null });
    expect(heard[0]!.form.get('refresh_token')).toBe('r-old');
  });

  test.each<[string, Answer, object]>([
    ['a used code', { status: 400, body: { error: 'invalid_grant' } }, { kind: 'unauthorised', status: 400 }],
    ['a bare 401', { status: 401, body: 'no' }, { kind: 'unauthorised', status: 401 }],
    [
      'a 401 with a challenge',
      { status: 401, body: 'no', headers: { 'www-authenticate': 'Bearer error="invalid_grant"' } },
      { kind: 'unauthorised', reason: expect.stringContaining('invalid_grant') as unknown },
    ],
    [
      'a wrong client secret',
      { status: 401, body: { error: 'invalid_client' }, headers: { 'www-authenticate': 'Basic' } },
      { kind: 'unavailable', reason: expect.stringContaining("installation's registration") as unknown },
    ],
    ['too many requests', { status: 429, body: {} }, { kind: 'unavailable', status: 429 }],
    ['an outage', { status: 503, body: '<html>' }, { kind: 'outcomeUnknown', status: 503 }],
    ['a broken answer', { status: 200, body: '{"access_to' }, { kind: 'outcomeUnknown' }],
    ['a broken connection', 'hang up', { kind: 'outcomeUnknown', status: 0 }],
  ])('%s is told apart', async (_what, answer, expected) => {
    answers['/token'] = answer;
    await expect(sage().refresh('secret-refresh')).rejects.toMatchObject(expected);
  });

  test('a host that cannot be reached is not an unknown outcome', async () => {
    const closed = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => closed.once('listening', resolve));
    const tokenUrl = `http://127.0.0.1:${(closed.address() as AddressInfo).port}/token`;
    await new Promise((resolve) => closed.close(resolve));
    const away = createSageOauth({ ...urls(), tokenUrl, requestsPerMinute: 0 });
    await expect(away.refresh('r')).rejects.toMatchObject({ kind: 'unavailable', status: 0 });
  });

  test('no failure holds a token or a secret', async () => {
    answers['/token'] = { status: 400, body: { error: 'invalid_grant' } };
    const error: unknown = await sage()
      .refresh('secret-refresh')
      .catch((reason: unknown) => reason);
    const seen = JSON.stringify(error, Object.getOwnPropertyNames(error));
    expect(seen).toContain('invalid_grant');
    expect(seen).not.toMatch(/secret-refresh|s&cret/);
  });

  test('an exchange without a refresh token is refused: the sync could not go on', async () => {
    answers['/token'] = { status: 200, body: { access_token: 'a', token_type: 'bearer' } };
    await expect(sage().exchange(CALLBACK, 'c', 'v'.repeat(43))).rejects.toMatchObject({
      reason: expect.stringContaining('no refresh token') as unknown,
    });
  });

  test('a revocation goes to the configured address', async () => {
    answers['/oauth/revoke'] = { status: 200, body: { success: 'ok' } };
    await sage().revoke('r1');
    expect(heard.map(({ path }) => path)).toEqual(['/oauth/revoke']);
    expect(heard[0]!.form.get('token')).toBe('r1');
  });

  test("Capsule's other revocation route is tried when the first is unknown", async () => {
    answers['/oauth/token/revoke'] = { status: 200, body: '' };
    await capsule().revoke('r1');
    expect(heard.map(({ path }) => path)).toEqual(['/oauth/revoke', '/oauth/token/revoke']);
  });

  test('a revocation that no route knows is an error', async () => {
    await expect(capsule().revoke('r1')).rejects.toMatchObject({ kind: 'unavailable', status: 404 });
  });

  describe('the Capsule account', () => {
    const identify = async (userinfo: Answer | undefined, tokens: object = {}) => {
      answers['/token'] = { status: 200, body: { ...TOKENS, ...tokens } };
      if (userinfo) answers['/userinfo'] = userinfo;
      const oauth = capsule();
      return oauth.identify(await oauth.exchange(CALLBACK, 'c', 'v'.repeat(43)));
    };

    test.each<[string, Answer | undefined, object, object]>([
      [
        'is the tenant claim; the web address comes along',
        { status: 200, body: { sub: '7', tenant: 'abc-1', subdomain: 'acme' } },
        {},
        { tenantId: 'abc-1', subdomain: 'acme' },
      ],
      [
        'may be a number',
        { status: 200, body: { tenant: 4711 } },
        { subdomain: 'acme' },
        { tenantId: '4711', subdomain: 'acme' },
      ],
      [
        'never holds a slash: it becomes part of ids',
        { status: 200, body: { tenant: 'a/b' } },
        {},
        { tenantId: 'a%2Fb', subdomain: null },
      ],
      [
        'has no tenant where no userinfo is served',
        undefined,
        { subdomain: 'acme' },
        { tenantId: null, subdomain: 'acme' },
      ],
      ['may be told by nobody', { status: 403, body: {} }, {}, { tenantId: null, subdomain: null }],
    ])('%s', async (_what, userinfo, tokens, expected) => {
      expect(await identify(userinfo, tokens)).toEqual(expected);
    });

    test('is not guessed while userinfo is in trouble: that could make a second tenant', async () => {
      await expect(identify({ status: 502, body: '' }, { subdomain: 'acme' })).rejects.toMatchObject({
        kind: 'outcomeUnknown',
      });
    });
  });
});

async function hear(request: IncomingMessage): Promise<Heard> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return {
    path: request.url ?? '',
    form: new URLSearchParams(text),
    authorization: request.headers.authorization,
  };
}
