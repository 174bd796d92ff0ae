import { z } from 'zod';
import { type Config } from '../config';
import { createOauthClient, type TokenAnswer } from './client';

/** 604,799 s (reference capsule-api §1, A'). */
const ACCESS_LIFETIME_S = 604_799;

/** Which Capsule account somebody signed in to. */
export interface CapsuleAccount {
  /**
   * Never changes, unlike the web address: the `tenant` claim of userinfo (B). Null where none is served.
   * Free of slashes, so that it can be part of ids.
   */
  tenantId: string | null;
  /** First label of the web address, which the owner can change; null when neither answer tells. */
  subdomain: string | null;
}

/** Capsule's OAuth server (reference capsule-api §1). */
export function createCapsuleOauth(config: Config['capsule'], now?: () => number) {
  const client = createOauthClient({
    vendor: 'capsule',
    clientId: config.clientId,
    clientSecret: config.clientSecret,
    authorizeUrl: config.authorizeUrl,
    tokenUrl: config.tokenUrl,
    // Discovery and documentation name different routes, and neither is proven.
    revokeUrls: [config.revokeUrl, new URL('/oauth/token/revoke', config.revokeUrl).href],
    scope: 'openid tenant read write',
    accessLifetime: ACCESS_LIFETIME_S,
    refreshLifetime: null,
    now,
  });

  return {
    ...client,

    /**
     * @throws VendorError when userinfo is in trouble: going on with the subdomain then would make a second
     *   tenant of the same account
     */
    async identify(tokens: TokenAnswer): Promise<CapsuleAccount> {
      const claims = accountShape.parse(await client.userinfo(config.userinfoUrl, tokens.accessToken));
      return {
        tenantId: claims.tenant === null ? null : encodeURIComponent(claims.tenant),
        subdomain: accountShape.parse(tokens.details).subdomain ?? claims.subdomain,
      };
    },
  };
}

/** A claim is a text or a number; whatever else counts as absent. */
const claim = z
  .union([z.string().min(1), z.number().transform(String)])
  .nullable()
  .catch(null);

const accountShape = z.object({ tenant: claim, subdomain: claim }).catch({ tenant: null, subdomain: null });
