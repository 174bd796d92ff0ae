import { ADD_TAG } from './adder';
import { type Pass } from './pass';

/**
 * Notes the parties that carry the tag of R15. One that was refused keeps it, and waits until the party changes (R26):
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
