import { type RequestHandler, Router } from 'express';
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import { routeOf } from './request-log';

/** Prometheus metrics of this process: durations by route template, and Node's own. */
export function createMetrics(): { measure: RequestHandler; routes: Router } {
  const register = new Registry();
  collectDefaultMetrics({ register });
  const duration = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time until a request was answered, by route',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [register],
  });

  const routes = Router();
  routes.get('/metrics', async (_req, res) => {
    res.type(register.contentType).send(await register.metrics());
  });

  return {
    routes,
    measure: (req, res, next) => {
      const stop = duration.startTimer();
      res.once('close', () => stop({ method: req.method, route: routeOf(req), status: res.statusCode }));
      next();
    },
  };
}
