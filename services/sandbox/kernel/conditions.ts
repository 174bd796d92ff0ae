import { json, type RequestHandler, Router, urlencoded } from 'express';

/** What a person or a test may turn while the sandbox runs. */
export interface Conditions {
  /** Milliseconds by which every API answer is held back. */
  latencyMs: number;
  /** Requests per window and user or company; 0 = unlimited. */
  limit: number;
  windowSeconds: number;
}

/** Holds every request back by `latencyMs` (a timer, so others go on meanwhile). */
export function delayAnswers(conditions: Conditions): RequestHandler {
  return (_req, _res, next) => {
    if (conditions.latencyMs <= 0) next();
    else setTimeout(next, conditions.latencyMs).unref();
  };
}

/**
 * GET and PUT (JSON), and POST of the page's form, which goes back to where it came from.
 * To be mounted at `/sandbox/conditions`.
 */
export function conditionsRouter(conditions: Conditions): Router {
  return Router()
    .get('/', (_req, res) => {
      res.json(conditions);
    })
    .put('/', json(), (req, res) => {
      const refused = change(conditions, req.body);
      if (refused) res.status(400).json({ message: refused });
      else res.json(conditions);
    })
    .post('/', urlencoded({ extended: false }), (req, res) => {
      const refused = change(conditions, req.body);
      if (refused) res.status(400).type('text').send(refused);
      else res.redirect(303, '/requests');
    });
}

/** @returns what is wrong, or null when the change was made. */
function change(conditions: Conditions, wanted: unknown): string | null {
  if (typeof wanted !== 'object' || wanted === null) return 'An object of conditions is expected.';
  const next = { ...conditions };
  for (const key of ['latencyMs', 'limit', 'windowSeconds'] as const) {
    if (!(key in wanted)) continue;
    const value = Number((wanted as Record<string, unknown>)[key]);
    const least = key === 'windowSeconds' ? 1 : 0;
    if (!Number.isInteger(value) || value < least || value > 100_000_000) {
      return `${key} must be a whole number from ${least}.`;
    }
    next[key] = value;
  }
  Object.assign(conditions, next);
  return null;
}
