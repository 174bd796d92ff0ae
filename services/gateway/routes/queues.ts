import { type Request, type Response, Router, urlencoded } from 'express';
import { z } from 'zod';
import { FailuresToRetry, ListQuery, ReviewDecision } from '../api/schemas';
import { decideReview, retryFailures } from '../commands';
import { Problem } from '../http/problem';
import { mustBeAdministrator, mustBeSignedIn, type SignedIn } from '../http/session';
import { validated } from '../http/validate';
import { type Flash, renderFailures, renderReviews } from '../pages';
import { frameOf } from '../frame';
import { reviewItems, reviewsShown } from '../review-items';
import { type Services } from '../services';
import { type Viewers } from '../viewer';
import { failureItems } from '../failure-items';

/** Rows of a page: few enough to be decided in one sitting. */
const LIMIT = 25;

/** Said once after a redirect. */
const FLASHES: Record<string, string> = {
  linked: 'The contact is linked.',
  created: 'The contact was created in Capsule and linked.',
  ignored: 'The contact is left out from now on.',
  accepted:
    'Capsule has not said yet whether it made the contact. That is being found out; nothing is made twice.',
  retried: 'Tried again. What is still listed was set aside once more.',
  'goes-on': 'This takes longer than usual. The work goes on: look again in a minute.',
};

/** The queues that wait for a person, and the plain forms on them: aliases of API routes. */
export function queueRoutes(services: Services, viewers: Viewers): Router {
  const { store } = services;
  const routes = Router();
  const form = urlencoded({ extended: false, limit: '100kb' });
  routes.use(['/reviews', '/failures'], (_req, res, next) => {
    res.set('Cache-Control', 'no-store');
    next();
  });

  routes.get('/reviews', async (req, res) => {
    await showReviews(res, mustBeSignedIn(res), cursorOf(req.query), flashOf(req.query.done));
  });

  routes.post('/reviews/:id', form, async (req: Request<{ id: string }>, res) => {
    const admin = mustBeAdministrator(res, 'decide on contacts');
    const { choice, cursor } = validated(ReviewForm, req.body ?? {});
    const [decision, partyId] = choice.split(':');
    const wish = validated(ReviewDecision, {
      ...{ decision, ...(partyId === undefined ? {} : { partyId: Number(partyId) }) },
    });
    await act(
      res,
      { path: '/reviews', cursor },
      async () => (await decideReview(services, admin, req.params.id, wish)).outcome,
      (flash) => showReviews(res, admin, cursor, flash),
    );
  });

  routes.get('/failures', async (req, res) => {
    await showFailures(res, mustBeSignedIn(res), cursorOf(req.query), flashOf(req.query.done));
  });

  routes.post('/failures/retry', form, async (req, res) => {
    const admin = mustBeAdministrator(res, 'try contacts again');
    const { id, cursor } = validated(RetryForm, req.body ?? {});
    const { ids = null } = validated(FailuresToRetry, id === undefined ? {} : { ids: [id] });
    await act(
      res,
      { path: '/failures', cursor },
      async () => {
        await retryFailures(services, admin, ids);
        return 'retried';
      },
      (flash) => showFailures(res, admin, cursor, flash),
    );
  });

  async function showReviews(
    res: Response,
    who: SignedIn,
    cursor: string | null,
    flash: Flash | null,
  ): Promise<void> {
    const { tenantId } = who;
    const [frame, page, count] = await Promise.all([
      frameOf(services, who),
      store.reviews.page(tenantId, { cursor, limit: LIMIT }),
      store.reviews.countOpen(tenantId),
    ]);
    const { items: waiting, nextCursor } = reviewsShown(who, page);
    const items = await reviewItems(store, who, waiting);
    res.send(renderReviews({ ...frame, items, count, cursor, nextCursor, flash }));
  }

  async function showFailures(
    res: Response,
    who: SignedIn,
    cursor: string | null,
    flash: Flash | null,
  ): Promise<void> {
    const { tenantId } = who;
    const [frame, page, count] = await Promise.all([
      frameOf(services, who),
      store.failures.page(tenantId, { cursor, limit: LIMIT }),
      store.failures.count(tenantId),
    ]);
    const items = await failureItems(store, viewers, who, page.items);
    const now = services.now();
    res.send(renderFailures({ ...frame, items, count, cursor, nextCursor: page.nextCursor, flash, now }));
  }

  return routes;
}

const ReviewForm = z.object({
  choice: z.string().regex(/^(link:[0-9]{1,15}|create|ignore)$/, 'is missing'),
  cursor: ListQuery.shape.cursor.transform((cursor) => cursor ?? null),
});
const RetryForm = z.object({
  id: z.string().optional(),
  cursor: ListQuery.shape.cursor.transform((cursor) => cursor ?? null),
});

/**
 * Does what a form asks and leads back to the list. What is in the way of it is said above the list.
 * @param work returns the flash that follows
 * @param show shows the list with a flash
 */
async function act(
  res: Response,
  { path, cursor }: { path: string; cursor: string | null },
  work: () => Promise<string>,
  show: (flash: Flash) => Promise<void>,
): Promise<void> {
  const back = (done: string) => {
    const query = new URLSearchParams({ done, ...(cursor === null ? {} : { cursor }) });
    res.redirect(303, `${path}?${query.toString()}`);
  };
  try {
    back(await work());
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (error.status === 504) return back('goes-on');
    if (![404, 409, 422].includes(error.status)) throw error;
    res.status(error.status);
    const text = [error.detail, ...(error.options.more ?? [])].join(' ');
    await show({ kind: 'error', text: `${error.title}. ${text}` });
  }
}

const cursorOf = (query: unknown): string | null => validated(ListQuery, query).cursor ?? null;

function flashOf(key: unknown): Flash | null {
  const text = typeof key === 'string' && Object.hasOwn(FLASHES, key) ? FLASHES[key] : undefined;
  return text === undefined ? null : { kind: 'success', text };
}
