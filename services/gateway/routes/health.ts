import { setTimeout as delay } from 'node:timers/promises';
import { Router } from 'express';
import { type Services } from '../services';

const PATIENCE_MS = 2_000;

/** `/healthz`: the process answers. `/readyz`: it can do its work. */
export function healthRoutes({ store, temporal }: Services): Router {
  const routes = Router();

  routes.get('/healthz', (_req, res) => {
    res.json({ status: 'ok' });
  });

  routes.get('/readyz', async (_req, res) => {
    const [storeAnswers, temporalAnswers] = await Promise.all([answers(store.ping()), temporal.isHealthy()]);
    const ready = storeAnswers && temporalAnswers;
    const word = (reached: boolean) => (reached ? 'ok' : 'unreachable');
    res.status(ready ? 200 : 503).json({
      status: ready ? 'ready' : 'not ready',
      store: word(storeAnswers),
      temporal: word(temporalAnswers),
    });
  });

  return routes;
}

/** Whether a call succeeds soon. */
function answers(call: Promise<unknown>): Promise<boolean> {
  const succeeds = call.then(
    () => true,
    () => false,
  );
  return Promise.race([succeeds, delay(PATIENCE_MS, false, { ref: false })]);
}
