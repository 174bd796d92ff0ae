import { ApplicationFailure } from '@temporalio/workflow';

/** Class of the failure at the bottom of a chain of activity and child workflow failures. */
export function failureType(error: unknown): string | null {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof ApplicationFailure && cause.type) return cause.type;
  }
  return null;
}
