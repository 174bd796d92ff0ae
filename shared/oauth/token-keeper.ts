import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { isBroken } from '../broken-on-purpose';
import { type AccessTokens } from '../http/access-tokens';
import { isVendorError, VendorError } from '../http/vendor-error';
import { type Vendor } from '../ids';
import { type Logger } from '../log';
import { type Grant, type GrantRepository, type TokenPair } from '../store/grants';
import { type LeaseRepository } from '../store/leases';

/**
 * Keeps grants alive (R25): one refresh at a time per grant, over all processes, and no new pair is dropped.
 * Both vendors may rotate refresh tokens; Sage ends the whole grant when one is used twice (reference
 * sage-api §1, A). So: collapse within the process → lease → read again → refresh → save → release.
 */

export interface TokenKeeperDeps {
  grants: GrantRepository;
  leases: LeaseRepository;
  vendors: Record<Vendor, Refresher>;
  log: Logger;
  now?: () => number;
}

/** The part of an OAuth client that the keeper needs. */
interface Refresher {
  refresh(refreshToken: string): Promise<TokenPair>;
  revoke(refreshToken: string): Promise<void>;
}

/** A token is renewed this long before its end, or at its last third when it lives shorter. */
const EARLY_MS = 60_000;
/** Until this long before its end a token is still handed out when it cannot be renewed. */
const LAST_MOMENT_MS = 5_000;
/** How long a client is handed a token without asking the store: the longest that a new consent goes unnoticed. */
const CACHE_MS = 5_000;
const CACHE_SIZE = 10_000;
/** Longer than two refreshes (10 s each) and the clocks' difference together. */
const LEASE_MS = 60_000;
/** How long to wait for another holder: as long as a lease, so that one left by a crash is outlived. */
const WAIT_MS = 65_000;
const POLL_MS = 100;
/** A grant that nothing has renewed for this long is renewed for its own sake. */
const RESTED_MS = 24 * 3600_000;
const RETRY_REFRESH_MS = 500;
const SAVE_TRIES = 8;
const FIRST_SAVE_PAUSE_MS = 100;

export type TokenKeeper = ReturnType<typeof createTokenKeeper>;

