import { createHash, createPublicKey, type JsonWebKey, verify } from 'node:crypto';

import { type Answered, answered, useCapsuleSandbox } from '../support/capsule-sandbox';

const { capsule, environment, call, create } = useCapsuleSandbox();

interface TokenBody {
  error: string;
  access_token: string;
  refresh_token: string;
  scope: string;
  id_token: string;
}

const CLIENT = { client_id: 'sandbox-capsule-client', client_secret: 'sandbox-capsule-secret' };
const acme = { type: 'organisation', name: 'Acme' };
const REDIRECT = 'http://localhost:3000/oauth/capsule/callback?from=here';

describe('OAuth', () => {
  const verifier = 'v'.repeat(50);
  const request = {
    client_id: CLIENT.client_id,
    redirect_uri: REDIRECT,
    response_type: 'code',
    state: 'a state',
    scope: 'read write openid profile tenant',
    nonce: 'n-1',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  };
  const form = (fields: Record<string, string>) => ({ method: 'POST', body: new URLSearchParams(fields) });
  const token = async (fields: Record<string, string>): Promise<Answered<TokenBody>> => {
    const init = form({ ...CLIENT, ...fields });
    return answered(await fetch(`${capsule().url}/oauth/token`, init));
  };
  const consent = async (fields: Record<string, string>): Promise<URL> => {
    const url = `${capsule().url}/oauth/authorise/decision`;
    const response = await fetch(url, { ...form({ ...request, ...fields }), redirect: 'manual' });
    return new URL(response.headers.get('location')!);
  };
  const exchange = async (fields: Record<string, string | undefined> = {}): Promise<Answered<TokenBody>> => {
    const code = (await consent({ user: 'alice', decision: 'allow' })).searchParams.get('code')!;
    const grant = { grant_type: 'authorization_code', code, redirect_uri: REDIRECT, code_verifier: verifier };
    return token({ ...grant, ...(fields as Record<string, string>) });
  };

  const userinfo = async (accessToken: string): Promise<Record<string, unknown>> => {
    const headers = { authorization: `Bearer ${accessToken}` };
    const response = await fetch(`${capsule().url}/oauth/userinfo`, { headers });
    return (await response.json()) as Record<string, unknown>;
  };

  test('the consent page offers both users and repeats the request in a plain form', async () => {
    const query = new URLSearchParams(request).toString();
    const page = await (await fetch(`${capsule().url}/oauth/authorise?${query}`)).text();
    expect(page).toMatch(/name="user" value="alice" checked.*name="user" value="bob"/s);
    expect(page).toContain('name="state" value="a state"');
    expect(page).toContain('name="decision" value="allow"');
  });

  test.each([
    [
      { user: 'alice', decision: 'deny' },
      { error: 'access_denied', state: 'a state', from: 'here' },
    ],
    [
      { user: 'bob', decision: 'allow' },
      { state: 'a state', from: 'here' },
    ],
  ])('the answer %j goes back with the state', async (fields, expected) => {
    const { searchParams } = await consent(fields);
    expect(Object.fromEntries(searchParams)).toMatchObject(expected);
    expect(searchParams.has('code')).toBe(fields.decision === 'allow');
  });

  test.each([
    [{ client_id: 'somebody-else' }, 400],
    [{ redirect_uri: 'https://elsewhere.example/cb' }, 400],
    [{ scope: 'everything' }, 302],
    [{ response_type: 'token' }, 302],
  ])('an authorisation request with %j is answered %i', async (fields, status) => {
    const query = new URLSearchParams({ ...request, ...fields }).toString();
    const response = await fetch(`${capsule().url}/oauth/authorise?${query}`, { redirect: 'manual' });
    expect(response.status).toBe(status);
  });

  test('a code gives tokens for seven days less a second, with the subdomain and a valid id_token', async () => {
    const { status, body } = await exchange();
    expect(status).toBe(200);
    expect(body).toMatchObject({ token_type: 'bearer', expires_in: 604_799, subdomain: 'thames-severn' });
    expect(body.scope.split(' ')).toEqual(expect.arrayContaining(['read', 'write', 'tenant']));
    const [head, payload, signature] = body.id_token.split('.') as [string, string, string];
    const jwks = await fetch(`${capsule().url}/.well-known/jwks.json`);
    const { keys } = (await jwks.json()) as { keys: [JsonWebKey] };
    const key = createPublicKey({ key: keys[0], format: 'jwk' });
    const signed = Buffer.from(`${head}.${payload}`);
    expect(verify('sha256', signed, key, Buffer.from(signature, 'base64url'))).toBe(true);
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString());
    expect(claims).toMatchObject({
      iss: capsule().url,
      aud: CLIENT.client_id,
      nonce: 'n-1',
      sub: '101',
    });
  });

  test.each([
    { code: 'made-up' },
    { redirect_uri: REDIRECT.replace('here', 'there') },
    { code_verifier: 'another-verifier' },
  ])('an exchange with %j is refused', async (fields) => {
    expect(await exchange(fields)).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    });
  });

  test('a code that comes twice is refused and takes back what it gave', async () => {
    const code = (await consent({ user: 'alice', decision: 'allow' })).searchParams.get('code')!;
    const grant = { grant_type: 'authorization_code', code, redirect_uri: REDIRECT, code_verifier: verifier };
    const first = await token(grant);
    expect((await token(grant)).status).toBe(400);
    expect((await call('GET', '/site', undefined, first.body.access_token)).status).toBe(401);
  });

  test('a refresh rotates the refresh token, and the old one is refused', async () => {
    const { body: first } = await exchange();
    const refresh = (refresh_token: string) => token({ grant_type: 'refresh_token', refresh_token });
    const { body: second } = await refresh(first.refresh_token);
    expect(second.refresh_token).not.toBe(first.refresh_token);
    expect((await refresh(first.refresh_token)).body.error).toBe('invalid_grant');
    expect((await refresh(second.refresh_token)).status).toBe(200);
    expect((await call('GET', '/site', undefined, first.access_token)).status).toBe(200);
  });

  test('the client may authenticate by Basic too, and a wrong secret is 401', async () => {
    const basic = (secret: string) =>
      fetch(`${capsule().url}/oauth/token`, {
        ...form({ grant_type: 'refresh_token', refresh_token: capsule().issueTokens().refreshToken }),
        headers: {
          authorization: `Basic ${Buffer.from(`${CLIENT.client_id}:${secret}`).toString('base64')}`,
        },
      });
    expect((await basic(CLIENT.client_secret)).status).toBe(200);
    const refused = await basic('guess');
    expect([refused.status, refused.headers.has('www-authenticate')]).toEqual([401, true]);
  });

  test.each(['/oauth/revoke', '/oauth/token/revoke'])('%s ends the whole grant', async (path) => {
    const { accessToken, refreshToken } = capsule().issueTokens();
    const revoked = await fetch(capsule().url + path, form({ ...CLIENT, token: refreshToken }));
    expect(revoked.status).toBe(200);
    expect((await call('GET', '/site', undefined, accessToken)).status).toBe(401);
  });

  test.each([
    ['openid tenant', { sub: '101', subdomain: 'thames-severn' }],
    ['openid profile', { sub: '101', given_name: 'Alice' }],
    ['read', { error: 'insufficient_scope' }],
  ])('userinfo with the scope %s tells %j', async (scope, expected) => {
    const claims = await userinfo(capsule().issueTokens('alice', scope).accessToken);
    expect(claims).toMatchObject(expected);
    expect('tenant' in claims).toBe(scope.includes('tenant'));
  });

  test('the tenant stays when the web address is renamed', async () => {
    const { accessToken } = capsule().issueTokens('alice', 'openid tenant');
    const before = await userinfo(accessToken);
    capsule().account.site.subdomain = 'renamed';
    expect(await userinfo(accessToken)).toMatchObject({ tenant: before.tenant, subdomain: 'renamed' });
  });

  test.each(['openid-configuration', 'oauth-authorization-server'])('%s is served', async (name) => {
    const served = await fetch(`${capsule().url}/.well-known/${name}`);
    expect(await served.json()).toMatchObject({
      issuer: capsule().url,
      authorization_endpoint: environment().CAPSULE_AUTHORIZE_URL,
      token_endpoint: environment().CAPSULE_TOKEN_URL,
      revocation_endpoint: environment().CAPSULE_REVOKE_URL,
    });
  });
});

