import { json, type Request, Router } from 'express';
import { choicesFor } from '../businesses';
import { decideReview, retryFailures } from '../commands';
import { connectBusiness } from '../connecting';
import { connectRefusal } from '../connect-refusal';
import { failuresShown } from '../failure-items';
import { notSignedIn } from '../http/problem';
import { mustBeAdministrator, mustBeSignedIn } from '../http/session';
import { validated } from '../http/validate';
import { reviewsShown } from '../review-items';
import { type Services } from '../services';
import { type SettingsService } from '../settings';
import { readStatus } from '../status';
import { type StatusFeed } from '../status-feed';
import { type Viewers } from '../viewer';
import { ConnectionWish, FailuresToRetry, ListQuery, ReviewDecision, SettingsChange } from './schemas';
import { toFailure, toReview } from './views';

/** The JSON API. Answers are never stored by anybody: they are one tenant's. */
export function apiRoutes(
  services: Services,
  settings: SettingsService,
  feed: StatusFeed,
  viewers: Viewers,
): Router {
  const { store } = services;
  const routes = Router();
  routes.use('/api', json({ limit: '100kb' }), (_req, res, next) => {
    res.set('Cache-Control', 'no-store');
    next();
  });

  routes.get('/api/status', async (_req, res) => {
    const status = await readStatus(services, mustBeSignedIn(res).tenantId);
    // The session outlived its tenant.
    if (!status) throw notSignedIn();
    res.json(status);
  });

  routes.get('/api/events', async (req, res) => {
    await feed.follow(mustBeSignedIn(res).tenantId, req, res);
  });

  routes.get('/api/businesses', async (_req, res) => {
    const { tenantId } = mustBeAdministrator(res, 'choose a Sage business');
    res.json({ businesses: await choicesFor(services, tenantId) });
  });

  routes.post('/api/connection', async (req, res) => {
    const admin = mustBeAdministrator(res, 'connect a Sage business');
    const outcome = await connectBusiness(services, admin, validated(ConnectionWish, req.body));
    if (outcome.kind !== 'connected') throw connectRefusal(outcome);
    res.status(202).json({ businessId: outcome.businessId, tenantId: admin.tenantId });
  });

  routes.get('/api/settings', async (_req, res) => {
    res.json(await settings.read(mustBeSignedIn(res).tenantId));
  });

  routes.put('/api/settings', async (req, res) => {
    const admin = mustBeAdministrator(res, 'change the settings');
    res.json(await settings.change(admin, validated(SettingsChange, req.body)));
  });

  routes.get('/api/reviews', async (req, res) => {
    const who = mustBeSignedIn(res);
    const { items, nextCursor } = reviewsShown(who, await store.reviews.page(who.tenantId, pageOf(req)));
    res.json({ items: items.map(toReview), nextCursor });
  });

  routes.post('/api/reviews/:id', async (req, res) => {
    const admin = mustBeAdministrator(res, 'decide on contacts');
    const decided = await decideReview(services, admin, req.params.id, validated(ReviewDecision, req.body));
    res.status(decided.outcome === 'accepted' ? 202 : 200).json(decided);
  });

  routes.get('/api/failures', async (req, res) => {
    const who = mustBeSignedIn(res);
    const { items, nextCursor } = await store.failures.page(who.tenantId, pageOf(req));
    const shown = await failuresShown(store, viewers, who, items);
    res.json({ items: shown.map(({ failure }) => toFailure(failure)), nextCursor });
  });

  routes.post('/api/failures/retry', async (req, res) => {
    const admin = mustBeAdministrator(res, 'try contacts again');
    const { ids = null } = validated(FailuresToRetry, req.body ?? {});
    res.status(202).json(await retryFailures(services, admin, ids));
  });

  return routes;
}

const pageOf = (req: Request) => validated(ListQuery, req.query);
