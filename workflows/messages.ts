import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import { type SyncPhase } from '../shared/domain/types';
import { type ReviewCommand, type ReviewOutcome } from '../activities/decide-review';
import { type RetryCommand, type RetryOutcome } from '../activities/retry-failures';
import { type ImportView } from '../activities/tenant';

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

export type DecideReviewInput = Omit<ReviewCommand, 'tenantId'>;
export type RetryFailuresInput = Omit<RetryCommand, 'tenantId'>;

/** A person's decision on a contact in the review queue. `unsettled`: it goes on by itself (R29). */
export const decideReviewUpdate = defineUpdate<ReviewOutcome, [DecideReviewInput]>('decideReviewUpdate');

/** Tries set-aside contacts again (R26). A `waitMs` above 0: some go on by themselves (R29). */
export const retryFailuresUpdate = defineUpdate<RetryOutcome, [RetryFailuresInput]>('retryFailuresUpdate');
