import { Router } from 'express';
import { ListQuery } from '../api/schemas';
import { frameOf } from '../frame';
import { mustBeSignedIn } from '../http/session';
import { validated } from '../http/validate';
import { listIgnored } from '../ignored';
import { type Flash, renderIgnored } from '../pages';
import { type Services } from '../services';
import { type Viewers } from '../viewer';

const LIMIT = 25;

const FLASHES: Record<string, string> = {
  ignored: 'The contact is not brought back from now on.',
  back: 'Undone: it may be brought back again.',
};

/** The list of *Do not bring back*; its forms are posted to routes/ignored. */
export function ignoredPageRoutes(services: Services, viewers: Viewers): Router {
  const routes = Router();

  routes.get('/ignored', async (req, res) => {
    const who = mustBeSignedIn(res);
    const { cursor = null } = validated(ListQuery, req.query);
    const [frame, page] = await Promise.all([
      frameOf(services, who),
      listIgnored(services.store, who.tenantId, { cursor, limit: LIMIT }),
    ]);
    const seen = await viewers.visible(
      who,
      page.items.flatMap(({ partyId }) => partyId ?? []),
    );
    // R31: what has no party is for administrators.
    const items = page.items.filter(({ partyId }) =>
      partyId === null ? who.administrator : seen.has(partyId),
    );
    res.send(
      renderIgnored({ ...frame, items, nextCursor: page.nextCursor, cursor, flash: flashOf(req.query.done) }),
    );
  });

  return routes;
}

function flashOf(key: unknown): Flash | null {
  const text = typeof key === 'string' && Object.hasOwn(FLASHES, key) ? FLASHES[key] : undefined;
  return text === undefined ? null : { kind: 'success', text };
}
