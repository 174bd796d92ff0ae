import { randomUUID } from 'node:crypto';
import { type Collection, type Db } from 'mongodb';
import { type Keyring, SealError } from '../crypto';
import { type Vendor } from '../ids';

/** What a vendor's token endpoint hands out. */
export interface TokenPair {
  accessToken: string;
  refreshToken: string;
  issuedAt: Date;
  accessExpiresAt: Date;
  /** Null when the vendor does not say. */
  refreshExpiresAt: Date | null;
}

/** A grant without its tokens: all that pages and logs may see. */
export interface GrantInfo {
  id: string;
  tenantId: string;
  vendor: Vendor;
  /** Who gave it: a Capsule user id or a Sage user id. */
  userId: string;
  userName: string;
  scope: string;
  /** `dead`: the vendor refuses it, a person has to connect again (R25). */
  state: 'active' | 'dead';
  /** Why it is dead, in plain words. */
  deadReason: string | null;
  deadSince: Date | null;
  /** Names this token pair: every new pair has another. */
  version: string;
  grantedAt: Date;
  issuedAt: Date;
  accessExpiresAt: Date;
  refreshExpiresAt: Date | null;
  /** When the store forgets it by itself; null for the grants that carry the sync. */
  removeAt: Date | null;
}

export interface Grant extends GrantInfo, TokenPair {}

export type NewGrant = Pick<
  GrantInfo,
  'id' | 'tenantId' | 'vendor' | 'userId' | 'userName' | 'scope' | 'removeAt'
> &
  TokenPair;

type GrantDocument = Omit<GrantInfo, 'id' | 'removeAt'> & {
  _id: string;
  accessToken: string;
  refreshToken: string;
  /** Absent on lasting grants, so that the TTL index leaves them alone. */
  removeAt?: Date;
  /** Version of the grant that was promoted to this one. */
  promotedFrom?: string;
};

export type GrantRepository = ReturnType<typeof createGrantRepository>;

/**
 * Grants: the tokens by which a tenant, or somebody signed in, is let in by a vendor. Tokens are sealed with
 * the grant's id and the field as context, so one grant's token opens in no other.
 */
