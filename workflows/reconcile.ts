import {
  ApplicationFailure,
  CancellationScope,
  type ExternalWorkflowHandle,
  getExternalWorkflowHandle,
  log,
  setCurrentDetails,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import { type PassStart } from '../activities/begin-pass';
import { type FinishPassInput } from '../activities/finish-pass';
import { type MatchedNew } from '../activities/match-new';
import { type Findings, type PassInput } from '../activities/pass';
import { tenantSyncWorkflowId } from '../shared/ids';
import { readBooks } from './books';
import { failureType } from './failure-type';
import {
  capsulePartiesChangedSignal,
  figuresChangedSignal,
  type PassStop,
  passStoppedSignal,
} from './messages';
import { bulk, stored } from './options';
import { isStop } from './waiting';

export interface ReconcileInput {
  tenantId: string;
}

type PassEnd = Pick<FinishPassInput, 'outcome' | 'read' | 'counts'>;

/** How often creates without an answer are settled and tried again; the next pass goes on with the rest. */
const ROUNDS = 3;
const SETTLE_LISTINGS = 5;

/**
 * A periodic pass: reads both sides, deals with deletions, matches what is new (R11–R13, R18–R21, R27, R28). Beside
 * it the documents, which have an end of their own.
 */
export async function reconcileWorkflow({ tenantId }: ReconcileInput): Promise<void> {
  const start = await stored.beginPass({ tenantId, owner: workflowInfo().runId });
  if (!start) return setCurrentDetails('Not connected, or waiting for a person: nothing to do.');
  const { runId, kind } = start;
  const reading = readBooks(tenantId, kind);
  // Cancelled together with the rest, it is not waited for.
  reading.catch(() => undefined);
  let end: PassEnd = { outcome: 'stopped', read: {}, counts: {} };
  let stop: PassStop | null = null;
  let figures: { waits: boolean };
  try {
    end = await carryOut(tenantId, start);
  } catch (error) {
    const type = failureType(error);
    if (!isStop(type) && type !== 'Breaker') throw error;
    stop = type;
    await stopAt(tenantId, type);
  } finally {
    const finish = () => stored.finishPass({ tenantId, runId, kind, ...end });
    figures = await CancellationScope.nonCancellable(finish);
  }
  const books = await reading;
  if (!stop && isStop(books.failure)) await stopAt(tenantId, books.failure);
  else if (figures.waits || books.waits)
    await tell(tenantId, (tenant) => tenant.signal(figuresChangedSignal));
  if (end.outcome !== 'stopped') setCurrentDetails(`Ended: ${end.outcome}.`);
}

async function stopAt(tenantId: string, type: PassStop): Promise<void> {
  setCurrentDetails(`Stopped: ${type}.`);
  await tell(tenantId, (tenant) => tenant.signal(passStoppedSignal, type));
}

async function carryOut(tenantId: string, { runId, kind, adding }: PassStart): Promise<PassEnd> {
  const input = { tenantId, runId };
  if (adding) await bulk(tenantId).endAdding(input);
  const { complete, read, buckets, changed, deletions } = await readSides(input, kind);
  if (changed > 0) await tell(tenantId, (tenant) => tenant.signal(capsulePartiesChangedSignal, []));
  // From a listing that may be cut short nothing is concluded (R27): deletions wait for the next pass.
  if (complete && deletions > 0) await dealWithDeletions(input);
  const { counts, unsettled } = await match(input, buckets);
  return { outcome: complete && unsettled === 0 ? 'complete' : 'partial', read, counts };
}

async function readSides(input: PassInput, kind: PassStart['kind']): Promise<Findings> {
  const { readChanges, sweepSage, sweepCapsule } = bulk(input.tenantId);
  if (kind === 'incremental') {
    setCurrentDetails('Reading what changed on both sides.');
    return readChanges(input);
  }
  const deep = kind === 'deep';
  setCurrentDetails(`Comparing all Sage contacts${deep ? ' with their addresses and persons' : ''}.`);
  const sage = await sweepSage({ ...input, deep });
  setCurrentDetails('Comparing all Capsule contacts.');
  const capsule = await sweepCapsule({ ...input, deep });
  return {
    complete: sage.complete && capsule.complete,
    read: { ...sage.read, ...capsule.read },
    buckets: sage.buckets,
    changed: sage.changed + capsule.changed,
    deletions: capsule.deletions,
  };
}

/** @throws ApplicationFailure `Breaker` when so many were deleted that a person has to say so (R28) */
async function dealWithDeletions(input: PassInput): Promise<void> {
  setCurrentDetails('Dealing with deleted contacts.');
  const { planDeletions, applyDeletions } = bulk(input.tenantId);
  const { outcome } = await planDeletions(input);
  if (outcome === 'breaker') throw ApplicationFailure.nonRetryable('too many were deleted', 'Breaker');
  await applyDeletions(input);
}

/** Links, creates or queues the Sage contacts that are new; a create without an answer is looked for (R29). */
async function match(input: PassInput, buckets: Findings['buckets']): Promise<MatchedNew> {
  let matched: MatchedNew = { counts: {}, unsettled: 0 };
  if (buckets?.length === 0) return matched;
  const { matchNew, settleNew } = bulk(input.tenantId);
  for (let round = 1; round <= ROUNDS; round += 1) {
    setCurrentDetails('Matching and creating new contacts.');
    matched = await matchNew({ ...input, buckets });
    if (matched.unsettled === 0) break;
    setCurrentDetails(`Finding out what became of ${matched.unsettled} creates that Capsule did not answer.`);
    for (let listing = 1; listing <= SETTLE_LISTINGS; listing += 1) {
      const { remaining, waitMs } = await settleNew(input);
      if (remaining === 0) break;
      await sleep(waitMs);
    }
  }
  return matched;
}

/** The tenant's workflow may have ended a moment ago; what it is told stands in the store as well. */
async function tell(
  tenantId: string,
  signal: (tenant: ExternalWorkflowHandle) => Promise<void>,
): Promise<void> {
  try {
    await signal(getExternalWorkflowHandle(tenantSyncWorkflowId(tenantId)));
  } catch (error) {
    log.info('the workflow of the tenant does not run', { error });
  }
}
