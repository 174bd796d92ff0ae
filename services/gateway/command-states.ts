import { type AddToSageOutcome } from '../../activities/add-to-sage';
import { type ReviewOutcome } from '../../activities/decide-review';
import { type PushOutcome } from '../../activities/push-contact';
import { type RetryOutcome } from '../../activities/retry-failures';
import { type UnlinkOutcome } from '../../activities/unlink';
import { type CommandState } from './api/contact-command-schemas';
import { resultOf, type Told } from './command-answers';
import { tellRetried, tellReview } from './commands';
import { tellAdded, tellPushed, tellUnlinked } from './contact-commands';
import { Problem, problemDetails } from './http/problem';
import { type SignedIn } from './http/session';
import { type Services } from './services';

/** Whoever asks again and again is not answered faster than this while the work goes on. */
const PATIENCE_MS = 1_500;

type Teller = (services: Services, tenantId: string, outcome: unknown) => Promise<Told<unknown>>;

const ok = (body: unknown): Promise<Told<unknown>> => Promise.resolve({ status: 200, body });

/** By the names of the updates. What is not listed answers with what it answered. */
const TELLERS: Readonly<Record<string, Teller>> = {
  addToSageUpdate: (services, tenantId, outcome) =>
    tellAdded(services, tenantId, outcome as AddToSageOutcome),
  unlinkUpdate: (_services, _tenantId, outcome) => ok(tellUnlinked(outcome as UnlinkOutcome)),
  pushUpdate: (_services, _tenantId, outcome) => ok(tellPushed(outcome as PushOutcome)),
  decideReviewUpdate: async (services, tenantId, outcome) => {
    const body = await tellReview(services, tenantId, outcome as ReviewOutcome);
    return { status: body.outcome === 'accepted' ? 202 : 200, body };
  },
  retryFailuresUpdate: (_services, _tenantId, outcome) =>
    Promise.resolve({ status: 202, body: tellRetried(outcome as RetryOutcome) }),
};

/**
 * What became of a command whose answer was a 504.
 * @throws Problem 404 when this tenant never had it, or Temporal no longer remembers
 */
export async function readCommand(
  services: Services,
  { tenantId }: SignedIn,
  id: string,
): Promise<CommandState> {
  const { update, answer } = await services.temporal.commandState(tenantId, id, PATIENCE_MS);
  if (answer.state === 'absent') throw noCommand();
  const open: CommandState = { id, state: 'running', status: null, result: null, problem: null };
  if (answer.state === 'goesOn') return open;
  try {
    const outcome = resultOf(answer);
    const tell = TELLERS[update];
    const { status, body } = tell ? await tell(services, tenantId, outcome) : await ok(outcome);
    return { ...open, state: 'done', status, result: body };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { ...open, state: 'failed', status: error.status, problem: problemDetails(error) };
  }
}

const noCommand = (): Problem =>
  new Problem(404, 'There is no such command', 'It was never given, or was forgotten: look at the record.');
