import { type Response, Router, urlencoded } from 'express';
import { z } from 'zod';
import { tenantSyncWorkflowId } from '../../../shared/ids';
import { ConnectionWish, Settings } from '../api/schemas';
import { choicesFor } from '../businesses';
import { connectBusiness } from '../connecting';
import { connectRefusal } from '../connect-refusal';
import { mustBeAdministrator, signedIn, signOut, type SignedIn } from '../http/session';
import { validated } from '../http/validate';
import { renderBusinesses, renderLanding, renderSettings, type Flash, type StatusModel } from '../pages';
import { type Services } from '../services';
import { failuresShown } from '../failure-items';
import { reviewsShown } from '../review-items';
import { type SettingsService } from '../settings';
import { readStatus } from '../status';
import { type Viewers } from '../viewer';
import { LIFECYCLE_FLASHES } from './lifecycle';

/** How many of a queue the home page shows. */
const PREVIEW = 5;

/** Said once after a redirect. In the address, so that reloading live parts of a page does not eat it. */
const FLASHES: Record<string, Flash> = {
  settings: { kind: 'success', text: 'Your settings are saved.' },
  'signed-out': { kind: 'success', text: 'You are signed out.' },
  sync: { kind: 'success', text: 'A pass begins now. What it does appears under Runs.' },
  paused: { kind: 'success', text: 'The sync is paused.' },
  resumed: { kind: 'success', text: 'The sync goes on.' },
  'breaker-go-on': { kind: 'success', text: 'The pass goes on with what it asked about.' },
  'breaker-stop': { kind: 'success', text: 'Nothing of it is done. The sync goes on.' },
  disconnected: { kind: 'success', text: 'Sage is disconnected. The links are kept.' },
  'disconnected-clearing': {
    kind: 'success',
    text: 'Sage is disconnected. The Sage fields on the Capsule contacts are being emptied.',
  },
  erased: { kind: 'success', text: 'Everything about your account is erased here.' },
  ...LIFECYCLE_FLASHES,
};

/** What people see, and the plain forms on it: aliases of API routes under the page's own path. */
export function pageRoutes(services: Services, settings: SettingsService, viewers: Viewers): Router {
  const { store } = services;
  const routes = Router();
  const form = urlencoded({ extended: false, limit: '100kb' });
  routes.use((_req, res, next) => {
    res.set('Cache-Control', 'no-store');
    next();
  });

  routes.get('/', async (req, res) => {
    const flash = flashOf(req.query.done);
    const who = signedIn(res);
    const status = who && (await readStatus(services, who.tenantId));
    res.send(who && status ? await home(who, status, flash) : renderLanding({ flash }));
  });

  routes.post('/settings', form, async (req, res) => {
    const admin = mustBeAdministrator(res, 'change the settings');
    await settings.change(admin, settingsOfForm(req.body));
    res.redirect(303, '/?done=settings');
  });

  routes.get('/businesses', async (req, res) => {
    const admin = mustBeAdministrator(res, 'choose a Sage business');
    await showBusinesses(res, admin, { query: textOf(req.query.q), confirm: textOf(req.query.confirm) });
  });

  routes.post('/businesses', form, async (req, res) => {
    const admin = mustBeAdministrator(res, 'connect a Sage business');
    const { businessId, confirmDifferentBusiness } = validated(BusinessForm, req.body ?? {});
    const wish = { businessId, confirmDifferentBusiness: confirmDifferentBusiness === 'true' };
    const outcome = await connectBusiness(services, admin, wish);
    if (outcome.kind === 'connected') return res.redirect(303, '/');
    if (outcome.kind === 'different') {
      return res.redirect(303, `/businesses?confirm=${encodeURIComponent(businessId)}`);
    }
    if (outcome.kind !== 'refused') throw connectRefusal(outcome);
    res.status(422);
    return showBusinesses(res, admin, { flash: { kind: 'error', text: outcome.reason } });
  });

  routes.post('/signout', (_req, res) => {
    signOut(res);
    res.redirect(303, '/?done=signed-out');
  });

  async function home(who: SignedIn, status: StatusModel, flash: Flash | null): Promise<string> {
    const { tenantId, userName, administrator } = who;
    const [tenant, teams, reviews, failures, breaker] = await Promise.all([
      store.tenants.find(tenantId),
      settings.teams(who),
      store.reviews.page(tenantId, { limit: PREVIEW }),
      store.failures.page(tenantId, { limit: PREVIEW }),
      status.phase === 'breaker' ? store.breakers.find(tenantId) : null,
    ]);
    const shown = await failuresShown(store, viewers, who, failures.items);
    const connection = status.business ? (tenant?.connection ?? null) : null;
    return renderSettings({
      ...{ status, teams, flash, breaker },
      viewer: { name: userName, administrator },
      tenant: status.capsule,
      connection: connection && {
        connectedAt: connection.connectedAt.toISOString(),
        connectedBy: connection.connectedBy.name,
      },
      settings: tenant?.settings ?? (await settings.read(tenantId)),
      reviews: { count: status.contacts.review, items: reviewsShown(who, reviews).items },
      failures: { count: status.contacts.failing, items: shown.map(({ failure }) => failure) },
      temporalUiUrl: connection && administrator ? workflowUrl(services, tenantId) : null,
      now: services.now(),
    });
  }

  async function showBusinesses(
    res: Response,
    admin: SignedIn,
    { query = '', confirm = '', flash = null }: { query?: string; confirm?: string; flash?: Flash | null },
  ): Promise<void> {
    const { tenantId, userName, administrator } = admin;
    const [tenant, businesses] = await Promise.all([
      store.tenants.find(tenantId),
      choicesFor(services, tenantId),
    ]);
    const chosen = businesses.find(({ id }) => id === confirm);
    const previous = tenant?.connection;
    res.send(
      renderBusinesses({
        ...{ businesses, query, flash },
        viewer: { name: userName, administrator },
        tenant: { siteName: tenant?.siteName ?? '', subdomain: tenant?.subdomain ?? '' },
        confirmation:
          chosen && previous
            ? { businessId: chosen.id, businessName: chosen.name, previousName: previous.businessName }
            : null,
      }),
    );
  }

  return routes;
}

const BusinessForm = z.object({
  businessId: ConnectionWish.shape.businessId,
  confirmDifferentBusiness: z.string().optional(),
});

/** A box that is not ticked is absent from a form; the empty team is "nobody's". */
function settingsOfForm(body: unknown) {
  const fields = validated(z.record(z.string(), z.string()), body ?? {});
  return validated(Settings, {
    defaultTeamId: fields.defaultTeamId ? Number(fields.defaultTeamId) : null,
    nearMatches: fields.nearMatches,
    excludeSuppliers: 'excludeSuppliers' in fields,
    invoiceFields: 'invoiceFields' in fields,
    supplierFiguresForAll: 'supplierFiguresForAll' in fields,
  });
}

function workflowUrl({ config }: Services, tenantId: string): string {
  const { uiUrl, namespace } = config.temporal;
  const id = encodeURIComponent(tenantSyncWorkflowId(tenantId));
  return `${uiUrl}/namespaces/${encodeURIComponent(namespace)}/workflows/${id}`;
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value.slice(0, 200) : '');

const flashOf = (key: unknown): Flash | null =>
  typeof key === 'string' && Object.hasOwn(FLASHES, key) ? (FLASHES[key] ?? null) : null;
