import { createHash, randomBytes, randomUUID } from 'node:crypto';

import { type Clock } from '../kernel/clock';
import { type AuthorisationRequest, provesChallenge } from '../kernel/oauth';
import { type User } from './directory';

const CODE_MS = 60_000;
const ACCESS_SECONDS = 300;
const REFRESH_SECONDS = 2_678_400;
/** Characters of a token: real ones are JWTs of up to 2,048 bytes (reference §1, A). */
const TOKEN_LENGTH = 1500;
/** Beyond these the oldest tokens are forgotten, which refuses them. */
const MOST_TOKENS = 20_000;

export type Scope = 'full_access' | 'readonly';

/** One consent of one user. */
export interface Grant {
  user: User;
  scope: Scope;
  /** Digest of the newest refresh token; no other works. Null once the grant is dead. */
  refreshToken: string | null;
  refreshExpiresAt: number;
  requestedById: string;
  createdAt: number;
  refreshes: number;
}

export interface TokenAnswer {
  access_token: string;
  scope: Scope;
  token_type: 'bearer';
  expires_in: number;
  refresh_token: string;
  refresh_token_expires_in: number;
  requested_by_id: string;
}

/** What outlives a restart. Tokens are kept and saved as digests only; `grant` counts from 0. */
export interface GrantState {
  grants: (Omit<Grant, 'user'> & { login: string })[];
  refresh: [token: string, grant: number][];
  access: [token: string, grant: number, expiresAt: number][];
}

/** Codes, access and refresh tokens (reference §1). */
export class Grants {
  private readonly codes = new Map<
    string,
    { request: AuthorisationRequest; user: User; expiresAt: number }
  >();
  private readonly access = new Map<string, { grant: Grant; expiresAt: number }>();
  /** Used refresh tokens too, so that their reuse is noticed. */
  private readonly refresh = new Map<string, Grant>();
  private readonly grants: Grant[] = [];

  constructor(private readonly clock: Clock) {}

  /** A code holds a slash: `GB/…`. */
  issueCode(request: AuthorisationRequest, user: User): string {
    const code = `${user.countryId}/${randomBytes(20).toString('hex')}`;
    this.codes.set(code, { request, user, expiresAt: this.clock.now() + CODE_MS });
    return code;
  }

  /** @returns null (`invalid_grant`) for a code that is unknown, used, older than 60 s or of another request */
  exchange(code: string, clientId: string, redirectUri: string, verifier: string): TokenAnswer | null {
    const entry = this.codes.get(code);
    this.codes.delete(code);
    if (!entry || entry.expiresAt < this.clock.now()) return null;
    const { request, user } = entry;
    if (request.clientId !== clientId || request.redirectUri !== redirectUri) return null;
    if (!provesChallenge(request, verifier)) return null;
    return this.open(user, request.scope as Scope);
  }

  /** A new grant and its first pair of tokens, as after a consent. */
  open(user: User, scope: Scope): TokenAnswer {
    const grant: Grant = {
      user,
      scope,
      refreshToken: null,
      refreshExpiresAt: 0,
      requestedById: randomUUID(),
      createdAt: this.clock.now(),
      refreshes: 0,
    };
    this.grants.push(grant);
    return this.issue(grant);
  }

  /** Rotates. A token that is not the newest of its grant is refused and ends the grant. */
  rotate(refreshToken: string): TokenAnswer | null {
    const digest = digestOf(refreshToken);
    const grant = this.refresh.get(digest);
    if (!grant) return null;
    if (grant.refreshToken !== digest || grant.refreshExpiresAt < this.clock.now()) {
      grant.refreshToken = null;
      return null;
    }
    grant.refreshes++;
    return this.issue(grant);
  }

  /** Ends the grant of a refresh token. Access tokens already issued run out by themselves (reference §1, A). */
  revoke(refreshToken: string): void {
    const grant = this.refresh.get(digestOf(refreshToken));
    if (grant) grant.refreshToken = null;
  }

  /** As if everybody had changed the password: no refresh token works any more. */
  revokeAll(): void {
    for (const grant of this.grants) grant.refreshToken = null;
  }

  /** The grant behind an access token that still lasts. */
  holderOf(accessToken: string): Grant | null {
    const entry = this.access.get(digestOf(accessToken));
    return entry && entry.expiresAt > this.clock.now() ? entry.grant : null;
  }

  /** One access token has run out early. */
  expire(accessToken: string): void {
    this.access.delete(digestOf(accessToken));
  }

  /** The user takes back what one access token stands for; it is refused at once (nastier reading). */
  end(accessToken: string): void {
    const grant = this.holderOf(accessToken);
    if (grant) grant.refreshToken = null;
    this.expire(accessToken);
  }

  expireAccessTokens(): void {
    this.access.clear();
  }

  /** Grants that can still be refreshed. */
  living(): Grant[] {
    return this.grants.filter(
      ({ refreshToken, refreshExpiresAt }) => refreshToken !== null && refreshExpiresAt > this.clock.now(),
    );
  }

  /** Open codes are left out, as they die within a minute anyway. */
  snapshot(): GrantState {
    const numberOf = new Map(this.grants.map((grant, number) => [grant, number]));
    return {
      grants: this.grants.map(({ user, ...grant }) => ({ ...grant, login: user.login })),
      refresh: [...this.refresh].map(([token, grant]) => [token, numberOf.get(grant)!]),
      access: [...this.access].map(([token, { grant, expiresAt }]) => [
        token,
        numberOf.get(grant)!,
        expiresAt,
      ]),
    };
  }

  /**
   * To be called before the first consent.
   * @throws TypeError when a user or a grant is named that there is not
   */
  restore(state: GrantState, userOf: (login: string) => User | undefined): void {
    for (const { login, ...grant } of state.grants) {
      this.grants.push({ ...grant, user: there(userOf(login)) });
    }
    for (const [token, number] of state.refresh) this.refresh.set(token, there(this.grants[number]));
    for (const [token, number, expiresAt] of state.access) {
      this.access.set(token, { grant: there(this.grants[number]), expiresAt });
    }
  }

  private issue(grant: Grant): TokenAnswer {
    const now = this.clock.now();
    const accessToken = opaque();
    const refreshToken = opaque();
    grant.refreshToken = digestOf(refreshToken);
    grant.refreshExpiresAt = now + REFRESH_SECONDS * 1000;
    remember(this.refresh, grant.refreshToken, grant);
    remember(this.access, digestOf(accessToken), { grant, expiresAt: now + ACCESS_SECONDS * 1000 });
    return {
      access_token: accessToken,
      scope: grant.scope,
      token_type: 'bearer',
      expires_in: ACCESS_SECONDS,
      refresh_token: refreshToken,
      refresh_token_expires_in: REFRESH_SECONDS,
      requested_by_id: grant.requestedById,
    };
  }
}

function remember<T>(tokens: Map<string, T>, token: string, value: T): void {
  tokens.set(token, value);
  if (tokens.size <= MOST_TOKENS) return;
  for (const oldest of tokens.keys()) {
    tokens.delete(oldest);
    break;
  }
}

const digestOf = (token: string): string => createHash('sha256').update(token).digest('base64url');

function there<T>(named: T | undefined): T {
  if (named === undefined) throw new TypeError('The saved grants do not fit together.');
  return named;
}

/** Looks like a JWT and means nothing. */
function opaque(): string {
  const header = Buffer.from('{"alg":"RS512","typ":"JWT"}').toString('base64url');
  const rest = randomBytes(1200).toString('base64url');
  return `${header}.${rest.slice(0, 700)}.${rest.slice(700)}`.slice(0, TOKEN_LENGTH);
}
