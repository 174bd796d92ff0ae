import { type Failure as StoredFailure } from '../../../shared/store/failures';
import { type Review as StoredReview } from '../../../shared/store/reviews';
import { type Failure, type Review } from './schemas';

/** Stored things as the API shows them. */

export const toReview = ({ sageContactId, name, why, candidates }: StoredReview): Review => ({
  // One review per Sage contact: the contact's id is the review's.
  ...{ id: sageContactId, sageContactId, name, why },
  candidates: candidates.map(({ partyId, name: called, email, postcode }) => ({
    ...{ partyId, name: called, email, postcode },
  })),
});

export const toFailure = (failure: StoredFailure): Failure => {
  const { side, recordId, name, reason, attempts, retryAt } = failure;
  return {
    // No slash: ids stand in paths.
    id: `${side}-${recordId}`,
    ...{ side, recordId, name, reason, attempts },
    retryAt: retryAt?.toISOString() ?? null,
  };
};
