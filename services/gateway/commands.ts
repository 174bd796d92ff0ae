import { type ReviewOutcome, type ReviewRefusal } from '../../activities/decide-review';
import { type RetryOutcome } from '../../activities/retry-failures';
import { type CommandAnswer } from '../../shared/temporal/client';
import { type DecideReviewInput, type RetryFailuresInput } from '../../workflows/messages';
import { type FailuresRetried, type ReviewDecided, type ReviewDecision } from './api/schemas';
import { CONNECT_SAGE, HOME, Problem, SIGN_IN } from './http/problem';
import { type SignedIn } from './http/session';
import { type Services } from './services';

/** What people ask of the tenant's workflow, and what they are told. */

/** A person waits no longer; the work goes on without them. */
const PATIENCE_MS = 8_000;

/** @throws Problem when there is no such review, or when something is in the way of the decision */
export async function decideReview(
  { store, temporal, log }: Services,
  { tenantId, userId }: SignedIn,
  sageContactId: string,
  { decision, partyId = null }: { decision: ReviewDecision['decision']; partyId?: number | null | undefined },
): Promise<ReviewDecided> {
  const found = await store.reviews.find(tenantId, sageContactId);
  if (!found) throw noReview();
  const input: DecideReviewInput = { sageContactId, decision, partyId };
  const answer = await temporal.command<ReviewOutcome>(tenantId, 'decideReviewUpdate', input, PATIENCE_MS);
  const outcome = resultOf(answer);
  log.info({ tenantId, userId, sageContactId, decision, outcome: outcome.outcome }, 'review decided');
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
      throw refusalOf(outcome.why, found.review.name, await inWords(outcome));
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
  const { retried, linked, created, review, excluded, failed } = resultOf(answer);
  log.info({ tenantId, userId, retried, failed }, 'failures retried');
  return { retried, linked, created, review, excluded, failed };
}

function toKey(id: string): { side: 'capsule' | 'sage'; recordId: string } {
  const dash = id.indexOf('-');
  return { side: id.slice(0, dash) === 'sage' ? 'sage' : 'capsule', recordId: id.slice(dash + 1) };
}

/** @throws Problem unless the command is done */
function resultOf<Result>(answer: CommandAnswer<Result>): Result {
  switch (answer.state) {
    case 'done':
      return answer.result;
    case 'goesOn':
      throw new Problem(504, 'This takes longer than usual', 'Your request was taken and the work goes on.', {
        more: ['Look again in a minute: there is no need to ask for it a second time.'],
        action: HOME,
      });
    case 'absent':
      throw new Problem(409, 'Nothing is connected', 'This Capsule account is not connected to Sage.', {
        ...{ action: CONNECT_SAGE, secondaryAction: HOME },
      });
    case 'failed':
      throw failureOf(answer.type);
  }
}

function failureOf(type: string): Problem {
  switch (type) {
    case 'Importing':
      return new Problem(
        409,
        'The import still runs',
        'What it set aside can be tried again once it is done.',
        {
          action: HOME,
        },
      );
    case 'AuthorisationRevoked':
      return new Problem(
        409,
        'The connection has to be renewed',
        'Sage or Capsule no longer accepts the permission that was given. Connect again, then repeat this.',
        { action: CONNECT_SAGE, secondaryAction: SIGN_IN },
      );
    case 'SubscriptionLapsed':
      return new Problem(409, 'The Sage subscription has lapsed', 'Renew it in Sage, then repeat this.', {
        action: HOME,
      });
    default:
      return new Problem(
        502,
        'This could not be carried out',
        'Nothing was changed. Please try again later.',
        {
          action: HOME,
        },
      );
  }
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
