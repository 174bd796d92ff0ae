import { bucketOf, readName } from '../shared/domain/names';
import { type CapsuleParty, type SageContact } from '../shared/domain/types';
import { sageContactOfMarker } from '../shared/ids';
import { type Exclusion, type MirroredParty, type MirroredSageContact } from '../shared/store/contacts';

/** Adds to a record what matching finds it by. */
export function mirrorSage(record: SageContact, excludeSuppliers: boolean): MirroredSageContact {
  const { key, looseKey } = readName(record.name, 'sage');
  return { key, bucket: bucketOf(looseKey), excluded: exclusionOf(record, excludeSuppliers), record };
}

export function mirrorParty(record: CapsuleParty, publicUrl: string): MirroredParty {
  const { key, looseKey } = readName(record.name, record.type, record.title);
  const marks = record.websites.flatMap((address) => sageContactOfMarker(publicUrl, address) ?? []);
  return { key, bucket: bucketOf(looseKey), marker: marks[0] ?? null, record };
}

/** R10: who is never synced, or not by this tenant's setting. */
function exclusionOf(contact: SageContact, excludeSuppliers: boolean): Exclusion | null {
  if (contact.isSystem) return 'system';
  if (contact.isErased) return 'erased';
  return excludeSuppliers && contact.kind === 'VENDOR' ? 'supplier' : null;
}
