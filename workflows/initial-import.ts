import {
  CancellationScope,
  getExternalWorkflowHandle,
  setCurrentDetails,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import { type ImportCounts } from '../shared/domain/types';
import { failureType } from './failure-type';
import { importEndedSignal } from './messages';
import { brief, bulk, stored } from './options';

export interface InitialImportInput {
  tenantId: string;
  importNumber: number;
}

/** How often creates without an answer are settled and tried again before a person is told. */
const ROUNDS = 10;
/** Listings until the outcome of a round's creates is known: the first adopts, the second decides. */
const SETTLE_LISTINGS = 20;

/** Brings a whole Sage company into Capsule: read both sides, match, create, account for everybody (R6–R10). */
export async function initialImportWorkflow(input: InitialImportInput): Promise<ImportCounts> {
  try {
    const counts = await importAll(input);
    await tell(null);
    return counts;
  } catch (error) {
    await CancellationScope.nonCancellable(() => tell(failureType(error) ?? 'ImportFailed'));
    throw error;
  }
}

/** The tenant's workflow may have begun its history anew since it started this one, and wait for nothing else. */
async function tell(failure: string | null): Promise<void> {
  const { parent } = workflowInfo();
  if (!parent) return;
  const handle = getExternalWorkflowHandle(parent.workflowId);
  // Where it has ended nobody needs to know.
  await handle.signal(importEndedSignal, failure).catch(() => undefined);
}

async function importAll(input: InitialImportInput): Promise<ImportCounts> {
  const { readSage, readCapsule, matchContacts } = bulk(input.tenantId);

  setCurrentDetails('Reading what the Capsule account offers.');
  await brief.prepareImport(input);

  setCurrentDetails('Reading the contacts of both sides.');
  const [{ complete }] = await Promise.all([readSage(input), readCapsule(input)]);

  for (let round = 1; round <= ROUNDS; round += 1) {
    setCurrentDetails(round === 1 ? 'Matching and creating contacts.' : `Matching again, round ${round}.`);
    const { unsettled } = await matchContacts(input);
    if (unsettled === 0) break;
    setCurrentDetails(`Finding out what became of ${unsettled} creates that Capsule did not answer.`);
    await settle(input);
  }

  const counts = await stored.finishImport({ ...input, complete });
  setCurrentDetails(`Done: ${counts.done} of ${counts.total} Sage contacts accounted for.`);
  return counts;
}

async function settle(input: InitialImportInput): Promise<void> {
  const { settleIntents } = bulk(input.tenantId);
  for (let listing = 1; listing <= SETTLE_LISTINGS; listing += 1) {
    const { remaining, waitMs } = await settleIntents(input);
    if (remaining === 0) return;
    await sleep(waitMs);
  }
}
