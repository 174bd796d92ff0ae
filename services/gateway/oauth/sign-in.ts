import { Router } from 'express';
import { grantId, userGrantId } from '../../../shared/ids';
import { type TokenAnswer } from '../../../shared/oauth/client';
import { isAdministrator } from '../administrator';
import { signIn } from '../http/session';
import { wakeWaiting } from '../connecting';
import { type Services } from '../services';
import { receiveConsent } from './callback';
import { startConsent } from './start';

/** How long we keep the grant of somebody who signed in and connected nothing: as long as the session. */
const USER_GRANT_MS = 7 * 24 * 3600_000;

/** "Sign in with Capsule": makes the tenant at the first time, and finds out who is an administrator (R5). */
export function signInRoutes(services: Services): Router {
  const { oauth, vendors, store, log, now } = services;
  const routes = Router();

  routes.get('/connect/capsule', (_req, res) => startConsent(services, res, 'capsule', null));

  routes.get('/oauth/capsule/callback', async (req, res) => {
    const { tokens } = await receiveConsent(services, req, res, 'capsule');
    const capsule = vendors.capsuleOf({ get: () => Promise.resolve(tokens.accessToken) });
    const [account, site, user, administrator] = await Promise.all([
      oauth.capsule.identify(tokens),
      capsule.getSite(),
      capsule.getCurrentUser(),
      isAdministrator(capsule),
    ]);
    const tenantId = account.tenantId ?? encodeURIComponent(account.subdomain ?? site.subdomain);
    const names = { subdomain: site.subdomain, siteName: site.name };
    await store.tenants.ensure(tenantId, names, now());
    const renewed = await keepGrant(tenantId, user, tokens);
    // Signing in must not fail because Temporal is away: the work also looks by itself, now and then.
    if (renewed) await wakeWaiting(services, tenantId).catch((err: unknown) => log.warn({ tenantId, err }));
    await signIn(res, { tenantId, userId: user.id, userName: user.name, administrator });
    res.redirect(302, '/');
  });

  /**
   * The grant that carries the sync is replaced only by another one of the same user (R5).
   * @returns whether it was that one
   */
  async function keepGrant(tenantId: string, user: { id: number; name: string }, tokens: TokenAnswer) {
    const own = await store.grants.describe(grantId(tenantId, 'capsule'));
    const mine = own?.userId === String(user.id);
    await store.grants.put({
      ...tokens,
      id: mine ? own.id : userGrantId(tenantId, user.id),
      tenantId,
      vendor: 'capsule',
      userId: String(user.id),
      userName: user.name,
      removeAt: mine ? null : new Date(now().getTime() + USER_GRANT_MS),
    });
    return mine;
  }

  return routes;
}
