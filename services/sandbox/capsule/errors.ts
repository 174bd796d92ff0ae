/** One entry of a 422 answer (§3 Errors; recorded shape). `resource` and `field` are missing on some. */
export interface Issue {
  message: string;
  resource?: string;
  field?: string;
}

/** An answer other than success; thrown by whatever finds the fault and written by the API. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly body: unknown,
    readonly headers: Record<string, string> = {},
  ) {
    super(JSON.stringify(body));
  }
}

export const invalid = (...errors: Issue[]): ApiError =>
  new ApiError(422, { message: 'Validation Failed', errors });

/** An unknown route and a missing record differ in their text only (§3 Errors). */
export const notFound = (message = 'Could not find resource'): ApiError => new ApiError(404, { message });

/** The shape of a 403 is not known (§11 point 3): JSON with `message`, detail in WWW-Authenticate as the docs say. */
export const forbidden = (message: string, error = 'insufficient_scope'): ApiError =>
  new ApiError(
    403,
    { message },
    { 'WWW-Authenticate': `Bearer error="${error}", error_description="${message}"` },
  );
