import { Router } from 'express';
import { grantId, userGrantId } from '../../../shared/ids';
import { type TokenAnswer } from '../../../shared/oauth/client';
import { isAdministrator } from '../administrator';
import { HOME, notAdministrator, Problem } from '../http/problem';
import { mustBeAdministrator, signIn } from '../http/session';
import { wakeWaiting } from '../connecting';
import { type Services } from '../services';
import { receiveConsent } from './callback';
import { ownPath } from '../http/own-path';
import { startConsent } from './start';

/** How long we keep the grant of somebody who signed in and connected nothing: as long as the session. */
const USER_GRANT_MS = 7 * 24 * 3600_000;

/** "Sign in with Capsule": makes the tenant at the first time, and finds out who is an administrator (R5). */
export function signInRoutes(services: Services): Router {
  const { oauth, vendors, store, keeper, log, now } = services;
  const routes = Router();

  /** With `reconnect` the permission that comes back is to carry the sync (R5); else it is a sign-in alone. */
  routes.get('/connect/capsule', async (req, res) => {
    const reconnects = req.query.reconnect !== undefined;
    const tenantId = reconnects ? mustBeAdministrator(res, 'connect again').tenantId : null;
    await startConsent(services, res, 'capsule', tenantId, ownPath(req.query.to));
  });

  routes.get('/oauth/capsule/callback', async (req, res) => {
    const { tokens, tenantId: reconnected, returnTo } = await receiveConsent(services, req, res, 'capsule');
    const capsule = vendors.capsuleOf({ get: () => Promise.resolve(tokens.accessToken) });
    const [account, site, user, administrator] = await Promise.all([
      oauth.capsule.identify(tokens),
      capsule.getSite(),
      capsule.getCurrentUser(),
      isAdministrator(capsule),
    ]);
    const tenantId = account.tenantId ?? encodeURIComponent(account.subdomain ?? site.subdomain);
    const names = { subdomain: site.subdomain, siteName: site.name };
    if (reconnected !== null && reconnected !== tenantId) {
      await keeper.revokeAtVendor('capsule', tokens.refreshToken);
      throw otherAccount(site.name);
    }
    const { connected } = await store.tenants.ensure(tenantId, names, now());
    const takesOver = reconnected !== null && administrator && connected;
    const renewed = await keepGrant(tenantId, user, tokens, takesOver);
    // Signing in must not fail because Temporal is away: the work also looks by itself, now and then.
    if (renewed) await wakeWaiting(services, tenantId).catch((err: unknown) => log.warn({ tenantId, err }));
    await signIn(res, { tenantId, userId: user.id, userName: user.name, administrator });
    if (reconnected !== null && !administrator) throw notAdministrator('connect again');
    res.redirect(302, returnTo ?? '/');
  });

  /**
   * The grant that carries the sync is replaced only by another one of the same user, or of an administrator
   * who pressed *Reconnect* (R5).
   * @returns whether it was that one
   */
  async function keepGrant(
    tenantId: string,
    user: { id: number; name: string },
    tokens: TokenAnswer,
    takesOver: boolean,
  ): Promise<boolean> {
    const id = grantId(tenantId, 'capsule');
    const mine = takesOver || (await store.grants.describe(id))?.userId === String(user.id);
    await store.grants.put({
      ...tokens,
      id: mine ? id : userGrantId(tenantId, user.id),
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

/** R5: the permission of another account would send its contacts into this one's Sage business. */
const otherAccount = (siteName: string): Problem =>
  new Problem(
    409,
    'This is another Capsule account',
    `You gave permission for ${siteName}, which is not the account that is connected here.`,
    {
      more: ['Nothing was changed. Sign in to the right account in Capsule, then connect again.'],
      action: { label: 'Connect again', href: '/connect/capsule?reconnect=1' },
      secondaryAction: HOME,
    },
  );
