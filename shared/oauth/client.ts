import * as openid from 'openid-client';
import { type TokenPair } from '../store/grants';
import { type Vendor } from '../ids';
import { VendorError } from '../http/vendor-error';
import { plainFetch } from './plain-fetch';
import { oauthFailure, statusFailure } from './failures';

/** What the two vendors' OAuth servers have in common; capsule.ts and sage.ts add what differs. */

const TIMEOUT_SECONDS = 10;

export interface OauthClientOptions {
  vendor: Vendor;
  clientId: string;
  clientSecret: string;
  authorizeUrl: string;
  tokenUrl: string;
  /** Tried in this order until one knows the route. */
  revokeUrls: string[];
  scope: string;
  /** Added to the authorisation request. */
  parameters?: Record<string, string>;
  /** Seconds of an access token whose answer names none. */
  accessLifetime: number;
  /** Seconds of a refresh token whose answer names none; null = it does not end that we know. */
  refreshLifetime: number | null;
  now?: () => number;
}

export interface TokenAnswer extends TokenPair {
  scope: string;
  /** The rest of the answer: each vendor tells something of its own here. */
  details: Record<string, unknown>;
}

/** Where somebody is sent, and what has to be remembered until they come back. */
export interface AuthorisationStart {
  url: string;
  state: string;
  verifier: string;
}

export type OauthClient = ReturnType<typeof createOauthClient>;

export function createOauthClient(options: OauthClientOptions) {
  const { vendor, now = Date.now } = options;
  const server = (revokeUrl?: string) => configuration(options, revokeUrl);
  const main = server();

  function toPair(answer: openid.TokenEndpointResponse, issuedAt: number, refreshToken: string): TokenPair {
    const refreshLifetime = seconds(answer.refresh_token_expires_in) ?? options.refreshLifetime;
    return {
      accessToken: answer.access_token,
      refreshToken,
      issuedAt: new Date(issuedAt),
      accessExpiresAt: new Date(issuedAt + (answer.expires_in ?? options.accessLifetime) * 1000),
      refreshExpiresAt: refreshLifetime === null ? null : new Date(issuedAt + refreshLifetime * 1000),
    };
  }

  return {
    vendor,

    /** A fresh state and PKCE verifier, and the address of the vendor's consent page for them. */
    async start(redirectUri: string): Promise<AuthorisationStart> {
      const state = openid.randomState();
      const verifier = openid.randomPKCECodeVerifier();
      const url = openid.buildAuthorizationUrl(main, {
        redirect_uri: redirectUri,
        scope: options.scope,
        state,
        code_challenge: await openid.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        ...options.parameters,
      });
      return { url: url.href, state, verifier };
    },

    /**
     * Exchanges the code of a callback. The code may hold a slash (Sage, A): it is taken decoded, and encoded
     * again in the form.
     * @throws VendorError `unauthorised` when the code was used, too old, or not ours
     */
    async exchange(redirectUri: string, code: string, verifier: string): Promise<TokenAnswer> {
      const issuedAt = now();
      const callback = new URL(redirectUri);
      callback.searchParams.set('code', code);
      try {
        // The state was consumed by the caller, with the session that it belongs to.
        const answer = await openid.authorizationCodeGrant(main, callback, { pkceCodeVerifier: verifier });
        const { refresh_token, scope = options.scope, ...details } = answer;
        if (!refresh_token) throw noRefreshToken(vendor);
        return { ...toPair(answer, issuedAt, refresh_token), scope, details };
      } catch (error) {
        throw oauthFailure(vendor, error);
      }
    },

    /**
     * @throws VendorError `unauthorised` when the refresh token is refused for good; `outcomeUnknown` when it
     *   may have been used up although no answer came
     */
    async refresh(refreshToken: string): Promise<TokenPair> {
      const issuedAt = now();
      try {
        const answer = await openid.refreshTokenGrant(main, refreshToken);
        // Capsule may rotate or not (A'): an answer without a refresh token leaves the old one good.
        return toPair(answer, issuedAt, answer.refresh_token ?? refreshToken);
      } catch (error) {
        throw oauthFailure(vendor, error);
      }
    },

    /** Ends a grant at the vendor. @throws VendorError when it could not be told */
    async revoke(refreshToken: string): Promise<void> {
      for (const [index, url] of options.revokeUrls.entries()) {
        try {
          return await openid.tokenRevocation(server(url), refreshToken);
        } catch (error) {
          const failure = oauthFailure(vendor, error);
          const unknownRoute = failure.status === 404 || failure.status === 405;
          if (!unknownRoute || index === options.revokeUrls.length - 1) throw failure;
        }
      }
    },

    /**
     * Who gave an access token, as the server of the tokens tells it.
     * @returns null where it serves no such thing (4xx)
     * @throws VendorError when the server is in trouble
     */
    async userinfo(url: string, accessToken: string): Promise<unknown> {
      try {
        const response = await openid.fetchProtectedResource(main, accessToken, new URL(url), 'GET');
        if (response.status >= 500) throw statusFailure(vendor, response.status);
        return response.ok ? ((await response.json()) as unknown) : null;
      } catch (error) {
        const failure = oauthFailure(vendor, error);
        if (failure.status >= 400 && failure.status < 500) return null;
        throw failure;
      }
    },
  };
}

/** Endpoints are told by hand: Sage serves no discovery (A), and a stand-in of Capsule may not. */
function configuration(options: OauthClientOptions, revokeUrl = options.revokeUrls[0]) {
  const config = new openid.Configuration(
    {
      issuer: new URL(options.authorizeUrl).origin,
      authorization_endpoint: options.authorizeUrl,
      token_endpoint: options.tokenUrl,
      revocation_endpoint: revokeUrl,
    },
    options.clientId,
    undefined,
    openid.ClientSecretPost(options.clientSecret),
  );
  config.timeout = TIMEOUT_SECONDS;
  config[openid.customFetch] = plainFetch;
  // shared/config has made sure that only loopback hosts are spoken to without TLS.
  if (options.tokenUrl.startsWith('http:')) openid.allowInsecureRequests(config);
  return config;
}

function seconds(value: unknown): number | null {
  const number = Number(value ?? NaN);
  return Number.isFinite(number) && number > 0 ? number : null;
}

const noRefreshToken = (vendor: Vendor) =>
  new VendorError({
    kind: 'unavailable',
    vendor,
    status: 200,
    reason: 'it let us in for a moment only (no refresh token in its answer)',
  });
