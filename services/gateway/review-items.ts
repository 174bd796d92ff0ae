import { type Store } from '../../shared/store';
import { type Page } from '../../shared/store/page';
import { type Review } from '../../shared/store/reviews';
import { type SignedIn } from './http/session';
import { type CandidateItem, type ReviewItem } from './pages';

/**
 * Reviews are about Sage contacts that no party stands for, so that Capsule cannot say who may see them: they are for
 * administrators (R31), as in the list of contacts.
 */
export const reviewsShown = <Row>({ administrator }: SignedIn, page: Page<Row>): Page<Row> =>
  administrator ? page : { items: [], nextCursor: null };

/** Reviews as the page shows them: with what Sage knows of the contact, and which candidates are taken by now. */
export async function reviewItems(
  store: Store,
  { tenantId }: SignedIn,
  reviews: readonly Review[],
): Promise<ReviewItem[]> {
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
