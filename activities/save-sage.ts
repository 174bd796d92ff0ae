import { type SageContact, type TenantSettings } from '../shared/domain/types';
import { type Store } from '../shared/store';
import { mirrorSage } from './mirror-keys';

/**
 * Mirrors Sage contacts. Whom a person chose to ignore is looked up after saving: a decision that comes in
 * between marks the mirror itself.
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
  const { ignored } = await store.reviews.among(tenantId, ids);
  if (ignored.size > 0) await store.contacts.ignore(tenantId, [...ignored]);
}
