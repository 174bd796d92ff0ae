import { randomUUID } from 'node:crypto';
import { type Request, type RequestHandler, type Response } from 'express';
import { type Logger } from '../../../shared/log';

/** Asked every few seconds by machines: only worth a line when somebody debugs. */
const QUIET = new Set(['/healthz', '/readyz', '/metrics']);

/**
 * Gives each request an id and writes one line when it is over. The line names the route, not the address:
 * queries hold codes and states, and some paths hold secrets.
 */
export const requestLog =
  (log: Logger): RequestHandler =>
  (req, res, next) => {
    const requestId = randomUUID();
    const begin = process.hrtime.bigint();
    res.locals.requestId = requestId;
    res.set('X-Request-Id', requestId);
    res.once('close', () => {
      const ms = Math.round(Number(process.hrtime.bigint() - begin) / 1e6);
      const line = { requestId, method: req.method, route: routeOf(req), status: res.statusCode, ms };
      log[QUIET.has(req.path) ? 'debug' : 'info'](line, 'request');
    });
    next();
  };

export const requestIdOf = (res: Response): string => String(res.locals.requestId);

/** The template of the route that answered, such as `/api/businesses`; `unmatched` for none. */
export function routeOf(req: Request): string {
  const { path } = (req.route ?? {}) as { path?: unknown };
  return typeof path === 'string' ? `${req.baseUrl}${path}` : 'unmatched';
}
