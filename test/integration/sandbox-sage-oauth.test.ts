import { createHash, randomBytes } from 'node:crypto';

import { useSageSandbox } from '../support/sage-sandbox';

const { sage, get } = useSageSandbox();

const CALLBACK = 'http://localhost:3000/oauth/sage/callback?tenant=a%2Fb';
const client = { client_id: 'sandbox-sage-client', client_secret: 'sandbox-sage-secret' };
const asked = {
  response_type: 'code',
  client_id: client.client_id,
  redirect_uri: CALLBACK,
  scope: 'full_access',
  state: 'state-1',
};

const authorize = (query: Record<string, string>): Promise<Response> =>
  fetch(`${sage().url}/oauth2/auth/central?${new URLSearchParams(query)}`, { redirect: 'manual' });

/** Where the browser is sent after the consent page. */
async function consent(given: Record<string, string> = {}, country = ''): Promise<URL> {
  const response = await fetch(`${sage().url}/oauth2/auth/central/decision?country=${country}`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ ...asked, user: 'owner', decision: 'allow', ...given }),
  });
  return new URL(response.headers.get('location') ?? 'nowhere:');
}

const codeOf = async (given: Record<string, string> = {}): Promise<string> =>
  (await consent(given)).searchParams.get('code') ?? '';

interface Tokens {
  error?: string;
  access_token: string;
  refresh_token: string;
}

async function token(form: Record<string, string>): Promise<{ status: number; body: Tokens }> {
  const response = await fetch(`${sage().url}/token`, { method: 'POST', body: new URLSearchParams(form) });
  return { status: response.status, body: (await response.json()) as Tokens };
}

const exchange = (code: string, more: Record<string, string> = {}) =>
  token({ ...client, grant_type: 'authorization_code', code, redirect_uri: CALLBACK, ...more });
const refresh = (refresh_token: string) => token({ ...client, grant_type: 'refresh_token', refresh_token });

describe('the consent page', () => {
  it('is a plain form that offers every user and both answers', async () => {
    const page = await (await authorize({ ...asked, country: 'gb' })).text();
    for (const text of ['method="post"', 'name="user"', 'value="single"', 'value="allow"', 'value="deny"']) {
      expect(page).toContain(text);
    }
    expect(page).toContain('action="/oauth2/auth/central/decision?country=gb"');
  });

  it.each([
    ['an unknown client', { client_id: 'other' }, 400, null],
    ['a callback on another machine', { redirect_uri: 'https://evil.example/' }, 400, null],
    ['another response type', { response_type: 'token' }, 302, 'unsupported_response_type'],
    ['an unknown scope', { scope: 'everything' }, 302, 'invalid_scope'],
  ])('is refused to %s', async (_what, change, status, error) => {
    const response = await authorize({ ...asked, ...change });
    const location = response.headers.get('location');
    expect([response.status, location && new URL(location).searchParams.get('error')]).toEqual([
      status,
      error,
    ]);
  });

  it('sends a code with a slash, the country and the state to the callback as it stands', async () => {
    const callback = await consent();
    expect(Object.fromEntries(callback.searchParams)).toEqual({
      tenant: 'a/b',
      code: expect.stringMatching(/^GB\/[0-9a-f]+$/) as string,
      country: 'GB',
      state: 'state-1',
    });
    expect(callback.search).toContain('code=GB%2F');
  });

  it.each([
    ['was denied', { decision: 'deny' }, '', 'access_denied', null],
    ['is of another country', { user: 'irish' }, 'gb', 'Invalid request', 'Email already in use'],
  ])('says so when it %s', async (_what, given, country, error, reason) => {
    const { searchParams } = await consent(given, country);
    expect([searchParams.get('error'), searchParams.get('reason')]).toEqual([error, reason]);
    expect([searchParams.get('state'), searchParams.get('code')]).toEqual(['state-1', null]);
  });

  it('tells the country of the user where none was asked for', async () => {
    expect((await consent({ user: 'irish' })).searchParams.get('country')).toBe('IE');
  });
});

