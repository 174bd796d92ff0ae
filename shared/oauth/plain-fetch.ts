import { type CustomFetch } from 'openid-client';

/**
 * Fetch for openid-client that forgives what the vendors' token endpoints are known or likely to do beside
 * the standard, and nothing that matters for safety:
 * - an `id_token` is dropped. Capsule signs one when asked for `openid` (B), but who somebody is we read from
 *   userinfo over TLS, and the issuer and keys of a stand-in are not configured;
 * - any 2xx counts as 200, and a JSON object as JSON whatever its content type;
 * - `WWW-Authenticate` beside a JSON error is dropped, as it would hide the error's code.
 */
export const plainFetch: CustomFetch = async (url, init) => {
  const response = await fetch(url, init as RequestInit);
  const text = await response.text();
  const json = parseObject(text);
  if (!json) return new Response(bodyFor(response.status, text), response);
  delete json.id_token;
  if ('access_token' in json) json.token_type ??= 'bearer';
  const status = response.ok ? 200 : response.status;
  return new Response(JSON.stringify(json), { status, headers: { 'content-type': 'application/json' } });
};

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

/** A Response of these statuses may have no body. */
const bodyFor = (status: number, text: string): string | null =>
  [204, 205, 304].includes(status) ? null : text;
