import { type CapsuleClient, createCapsuleClient } from './capsule/client';
import { capsuleDialect } from './capsule/dialect';
import { type Config } from './config';
import { type AccessTokens } from './http/access-tokens';
import { createPacer, type Pacer, type Priority } from './http/pacer';
import { createVendorHttp } from './http/vendor-http';
import { grantId, type Vendor } from './ids';
import { createSageClient, type SageClient } from './sage/client';
import { sageDialect } from './sage/dialect';

/** Share of every limit that bulk work leaves to interactive work (R30). */
const RESERVE_SHARE = 0.1;

export type Vendors = ReturnType<typeof createVendors>;

/**
 * Assembles the clients of both vendors: a pacer per tenant and vendor, which all clients of the process share.
 * @param tokensOf the token keeper's access to a grant
 */
export function createVendors(
  config: Pick<Config, 'capsule' | 'sage'>,
  tokensOf: (grantId: string) => AccessTokens,
) {
  const pacers = new Map<string, Pacer>();

  function pacerOf(tenantId: string, vendor: Vendor): Pacer {
    const key = grantId(tenantId, vendor);
    let pacer = pacers.get(key);
    if (!pacer) {
      pacer = createPacer(
        vendor,
        vendor === 'sage'
          ? { ownLimit: config.sage.requestsPerMinute, ownWindowMs: 60_000, reserveShare: RESERVE_SHARE }
          : { ownLimit: config.capsule.requestsPerHour, ownWindowMs: 3_600_000, reserveShare: RESERVE_SHARE },
      );
      pacers.set(key, pacer);
    }
    return pacer;
  }

  function capsuleWith(tokens: AccessTokens, pacer: Pacer, priority: Priority): CapsuleClient {
    const http = createVendorHttp({ apiUrl: config.capsule.apiUrl, dialect: capsuleDialect, tokens, pacer });
    return createCapsuleClient(http, priority);
  }

  function sageWith(
    tokens: AccessTokens,
    businessId: string | null,
    pacer: Pacer,
    priority: Priority,
  ): SageClient {
    const http = createVendorHttp({ apiUrl: config.sage.apiUrl, dialect: sageDialect, tokens, pacer });
    return createSageClient(http, businessId, priority);
  }

  return {
    /** The Capsule account of a tenant, by the grant that carries its sync. */
    capsule: (tenantId: string, priority: Priority): CapsuleClient =>
      capsuleWith(tokensOf(grantId(tenantId, 'capsule')), pacerOf(tenantId, 'capsule'), priority),

    /** The Sage business of a tenant. */
    sage: (tenantId: string, businessId: string, priority: Priority): SageClient =>
      sageWith(tokensOf(grantId(tenantId, 'sage')), businessId, pacerOf(tenantId, 'sage'), priority),

    /** Clients for tokens that carry no sync yet: sign-in and the choice of a business. */
    capsuleOf: (tokens: AccessTokens): CapsuleClient =>
      capsuleWith(tokens, createPacer('capsule', UNLIMITED), 'interactive'),
    sageOf: (tokens: AccessTokens): SageClient =>
      sageWith(tokens, null, createPacer('sage', UNLIMITED), 'interactive'),

    pacerOf,
  };
}

const UNLIMITED = { ownLimit: 0, ownWindowMs: 60_000, reserveShare: RESERVE_SHARE } as const;
