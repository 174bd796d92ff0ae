import { ApplicationFailure } from '@temporalio/common';
import { type FailureKind, VendorError } from '../http/vendor-error';

/**
 * What a vendor's failure means to a workflow: the one place where failure classes are decided. Workflows
 * tell them apart by `type`.
 */
const TYPES: Record<FailureKind, { type: string; retry: boolean }> = {
  unauthorised: { type: 'AuthorisationRevoked', retry: false },
  lapsed: { type: 'SubscriptionLapsed', retry: false },
  forbidden: { type: 'ValidationRejected', retry: false },
  rejected: { type: 'ValidationRejected', retry: false },
  missing: { type: 'RecordMissing', retry: false },
  conflict: { type: 'EditConflict', retry: true },
  rateLimited: { type: 'RateLimited', retry: true },
  unavailable: { type: 'UpstreamUnavailable', retry: true },
  outcomeUnknown: { type: 'OutcomeUnknown', retry: true },
};

/** Turns a vendor's failure into the Temporal failure of its class; anything else is passed on as it is. */
export function toTemporalFailure(error: unknown): unknown {
  if (!(error instanceof VendorError)) return error;
  const { type, retry } = TYPES[error.kind];
  const wait = error.retryAt === null ? undefined : Math.max(error.retryAt.getTime() - Date.now(), 1_000);
  return ApplicationFailure.create({
    type,
    nonRetryable: !retry,
    message: error.message,
    details: [
      { vendor: error.vendor, status: error.status, reason: error.reason, requestId: error.requestId },
    ],
    nextRetryDelay: wait,
  });
}
