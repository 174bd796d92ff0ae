import { Router, urlencoded } from 'express';
import { type Ignored, IgnoredId } from '../api/ignored-schemas';
import { ListQuery } from '../api/schemas';
import { mustBeAdministrator, mustBeSignedIn } from '../http/session';
import { validated } from '../http/validate';
import { ignore, listIgnored, unignore } from '../ignored';
import { type Services } from '../services';
import { type Viewers } from '../viewer';

/** *Do not bring back* and its undo (R18): JSON, and the plain forms of the pages. */
export function ignoredRoutes(services: Services, viewers: Viewers): Router {
  const routes = Router();
  const form = urlencoded({ extended: false, limit: '10kb' });
  routes.use(['/api/ignored', '/ignored'], (_req, res, next) => {
    res.set('Cache-Control', 'no-store');
    next();
  });

  routes.get('/api/ignored', async (req, res) => {
    const who = mustBeSignedIn(res);
    const page = await listIgnored(services.store, who.tenantId, validated(ListQuery, req.query));
    const seen = await viewers.visible(
      who,
      page.items.flatMap(({ partyId }) => partyId ?? []),
    );
    // R31: what has no party is for administrators.
    const mayBeSeen = ({ partyId }: Ignored) => (partyId === null ? who.administrator : seen.has(partyId));
    res.json({ ...page, items: page.items.filter(mayBeSeen) });
  });

  routes.put('/api/ignored/:id', async (req, res) => {
    const admin = mustBeAdministrator(res, 'decide what is brought back');
    res.json(await ignore(services, admin, validated(IgnoredId, req.params.id)));
  });

  routes.delete('/api/ignored/:id', async (req, res) => {
    const admin = mustBeAdministrator(res, 'decide what is brought back');
    await unignore(services, admin, validated(IgnoredId, req.params.id));
    res.status(204).end();
  });

  routes.post('/ignored/:id', form, async (req, res) => {
    const admin = mustBeAdministrator(res, 'decide what is brought back');
    await ignore(services, admin, validated(IgnoredId, req.params.id));
    res.redirect(303, '/ignored?done=ignored');
  });

  routes.post('/ignored/:id/undo', form, async (req, res) => {
    const admin = mustBeAdministrator(res, 'decide what is brought back');
    await unignore(services, admin, validated(IgnoredId, req.params.id));
    res.redirect(303, '/ignored?done=back');
  });

  return routes;
}
