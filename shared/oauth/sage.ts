import { type Config } from '../config';
import { createOauthClient } from './client';

/** Reference sage-api §1 (A). */
const ACCESS_LIFETIME_S = 300;
const REFRESH_LIFETIME_S = 31 * 24 * 3600;

/** Sage's OAuth server for the United Kingdom (reference sage-api §1, A). */
export function createSageOauth(config: Config['sage'], now?: () => number) {
  return createOauthClient({
    vendor: 'sage',
    clientId: config.clientId,
    clientSecret: config.clientSecret,
    authorizeUrl: config.authorizeUrl,
    tokenUrl: config.tokenUrl,
    revokeUrls: [config.revokeUrl],
    scope: 'full_access',
    parameters: { filter: 'apiv3.1', country: 'gb', locale: 'en-GB' },
    accessLifetime: ACCESS_LIFETIME_S,
    refreshLifetime: REFRESH_LIFETIME_S,
    now,
  });
}
