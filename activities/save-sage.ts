import { type SageContact, type TenantSettings } from '../shared/domain/types';
import { type Store } from '../shared/store';
import { mirrorSage } from './mirror-keys';

/**
 * Mirrors Sage contacts. Whom a person chose to ignore, or has unlinked, is looked up after saving: a decision
 * that comes in between marks the mirror itself.
 */
export async function saveSageContacts(
  store: Store,
  tenant: { tenantId: string; importNumber: number; settings: TenantSettings },
  contacts: readonly SageContact[],
): Promise<void> {
  const { tenantId, importNumber, settings } = tenant;
  const rows = contacts.map((contact) => mirrorSage(contact, settings.excludeSuppliers));
  await store.contacts.saveSage(tenantId, importNumber, rows);
  const ids = contacts.map(({ id }) => id);
  const [{ ignored }, links] = await Promise.all([
    store.reviews.among(tenantId, ids),
    store.links.withEnded(tenantId, ids),
  ]);
  if (ignored.size > 0) await store.contacts.ignore(tenantId, [...ignored]);
  const unlinked = links.filter(({ ended }) => ended?.why === 'unlinked');
  if (unlinked.length > 0) {
    const parted = unlinked.map(({ sageContactId }) => sageContactId);
    await store.contacts.leaveUnlinked(tenantId, parted);
  }
}
