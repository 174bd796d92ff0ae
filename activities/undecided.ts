import { type MirroredSageContact } from '../shared/store/contacts';
import { isLetGo } from '../shared/store/links';
import { type Pass } from './pass';

/**
 * The name buckets of Sage contacts that have no party yet, and nobody to decide on them (R11). What is there is
 * looked at, not what is new: a pass that broke off loses nobody.
 * @param changed what was set aside is tried again when it changed (R26)
 */
export async function undecidedBuckets(
  { deps: { store }, tenantId }: Pass,
  ids: readonly string[],
  changed: ReadonlySet<string>,
): Promise<Set<number>> {
  const links = await store.links.withEnded(tenantId, ids);
  const decided = new Set(
    links.filter((link) => link.live || isLetGo(link)).map(({ sageContactId }) => sageContactId),
  );
  const free = ids.filter((id) => !decided.has(id));
  if (free.length === 0) return new Set();
  const [mirrored, reviews, failures] = await Promise.all([
    store.contacts.sageByIds(tenantId, free),
    store.reviews.among(tenantId, free),
    store.failures.among(
      tenantId,
      free.map((recordId) => ({ side: 'capsule' as const, recordId })),
    ),
  ]);
  const failed = new Set(failures.map(({ recordId }) => recordId));
  const waits = ({ record: { id }, excluded }: MirroredSageContact): boolean =>
    excluded === null &&
    !reviews.open.has(id) &&
    !reviews.ignored.has(id) &&
    (!failed.has(id) || changed.has(id));
  return new Set(mirrored.filter(waits).map(({ bucket }) => bucket));
}
