/** One entry of Sage's error bodies. */
export interface Fault {
  $severity: 'error';
  $dataCode: string;
  $message: string;
  /** Dotted field, `base`, or empty. */
  $source: string;
}

/** A request that Sage turns down. The body is always an array (reference §4 Errors, A). */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly faults: Fault[],
  ) {
    super(faults.map(({ $source, $message }) => `${$source} ${$message}`.trim()).join('; '));
    this.name = 'Refusal';
  }
}

export const fault = ($dataCode: string, $message: string, $source = ''): Fault => ({
  $severity: 'error',
  $dataCode,
  $message,
  $source,
});

export const invalid = (source: string, message: string): Refusal =>
  new Refusal(422, [fault('RecordInvalid', message, source)]);

export const notFound = (): Refusal =>
  new Refusal(404, [fault('RecordNotFound', 'The requested record was not found.')]);

export const roleDenied = (): Refusal =>
  new Refusal(403, [
    fault(
      'MultiUserAccessDenied',
      'The current user is not allowed to access that resource with that method.',
    ),
  ]);

export const noSubscription = (): Refusal =>
  new Refusal(401, [fault('AuthorizationFailure', 'No active subscription. (MSE)')]);

/**
 * An expired or unknown access token. Its body is undocumented (reference §10.5). Nastier reading: the same
 * code as a lapsed subscription, so that callers must read the message before they refresh.
 */
export const tokenRefused = (): Refusal =>
  new Refusal(401, [fault('AuthorizationFailure', 'The access token is invalid or has expired.')]);

/** An X-Business that the user cannot reach: 401 by the one third party that says anything (reference §2, C). */
export const businessRefused = (): Refusal =>
  new Refusal(401, [fault('AuthorizationFailure', 'The business is not available to the current user.')]);
