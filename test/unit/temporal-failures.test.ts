import { ApplicationFailure } from '@temporalio/common';
import { type FailureKind, VendorError } from '../../shared/http/vendor-error';
import { toTemporalFailure } from '../../shared/temporal/failures';

const failed = (kind: FailureKind, retryAt: Date | null = null) =>
  toTemporalFailure(
    new VendorError({ kind, vendor: 'sage', status: 418, reason: 'a reason', retryAt, requestId: 'r-1' }),
  ) as ApplicationFailure;

describe('failures', () => {
  test.each<[FailureKind, string, boolean]>([
    ['unauthorised', 'AuthorisationRevoked', false],
    ['lapsed', 'SubscriptionLapsed', false],
    ['forbidden', 'ValidationRejected', false],
    ['rejected', 'ValidationRejected', false],
    ['missing', 'RecordMissing', false],
    ['conflict', 'EditConflict', true],
    ['rateLimited', 'RateLimited', true],
    ['unavailable', 'UpstreamUnavailable', true],
    ['outcomeUnknown', 'OutcomeUnknown', true],
  ])('of kind %s are %s, retried: %s', (kind, type, retried) => {
    const failure = failed(kind);
    expect(failure).toBeInstanceOf(ApplicationFailure);
    expect(failure.type).toBe(type);
    expect(failure.nonRetryable).toBe(!retried);
    expect(failure.nextRetryDelay).toBeUndefined();
  });

  test('R30 are tried again when the limit allows, not before', () => {
    const { nextRetryDelay } = failed('rateLimited', new Date(Date.now() + 90_000));
    expect(nextRetryDelay).toBeGreaterThan(85_000);
    expect(nextRetryDelay).toBeLessThanOrEqual(90_000);
  });

  test('R30 whose time has come are tried again in a second', () => {
    expect(failed('rateLimited', new Date(Date.now() - 90_000)).nextRetryDelay).toBe(1_000);
  });

  test('tell operators who answered what', () => {
    const failure = failed('rejected');
    expect(failure.message).toBe('Sage answered 418: a reason');
    expect(failure.details).toEqual([{ vendor: 'sage', status: 418, reason: 'a reason', requestId: 'r-1' }]);
  });

  test('of any other sort pass through as they are', () => {
    const other = new TypeError('a mistake of ours');
    expect(toTemporalFailure(other)).toBe(other);
    expect(toTemporalFailure('text')).toBe('text');
  });
});
