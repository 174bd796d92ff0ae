import { once } from 'node:events';
import { json, type Response, Router, urlencoded } from 'express';
import { z } from 'zod';
import { BreakerDecision, DisconnectWish, Erasure, SyncWish } from '../api/lifecycle-schemas';
import { mustBeAdministrator, signOut } from '../http/session';
import { validated } from '../http/validate';
import { decideBreaker, disconnect, eraseTenant, pause, syncNow } from '../lifecycle';
import { type Flash } from '../pages';
import { type Services } from '../services';

const said = (text: string): Flash => ({ kind: 'success', text });

/** What the home page says after one of the forms below. */
export const LIFECYCLE_FLASHES: Record<string, Flash> = {
  sync: said('A pass has been asked for: it begins in a moment.'),
  paused: said('The sync is paused. Edits and passes wait; nothing is lost.'),
  resumed: said('The sync goes on.'),
  'breaker-go-on': said('The pass goes on with what it asked about.'),
  'breaker-stop': said('Nothing of it is done. The next pass looks again.'),
  disconnected: said('Sage is disconnected. The links are kept: connect again, and the sync goes on.'),
  'disconnected-clearing': said(
    'Sage is disconnected. The Sage fields are being taken off the Capsule records; that goes on by itself.',
  ),
  erased: said('Everything that was kept of your account is erased.'),
};

/** A connection as a whole: passes, pause, the breaker, disconnecting, export and erasure. */
export function lifecycleRoutes(services: Services): Router {
  const { store, now } = services;
  const routes = Router();
  const body = json({ limit: '100kb' });
  const form = urlencoded({ extended: false, limit: '100kb' });

  routes.post('/api/sync', body, async (req, res) => {
    const admin = mustBeAdministrator(res, 'ask for a pass');
    const { full } = validated(SyncWish, req.body ?? {});
    res.status(202).json(await syncNow(services, admin, full));
  });

  for (const [path, paused] of [
    ['/api/pause', true],
    ['/api/resume', false],
  ] as const) {
    routes.post(path, async (_req, res) => {
      await pause(services, mustBeAdministrator(res, 'pause the sync'), paused);
      res.json({ paused });
    });
  }

  routes.post('/api/breaker', body, async (req, res) => {
    const admin = mustBeAdministrator(res, 'decide on it');
    const { decision } = validated(BreakerDecision, req.body ?? {});
    await decideBreaker(services, admin, decision);
    res.json({ decision });
  });

  routes.delete('/api/connection', body, async (req, res) => {
    const admin = mustBeAdministrator(res, 'disconnect Sage');
    res.json(await disconnect(services, admin, validated(DisconnectWish, req.body ?? {})));
  });

  routes.get('/api/export', async (_req, res) => {
    const { tenantId } = mustBeAdministrator(res, 'export everything');
    const name = `capsule-sage-sync-${now().toISOString().slice(0, 10)}.json`;
    res.attachment(name).type('application/json').set('Cache-Control', 'no-store');
    await sendExport(res, store.exportTenant(tenantId), now());
  });

  routes.delete('/api/tenant', body, async (req, res) => {
    const admin = mustBeAdministrator(res, 'erase everything');
    await eraseTenant(services, admin, validated(Erasure, req.body ?? {}).confirm);
    signOut(res);
    res.json({ erased: true });
  });

  // The plain forms of the pages: aliases of the routes above.
  routes.post('/sync', form, async (req, res) => {
    const admin = mustBeAdministrator(res, 'ask for a pass');
    await syncNow(services, admin, 'full' in validated(AnyForm, req.body ?? {}));
    res.redirect(303, '/?done=sync');
  });
  for (const [path, paused] of [
    ['/pause', true],
    ['/resume', false],
  ] as const) {
    routes.post(path, async (_req, res) => {
      await pause(services, mustBeAdministrator(res, 'pause the sync'), paused);
      res.redirect(303, `/?done=${paused ? 'paused' : 'resumed'}`);
    });
  }
  routes.post('/breaker', form, async (req, res) => {
    const admin = mustBeAdministrator(res, 'decide on it');
    const { decision } = validated(BreakerDecision, req.body ?? {});
    await decideBreaker(services, admin, decision);
    res.redirect(303, `/?done=breaker-${decision}`);
  });
  routes.post('/disconnect', form, async (req, res) => {
    const admin = mustBeAdministrator(res, 'disconnect Sage');
    const { clearing } = await disconnect(services, admin, {
      clearFields: 'clearFields' in validated(AnyForm, req.body ?? {}),
    });
    res.redirect(303, clearing ? '/?done=disconnected-clearing' : '/?done=disconnected');
  });
  routes.post('/erase', form, async (req, res) => {
    const admin = mustBeAdministrator(res, 'erase everything');
    await eraseTenant(services, admin, validated(Erasure, req.body ?? {}).confirm);
    signOut(res);
    res.redirect(303, '/?done=erased');
  });

  return routes;
}

/** A box that is not ticked is absent from a form. */
const AnyForm = z.record(z.string(), z.string());

/** One JSON object, a list per collection, written as it is read: a tenant may have a million lines of history. */
async function sendExport(
  res: Response,
  collections: readonly { name: string; documents: AsyncIterable<object> }[],
  now: Date,
): Promise<void> {
  const write = async (text: string) => {
    if (!res.write(text)) await Promise.race([once(res, 'drain'), once(res, 'close')]);
  };
  await write(`{"exportedAt":${JSON.stringify(now)}`);
  for (const { name, documents } of collections) {
    let first = true;
    await write(`,${JSON.stringify(name)}:[`);
    for await (const document of documents) {
      // The reader has gone: nobody needs the rest.
      if (res.destroyed) return;
      await write(`${first ? '' : ','}\n${JSON.stringify(document)}`);
      first = false;
    }
    await write(']');
  }
  res.end('}');
}