export function createTokenKeeper({ grants, leases, vendors, log, now = Date.now }: TokenKeeperDeps) {
  const flights = new Map<string, Promise<Grant>>();
  const cache = new Map<string, { grant: Grant; readAt: number; order: number }>();
  /** Counts the reads, which the clock may be too coarse for. */
  let reads = 0;
  /** Pairs that a vendor issued and the store did not take yet. */
  const unsaved = new Map<string, { version: string; pair: TokenPair }>();

  async function get(id: string, after: number, rejected?: string): Promise<string> {
    const cached = cache.get(id);
    const recent = cached && cached.order > after && now() - cached.readAt < CACHE_MS;
    if (recent && lasts(cached.grant, rejected)) return cached.grant.accessToken;
    // A flight that began before the token was refused may bring that very token: then once more.
    for (let round = 1; round <= 3; round += 1) {
      const { accessToken } = await (flights.get(id) ?? takeOff(id, rejected));
      if (accessToken !== rejected) return accessToken;
    }
    throw unavailable(id, 'it hands out a token that it refuses');
  }

  function takeOff(id: string, rejected?: string): Promise<Grant> {
    cache.delete(id);
    const flight = current(id, rejected)
      .then((grant) => remember(grant))
      .finally(() => flights.delete(id));
    flights.set(id, flight);
    return flight;
  }

  async function current(id: string, rejected?: string): Promise<Grant> {
    await saveLeftover(id);
    const grant = await read(id);
    return isFresh(grant, rejected)
      ? grant
      : underLease(
          id,
          () => refresh(id, rejected),
          async () => {
            const other = await read(id);
            return lasts(other, rejected) ? other : null;
          },
        );
  }

  async function refresh(id: string, rejected?: string): Promise<Grant> {
    // Read again: whoever held the lease before may have refreshed.
    const grant = await read(id);
    if (isFresh(grant, rejected)) return grant;
    try {
      const pair = await refreshOnce(grant);
      return await save(grant, pair);
    } catch (error) {
      return afterFailure(grant, error, rejected);
    }
  }

  /**
   * Sends the refresh token, and after a lost answer sends it once more: it may have been used up, which Sage
   * punishes, but then the new pair is lost and the grant is dead either way; if it was not, this saves it.
   */
  async function refreshOnce(grant: Grant): Promise<TokenPair> {
    const { vendor, refreshToken } = grant;
    try {
      return await vendors[vendor].refresh(refreshToken);
    } catch (error) {
      const lost = isVendorError(error, 'outcomeUnknown', 'unavailable') && error.status === 0;
      if (!lost) throw error;
      log.warn({ grant: grant.id, reason: error.reason }, 'refresh without an answer, trying once more');
      await delay(RETRY_REFRESH_MS);
      return vendors[vendor].refresh(refreshToken);
    }
  }

  async function afterFailure(grant: Grant, error: unknown, rejected?: string): Promise<Grant> {
    if (!isVendorError(error)) throw error;
    if (error.kind !== 'unauthorised') {
      log.warn({ grant: grant.id, reason: error.reason }, 'refresh failed');
      if (lasts(grant, rejected)) return grant;
      throw unavailable(grant.id, error.reason, error.status);
    }
    // Refused. Somebody who outstayed a lease may have refreshed meanwhile, or a person consented anew.
    const marked = await grants.markDead(grant.id, grant.version, error.reason, new Date(now()));
    if (!marked) return read(grant.id);
    log.warn({ grant: grant.id, reason: error.reason }, 'grant is dead');
    throw error;
  }

  async function save(grant: Grant, pair: TokenPair): Promise<Grant> {
    unsaved.set(grant.id, { version: grant.version, pair });
    for (let attempt = 1; ; attempt += 1) {
      try {
        await saveLeftover(grant.id);
        return await read(grant.id);
      } catch (error) {
        if (isVendorError(error) || attempt === SAVE_TRIES) throw error;
        log.error({ grant: grant.id, attempt, err: error }, 'a new token pair is not saved yet');
        await delay(FIRST_SAVE_PAUSE_MS * 2 ** (attempt - 1));
      }
    }
  }

  /** Saves a pair that is held in memory only; when another took its place it is superseded. */
  async function saveLeftover(id: string): Promise<void> {
    const leftover = unsaved.get(id);
    if (!leftover) return;
    await grants.saveTokens(id, leftover.version, leftover.pair);
    if (unsaved.get(id) === leftover) unsaved.delete(id);
  }

  async function read(id: string): Promise<Grant> {
    const grant = await grants.find(id);
    if (!grant) throw unauthorised(id, 'nobody has connected it');
    if (grant.state === 'dead') throw unauthorised(id, grant.deadReason ?? 'the permission has ended');
    return grant;
  }

  function remember(grant: Grant): Grant {
    if (cache.size >= CACHE_SIZE) cache.clear();
    cache.set(grant.id, { grant, readAt: now(), order: ++reads });
    return grant;
  }

  /** Good for the next minute. */
  function isFresh(grant: Grant, rejected?: string): boolean {
    const lifetime = grant.accessExpiresAt.getTime() - grant.issuedAt.getTime();
    return outlives(grant, Math.min(EARLY_MS, lifetime / 3), rejected);
  }

  /** Good for a request that is sent at once. */
  const lasts = (grant: Grant, rejected?: string): boolean => outlives(grant, LAST_MOMENT_MS, rejected);

  const outlives = (grant: Grant, marginMs: number, rejected?: string): boolean =>
    grant.accessToken !== rejected && grant.accessExpiresAt.getTime() - now() > marginMs;

  /**
   * Does `work` as the only one over all processes.
   * @param otherwise asked while somebody else is at it; a result ends the waiting
   */
  async function underLease<T>(
    id: string,
    work: () => Promise<T>,
    otherwise: () => Promise<T | null>,
  ): Promise<T> {
    if (isBroken('refresh-lease')) return work();
    const lease = `grant/${id}`;
    const owner = randomUUID();
    const patience = now() + WAIT_MS;
    while (!(await leases.acquire(lease, owner, LEASE_MS, new Date(now())))) {
      const result = await otherwise();
      if (result !== null) return result;
      if (now() > patience)
        throw unavailable(id, 'another process has been renewing its permission for long');
      await delay(POLL_MS);
    }
    try {
      return await work();
    } finally {
      // A lease that stays behind only delays the next refresh.
      await leases.release(lease, owner).catch((err: unknown) => log.warn({ id, err }, 'lease not released'));
    }
  }

  const alone = <T>(id: string, work: () => Promise<T>): Promise<T> =>
    underLease(id, work, () => Promise.resolve(null)).finally(() => cache.delete(id));

  return {
    /**
     * Where a vendor client takes the tokens of a grant from. The first token is read anew, so that a client
     * made after a new consent never works with the old one.
     */
    tokensOf: (id: string): AccessTokens => {
      const after = reads;
      return { get: (rejected) => get(id, after, rejected) };
    },

    /**
     * Renews a grant that has rested for a day: Sage ends one whose refresh token is not used for 31 days
     * (reference sage-api §1, A).
     * @returns whether it was renewed; when the vendor cannot be reached, the next day is early enough
     * @throws VendorError unauthorised when the grant is dead
     */
    async keepAlive(id: string): Promise<boolean> {
      const grant = await read(id);
      if (now() - grant.issuedAt.getTime() < RESTED_MS) return false;
      try {
        await get(id, reads, grant.accessToken);
        return true;
      } catch (error) {
        if (!isVendorError(error, 'unavailable')) throw error;
        return false;
      }
    },

    /**
     * Moves a grant to a lasting id while nobody refreshes it. Can be repeated.
     * @returns false when there is nothing to move
     */
    async promote(fromId: string, toId: string): Promise<boolean> {
      const moved = await alone(fromId, () => grants.promote(fromId, toId));
      cache.delete(toId);
      return moved;
    },

    /**
     * Ends a grant at the vendor and forgets it here, even when the vendor cannot be told: the person can
     * still remove the app there.
     */
    revoke: (id: string): Promise<void> =>
      alone(id, async () => {
        const grant = await grants.find(id);
        if (grant) await revokeAtVendor(grant.vendor, grant.refreshToken);
        await grants.remove(id);
      }),

    /** Hands a grant that carried the sync back to the person who gave it; it is forgotten at `removeAt`. */
    async handBack(fromId: string, toId: string, removeAt: Date): Promise<void> {
      await alone(fromId, () => grants.promote(fromId, toId, removeAt));
      cache.delete(toId);
    },

    revokeAtVendor,
  };

  /** For a grant that was never stored. Failures are logged, not thrown. */
  async function revokeAtVendor(vendor: Vendor, refreshToken: string): Promise<void> {
    try {
      await vendors[vendor].revoke(refreshToken);
    } catch (error) {
      log.warn({ vendor, reason: isVendorError(error) ? error.reason : 'unknown' }, 'grant not revoked');
    }
  }
}

const vendorOf = (grantId: string): Vendor => (grantId.split('/')[1] === 'sage' ? 'sage' : 'capsule');

const unauthorised = (id: string, reason: string): VendorError =>
  new VendorError({ kind: 'unauthorised', vendor: vendorOf(id), status: 401, reason });

const unavailable = (id: string, reason: string, status = 0): VendorError =>
  new VendorError({ kind: 'unavailable', vendor: vendorOf(id), status, reason });
