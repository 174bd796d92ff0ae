import { vendorProblem } from '../../../services/gateway/http/vendor-problem';
import { type FailureKind, VendorError } from '../../../shared/http/vendor-error';

const failure = (kind: FailureKind, vendor: 'capsule' | 'sage' = 'sage') =>
  new VendorError({ kind, vendor, status: 0, reason: 'the reason', retryAt: new Date(0) });

describe('what people are told when a vendor fails', () => {
  test.each<[FailureKind, number, string]>([
    ['unauthorised', 409, 'Sage no longer lets us in'],
    ['lapsed', 409, 'The Sage subscription has lapsed'],
    ['forbidden', 403, 'Sage does not allow you to do this'],
    ['missing', 404, 'Sage does not have this record'],
    ['rejected', 422, 'Sage refuses this'],
    ['conflict', 422, 'Sage refuses this'],
    ['rateLimited', 503, 'Sage asks us to wait'],
    ['unavailable', 502, 'Sage cannot be reached'],
    ['outcomeUnknown', 502, 'Sage cannot be reached'],
  ])('%s is status %i: %s', (kind, status, title) => {
    const problem = vendorProblem(failure(kind));
    expect(problem).toMatchObject({ status, title });
    expect(problem.detail).toContain('the reason');
    expect(problem.options.action?.href).toMatch(/^\//);
  });

  test('R25 a dead grant leads to where it is given again', () => {
    expect(vendorProblem(failure('unauthorised')).options.action?.href).toBe('/connect/sage');
    expect(vendorProblem(failure('unauthorised', 'capsule')).options.action?.href).toBe('/connect/capsule');
  });

  test('R30 a limit says when to come back', () => {
    expect(vendorProblem(failure('rateLimited')).options.retryAt).toEqual(new Date(0));
  });
});
