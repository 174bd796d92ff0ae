import { Router } from 'express';
import { type Run } from '../../../shared/store/runs';
import { type Run as RunShape, RunPath } from '../api/runs-schemas';
import { ListQuery } from '../api/schemas';
import { frameOf } from '../frame';
import { HOME, Problem } from '../http/problem';
import { mustBeSignedIn } from '../http/session';
import { validated } from '../http/validate';
import { renderRun, renderRuns } from '../pages';
import { readRunLines } from '../runs';
import { type Services } from '../services';
import { type Viewers } from '../viewer';

const LIMIT = 25;

/** Imports, passes and pushes, and what each did: JSON and pages. */
export function runRoutes(services: Services, viewers: Viewers): Router {
  const { store } = services;
  const routes = Router();
  routes.use(['/api/runs', '/runs'], (_req, res, next) => {
    res.set('Cache-Control', 'no-store');
    next();
  });

  routes.get('/api/runs', async (req, res) => {
    const { tenantId } = mustBeSignedIn(res);
    const { cursor = null, limit } = validated(ListQuery, req.query);
    const { items, nextCursor } = await store.runs.page(tenantId, { cursor: instantIn(cursor), limit });
    res.json({ items: items.map(toRun), nextCursor });
  });

  routes.get('/api/runs/:id', async (req, res) => {
    const who = mustBeSignedIn(res);
    const { cursor = null, limit } = validated(ListQuery, req.query);
    const run = await find(who.tenantId, req.params);
    res.json({ ...toRun(run), contacts: await readRunLines(services, viewers, who, run, { cursor, limit }) });
  });

  routes.get('/runs', async (req, res) => {
    const who = mustBeSignedIn(res);
    const { cursor = null } = validated(ListQuery, req.query);
    const options = { cursor: instantIn(cursor), limit: LIMIT };
    const [frame, page] = await Promise.all([frameOf(services, who), store.runs.page(who.tenantId, options)]);
    res.send(renderRuns({ ...frame, ...page, cursor, now: services.now() }));
  });

  routes.get('/runs/:id', async (req, res) => {
    const who = mustBeSignedIn(res);
    const { cursor = null } = validated(ListQuery, req.query);
    const run = await find(who.tenantId, req.params);
    const [frame, lines] = await Promise.all([
      frameOf(services, who),
      readRunLines(services, viewers, who, run, { cursor, limit: LIMIT }),
    ]);
    res.send(renderRun({ ...frame, run, ...lines, cursor, now: services.now() }));
  });

  return routes;

  async function find(tenantId: string, params: unknown): Promise<Run> {
    const run = await store.runs.find(tenantId, validated(RunPath, params).id);
    if (!run) throw noRun();
    return run;
  }
}

const toRun = ({ id, kind, startedAt, finishedAt, outcome, counts }: Run): RunShape => ({
  ...{ id, kind, outcome, counts },
  startedAt: startedAt.toISOString(),
  finishedAt: finishedAt?.toISOString() ?? null,
});

/** @throws Problem 422 for a cursor that is none of the list of runs */
function instantIn(cursor: string | null): string | null {
  if (cursor === null || !Number.isNaN(Date.parse(cursor))) return cursor;
  throw new Problem(422, 'The request is not valid', 'cursor: is none of this list');
}

const noRun = (): Problem =>
  new Problem(404, 'There is no such run', 'It never was, or belongs to another account.', {
    action: { label: 'Back to the runs', href: '/runs' },
    secondaryAction: HOME,
  });
