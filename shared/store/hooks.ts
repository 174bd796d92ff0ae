import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { type Collection, type Db } from 'mongodb';
import { type Keyring, SealError } from '../crypto';
import { isDuplicateKey } from './database';

/** The tenant's REST hooks in Capsule: the secret of their address, and what was subscribed. */
export interface Hooks {
  /** The tenant's connection that they belong to: each connection has a secret of its own (R23). */
  connection: number;
  /** Last part of the hooks' address. */
  secret: string;
  /** Ids that Capsule gave the hooks, as last seen. */
  hookIds: number[];
}

type HooksDocument = Omit<Hooks, 'secret'> & { _id: string; sealed: string };

const SECRET_BYTES = 32;

export function createHookRepository(db: Db, keyring: Keyring) {
  const hooks: Collection<HooksDocument> = db.collection('hooks');
  const context = (tenant: string) => `${tenant}/hooks/secret`;

  const find = async (tenant: string): Promise<Hooks | null> => {
    const document = await hooks.findOne({ _id: tenant });
    if (!document) return null;
    const { connection, hookIds, sealed } = document;
    return { connection, hookIds, secret: keyring.open(sealed, context(tenant)) };
  };

  return {
    find,

    /** The secret of a connection: made at the first call, the same at all others. */
    async ensure(tenant: string, connection: number): Promise<Hooks> {
      const known = await find(tenant);
      if (known?.connection === connection) return known;
      const secret = randomBytes(SECRET_BYTES).toString('base64url');
      const fresh = { connection, sealed: keyring.seal(secret, context(tenant)) };
      try {
        // What an older connection had subscribed is remembered until it is removed in Capsule.
        await hooks.updateOne(
          { _id: tenant, connection: { $ne: connection } },
          { $set: fresh, $setOnInsert: { hookIds: [] } },
          { upsert: true },
        );
      } catch (error) {
        // Somebody else made it in between.
        if (!isDuplicateKey(error)) throw error;
      }
      const made = await find(tenant);
      if (!made) throw new Error(`the hooks of tenant ${tenant} vanished while they were made`);
      return made;
    },

    /** Seals by today's key whatever an older one sealed. @returns how many, and those that no key opens */
    async reseal(): Promise<{ resealed: number; unreadable: string[] }> {
      let resealed = 0;
      const unreadable: string[] = [];
      for await (const { _id, sealed } of hooks.find({})) {
        if (keyring.isCurrent(sealed)) continue;
        try {
          const again = keyring.seal(keyring.open(sealed, context(_id)), context(_id));
          resealed += (await hooks.updateOne({ _id, sealed }, { $set: { sealed: again } })).modifiedCount;
        } catch (error) {
          if (!(error instanceof SealError)) throw error;
          unreadable.push(`${_id}/hooks`);
        }
      }
      return { resealed, unreadable };
    },

    async saveIds(tenant: string, hookIds: readonly number[]): Promise<void> {
      await hooks.updateOne({ _id: tenant }, { $set: { hookIds: [...hookIds] } });
    },

    /** From now on nobody knows the secret: late hooks are refused. */
    async forget(tenant: string): Promise<void> {
      await hooks.deleteOne({ _id: tenant });
    },

    /**
     * @returns number of the connection that this secret belongs to; null when it is none of the tenant's.
     * How long it takes says nothing of the secret.
     */
    async connectionOf(tenant: string, secret: string): Promise<number | null> {
      const known = await find(tenant);
      const equal = timingSafeEqual(digest(secret), digest(known?.secret ?? ''));
      return equal && known ? known.connection : null;
    },
  };
}

/** Of one length whatever the text: comparing tells nothing. */
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
