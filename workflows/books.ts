import { isCancellation, log } from '@temporalio/workflow';
import { type PassKind } from '../shared/domain/pass-plan';
import { FREQUENT_KINDS } from '../shared/domain/invoices';
import { failureType, vendorReason } from './failure-type';
import { books, stored } from './options';
import { isStop } from './waiting';

/** What came of reading the documents. */
export interface BooksEnd {
  /** Figures wait to be written to Capsule. */
  waits: boolean;
  /** Somebody else is at it. */
  busy: boolean;
  /** Class of the failure that ended it, or null; and the failure. */
  failure: string | null;
  error?: unknown;
}

/** What a pass reads at each depth; balances follow the documents that explain them. */
const DEPTHS = {
  incremental: {
    mode: 'since',
    balances: false,
    kinds: FREQUENT_KINDS,
  },
  sweep: { mode: 'sweep', balances: true, kinds: null },
  deep: { mode: 'all', balances: true, kinds: null },
  first: { mode: 'since', balances: true, kinds: null },
} as const;

/**
 * Brings the mirror of Sage's documents and balances up to date. It does not fail: contacts are kept in step also when
 * invoices cannot be read, and people are told.
 */
export async function readBooks(tenantId: string, depth: PassKind | 'first'): Promise<BooksEnd> {
  const { mode, balances, kinds } = DEPTHS[depth];
  const { mirrorDocuments, mirrorBalances } = books(tenantId);
  try {
    const { busy, waits } = await mirrorDocuments({ tenantId, mode, ...(kinds && { kinds }) });
    if (busy || !balances) return { waits, busy, failure: null };
    return { ...(await mirrorBalances({ tenantId })), busy, failure: null };
  } catch (error) {
    if (isCancellation(error)) throw error;
    const failure = failureType(error) ?? 'DocumentsFailed';
    log.warn('documents could not be read', { failure, error });
    // What a person has to mend is told by the whole tenant, and a connection that has ended needs no word.
    if (!isStop(failure) && failure !== 'NotConnected') await tell(tenantId, error).catch(() => undefined);
    return { waits: false, busy: false, failure, error };
  }
}

async function tell(tenantId: string, error: unknown): Promise<void> {
  const reason = vendorReason(error)?.reason ?? 'something unexpected went wrong';
  const message =
    `Invoices and balances could not be read from Sage: ${reason}. Their pages show what was read last; contacts are ` +
    'kept in step as ever. It is tried again at the next pass.';
  await stored.reportProblem(tenantId, 'documents', message);
}
