import { type Request, type Response, Router, urlencoded } from 'express';

import {
  type AuthorisationRequest,
  authorisationRequest,
  clientCredentials,
  isLoopbackRedirect,
  provesChallenge,
  redirectWith,
  sameText,
} from '../kernel/oauth';
import { ConsentPage, Page, sendPage } from '../kernel/page';
import { type CapsuleAccount } from './account';
import { ACCESS_TOKEN_SECONDS, type Grant, type Grants, SCOPES, type Tokens } from './grants';
import { LOOK } from './pages/look';
import { type SigningKey } from './signing';

export const CLIENT = { id: 'sandbox-capsule-client', secret: 'sandbox-capsule-secret' };

export interface OAuthDeps {
  account: CapsuleAccount;
  grants: Grants;
  signingKey: SigningKey;
  /** Known once the server listens. */
  issuer: () => string;
}

/** `/oauth/*` and `/.well-known/*` (§1). */
export function oauthRouter(deps: OAuthDeps): Router {
  const form = urlencoded({ extended: false });
  return Router()
    .get('/oauth/authorise', (req, res) => {
      askConsent(deps, req, res);
    })
    .post('/oauth/authorise/decision', form, (req, res) => {
      decide(deps, req, res);
    })
    .post('/oauth/token', form, (req, res) => exchange(deps, req, res))
    .post(['/oauth/revoke', '/oauth/token/revoke'], form, (req, res) => {
      if (!isClient(req, res)) return;
      deps.grants.revokeByToken(formOf(req).token ?? '');
      res.status(200).end();
    })
    .get('/oauth/userinfo', (req, res) => {
      userinfo(deps, req, res);
    })
    .get('/.well-known/jwks.json', async (_req, res) => {
      res.json(await deps.signingKey.jwks());
    })
    .get('/.well-known/oauth-authorization-server', (_req, res) => {
      res.json(authorisationServer(deps.issuer()));
    })
    .get('/.well-known/openid-configuration', (_req, res) => {
      res.json(openidConfiguration(deps.issuer()));
    });
}

/** RFC 6749 §4.1.2.1: what concerns the client or its redirect is told to the person, the rest to the client. */
function askConsent({ account }: OAuthDeps, req: Request, res: Response): void {
  const request = authorisationRequest(req.query);
  const fault = clientFault(request);
  if (fault) {
    refusePage(res, fault);
    return;
  }
  const error = requestFault(request, req.query.response_type);
  if (error) {
    res.redirect(302, redirectWith(request.redirectUri, { error, state: request.state }));
    return;
  }
  const users = account.users.map(({ username, name, administrator }) => ({
    id: username,
    label: name,
    hint: administrator ? `${username} · Administrator` : `${username} · Standard user`,
  }));
  sendPage(
    res,
    <ConsentPage vendor={LOOK} action="/oauth/authorise/decision" request={request} users={users} />,
  );
}

function decide({ account, grants }: OAuthDeps, req: Request, res: Response): void {
  const form = formOf(req);
  const request = authorisationRequest(form);
  const fault = clientFault(request) ?? requestFault(request, 'code');
  const user = account.users.find(({ username }) => username === form.user);
  if (fault || !user) {
    refusePage(res, fault ?? 'This user is not known.');
    return;
  }
  const { state, redirectUri } = request;
  const answer: Record<string, string> =
    form.decision === 'allow' ? { code: grants.issueCode(request, user.id) } : { error: 'access_denied' };
  res.redirect(302, redirectWith(redirectUri, { ...answer, state }));
}

async function exchange(deps: OAuthDeps, req: Request, res: Response): Promise<void> {
  if (!isClient(req, res)) return;
  const form = formOf(req);
  const tokens = tokensFor(deps.grants, form);
  if (typeof tokens === 'string') {
    const description = 'The grant is invalid, expired, revoked or was used before.';
    res.status(400).json({ error: tokens, error_description: description });
    return;
  }
  res.set('Cache-Control', 'no-store').json({
    access_token: tokens.accessToken,
    token_type: 'bearer',
    expires_in: ACCESS_TOKEN_SECONDS,
    refresh_token: tokens.refreshToken,
    scope: [...tokens.grant.scopes].join(' '),
    subdomain: deps.account.site.subdomain,
    ...(tokens.grant.scopes.has('openid') ? { id_token: await idToken(deps, tokens.grant) } : {}),
  });
}

/** @returns the error code of RFC 6749 §5.2 when there is nothing to give */
function tokensFor(grants: Grants, form: Record<string, string | undefined>): Tokens | string {
  if (form.grant_type === 'refresh_token') {
    return grants.refresh(form.refresh_token ?? '', CLIENT.id) ?? 'invalid_grant';
  }
  if (form.grant_type !== 'authorization_code') return 'unsupported_grant_type';
  const code = form.code ?? '';
  const request = grants.requestOf(code);
  // Some clients leave redirect_uri out and it works (§1); a sandbox insists on it, char for char.
  const holds =
    request !== null &&
    request.redirectUri === form.redirect_uri &&
    provesChallenge(request, form.code_verifier ?? '');
  return holds ? grants.redeem(code) : 'invalid_grant';
}

