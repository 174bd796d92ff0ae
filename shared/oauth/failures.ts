import { ClientError, ResponseBodyError, WWWAuthenticateChallengeError } from 'openid-client';
import { VendorError, type VendorErrorDetails } from '../http/vendor-error';
import { type Vendor } from '../ids';

/** Codes that speak of this installation's registration at the vendor, never of somebody's grant. */
const OUR_FAULT = new Set([
  'invalid_client',
  'unauthorized_client',
  'unsupported_grant_type',
  'invalid_request',
  'invalid_scope',
]);

/** Errors before anything was sent. */
const NOT_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']);

/**
 * What a failed call to an OAuth server means. Neither message nor cause holds a token: causes of
 * openid-client hold request and answer, so they are left out.
 */
export function oauthFailure(vendor: Vendor, error: unknown): VendorError {
  return error instanceof VendorError ? error : new VendorError({ vendor, ...classify(error) });
}

/** The same for an answer of which only the status counts. */
export const statusFailure = (vendor: Vendor, status: number): VendorError =>
  new VendorError({ vendor, ...ofStatus(status) });

function classify(error: unknown): Omit<VendorErrorDetails, 'vendor'> {
  if (error instanceof ResponseBodyError) return ofStatus(error.status, error.error, error.error_description);
  if (error instanceof WWWAuthenticateChallengeError) {
    const [challenge] = error.cause;
    return ofStatus(error.status, challenge?.parameters.error, challenge?.parameters.error_description);
  }
  if (error instanceof ClientError && error.cause instanceof Response) return ofStatus(error.cause.status);
  const code = networkCode(error);
  if (NOT_SENT.has(code)) return { kind: 'unavailable', status: 0, reason: 'it cannot be reached' };
  const reason =
    code === 'OAUTH_TIMEOUT' ? 'it did not answer in time' : 'its answer got lost or made no sense';
  return { kind: 'outcomeUnknown', status: 0, reason };
}

function ofStatus(status: number, code = '', description = ''): Omit<VendorErrorDetails, 'vendor'> {
  if (status === 429) return { kind: 'unavailable', status, reason: 'it is busy (too many requests)' };
  if (status >= 500) return { kind: 'outcomeUnknown', status, reason: 'it has trouble at the moment' };
  if (OUR_FAULT.has(code)) {
    const told = description || code;
    return { kind: 'unavailable', status, reason: `it refuses this installation's registration: ${told}` };
  }
  // Sage's own sample takes any other 400 or 401 as "connect again" (reference sage-api §1, A/B).
  if (status === 400 || status === 401) {
    const told = [code, description].filter(Boolean).join(': ') || `status ${status}`;
    return { kind: 'unauthorised', status, reason: `it no longer accepts the permission (${told})` };
  }
  return { kind: 'unavailable', status, reason: description || code || `it answered with status ${status}` };
}

function networkCode(error: unknown): string {
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  const inner = typeof cause === 'object' && cause !== null ? networkCode(cause) : '';
  return inner !== '' ? inner : typeof code === 'string' ? code : '';
}
