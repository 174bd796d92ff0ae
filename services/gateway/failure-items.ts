import { type Store } from '../../shared/store';
import { type Failure } from '../../shared/store/failures';
import { toFailure } from './api/views';
import { type SignedIn } from './http/session';
import { type FailureItem } from './pages';
import { type Viewers } from './viewer';

/** What is set aside, as the page shows it: without parties that Capsule does not show to the viewer (R31). */
export async function failureItems(
  store: Store,
  viewers: Viewers,
  who: SignedIn,
  failures: readonly Failure[],
): Promise<FailureItem[]> {
  const pushes = failures.filter(({ work }) => work === 'push').map(({ recordId }) => recordId);
  const links = await store.links.bySageContacts(who.tenantId, pushes);
  const partyOf = new Map(links.map(({ sageContactId, partyId }) => [sageContactId, partyId]));
  const partyIdOf = ({ work, recordId }: Failure): number | undefined =>
    work === 'add' ? Number(recordId) : partyOf.get(recordId);
  const seen = await viewers.visible(
    who,
    failures.flatMap((failure) => partyIdOf(failure) ?? []),
  );
  const hrefOf = (recordId: string, partyId: number | undefined): string | null => {
    if (partyId !== undefined) return `/contacts/${partyId}`;
    return who.administrator ? `/sage-contacts/${encodeURIComponent(recordId)}` : null;
  };
  return failures.flatMap((failure) => {
    const partyId = partyIdOf(failure);
    if (partyId !== undefined && !seen.has(partyId)) return [];
    return {
      ...toFailure(failure),
      work: failure.work,
      href: hrefOf(failure.recordId, partyId),
      failedAt: failure.failedAt.toISOString(),
    };
  });
}