describe('the token address', () => {
  it('gives a pair of long tokens for 5 minutes and 31 days', async () => {
    const { status, body } = await exchange(await codeOf());
    expect([status, body]).toMatchObject([
      200,
      { token_type: 'bearer', scope: 'full_access', expires_in: 300, refresh_token_expires_in: 2_678_400 },
    ]);
    expect(body.access_token.length).toBe(1500);
    expect((await get('/user', { token: body.access_token })).body).toMatchObject({ first_name: 'Olivia' });
  });

  it('takes JSON, and the client by HTTP Basic', async () => {
    const form = { grant_type: 'authorization_code', redirect_uri: CALLBACK };
    const byJson = await fetch(`${sage().url}/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...client, ...form, code: await codeOf() }),
    });
    const basic = Buffer.from(`${client.client_id}:${client.client_secret}`).toString('base64');
    const byBasic = await fetch(`${sage().url}/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${basic}` },
      body: new URLSearchParams({ ...form, code: await codeOf() }),
    });
    expect([byJson.status, byBasic.status]).toEqual([200, 200]);
  });

  it.each<[string, () => Promise<{ status: number; body: Tokens }>, string]>([
    ['a code that was used', async () => twice(await codeOf()), 'invalid_grant'],
    ['a code without its country', async () => exchange((await codeOf()).slice(3)), 'invalid_grant'],
    ['a code of 61 seconds ago', async () => exchange(await aged()), 'invalid_grant'],
    [
      'another callback',
      async () => exchange(await codeOf(), { redirect_uri: `${CALLBACK}/` }),
      'invalid_grant',
    ],
    ['a wrong secret', async () => exchange(await codeOf(), { client_secret: 'x' }), 'invalid_client'],
    ['no code', () => exchange(''), 'invalid_request'],
    ['another grant type', () => token({ ...client, grant_type: 'password' }), 'unsupported_grant_type'],
  ])('refuses %s', async (_what, attempt, error) => {
    expect(await attempt()).toEqual({ status: 400, body: { error } });
  });

  const twice = async (code: string) => {
    await exchange(code);
    return exchange(code);
  };
  const aged = async (): Promise<string> => {
    const code = await codeOf();
    sage().clock.advance(61_000);
    return code;
  };

  it.each([
    ['the verifier', (verifier: string) => verifier, 200],
    ['another verifier', () => 'x'.repeat(43), 400],
    ['no verifier', () => '', 400],
  ])('asks for the proof of a challenge: %s', async (_what, sent, status) => {
    const verifier = randomBytes(32).toString('base64url');
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    const code = await codeOf({ code_challenge: challenge, code_challenge_method: 'S256' });
    expect((await exchange(code, { code_verifier: sent(verifier) })).status).toBe(status);
  });
});

describe('a grant', () => {
  it('rotates its refresh token and leaves earlier access tokens to run out', async () => {
    const first = (await exchange(await codeOf())).body;
    const second = (await refresh(first.refresh_token)).body;
    expect(second.refresh_token).not.toBe(first.refresh_token);
    expect((await get('/user', { token: first.access_token })).status).toBe(200);
    sage().clock.advance(301_000);
    expect((await get('/user', { token: second.access_token })).status).toBe(401);
  });

  it('dies when a used refresh token comes again', async () => {
    const first = (await exchange(await codeOf())).body;
    const second = (await refresh(first.refresh_token)).body;
    expect((await refresh(first.refresh_token)).body).toEqual({ error: 'invalid_grant' });
    expect((await refresh(second.refresh_token)).body).toEqual({ error: 'invalid_grant' });
  });

  it('dies after 31 days of rest', async () => {
    const { refresh_token } = (await exchange(await codeOf())).body;
    sage().clock.advance(32 * 86_400_000);
    expect((await refresh(refresh_token)).status).toBe(400);
  });

  it('is revoked by its refresh token, and revoking again is no error', async () => {
    const { refresh_token } = (await exchange(await codeOf())).body;
    for (let time = 0; time < 2; time++) {
      const body = new URLSearchParams({ ...client, token: refresh_token });
      const response = await fetch(`${sage().url}/revoke`, { method: 'POST', body });
      expect([response.status, await response.json()]).toEqual([200, { success: 'ok' }]);
    }
    expect((await refresh(refresh_token)).status).toBe(400);
    expect(sage().livingGrants()).toBe(1);
  });

  it('ends for everybody at a change of password', async () => {
    const { refresh_token } = (await exchange(await codeOf())).body;
    sage().revokeGrants();
    expect((await refresh(refresh_token)).status).toBe(400);
  });
});