function isClient(req: Request, res: Response): boolean {
  const given = clientCredentials(req.headers.authorization, formOf(req));
  if (given?.id === CLIENT.id && sameText(given.secret, CLIENT.secret)) return true;
  res.status(401).set('WWW-Authenticate', 'Basic realm="Capsule"').json({ error: 'invalid_client' });
  return false;
}

/** A claim is told only with its scope (nastier than telling all). `tenant` never changes, `subdomain` may. */
function claims({ account }: OAuthDeps, grant: Grant): Record<string, unknown> {
  const user = account.user(grant.userId)!;
  const [given_name, family_name] = user.name.split(' ');
  const profile = {
    name: user.name,
    given_name,
    family_name,
    locale: 'en_GB',
    updated_at: Math.floor(account.clock.now() / 1000),
  };
  return {
    sub: String(user.id),
    ...(grant.scopes.has('profile') ? profile : {}),
    ...(grant.scopes.has('email') ? { email: user.email } : {}),
    ...(grant.scopes.has('tenant') ? { tenant: account.tenant, subdomain: account.site.subdomain } : {}),
  };
}

function idToken(deps: OAuthDeps, grant: Grant): Promise<string> {
  const iat = Math.floor(deps.account.clock.now() / 1000);
  return deps.signingKey.sign({
    iss: deps.issuer(),
    aud: grant.clientId,
    iat,
    exp: iat + 3600,
    ...(grant.nonce ? { nonce: grant.nonce } : {}),
    ...claims(deps, grant),
  });
}

function userinfo(deps: OAuthDeps, req: Request, res: Response): void {
  const [, accessToken = ''] = /^bearer +(\S+)$/i.exec(req.headers.authorization ?? '') ?? [];
  const grant = deps.grants.ofAccessToken(accessToken);
  if (!grant) {
    res.status(401).set('WWW-Authenticate', 'Bearer error="invalid_token"').json({ error: 'invalid_token' });
  } else if (!grant.scopes.has('openid')) {
    res
      .status(403)
      .set('WWW-Authenticate', 'Bearer error="insufficient_scope", scope="openid"')
      .json({ error: 'insufficient_scope' });
  } else {
    res.json(claims(deps, grant));
  }
}

function clientFault({ clientId, redirectUri }: AuthorisationRequest): string | null {
  if (clientId !== CLIENT.id) return `The application “${clientId}” is not registered here.`;
  if (!isLoopbackRedirect(redirectUri)) return 'The redirect address is not one of this computer.';
  return null;
}

function requestFault(request: AuthorisationRequest, responseType: unknown): string | null {
  if (responseType !== 'code') return 'unsupported_response_type';
  if (!['', 'plain', 'S256'].includes(request.codeChallengeMethod)) return 'invalid_request';
  const known: readonly string[] = SCOPES;
  const scopes = request.scope.split(' ').filter(Boolean);
  return scopes.every((scope) => known.includes(scope)) ? null : 'invalid_scope';
}

function refusePage(res: Response, reason: string): void {
  sendPage(
    res,
    <Page vendor={LOOK} title="This request cannot be answered">
      <p class="notice bad">{reason}</p>
    </Page>,
    400,
  );
}

const formOf = (req: Request): Record<string, string | undefined> =>
  (req.body ?? {}) as Record<string, string | undefined>;

const authorisationServer = (issuer: string) => ({
  issuer,
  authorization_endpoint: `${issuer}/oauth/authorise`,
  token_endpoint: `${issuer}/oauth/token`,
  revocation_endpoint: `${issuer}/oauth/revoke`,
  scopes_supported: SCOPES,
  response_types_supported: ['code'],
  response_modes_supported: ['query'],
  grant_types_supported: ['authorization_code', 'refresh_token'],
  token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
  code_challenge_methods_supported: ['plain', 'S256'],
  service_documentation: 'https://developer.capsulecrm.com',
  ui_locales_supported: ['fr-FR', 'en-US', 'en-GB', 'pt-BR', 'es-ES'],
});

const openidConfiguration = (issuer: string) => ({
  ...authorisationServer(issuer),
  jwks_uri: `${issuer}/.well-known/jwks.json`,
  id_token_signing_alg_values_supported: ['RS256'],
  claims_supported: [
    ...['sub', 'name', 'given_name', 'family_name', 'email', 'locale'],
    ...['tenant', 'subdomain', 'iat', 'exp', 'iss', 'updated_at'],
  ],
  userinfo_endpoint: `${issuer}/oauth/userinfo`,
});
