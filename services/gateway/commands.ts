import { type ReviewOutcome, type ReviewRefusal } from '../../activities/decide-review';
import { type RetryOutcome } from '../../activities/retry-failures';
import { type DecideReviewInput, type RetryFailuresInput } from '../../workflows/messages';
import { type FailuresRetried, type ReviewDecided, type ReviewDecision } from './api/schemas';
import { PATIENCE_MS, resultOf } from './command-answers';
import { Problem } from './http/problem';
import { type SignedIn } from './http/session';
import { type Services } from './services';

/** What people ask of the tenant's workflow, and what they are told. */

/** @throws Problem when there is no such review, or when something is in the way of the decision */
export async function decideReview(
  services: Services,
  { tenantId, userId }: SignedIn,
  sageContactId: string,
  { decision, partyId = null }: { decision: ReviewDecision['decision']; partyId?: number | null | undefined },
): Promise<ReviewDecided> {
  const { store, temporal, log } = services;
  const found = await store.reviews.find(tenantId, sageContactId);
  if (!found) throw noReview();
  const input: DecideReviewInput = { sageContactId, decision, partyId };
  const answer = await temporal.command<ReviewOutcome>(tenantId, 'decideReviewUpdate', input, PATIENCE_MS);
  const outcome = resultOf(answer);
  log.info({ tenantId, userId, sageContactId, decision, outcome: outcome.outcome }, 'review decided');
  return tellReview(services, tenantId, outcome, found.review.name);
}

/** @throws Problem when the decision was refused */
export async function tellReview(
  { store }: Pick<Services, 'store'>,
  tenantId: string,
  outcome: ReviewOutcome,
  name = 'this contact',
): Promise<ReviewDecided> {
  const inWords = async ({ why, detail }: { why: ReviewRefusal; detail: string }): Promise<string> => {
    if (why !== 'taken') return detail;
    const [rival] = await store.contacts.sageByIds(tenantId, [detail]);
    return rival?.record.name ?? '';
  };
  switch (outcome.outcome) {
    case 'linked':
    case 'created':
      return { outcome: outcome.outcome, partyId: outcome.partyId };
    case 'ignored':
      return { outcome: 'ignored', partyId: null };
    case 'unsettled':
      return { outcome: 'accepted', partyId: null };
    case 'refused':
      throw refusalOf(outcome.why, name, await inWords(outcome));
  }
}

/** @param ids as the API tells them; null for all. @throws Problem when nothing can be tried now */
export async function retryFailures(
  { temporal, log }: Services,
  { tenantId, userId }: SignedIn,
  ids: readonly string[] | null,
): Promise<FailuresRetried> {
  const input: RetryFailuresInput = { failures: ids && ids.map(toKey) };
  const answer = await temporal.command<RetryOutcome>(tenantId, 'retryFailuresUpdate', input, PATIENCE_MS);
  const told = tellRetried(resultOf(answer));
  log.info({ tenantId, userId, retried: told.retried, failed: told.failed }, 'failures retried');
  return told;
}

export function tellRetried({ waitMs: _waits, ...figures }: RetryOutcome): FailuresRetried {
  return figures;
}

function toKey(id: string): { side: 'capsule' | 'sage'; recordId: string } {
  const dash = id.indexOf('-');
  return { side: id.slice(0, dash) === 'sage' ? 'sage' : 'capsule', recordId: id.slice(dash + 1) };
}

const noReview = (): Problem =>
  new Problem(404, 'There is no such review', 'It may have been answered otherwise in the meantime.', {
    action: { label: 'Back to the reviews', href: '/reviews' },
  });

function refusalOf(why: ReviewRefusal, name: string, detail: string): Problem {
  const conflict = (title: string, text: string) =>
    new Problem(409, title, text, {
      members: { code: why },
      action: { label: 'Back to the reviews', href: '/reviews' },
    });
  switch (why) {
    case 'noReview':
      return noReview();
    case 'decided':
      return conflict(
        'This has been decided already',
        `Somebody has decided otherwise on ${name} in the meantime.`,
      );
    case 'creating':
      return conflict(
        'A contact is being created',
        `Capsule has not said yet whether it made a contact for ${name}. Look again in a few minutes.`,
      );
    case 'noParty':
      return conflict(
        'This contact is not known',
        'The Capsule contact you chose has not been read, or is gone.',
      );
    case 'taken':
      return conflict(
        'This contact is linked already',
        detail
          ? `The Capsule contact you chose is linked with ${detail}, which is of the same kind in Sage.`
          : `The Capsule contact you chose, or ${name} itself, is linked with another one.`,
      );
    case 'gone':
      return conflict(
        'This contact is gone',
        `Sage no longer has ${name}, or has erased it. Leave it out instead.`,
      );
    case 'rejected':
      return new Problem(422, 'Capsule refuses this contact', detail, {
        more: [`${name} goes on waiting for your decision.`],
        members: { code: why },
        action: { label: 'Back to the reviews', href: '/reviews' },
      });
  }
}