export function createGrantRepository(db: Db, keyring: Keyring) {
  const grants: Collection<GrantDocument> = db.collection('grants');

  const sealed = (id: string, pair: TokenPair) => ({
    accessToken: keyring.seal(pair.accessToken, `${id}/accessToken`),
    refreshToken: keyring.seal(pair.refreshToken, `${id}/refreshToken`),
    issuedAt: pair.issuedAt,
    accessExpiresAt: pair.accessExpiresAt,
    refreshExpiresAt: pair.refreshExpiresAt,
    version: randomUUID(),
    state: 'active' as const,
    deadReason: null,
    deadSince: null,
  });

  async function write(grant: NewGrant, grantedAt: Date, promotedFrom?: string): Promise<void> {
    const { id, tenantId, vendor, userId, userName, scope, removeAt } = grant;
    const document = {
      ...{ tenantId, vendor, userId, userName, scope, grantedAt, promotedFrom },
      ...sealed(id, grant),
      removeAt: removeAt ?? undefined,
    };
    await grants.replaceOne({ _id: id }, document, { upsert: true });
  }

  return {
    async createIndexes(): Promise<void> {
      await grants.createIndex({ removeAt: 1 }, { name: 'forget_unused', expireAfterSeconds: 0 });
      await grants.createIndex({ tenantId: 1 }, { name: 'by_tenant' });
    },

    /** @throws SealError when the tokens cannot be opened */
    async find(id: string): Promise<Grant | null> {
      const document = await grants.findOne({ _id: id });
      return (
        document && {
          ...toInfo(document),
          accessToken: keyring.open(document.accessToken, `${id}/accessToken`),
          refreshToken: keyring.open(document.refreshToken, `${id}/refreshToken`),
        }
      );
    },

    /** The grant without its tokens; nothing is decrypted. */
    async describe(id: string): Promise<GrantInfo | null> {
      const document = await grants.findOne({ _id: id }, { projection: { accessToken: 0, refreshToken: 0 } });
      return document && toInfo(document);
    },

    /** Stores what a person just consented to; it takes the place of any earlier grant of that id. */
    put: (grant: NewGrant): Promise<void> => write(grant, grant.issuedAt),

    /**
     * Puts a refreshed pair in the place of the pair of `version`. A grant that was meanwhile called dead
     * lives again: the pair proves it.
     * @returns false when another pair has taken its place
     */
    async saveTokens(id: string, version: string, pair: TokenPair): Promise<boolean> {
      const saved = await grants.updateOne({ _id: id, version }, { $set: sealed(id, pair) });
      return saved.modifiedCount === 1;
    },

    /** @returns false when another pair has taken the place of the one that was refused */
    async markDead(id: string, version: string, reason: string, now: Date): Promise<boolean> {
      const marked = await grants.updateOne(
        { _id: id, version },
        { $set: { state: 'dead', deadReason: reason, deadSince: now } },
      );
      return marked.matchedCount === 1;
    },

    /**
     * Moves a grant to another id. Can be repeated after a crash: a grant that arrived already is not
     * overwritten by the older copy left behind. Call it while nobody refreshes (TokenKeeper.promote does).
     * @param removeAt null: a lasting one
     * @returns false when there is nothing to move
     */
    async promote(fromId: string, toId: string, removeAt: Date | null = null): Promise<boolean> {
      const from = await this.find(fromId);
      if (!from) return false;
      const arrived = await grants.findOne({ _id: toId, promotedFrom: from.version });
      if (!arrived) await write({ ...from, id: toId, removeAt }, from.grantedAt, from.version);
      await grants.deleteOne({ _id: fromId, version: from.version });
      return true;
    },

    /**
     * Seals by today's key whatever an older one sealed. A grant that is refreshed meanwhile is sealed anew by that.
     * @returns how many were sealed again, and the ids of those that no key of the ring opens
     */
    async reseal(): Promise<{ resealed: number; unreadable: string[] }> {
      let resealed = 0;
      const unreadable: string[] = [];
      for await (const { _id, version, accessToken, refreshToken } of grants.find({})) {
        if (keyring.isCurrent(accessToken) && keyring.isCurrent(refreshToken)) continue;
        try {
          const again = (text: string, field: string) =>
            keyring.seal(keyring.open(text, `${_id}/${field}`), `${_id}/${field}`);
          const tokens = {
            accessToken: again(accessToken, 'accessToken'),
            refreshToken: again(refreshToken, 'refreshToken'),
          };
          resealed += (await grants.updateOne({ _id, version }, { $set: tokens })).modifiedCount;
        } catch (error) {
          if (!(error instanceof SealError)) throw error;
          unreadable.push(_id);
        }
      }
      return { resealed, unreadable };
    },

    async remove(id: string): Promise<void> {
      await grants.deleteOne({ _id: id });
    },

    /** Ids of all grants of a tenant, those of people who signed in included. */
    async idsOf(tenantId: string): Promise<string[]> {
      const found = await grants.find({ tenantId }, { projection: { _id: 1 } }).toArray();
      return found.map(({ _id }) => _id);
    },
  };
}

function toInfo(document: Omit<GrantDocument, 'accessToken' | 'refreshToken'>): GrantInfo {
  const { _id, tenantId, vendor, userId, userName, scope, state, deadReason, deadSince } = document;
  const { version, grantedAt, issuedAt, accessExpiresAt, refreshExpiresAt, removeAt } = document;
  return {
    ...{ id: _id, tenantId, vendor, userId, userName, scope, state, deadReason, deadSince },
    ...{ version, grantedAt, issuedAt, accessExpiresAt, refreshExpiresAt },
    removeAt: removeAt ?? null,
  };
}
