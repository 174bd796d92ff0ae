import { ApplicationFailure, log, setHandler, sleep } from '@temporalio/workflow';
import { type ReviewOutcome } from '../activities/decide-review';
import { type RetryOutcome } from '../activities/retry-failures';
import { type SyncPhase } from '../shared/domain/types';
import { answerContactCommands } from './contact-commands';
import {
  decideReviewUpdate,
  type DecideReviewInput,
  retryFailuresUpdate,
  type RetryFailuresInput,
} from './messages';
import { OneAtATime } from './one-at-a-time';
import { command, stored } from './options';

/** How often a create without an answer is looked for before it is left to the next try of a person. */
const SETTLE_LISTINGS = 20;
const FIGURES = 'figures';
const FAILURES = 'failures';

export interface Commands {
  /** Nothing that was asked for is under way. */
  idle: () => boolean;
  /** Adds parties that carry the tag *Add to Sage* (R15). */
  addTagged: (partyIds: readonly number[]) => void;
}

/**
 * What people may ask of a tenant's workflow, beside its own work. Each record is worked on by one at a time.
 * @param onFigures told when what a command did has left figures to be written
 */
export function answerCommands(tenantId: string, phase: () => SyncPhase, onFigures: () => void): Commands {
  const queue = new OneAtATime();
  const settling = new Set<string>();
  const { decideReview, retryFailures } = command(tenantId);

  setHandler(decideReviewUpdate, decide, { validator: validateDecision });
  setHandler(retryFailuresUpdate, retry, {
    validator(input: RetryFailuresInput) {
      validateRetry(input);
      if (phase() === 'importing') throw refusal('Importing', 'The import still runs.');
    },
  });
  const contacts = answerContactCommands(tenantId, queue, recount);
  return {
    idle: () => queue.idle && settling.size === 0,
    addTagged: (partyIds) => contacts.addTagged(partyIds),
  };

  async function decide(input: DecideReviewInput): Promise<ReviewOutcome> {
    const attempt = async () => {
      const outcome = await queue.run(`review/${input.sageContactId}`, () =>
        decideReview({ tenantId, ...input }),
      );
      await recount();
      return outcome;
    };
    const outcome = await attempt();
    if (outcome.outcome === 'unsettled') {
      goOn(`review/${input.sageContactId}`, outcome.waitMs, async () => {
        const next = await attempt();
        return next.outcome === 'unsettled' ? next.waitMs : 0;
      });
    }
    return outcome;
  }

  async function retry(input: RetryFailuresInput): Promise<RetryOutcome> {
    const attempt = async () => {
      const outcome = await queue.run(FAILURES, () => retryFailures({ tenantId, ...input }));
      await recount();
      return outcome;
    };
    const outcome = await attempt();
    if (outcome.waitMs > 0) goOn(FAILURES, outcome.waitMs, async () => (await attempt()).waitMs);
    return outcome;
  }

  /** The figures of one command must not be overwritten by older ones of another. */
  async function recount(): Promise<void> {
    const { waits } = await queue.run(FIGURES, () => stored.recountImport(tenantId));
    if (waits) onFigures();
  }

  /**
   * Repeats what waits for the outcome of a create, beside everything else.
   * @param attempt returns how long to wait for the next one; 0 when it is done
   */
  function goOn(key: string, firstWaitMs: number, attempt: () => Promise<number>): void {
    if (settling.has(key)) return;
    settling.add(key);
    const work = async () => {
      let waitMs = firstWaitMs;
      for (let listing = 1; waitMs > 0 && listing <= SETTLE_LISTINGS; listing += 1) {
        await sleep(waitMs);
        waitMs = await attempt();
      }
    };
    work()
      // The intent stays: the next decision or retry finds out. Nothing is sent twice.
      .catch((error: unknown) => log.warn('a create without an answer could not be settled', { error }))
      .finally(() => settling.delete(key));
  }
}

/** @throws ApplicationFailure on what no gateway would send; the update then leaves no trace in the history */
function validateDecision({ sageContactId, decision, partyId }: DecideReviewInput): void {
  if (!sageContactId) throw refusal('InvalidCommand', 'The contact is missing.');
  if (!['link', 'create', 'ignore'].includes(decision)) throw refusal('InvalidCommand', 'Unknown decision.');
  if ((decision === 'link') !== Number.isSafeInteger(partyId))
    throw refusal('InvalidCommand', 'A party belongs to the decision "link", and to no other.');
}

/** Ids of one request; a history is no place for long lists. */
const MOST_IDS = 200;

function validateRetry({ failures }: RetryFailuresInput): void {
  if (failures !== null && (failures.length === 0 || failures.length > MOST_IDS))
    throw refusal('InvalidCommand', `Between 1 and ${MOST_IDS} records can be named.`);
}

const refusal = (type: string, message: string): ApplicationFailure =>
  ApplicationFailure.create({ type, message, nonRetryable: true });
