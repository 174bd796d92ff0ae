import { type Request, type Response } from 'express';
import { type Vendor } from '../../../shared/ids';
import { isVendorError } from '../../../shared/http/vendor-error';
import { type TokenAnswer } from '../../../shared/oauth/client';
import { CONNECT_SAGE, HOME, Problem, SIGN_IN } from '../http/problem';
import { sessionId } from '../http/session';
import { type Services } from '../services';
import { callbackUrl } from './start';

export interface Consent {
  tokens: TokenAnswer;
  /** The tenant for which the way out began; null at sign-in. */
  tenantId: string | null;
  /** Where the way out began; null: at the start. */
  returnTo: string | null;
}

/**
 * Turns a vendor's callback into tokens.
 * @throws Problem when consent was denied, or the callback was not expected: used, expired, or another browser's
 */
export async function receiveConsent(
  services: Services,
  req: Request,
  res: Response,
  vendor: Vendor,
): Promise<Consent> {
  const { config, oauth, store, now } = services;
  const answer = new URL(req.originalUrl, config.publicUrl).searchParams;
  const state = answer.get('state');
  // Also for a refusal: one that was answered is spent.
  const expected = state && (await store.oauthStates.consume(state, vendor, await sessionId(res), now()));
  refuseErrors(vendor, answer);
  const code = answer.get('code');
  if (!expected || !code) throw unexpected(vendor);
  const tokens = await oauth[vendor]
    .exchange(callbackUrl(config.publicUrl, vendor), code, expected.verifier)
    .catch((error: unknown) => {
      throw isVendorError(error, 'unauthorised') ? tooLate(vendor, error) : error;
    });
  return { tokens, tenantId: expected.tenantId, returnTo: expected.returnTo ?? null };
}

/** Sage's own words for a login of another country are `error=Invalid request&reason=…` (sage-api §1, A). */
function refuseErrors(vendor: Vendor, answer: URLSearchParams): void {
  const error = answer.get('error');
  if (error === null) return;
  const reason = answer.get('error_description') ?? answer.get('reason') ?? '';
  if (error === 'access_denied') throw denied(vendor);
  if (/email already in use/i.test(reason)) throw otherCountry();
  const name = nameOf(vendor);
  const told = [error, reason].filter(Boolean).join(': ').slice(0, 200);
  throw new Problem(400, `${name} did not let us in`, `${name} says: ${told}.`, {
    more: ['Please try again. If it stays so, tell whoever runs this service what stands here.'],
    ...nextSteps(vendor),
  });
}

const denied = (vendor: Vendor) =>
  new Problem(
    403,
    vendor === 'sage' ? 'Sage was not connected' : 'You are not signed in',
    `On the page of ${nameOf(vendor)} you chose not to allow it, so nothing was stored or changed.`,
    { more: ['If that was a slip, start again and choose Allow.'], ...nextSteps(vendor) },
  );

/** R2: Sage itself refuses the login before we learn of any business. */
const otherCountry = () =>
  new Problem(
    403,
    'This Sage login belongs to another country',
    'Sage says that the e-mail address is already in use outside the United Kingdom. Only Sage Business Cloud Accounting businesses in the United Kingdom can be connected.',
    {
      more: ['Start again and sign in to Sage with the login of a business in the United Kingdom.'],
      ...nextSteps('sage'),
    },
  );

const unexpected = (vendor: Vendor) =>
  new Problem(
    400,
    'This link has expired',
    'It can be used once, within ten minutes, in the browser where it began. Nothing was stored or changed.',
    nextSteps(vendor),
  );

const tooLate = (vendor: Vendor, cause: unknown) =>
  new Problem(400, 'This link has expired', `${nameOf(vendor)} no longer accepts it. Please start again.`, {
    ...nextSteps(vendor),
    cause,
  });

const nextSteps = (vendor: Vendor) =>
  vendor === 'sage' ? { action: CONNECT_SAGE, secondaryAction: HOME } : { action: SIGN_IN };

const nameOf = (vendor: Vendor) => (vendor === 'sage' ? 'Sage' : 'Capsule');