describe('access', () => {
  test.each([
    ['nothing', ''],
    ['an unknown token', 'made-up'],
  ])('%s is 401 with WWW-Authenticate', async (_what, token) => {
    const { status, headers } = await call('GET', '/parties', undefined, token);
    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toContain('invalid_token');
  });

  test('an access token dies after seven days', async () => {
    capsule().clock.advance(604_799_000);
    expect((await call('GET', '/site')).status).toBe(401);
  });

  test.each([
    ['read', 'GET', '/parties', 200],
    ['read', 'POST', '/parties', 403],
    ['read', 'POST', '/parties/filters/results', 200],
    ['openid tenant', 'GET', '/parties', 403],
  ])('the scope %s on %s %s is answered %i', async (scope, method, path, status) => {
    const { accessToken } = capsule().issueTokens('alice', scope);
    const body = method === 'POST' ? { party: acme, filter: { conditions: [] } } : undefined;
    expect((await call(method, path, body, accessToken)).status).toBe(status);
  });

  test.each([
    ['GET', '/nonsense', 404, 'Could not find resource'],
    ['GET', '/users/me', 404, 'Could not find resource'],
    ['GET', '/parties/99', 404, 'party not found'],
    ['DELETE', '/parties', 405, 'Method not allowed'],
  ])('%s %s is %i %s', async (method, path, status, message) => {
    expect(await call(method, path)).toMatchObject({ status, body: { message } });
  });

  test('a standard user does not see the parties of a team he is no member of', async () => {
    const { id } = await create({ ...acme, owner: { id: 101 }, team: { id: 4 } });
    const bob = capsule().issueTokens('bob').accessToken;
    expect((await call('GET', `/parties/${id}`, undefined, bob)).status).toBe(404);
    expect((await call('GET', '/parties', undefined, bob)).body.parties).toEqual([]);
    const { body } = await call('GET', '/parties/deleted?since=2020-01-01T00:00:00Z', undefined, bob);
    expect(body).toMatchObject({
      parties: [],
      restrictedParties: [{ id, name: 'Private', isRestricted: true }],
    });
  });
});

describe('quota', () => {
  test('every success tells the window, and the call beyond it is 429 without Retry-After', async () => {
    Object.assign(capsule().conditions, { limit: 2, windowSeconds: 60 });
    const first = await call('GET', '/site');
    expect(first.headers.get('x-ratelimit-remaining')).toBe('1');
    await call('GET', '/site');
    const refused = await call('GET', '/site');
    expect(refused).toMatchObject({ status: 429, body: { error: 'rate limit reached' } });
    expect(refused.headers.has('retry-after')).toBe(false);
    const reset = Number(refused.headers.get('x-ratelimit-reset')) * 1000;
    expect(reset - capsule().clock.now()).toBeGreaterThan(50_000);
    const bob = capsule().issueTokens('bob').accessToken;
    expect((await call('GET', '/site', undefined, bob)).status).toBe(200);
    capsule().clock.advance(61_000);
    expect((await call('GET', '/site')).status).toBe(200);
  });

  test('an unlimited sandbox sends no X-RateLimit headers', async () => {
    capsule().conditions.limit = 0;
    const { headers } = await call('GET', '/site');
    expect(headers.has('x-ratelimit-limit')).toBe(false);
  });
});
