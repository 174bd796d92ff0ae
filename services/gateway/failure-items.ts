import { type Store } from '../../shared/store';
import { type Failure } from '../../shared/store/failures';
import { toFailure } from './api/views';
import { type SignedIn } from './http/session';
import { type FailureItem } from './pages';
import { type Viewers } from './viewer';

/**
 * What is set aside, without parties that Capsule does not show to the viewer, and without what no party stands for
 * unless they are an administrator (R31).
 */
export async function failuresShown(
  store: Store,
  viewers: Viewers,
  who: SignedIn,
  failures: readonly Failure[],
): Promise<{ failure: Failure; partyId: number | null }[]> {
  const pushes = failures.filter(({ work }) => work === 'push').map(({ recordId }) => recordId);
  const links = await store.links.bySageContacts(who.tenantId, pushes);
  const partyOf = new Map(links.map(({ sageContactId, partyId }) => [sageContactId, partyId]));
  const found = failures.map((failure) => {
    const { work, recordId } = failure;
    return { failure, partyId: work === 'add' ? Number(recordId) : (partyOf.get(recordId) ?? null) };
  });
  const seen = await viewers.visible(
    who,
    found.flatMap(({ partyId }) => partyId ?? []),
  );
  return found.filter(({ partyId }) => (partyId === null ? who.administrator : seen.has(partyId)));
}

/** As the page shows them. */
export async function failureItems(
  store: Store,
  viewers: Viewers,
  who: SignedIn,
  failures: readonly Failure[],
): Promise<FailureItem[]> {
  const shown = await failuresShown(store, viewers, who, failures);
  return shown.map(({ failure, partyId }) => ({
    ...toFailure(failure),
    work: failure.work,
    href: hrefOf(failure.recordId, partyId, who),
    failedAt: failure.failedAt.toISOString(),
  }));
}

function hrefOf(recordId: string, partyId: number | null, { administrator }: SignedIn): string | null {
  if (partyId !== null) return `/contacts/${partyId}`;
  return administrator ? `/sage-contacts/${encodeURIComponent(recordId)}` : null;
}
