import { type Request, type Response, Router, json, urlencoded } from 'express';

import {
  type AuthorisationRequest,
  authorisationRequest,
  clientCredentials,
  isLoopbackRedirect,
  redirectWith,
  sameText,
} from '../kernel/oauth';
import { ConsentPage, sendPage } from '../kernel/page';
import { type Directory } from './directory';
import { type Grants, type Scope } from './grants';
import { LOOK, MessagePage } from './pages/look';

export const CLIENT_ID = 'sandbox-sage-client';
export const CLIENT_SECRET = 'sandbox-sage-secret';

const SCOPES: readonly Scope[] = ['full_access', 'readonly'];

/** Sage's sign-in and token addresses (reference §1). */
export function oauthRouter(directory: Directory, grants: Grants): Router {
  const form = [urlencoded({ extended: false }), json()];
  const router = Router();
  router.get('/oauth2/auth/central', (req, res) => {
    const request = authorisationRequest(req.query);
    if (refusedOutright(request, res) || sentBack(request, req.query, res)) return;
    const country = textOf(req.query, 'country');
    sendPage(
      res,
      ConsentPage({
        vendor: LOOK,
        action: `/oauth2/auth/central/decision?country=${encodeURIComponent(country)}`,
        request,
        users: directory.users.map(({ login, firstName, lastName, hint }) => ({
          id: login,
          label: `${firstName} ${lastName} (${login})`,
          hint,
        })),
      }),
    );
  });
  router.post('/oauth2/auth/central/decision', urlencoded({ extended: false }), (req, res) => {
    decide(req, res, directory, grants);
  });
  router.post('/token', form, (req: Request, res: Response) => {
    answerToken(req, res, grants);
  });
  router.post('/revoke', form, (req: Request, res: Response) => {
    const body = bodyOf(req);
    if (!knownClient(req, body)) return void res.status(400).json({ error: 'invalid_client' });
    grants.revoke(textOf(body, 'token'));
    res.json({ success: 'ok' });
  });
  return router;
}

function decide(req: Request, res: Response, directory: Directory, grants: Grants): void {
  const body = bodyOf(req);
  const request = authorisationRequest(body);
  if (refusedOutright(request, res)) return;
  const { redirectUri, state } = request;
  const back = (parameters: Record<string, string>): void => {
    res.redirect(302, redirectWith(redirectUri, { ...parameters, state }));
  };
  const user = directory.user(textOf(body, 'user'));
  if (textOf(body, 'decision') !== 'allow' || !user) {
    back({ error: 'access_denied' });
    return;
  }
  const country = textOf(req.query, 'country').toUpperCase();
  if (country !== '' && country !== user.countryId) {
    // Sage's own, non-standard words for "that user's business is in another country" (reference §1, A).
    back({ error: 'Invalid request', reason: 'Email already in use' });
    return;
  }
  back({ code: grants.issueCode(request, user), country: user.countryId });
}

/** Requests that must not be answered by a redirect: the client or the address is not known to be good. */
function refusedOutright({ clientId, redirectUri }: AuthorisationRequest, res: Response): boolean {
  const reason =
    clientId !== CLIENT_ID
      ? 'No app is registered under this client_id.'
      : !isLoopbackRedirect(redirectUri)
        ? 'The redirect_uri is not one of the callback addresses of this app.'
        : null;
  if (reason) sendPage(res, MessagePage({ title: 'This request cannot be answered', text: reason }), 400);
  return reason !== null;
}

function sentBack(request: AuthorisationRequest, query: Record<string, unknown>, res: Response): boolean {
  const error =
    query.response_type !== 'code'
      ? 'unsupported_response_type'
      : !SCOPES.some((scope) => scope === request.scope)
        ? 'invalid_scope'
        : null;
  if (error) res.redirect(302, redirectWith(request.redirectUri, { error, state: request.state }));
  return error !== null;
}

function answerToken(req: Request, res: Response, grants: Grants): void {
  const body = bodyOf(req);
  const refuse = (error: string): void => {
    res.status(400).json({ error });
  };
  res.set('Cache-Control', 'no-store');
  if (!knownClient(req, body)) return refuse('invalid_client');
  switch (textOf(body, 'grant_type')) {
    case 'authorization_code': {
      const [code, redirectUri, verifier] = ['code', 'redirect_uri', 'code_verifier'].map((name) =>
        textOf(body, name),
      ) as [string, string, string];
      if (!code || !redirectUri) return refuse('invalid_request');
      const answer = grants.exchange(code, CLIENT_ID, redirectUri, verifier);
      return answer ? void res.json(answer) : refuse('invalid_grant');
    }
    case 'refresh_token': {
      const answer = grants.rotate(textOf(body, 'refresh_token'));
      return answer ? void res.json(answer) : refuse('invalid_grant');
    }
    case '':
      return refuse('invalid_request');
    default:
      return refuse('unsupported_grant_type');
  }
}

function knownClient(req: Request, body: Record<string, unknown>): boolean {
  const credentials = clientCredentials(req.get('authorization'), body);
  return (
    credentials !== null && sameText(credentials.id, CLIENT_ID) && sameText(credentials.secret, CLIENT_SECRET)
  );
}

const bodyOf = (req: Request): Record<string, unknown> =>
  (req.body as Record<string, unknown> | undefined) ?? {};

const textOf = (source: Record<string, unknown>, name: string): string => {
  const value = source[name];
  return typeof value === 'string' ? value : '';
};
