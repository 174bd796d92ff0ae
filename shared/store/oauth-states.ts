import { type Collection, type Db } from 'mongodb';
import { type Keyring } from '../crypto';
import { type Vendor } from '../ids';

/** What has to be remembered between sending somebody to a vendor and their coming back. */
export interface OauthState {
  /** The unguessable `state` parameter. */
  state: string;
  vendor: Vendor;
  /** Null while signing in: the tenant is not known yet. */
  tenantId: string | null;
  /** The browser session that started: the answer must come back in it. */
  sessionId: string;
  /** PKCE code verifier. */
  verifier: string;
  expiresAt: Date;
  /** Path of our own to end at; absent: the start. */
  returnTo?: string | null;
}

type OauthStateDocument = Omit<OauthState, 'state'> & { _id: string };

export type OauthStateRepository = ReturnType<typeof createOauthStateRepository>;

/** OAuth states: each can be used once, for a few minutes, by the browser that started. */
export function createOauthStateRepository(db: Db, keyring: Keyring) {
  const states: Collection<OauthStateDocument> = db.collection('oauthStates');
  const context = (state: string) => `${state}/verifier`;

  return {
    async createIndexes(): Promise<void> {
      await states.createIndex({ expiresAt: 1 }, { name: 'forget_expired', expireAfterSeconds: 0 });
    },

    async put({ state, verifier, ...rest }: OauthState): Promise<void> {
      await states.insertOne({ _id: state, ...rest, verifier: keyring.seal(verifier, context(state)) });
    },

    /**
     * Takes a state out, so that it cannot be used again. One that belongs to another vendor or session
     * stays: a stranger must not be able to spoil a sign-in that is under way.
     * @returns null when it is unknown, used, expired, or not of this vendor and session
     */
    async consume(state: string, vendor: Vendor, sessionId: string, now: Date): Promise<OauthState | null> {
      const found = await states.findOne({ _id: state });
      if (!found || found.vendor !== vendor || found.sessionId !== sessionId) return null;
      const removed = await states.deleteOne({ _id: state });
      if (removed.deletedCount !== 1 || found.expiresAt <= now) return null;
      const { _id, ...rest } = found;
      return { state: _id, ...rest, verifier: keyring.open(found.verifier, context(state)) };
    },
  };
}
