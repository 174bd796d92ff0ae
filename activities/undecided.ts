import { type MirroredSageContact } from '../shared/store/contacts';
import { isLetGo } from '../shared/store/links';
import { type Pass } from './pass';

/** Contacts that people took back are few; the rest waits for the next pass. */
const MOST_TAKEN_BACK = 1_000;

/** The name buckets of Sage contacts that are to be matched again, by a person's wish. */
export async function rematchBuckets(pass: Pass): Promise<Set<number>> {
  const { store } = pass.deps;
  const ids = (await store.contacts.toRematch(pass.tenantId, MOST_TAKEN_BACK)).map(({ record }) => record.id);
  return undecidedBuckets(pass, ids, new Set(ids));
}

/** Those wishes are fulfilled once their buckets have been matched. */
export async function endRematch(
  { deps: { store }, tenantId }: Pass,
  isMatched: (bucket: number) => boolean,
): Promise<void> {
  const waiting = await store.contacts.toRematch(tenantId, MOST_TAKEN_BACK);
  const done = waiting.filter(({ bucket }) => isMatched(bucket));
  await store.contacts.endRematch(
    tenantId,
    done.map(({ record }) => record.id),
  );
}

/**
 * The name buckets of Sage contacts that have no party yet, and nobody to decide on them (R11). What is there is
 * looked at, not what is new: a pass that broke off loses nobody.
 * @param changed what was set aside is tried again when it changed (R26)
 * @param linked contacts that are certainly linked need not be looked up
 */
export async function undecidedBuckets(
  { deps: { store }, tenantId }: Pass,
  ids: readonly string[],
  changed: ReadonlySet<string>,
  linked: ReadonlySet<string> = new Set(),
): Promise<Set<number>> {
  const unlinked = ids.filter((id) => !linked.has(id));
  const links = await store.links.withEnded(tenantId, unlinked);
  const decided = new Set(
    links.filter((link) => link.live || isLetGo(link)).map(({ sageContactId }) => sageContactId),
  );
  const free = unlinked.filter((id) => !decided.has(id));
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
