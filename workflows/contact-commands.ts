import { ApplicationFailure, log, setHandler } from '@temporalio/workflow';
import { type AddToSageOutcome } from '../activities/add-to-sage';
import { type PushOutcome } from '../activities/push-contact';
import { type RefreshOutcome } from '../activities/refresh-contact';
import { type UnlinkOutcome } from '../activities/unlink';
import {
  addToSageUpdate,
  type AddToSageInput,
  pushUpdate,
  type PushInput,
  refreshContactUpdate,
  unlinkUpdate,
  type UnlinkInput,
} from './messages';
import { type OneAtATime } from './one-at-a-time';
import { command, glance } from './options';

const KINDS = ['CUSTOMER', 'VENDOR'];
const LONGEST_ID = 100;
/** Parties of one activity; a history is no place for long lists. */
const MOST_TAGGED = 25;

/**
 * What people ask for one Capsule contact. A double submit waits for the first one, and finds its work done.
 * @param queue shared with the other commands
 * @param recount brings the tenant's figures up to date
 */
export function answerContactCommands(tenantId: string, queue: OneAtATime, recount: () => Promise<void>) {
  const { addToSage, addTagged, unlink, pushContact } = command(tenantId);

  setHandler(addToSageUpdate, (input) => forParty(input, () => addToSage({ tenantId, ...input })), {
    validator: validateAdd,
  });
  setHandler(unlinkUpdate, (input) => forParty(input, () => unlink({ tenantId, ...input })), {
    validator: validateUnlink,
  });
  setHandler(pushUpdate, (input) => forParty(input, () => pushContact({ tenantId, ...input })), {
    validator: validateParty,
  });

  setHandler(refreshContactUpdate, ({ partyId }) => refresh(partyId), { validator: validateParty });

  const refreshing = new Map<number, Promise<RefreshOutcome>>();
  /** Whoever asks while it is under way joins in. */
  function refresh(partyId: number): Promise<RefreshOutcome> {
    const running = refreshing.get(partyId);
    if (running) return running;
    const asked = glance(tenantId)
      .refreshContact({ tenantId, partyId })
      .finally(() => refreshing.delete(partyId));
    refreshing.set(partyId, asked);
    return asked;
  }

  async function forParty<Outcome extends AddToSageOutcome | UnlinkOutcome | PushOutcome>(
    { partyId }: { partyId: number },
    work: () => Promise<Outcome>,
  ): Promise<Outcome> {
    const outcome = await queue.run(`party/${partyId}`, work);
    await recount();
    return outcome;
  }

  return {
    /** R15: adds parties that carry the tag, beside everything else. What fails is found again by the next pass. */
    addTagged(partyIds: readonly number[]): void {
      for (let at = 0; at < partyIds.length; at += MOST_TAGGED) {
        const part = partyIds.slice(at, at + MOST_TAGGED);
        const work = async () => {
          await addTagged({ tenantId, partyIds: part });
          await recount();
        };
        queue.run('tagged', work).catch((error: unknown) => {
          log.warn('tagged parties could not be added', { error });
        });
      }
    },
  };
}

/** @throws ApplicationFailure on what no gateway would send; the update then leaves no trace in the history */
function validateAdd(input: AddToSageInput): void {
  validateParty(input);
  const { type, linkTo } = input;
  if (!KINDS.includes(type)) throw refusal('Unknown type of contact.');
  if (linkTo !== null && (linkTo === '' || linkTo.length > LONGEST_ID)) throw refusal('No id of Sage.');
}

function validateUnlink(input: UnlinkInput): void {
  validateParty(input);
  if (input.type !== null && !KINDS.includes(input.type)) throw refusal('Unknown type of contact.');
}

function validateParty({ partyId }: PushInput): void {
  if (!Number.isSafeInteger(partyId) || partyId <= 0) throw refusal('The party is missing.');
}

const refusal = (message: string): ApplicationFailure =>
  ApplicationFailure.create({ type: 'InvalidCommand', message, nonRetryable: true });
