import { type Config } from '../shared/config';
import { createKeyring } from '../shared/crypto';
import { type Logger } from '../shared/log';
import { createCapsuleOauth } from '../shared/oauth/capsule';
import { createSageOauth } from '../shared/oauth/sage';
import { createTokenKeeper } from '../shared/oauth/token-keeper';
import { createStore } from '../shared/store';
import { openDatabase } from '../shared/store/database';
import { createVendors } from '../shared/vendors';

export type Core = Awaited<ReturnType<typeof openCore>>;

/** What gateway and worker both stand on: the store, the token keeper and the vendors' clients. */
export async function openCore(config: Config, log: Logger) {
  const database = await openDatabase(config.mongo);
  const store = createStore(database.db, createKeyring(config.encryptionKeys));
  const oauth = { capsule: createCapsuleOauth(config.capsule), sage: createSageOauth(config.sage) };
  const keeper = createTokenKeeper({ grants: store.grants, leases: store.leases, vendors: oauth, log });
  const vendors = createVendors(config, (grant) => keeper.tokensOf(grant));
  return { store, oauth, keeper, vendors, close: () => database.close() };
}
