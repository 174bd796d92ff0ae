import { type Pass } from './pass';

/** Given to a party in Capsule it asks for what the page's *Add to Sage* does (R15). */
const ADD_TAG = 'Add to Sage';

/**
 * Notes the parties that carry the tag. One that was refused keeps it, and waits until the party changes (R26):
 * that is noted elsewhere.
 * @returns how many were noted
 */
export async function noteTagged({ deps: { store }, tenantId, capsule }: Pass): Promise<number> {
  const tagged = await capsule.listTagged(ADD_TAG);
  const failures = await store.failures.among(
    tenantId,
    tagged.map((id) => ({ side: 'sage' as const, recordId: String(id) })),
  );
  const refused = new Set(failures.map(({ recordId }) => recordId));
  const wanted = tagged.filter((id) => !refused.has(String(id)));
  await store.changes.note(tenantId, wanted, new Date());
  return wanted.length;
}
