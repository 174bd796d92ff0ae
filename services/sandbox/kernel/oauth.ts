import { createHash, timingSafeEqual } from 'node:crypto';

/** What an authorisation request asked for, as far as the exchange of its code is checked against it. */
export interface AuthorisationRequest {
  clientId: string;
  redirectUri: string;
  state: string;
  scope: string;
  codeChallenge: string;
  codeChallengeMethod: string;
  nonce: string;
}

export const AUTHORISATION_PARAMETERS = {
  clientId: 'client_id',
  redirectUri: 'redirect_uri',
  state: 'state',
  scope: 'scope',
  codeChallenge: 'code_challenge',
  codeChallengeMethod: 'code_challenge_method',
  nonce: 'nonce',
} as const satisfies Record<keyof AuthorisationRequest, string>;

/** Reads the known parameters of a query or form; absent ones are empty strings. */
export function authorisationRequest(source: Record<string, unknown>): AuthorisationRequest {
  const text = (name: string): string => (typeof source[name] === 'string' ? source[name] : '');
  return Object.fromEntries(
    Object.entries(AUTHORISATION_PARAMETERS).map(([key, name]) => [key, text(name)]),
  ) as unknown as AuthorisationRequest;
}

/** The sandboxes accept any redirect to the machine they run on, and no other. */
export function isLoopbackRedirect(redirectUri: string): boolean {
  if (!URL.canParse(redirectUri)) return false;
  const { protocol, hostname, hash } = new URL(redirectUri);
  return (
    (protocol === 'http:' || protocol === 'https:') &&
    ['localhost', '127.0.0.1', '[::1]'].includes(hostname) &&
    hash === ''
  );
}

/** The redirect back to the client with parameters added to whatever query it already has. */
export function redirectWith(redirectUri: string, parameters: Record<string, string>): string {
  const url = new URL(redirectUri);
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== '') url.searchParams.set(name, value);
  }
  return url.href;
}

/** RFC 7636: a request without a challenge must come without a verifier's proof, and one with it must prove it. */
export function provesChallenge(request: AuthorisationRequest, verifier: string): boolean {
  if (request.codeChallenge === '') return true;
  const proof =
    request.codeChallengeMethod === 'S256'
      ? createHash('sha256').update(verifier).digest('base64url')
      : verifier;
  return sameText(proof, request.codeChallenge);
}

/** Client credentials of a token request: HTTP Basic (`client_secret_basic`) or the form (`client_secret_post`). */
export function clientCredentials(
  authorization: string | undefined,
  form: Record<string, unknown>,
): { id: string; secret: string } | null {
  const basic = /^basic +([\w+/=-]+)$/i.exec(authorization ?? '')?.[1];
  if (basic) {
    const [id = '', ...rest] = Buffer.from(basic, 'base64').toString().split(':');
    return { id: formDecoded(id), secret: formDecoded(rest.join(':')) };
  }
  const { client_id: id, client_secret: secret } = form;
  return typeof id === 'string' && typeof secret === 'string' ? { id, secret } : null;
}

export function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** RFC 6749 §2.3.1 form-encodes both halves of the Basic credentials. */
function formDecoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}
