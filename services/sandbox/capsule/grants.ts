import { randomBytes } from 'node:crypto';

import { type Clock } from '../kernel/clock';
import { type AuthorisationRequest } from '../kernel/oauth';

/** 7 days less a second, as documented (§1 Access token life). */
export const ACCESS_TOKEN_SECONDS = 604_799;
/** Life of an authorisation code; not documented. */
const CODE_SECONDS = 300;
const MAX_OPEN_CODES = 1000;

export const SCOPES = ['read', 'write', 'user_preference', 'openid', 'profile', 'email', 'tenant'] as const;
/** What an app gets that asks for nothing (§1 Scopes). */
export const DEFAULT_SCOPE = 'read write';

export interface Grant {
  id: number;
  userId: number;
  clientId: string;
  scopes: ReadonlySet<string>;
  createdAt: number;
  /** The only refresh token that still works. */
  refreshToken: string;
  nonce: string;
}

export interface Tokens {
  grant: Grant;
  accessToken: string;
  refreshToken: string;
}

/** What outlives a restart. */
export interface GrantState {
  grants: (Omit<Grant, 'scopes'> & { scopes: string[] })[];
  accessTokens: { accessToken: string; grantId: number; expiresAt: number }[];
}

/** Who let which app in, and the tokens that came of it. */
export class Grants {
  private readonly codes = new Map<
    string,
    { request: AuthorisationRequest; userId: number; expiresAt: number; grant?: Grant }
  >();
  private readonly byAccessToken = new Map<string, { grant: Grant; expiresAt: number }>();
  private readonly byRefreshToken = new Map<string, Grant>();
  private readonly live = new Set<Grant>();
  private lastId = 0;

  constructor(private readonly clock: Clock) {}

  all(): Grant[] {
    return [...this.live];
  }

  issueCode(request: AuthorisationRequest, userId: number): string {
    const code = token();
    for (const [old] of this.codes) {
      if (this.codes.size < MAX_OPEN_CODES) break;
      this.codes.delete(old);
    }
    this.codes.set(code, { request, userId, expiresAt: this.clock.now() + CODE_SECONDS * 1000 });
    return code;
  }

  /** The request that a code answers, or null when it is unknown, expired or was used before. */
  requestOf(code: string): AuthorisationRequest | null {
    const entry = this.codes.get(code);
    if (!entry || entry.expiresAt <= this.clock.now()) return null;
    // RFC 6749 §4.1.2: a code that comes twice takes back what it gave.
    if (entry.grant) this.revoke(entry.grant);
    return entry.grant ? null : entry.request;
  }

  /** Only after `requestOf` has told the request and it was checked. */
  redeem(code: string): Tokens {
    const entry = this.codes.get(code)!;
    const { scope, clientId, nonce } = entry.request;
    const tokens = this.grant(entry.userId, clientId, scope || DEFAULT_SCOPE, nonce);
    entry.grant = tokens.grant;
    return tokens;
  }

  grant(userId: number, clientId: string, scope: string, nonce = ''): Tokens {
    const grant = {
      id: ++this.lastId,
      userId,
      clientId,
      scopes: new Set(scope.split(' ').filter(Boolean)),
      createdAt: this.clock.now(),
      refreshToken: '',
      nonce,
    };
    this.live.add(grant);
    return this.issue(grant);
  }

  /**
   * A new pair. The old refresh token is refused from now on: reuse is not documented (§1 Refresh token),
   * this is the nastier reading. Access tokens given before live on.
   * @returns null for an unknown, used or revoked token
   */
  refresh(refreshToken: string, clientId: string): Tokens | null {
    const grant = this.byRefreshToken.get(refreshToken);
    return grant?.clientId === clientId ? this.issue(grant) : null;
  }

  /** The grant behind a valid access token. */
  ofAccessToken(accessToken: string): Grant | null {
    const entry = this.byAccessToken.get(accessToken);
    return entry && entry.expiresAt > this.clock.now() ? entry.grant : null;
  }

  /** Either token ends the whole grant (nastier reading). Unknown ones are no error (RFC 7009). */
  revokeByToken(value: string): void {
    const grant = this.byRefreshToken.get(value) ?? this.byAccessToken.get(value)?.grant;
    if (grant) this.revoke(grant);
  }

  revoke(grant: Grant): void {
    this.live.delete(grant);
    this.byRefreshToken.delete(grant.refreshToken);
    for (const [accessToken, entry] of this.byAccessToken) {
      if (entry.grant === grant) this.byAccessToken.delete(accessToken);
    }
  }

  /** One access token has run out early. */
  expire(accessToken: string): void {
    this.byAccessToken.delete(accessToken);
  }

  /** Access tokens die, refresh tokens live: what a client meets after seven idle days. */
  expireAccessTokens(): void {
    this.byAccessToken.clear();
  }

  snapshot(): GrantState {
    return {
      grants: [...this.live].map((grant) => ({ ...grant, scopes: [...grant.scopes] })),
      accessTokens: [...this.byAccessToken].map(([accessToken, { grant, expiresAt }]) => ({
        accessToken,
        grantId: grant.id,
        expiresAt,
      })),
    };
  }

  /** Open codes are forgotten, as they die within minutes anyway. */
  restore({ grants, accessTokens }: GrantState): void {
    for (const grant of this.live) this.revoke(grant);
    const byId = new Map(grants.map((grant) => [grant.id, { ...grant, scopes: new Set(grant.scopes) }]));
    for (const grant of byId.values()) {
      this.live.add(grant);
      this.byRefreshToken.set(grant.refreshToken, grant);
      this.lastId = Math.max(this.lastId, grant.id);
    }
    for (const { accessToken, grantId, expiresAt } of accessTokens) {
      const grant = byId.get(grantId);
      if (grant) this.byAccessToken.set(accessToken, { grant, expiresAt });
    }
  }

  private issue(grant: Grant): Tokens {
    this.byRefreshToken.delete(grant.refreshToken);
    grant.refreshToken = token();
    this.byRefreshToken.set(grant.refreshToken, grant);
    const accessToken = token();
    const expiresAt = this.clock.now() + ACCESS_TOKEN_SECONDS * 1000;
    this.byAccessToken.set(accessToken, { grant, expiresAt });
    return { grant, accessToken, refreshToken: grant.refreshToken };
  }
}

const token = (): string => randomBytes(32).toString('base64url');
