import { type Response } from 'express';
import { type Vendor } from '../../../shared/ids';
import { sessionId } from '../http/session';
import { type Services } from '../services';

/** How long somebody may take on the vendor's pages. */
const PATIENCE_MS = 10 * 60_000;

export const callbackUrl = (publicUrl: string, vendor: Vendor): string =>
  `${publicUrl}/oauth/${vendor}/callback`;

/** Sends the browser to a vendor's consent page, and remembers that it went. */
export async function startConsent(
  { config, oauth, store, now }: Services,
  res: Response,
  vendor: Vendor,
  tenantId: string | null,
  returnTo: string | null = null,
): Promise<void> {
  const { url, state, verifier } = await oauth[vendor].start(callbackUrl(config.publicUrl, vendor));
  const expiresAt = new Date(now().getTime() + PATIENCE_MS);
  await store.oauthStates.put({
    ...{ state, vendor, tenantId, verifier, expiresAt, returnTo },
    sessionId: await sessionId(res),
  });
  res.set('Cache-Control', 'no-store').redirect(302, url);
}
