import { type Store } from '../../shared/store';
import { type Review } from '../../shared/store/reviews';
import { type SignedIn } from './http/session';
import { type CandidateItem, type ReviewItem } from './pages';
import { type Viewers } from './viewer';

/** Reviews without the candidates that Capsule does not show to the viewer (R31). */
export async function reviewsShown(
  viewers: Viewers,
  who: SignedIn,
  reviews: readonly Review[],
): Promise<Review[]> {
  const partyIds = reviews.flatMap(({ candidates }) => candidates.map(({ partyId }) => partyId));
  const seen = await viewers.visible(who, partyIds);
  return reviews.map((review) => ({
    ...review,
    candidates: review.candidates.filter(({ partyId }) => seen.has(partyId)),
  }));
}

/** Reviews as the page shows them: with what Sage knows of the contact, and which candidates are taken by now. */
export async function reviewItems(
  store: Store,
  viewers: Viewers,
  who: SignedIn,
  waiting: readonly Review[],
): Promise<ReviewItem[]> {
  const { tenantId } = who;
  const reviews = await reviewsShown(viewers, who, waiting);
  const partyIds = reviews.flatMap(({ candidates }) => candidates.map(({ partyId }) => partyId));
  const [contacts, links] = await Promise.all([
    store.contacts.sageByIds(
      tenantId,
      reviews.map(({ sageContactId }) => sageContactId),
    ),
    store.links.byParties(tenantId, [...new Set(partyIds)]),
  ]);
  const rivals = await store.contacts.sageByIds(
    tenantId,
    links.map(({ sageContactId }) => sageContactId),
  );
  const nameOf = new Map(rivals.map(({ record }) => [record.id, record.name]));
  const takenBy = new Map(
    links.map(({ partyId, kind, sageContactId }) => [
      `${partyId}/${kind}`,
      nameOf.get(sageContactId) ?? 'another contact',
    ]),
  );
  const recordOf = new Map(contacts.map(({ record }) => [record.id, record]));

  return reviews.map(({ sageContactId, name, kind, why, candidates }) => {
    const record = recordOf.get(sageContactId);
    return {
      ...{ id: sageContactId, name, kind, why },
      ...{ email: record?.email ?? '', postcode: record?.address?.postcode ?? '' },
      candidates: candidates.map((candidate): CandidateItem => ({
        ...candidate,
        takenBy: takenBy.get(`${candidate.partyId}/${kind}`) ?? null,
      })),
    };
  });
}
