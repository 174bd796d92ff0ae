import { type Store } from '../shared/store';
import { type Intent } from '../shared/store/intents';

/** More intents than one crash can leave behind. */
const MOST = 1_000;

/**
 * The creates in Capsule whose end nobody knows. A worker that died after the link, and before it could end the
 * intent, has left one that is no question any more: it ends here.
 */
export async function openCreates(store: Store, tenantId: string): Promise<Intent[]> {
  const open = await store.intents.list(tenantId, 'capsule', MOST);
  const links = await store.links.bySageContacts(
    tenantId,
    open.map(({ sourceId }) => sourceId),
  );
  const made = links.filter(({ recreating, partyId }) => recreating?.partyId !== partyId);
  const ids = new Set(made.map(({ sageContactId }) => sageContactId));
  await store.intents.close(tenantId, 'capsule', [...ids]);
  return open.filter(({ sourceId }) => !ids.has(sourceId));
}
