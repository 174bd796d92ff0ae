import { json, type ErrorRequestHandler, type Request, type RequestHandler, type Response } from 'express';

import { delayAnswers } from '../../kernel/conditions';
import { type VendorKernel } from '../../kernel';
import { FixedWindowQuota } from '../../kernel/quota';
import { type CapsuleAccount } from '../account';
import { ApiError, forbidden, notFound } from '../errors';
import { type Grant, type Grants } from '../grants';
import { type RestHooks } from '../hooks';
import { type Answer, type Call } from './call';
import { createHook, deleteHook, listHooks, showHook } from './hooks';
import * as lists from './lists';
import * as parties from './parties';

interface Route {
  handle(call: Call): Answer;
  scope: 'read' | 'write';
}

const read = (handle: Route['handle']): Route => ({ handle, scope: 'read' });
const write = (handle: Route['handle']): Route => ({ handle, scope: 'write' });

/** Everything that the sandbox answers, below /api/v2. A literal segment goes before a `:name`. */
const ROUTES: Record<string, Partial<Record<string, Route>>> = {
  site: { GET: read(lists.showSite) },
  users: { GET: read(lists.listUsers) },
  'users/current': { GET: read(lists.showCurrentUser) },
  'users/:id': { GET: read(lists.showUser) },
  teams: { GET: read(lists.listTeams) },
  titles: { GET: read(lists.listTitles) },
  countries: { GET: read(lists.listCountries) },
  currencies: { GET: read(lists.listCurrencies) },
  parties: { GET: read(parties.listParties), POST: write(parties.createParty) },
  'parties/deleted': { GET: read(parties.listDeletedParties) },
  'parties/search': { GET: read(parties.searchParties) },
  'parties/filters/results': { POST: read(parties.filterParties) },
  'parties/tags': { GET: read(lists.listTags), POST: write(lists.createTag) },
  'parties/tags/:id': { DELETE: write(lists.removeTag) },
  'parties/fields/definitions': { GET: read(lists.listDefinitions), POST: write(lists.createDefinition) },
  'parties/fields/definitions/:id': {
    GET: read(lists.showDefinition),
    PUT: write(lists.changeDefinition),
    DELETE: write(lists.removeDefinition),
  },
  'parties/:id': {
    GET: read(parties.showParties),
    PUT: write(parties.updateParty),
    DELETE: write(parties.deleteParty),
  },
  'parties/:id/people': { GET: read(parties.listPeople) },
  entries: { POST: write(lists.createEntry) },
  resthooks: { GET: read(listHooks), POST: write(createHook) },
  'resthooks/:id': { GET: read(showHook), DELETE: write(deleteHook) },
  'jobs/:id': { GET: read(lists.showJob) },
};

const PATTERNS = Object.entries(ROUTES).map(([pattern, methods]) => ({
  segments: pattern.split('/'),
  methods,
}));

export interface ApiDeps {
  account: CapsuleAccount;
  hooks: RestHooks;
  grants: Grants;
  kernel: VendorKernel;
  /** `http://localhost:PORT/api/v2`, known once the server listens. */
  base: () => string;
}

/** Capsule's API v2, to be mounted at `/api/v2`: authentication, then quota, then route and scope. */
export function api(deps: ApiDeps): (RequestHandler | ErrorRequestHandler)[] {
  const quota = new FixedWindowQuota();
  const handle: RequestHandler = (req, res) => {
    try {
      const grant = authenticated(deps.grants, req);
      const headers = spend(deps, quota, grant);
      const answer = answerTo(deps, grant, req);
      send(res, { ...answer, headers: { ...headers, ...answer.headers } });
    } catch (error) {
      send(res, failure(error));
    }
  };
  const unreadable: ErrorRequestHandler = (_error, _req, res, _next) => {
    send(res, { status: 400, body: { message: 'Could not parse request body' } });
  };
  return [
    deps.kernel.faults.middleware,
    delayAnswers(deps.kernel.conditions),
    json({ limit: '1mb' }),
    handle,
    unreadable,
  ];
}

function authenticated(grants: Grants, req: Request): Grant {
  const [, token = ''] = /^bearer +(\S+)$/i.exec(req.headers.authorization ?? '') ?? [];
  const grant = grants.ofAccessToken(token);
  if (grant) return grant;
  const description = token ? 'The access token is invalid or has expired' : 'No access token was given';
  throw new ApiError(
    401,
    { message: description },
    {
      'WWW-Authenticate': `Bearer realm="Capsule", error="invalid_token", error_description="${description}"`,
    },
  );
}

/** §7: counted per user, whichever app asks; no Retry-After. */
function spend(deps: ApiDeps, quota: FixedWindowQuota, grant: Grant): Record<string, string> {
  const { limit, windowSeconds } = deps.kernel.conditions;
  if (limit === 0) return {};
  const now = deps.kernel.clock.now();
  const { allowed, remaining, resetsAt } = quota.take(String(grant.userId), limit, windowSeconds, now);
  const headers = {
    'X-RateLimit-Limit': String(limit),
    'X-RateLimit-Remaining': String(remaining),
    'X-RateLimit-Reset': String(Math.ceil(resetsAt / 1000)),
  };
  if (!allowed) throw new ApiError(429, { error: 'rate limit reached' }, headers);
  return headers;
}

function answerTo(deps: ApiDeps, grant: Grant, req: Request): Answer {
  const path = req.path.replace(/^\/|\/$/g, '');
  const { route, params } = routeOf(req.method, path);
  if (!grant.scopes.has(route.scope)) throw forbidden(`the token lacks the scope ${route.scope}`);
  const { account, hooks } = deps;
  const query = Object.fromEntries(new URLSearchParams(req.url.split('?', 2)[1]));
  const user = account.user(grant.userId)!;
  const base = deps.base();
  return route.handle({
    account,
    hooks,
    user,
    clientId: grant.clientId,
    params,
    query,
    body: req.body as unknown,
    base,
    path,
  });
}

/** @throws ApiError 404 for an unknown path, 405 for a known one */
function routeOf(method: string, path: string): { route: Route; params: Record<string, string> } {
  const segments = path.split('/');
  for (const pattern of PATTERNS) {
    const params = paramsOf(pattern.segments, segments);
    if (!params) continue;
    const route = pattern.methods[method];
    if (!route) throw new ApiError(405, { message: 'Method not allowed' });
    return { route, params };
  }
  throw notFound();
}

function paramsOf(pattern: readonly string[], segments: readonly string[]): Record<string, string> | null {
  if (pattern.length !== segments.length) return null;
  const params: Record<string, string> = {};
  for (const [index, expected] of pattern.entries()) {
    const segment = segments[index]!;
    if (expected.startsWith(':')) params[expected.slice(1)] = decodeURIComponent(segment);
    else if (expected !== segment) return null;
  }
  return params;
}

function failure(error: unknown): Answer {
  if (error instanceof ApiError) return error;
  console.error('Capsule sandbox:', error);
  return { status: 500, body: { message: 'Internal server error' } };
}

/** JSON, minified (§2 Format), without what Express would add. */
function send(res: Response, { status, body, headers }: Answer): void {
  if (body === undefined) {
    res.writeHead(status, headers).end();
    return;
  }
  const text = JSON.stringify(body);
  res
    .writeHead(status, {
      ...headers,
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(text),
    })
    .end(text);
}
