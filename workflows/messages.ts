import { defineQuery, defineSignal } from '@temporalio/workflow';
import { type SyncPhase } from '../shared/domain/types';
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
