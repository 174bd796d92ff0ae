import { ApplicationFailure } from '@temporalio/workflow';

/** Class of the failure at the bottom of a chain of activity and child workflow failures. */
export function failureType(error: unknown): string | null {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof ApplicationFailure && cause.type) return cause.type;
  }
  return null;
}

/** What the vendor said, which the failure of a call carries along (shared/temporal/failures); null for none. */
export function vendorReason(error: unknown): { vendor: string; reason: string } | null {
  let said: { vendor: string; reason: string } | null = null;
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof ApplicationFailure) said = (cause.details?.[0] as typeof said) ?? said;
  }
  return said;
}
