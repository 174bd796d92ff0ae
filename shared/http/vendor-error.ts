import { type Vendor } from '../ids';

/**
 * What a failed vendor call means for the caller. The only list of failure kinds; shared/temporal/failures
 * maps it to Temporal failure types.
 */
export type FailureKind =
  /** The grant is dead: a person must connect again (R25). */
  | 'unauthorised'
  /** The Sage subscription has lapsed: told as that, tried daily (R25). */
  | 'lapsed'
  /** This user may not do it. */
  | 'forbidden'
  /** The record does not exist. */
  | 'missing'
  /** The vendor refused the data of this one record (R26). */
  | 'rejected'
  /** Somebody else changed the record meanwhile. */
  | 'conflict'
  /** The vendor's limit, or our own: wait until `retryAt` (R30). */
  | 'rateLimited'
  /** Nothing happened on the vendor's side; try again later. */
  | 'unavailable'
  /** The write may or may not have happened (R29): look before sending again. */
  | 'outcomeUnknown';

export interface VendorErrorDetails {
  kind: FailureKind;
  vendor: Vendor;
  /** HTTP status, 0 when there was no answer. */
  status: number;
  /** The vendor's own words, or ours when it gave none; plain enough to show. */
  reason: string;
  retryAt?: Date | null;
  /** Sage's `x_request_id`: its support asks for it. */
  requestId?: string | null;
  cause?: unknown;
}

/** The one error that vendor clients throw. Its message holds no token and no record. */
export class VendorError extends Error {
  override name = 'VendorError';
  readonly kind: FailureKind;
  readonly vendor: Vendor;
  readonly status: number;
  readonly reason: string;
  readonly retryAt: Date | null;
  readonly requestId: string | null;

  constructor(details: VendorErrorDetails) {
    const name = details.vendor === 'sage' ? 'Sage' : 'Capsule';
    super(`${name} answered ${details.status || 'nothing'}: ${details.reason}`, { cause: details.cause });
    this.kind = details.kind;
    this.vendor = details.vendor;
    this.status = details.status;
    this.reason = details.reason;
    this.retryAt = details.retryAt ?? null;
    this.requestId = details.requestId ?? null;
  }
}

export const isVendorError = (error: unknown, ...kinds: FailureKind[]): error is VendorError =>
  error instanceof VendorError && (kinds.length === 0 || kinds.includes(error.kind));
