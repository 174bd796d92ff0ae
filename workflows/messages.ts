import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import { type SyncPhase } from '../shared/domain/types';
import { type AddToSageCommand, type AddToSageOutcome } from '../activities/add-to-sage';
import { type ReviewCommand, type ReviewOutcome } from '../activities/decide-review';
import { type PushCommand, type PushOutcome } from '../activities/push-contact';
import { type RefreshCommand, type RefreshOutcome } from '../activities/refresh-contact';
import { type RetryCommand, type RetryOutcome } from '../activities/retry-failures';
import { type ImportView } from '../activities/tenant';
import { type ClearingPlan } from '../activities/disconnect';
import { type UnlinkCommand, type UnlinkOutcome } from '../activities/unlink';
import { type StopType } from './waiting';

/** What a tenant's workflow answers to. Names are contracts. */

export interface TenantSyncStatus {
  phase: SyncPhase;
  /** In words, the same as the Temporal UI shows. */
  details: string;
  import: ImportView | null;
}

export const statusQuery = defineQuery<TenantSyncStatus>('statusQuery');

/** A person has connected a vendor again: what waits for a grant goes on at once (R25). */
export const grantsRenewedSignal = defineSignal('grantsRenewedSignal');

/** The tenant was connected anew: a workflow that is about to end goes on with the new connection. */
export const connectedSignal = defineSignal('connectedSignal');

/**
 * The tenant's import has ended; the class of its failure, or null. A workflow that began its history anew in the
 * middle of an import learns it from this alone.
 */
export const importEndedSignal = defineSignal<[string | null]>('importEndedSignal');

/**
 * Parties that may have changed in Capsule (R12). Hooks and passes take their hints down in the store first, and
 * signal with an empty list or a short one; ids that only a signal carries are worked off as well.
 */
export const capsulePartiesChangedSignal = defineSignal<[number[]]>('capsulePartiesChangedSignal');

/** Figures wait to be written to Capsule, or the settings want them otherwise. */
export const figuresChangedSignal = defineSignal('figuresChangedSignal');

/** A pass met what only a person can mend (R25, R28): the class of its failure. */
export const passStoppedSignal = defineSignal<[PassStop]>('passStoppedSignal');

export type PassStop = StopType | 'Breaker';

type Without<T> = Omit<T, 'tenantId'>;
export type DecideReviewInput = Without<ReviewCommand>;
export type RetryFailuresInput = Without<RetryCommand>;
export type AddToSageInput = Without<AddToSageCommand>;
export type UnlinkInput = Without<UnlinkCommand>;
export type PushInput = Without<PushCommand>;
export type RefreshInput = Without<RefreshCommand>;

/** A person's decision on a contact in the review queue. `unsettled`: it goes on by itself (R29). */
export const decideReviewUpdate = defineUpdate<ReviewOutcome, [DecideReviewInput]>('decideReviewUpdate');

/** Tries set-aside contacts again (R26). A `waitMs` above 0: some go on by themselves (R29). */
export const retryFailuresUpdate = defineUpdate<RetryOutcome, [RetryFailuresInput]>('retryFailuresUpdate');

/** *Add to Sage* and link by hand (R15–R17). */
export const addToSageUpdate = defineUpdate<AddToSageOutcome, [AddToSageInput]>('addToSageUpdate');

/** Ends a link for good; both records stay. */
export const unlinkUpdate = defineUpdate<UnlinkOutcome, [UnlinkInput]>('unlinkUpdate');

/** *Push Capsule's values* (R13). */
export const pushUpdate = defineUpdate<PushOutcome, [PushInput]>('pushUpdate');

/** *Refresh* on a contact: asks Sage for its documents and balance. Of several at once all get the same answer. */
export const refreshContactUpdate = defineUpdate<RefreshOutcome, [RefreshInput]>('refreshContactUpdate');

/** A pass now. The answer names the run that will cover it: the next one, if one is under way. */
export const syncNowUpdate = defineUpdate<{ runId: string }, [{ full: boolean }]>('syncNowUpdate');

/** R23: answered when work has stopped; clearing the fields may go on. With `erase` (R32) when all is gone. */
export const disconnectUpdate = defineUpdate<Disconnected, [DisconnectInput]>('disconnectUpdate');

export interface DisconnectInput {
  clearFields: boolean;
  erase: boolean;
  /** Capsule user who asks. */
  by: number;
}

export interface Disconnected {
  stopped: true;
  clearing: ClearingPlan | null;
}

/** The operator's pause: edits and passes wait, nothing is lost. */
export const pauseUpdate = defineUpdate<void, [{ paused: boolean }]>('pauseUpdate');

/** R28: what becomes of a pass that would have unlinked or made again too many. */
export const breakerUpdate = defineUpdate<void, [{ decision: 'go-on' | 'stop' }]>('breakerUpdate');
