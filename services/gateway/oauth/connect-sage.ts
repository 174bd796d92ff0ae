import { Router } from 'express';
import { pendingSageGrantId } from '../../../shared/ids';
import { type TokenAnswer } from '../../../shared/oauth/client';
import { listChoices } from '../businesses';
import { connectBusiness } from '../connecting';
import { connectRefusal, noBusiness, refusedBusinesses } from '../connect-refusal';
import { notSignedIn } from '../http/problem';
import { mustBeAdministrator, type SignedIn } from '../http/session';
import { type BusinessChoice } from '../pages';
import { type Services } from '../services';
import { receiveConsent } from './callback';
import { startConsent } from './start';

/** How long a Sage grant waits for its business to be chosen. */
const CHOICE_MS = 3600_000;

/** "Connect to Sage Business Cloud" (R1–R4): administrators only (R5). */
export function connectSageRoutes(services: Services): Router {
  const { store, keeper, vendors, now } = services;
  const routes = Router();

  routes.get('/connect/sage', async (_req, res) => {
    const { tenantId } = mustBeAdministrator(res, 'connect a Sage business');
    // The session may have outlived its tenant (R32).
    if (!(await store.tenants.find(tenantId))) throw notSignedIn();
    await startConsent(services, res, 'sage', tenantId);
  });

  routes.get('/oauth/sage/callback', async (req, res) => {
    const admin = mustBeAdministrator(res, 'connect a Sage business');
    const { tokens } = await receiveConsent(services, req, res, 'sage');
    const { choices, user } = await lookAround(tokens);
    await store.grants.put({
      ...tokens,
      id: pendingSageGrantId(admin.tenantId),
      ...{ tenantId: admin.tenantId, vendor: 'sage', userId: user.id, userName: user.name },
      removeAt: new Date(now().getTime() + CHOICE_MS),
    });
    res.redirect(302, await settle(admin, choices));
  });

  /** Looks before anything is stored: a login without a usable business leaves no trace here (R2, R3). */
  async function lookAround(tokens: TokenAnswer) {
    const sage = vendors.sageOf({ get: () => Promise.resolve(tokens.accessToken) });
    try {
      const [user, all] = await Promise.all([sage.getUser(), listChoices(sage)]);
      if (all.length === 0) throw noBusiness();
      const choices = all.filter(({ eligible }) => eligible !== false);
      if (choices.length === 0) throw refusedBusinesses(all.map(({ reason }) => reason ?? ''));
      return { user, choices };
    } catch (error) {
      await keeper.revokeAtVendor('sage', tokens.refreshToken);
      throw error;
    }
  }

  /**
   * Connects at once where there is nothing to choose: one business, or the one that is connected already.
   * @returns where the browser goes on
   */
  async function settle(admin: SignedIn, choices: BusinessChoice[]): Promise<string> {
    const tenant = await store.tenants.find(admin.tenantId);
    const held = tenant?.connected ? tenant.connection?.businessId : undefined;
    const [first, ...others] = choices;
    const only = others.length === 0 ? first : undefined;
    const wanted = choices.find(({ id }) => id === held) ?? (only?.eligible ? only : undefined);
    if (!wanted) return '/businesses';
    const wish = { businessId: wanted.id, confirmDifferentBusiness: false };
    const outcome = await connectBusiness(services, admin, wish);
    if (outcome.kind === 'connected') return '/';
    if (outcome.kind === 'different') return `/businesses?confirm=${encodeURIComponent(wanted.id)}`;
    throw connectRefusal(outcome);
  }

  return routes;
}
