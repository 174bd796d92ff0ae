import { capsuleDialect } from '../../shared/capsule/dialect';
import { isVendorError, VendorError } from '../../shared/http/vendor-error';
import { sageDialect } from '../../shared/sage/dialect';

const sageEntry = ($dataCode: string, $message: string, $source = '') => ({
  ...{ $severity: 'error', $dataCode, $message, $source },
});

const LAPSED = 'No active subscription. (MSE)';

describe('a refusal of Sage', () => {
  test.each<[number, unknown, string, string]>([
    [401, [sageEntry('AuthorizationFailure', LAPSED)], 'lapsed', LAPSED],
    [401, [sageEntry('AuthenticationFailure', 'Token expired')], 'unauthorised', 'Token expired'],
    [401, null, 'unauthorised', 'status 401'],
    [
      403,
      [sageEntry('MultiUserAccessDenied', 'The current user is not allowed to do that.')],
      'forbidden',
      'The current user is not allowed to do that.',
    ],
    [404, [sageEntry('RecordNotFound', 'Not found')], 'missing', 'Not found'],
    [
      422,
      [sageEntry('RecordInvalid', 'This field is required.', 'line_items.tax_rate_id')],
      'rejected',
      'line_items.tax_rate_id: This field is required.',
    ],
    [
      422,
      [sageEntry('RecordInvalid', 'Too long', 'name'), sageEntry('RecordInvalid', 'Closed', 'base')],
      'rejected',
      'name: Too long; Closed',
    ],
    [
      422,
      sageEntry('IdempotencyResourceMismatch', 'Entity type mismatch'),
      'rejected',
      'Entity type mismatch',
    ],
    [400, { unforeseen: true }, 'rejected', 'status 400'],
    [400, [], 'rejected', 'status 400'],
    [400, 'text', 'rejected', 'status 400'],
    [422, [{ $message: null }], 'rejected', 'status 422'],
  ])('%i %j is %s: %s', (status, body, kind, reason) => {
    expect(sageDialect.readFailure(status, body)).toEqual({ kind, reason });
  });

  test('a lapsed subscription is told from the word in a 401 only', () => {
    const body = [sageEntry('RecordInvalid', 'Subscription name is required')];
    expect(sageDialect.readFailure(422, body)).toMatchObject({ kind: 'rejected' });
  });

  test('tells no limits: Sage documents none', () => {
    expect(sageDialect.readLimits({ 'x-ratelimit-limit': '100' })).toEqual({});
  });
});

describe('a refusal of Capsule', () => {
  const invalid = (...errors: object[]) => ({ message: 'Validation Failed', errors });

  test.each<[number, unknown, string, string]>([
    [401, { message: 'Invalid token' }, 'unauthorised', 'Invalid token'],
    [401, { error: 'invalid_token' }, 'unauthorised', 'invalid_token'],
    [403, { message: 'Not permitted' }, 'forbidden', 'Not permitted'],
    [404, { message: 'Could not find resource' }, 'missing', 'Could not find resource'],
    [410, null, 'missing', 'status 410'],
    [409, null, 'conflict', 'status 409'],
    [405, { message: 'Method not allowed' }, 'rejected', 'Method not allowed'],
    [
      422,
      invalid({ message: 'name is required', resource: 'party', field: 'name' }),
      'rejected',
      'party.name: name is required',
    ],
    [
      422,
      invalid(
        { message: 'unknown country', resource: 'address', field: 'country' },
        { message: 'owner is not a member of the team' },
      ),
      'rejected',
      'address.country: unknown country; owner is not a member of the team',
    ],
    [422, invalid(), 'rejected', 'Validation Failed'],
    [422, invalid({ field: 'dueOn' }), 'rejected', 'dueOn: '],
    [400, 'text', 'rejected', 'status 400'],
    [400, { errors: 'unforeseen' }, 'rejected', 'status 400'],
  ])('%i %j is %s: %s', (status, body, kind, reason) => {
    expect(capsuleDialect.readFailure(status, body)).toEqual({ kind, reason });
  });
});

describe('R30 the limits of Capsule', () => {
  const headers = {
    ...{ 'x-ratelimit-limit': '4000', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1434037662' },
  };

  test('are read with the reset in milliseconds', () => {
    const expected = { limit: 4_000, remaining: 0, resetAt: 1_434_037_662_000 };
    expect(capsuleDialect.readLimits(headers)).toEqual(expected);
  });

  test.each(Object.keys(headers))('are not believed without %s', (name) => {
    expect(capsuleDialect.readLimits({ ...headers, [name]: undefined })).toEqual({});
    expect(capsuleDialect.readLimits({ ...headers, [name]: 'soon' })).toEqual({});
  });
});

describe('a vendor error', () => {
  test('says in plain words who answered what', () => {
    const details = { kind: 'rejected', vendor: 'capsule', reason: 'name is required' } as const;
    expect(new VendorError({ ...details, status: 422 }).message).toBe(
      'Capsule answered 422: name is required',
    );
    expect(new VendorError({ ...details, vendor: 'sage', status: 0 }).message).toBe(
      'Sage answered nothing: name is required',
    );
  });

  test('is told apart by kind', () => {
    const error = new VendorError({ kind: 'missing', vendor: 'sage', status: 404, reason: 'gone' });
    expect(isVendorError(error)).toBe(true);
    expect(isVendorError(error, 'rejected', 'missing')).toBe(true);
    expect(isVendorError(error, 'rejected')).toBe(false);
    expect(isVendorError(new Error('gone'), 'missing')).toBe(false);
  });
});
