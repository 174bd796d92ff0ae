import { type ErrorRequestHandler, type Request, type RequestHandler, type Response } from 'express';
import { VendorError } from '../../../shared/http/vendor-error';
import { type Logger } from '../../../shared/log';
import { isTemporalAway } from '../../../shared/temporal/client';
import { renderMessage } from '../pages';
import { signInFor } from './own-path';
import { HOME, Problem, problemDetails, SIGN_IN } from './problem';
import { requestIdOf } from './request-log';
import { viewerOf } from './session';
import { vendorProblem } from './vendor-problem';

export const notFound: RequestHandler = (req) => {
  throw wantsJson(req)
    ? new Problem(404, 'Not found', 'There is nothing at this address.')
    : new Problem(404, 'This page does not exist', 'The address may be mistyped, or the page has moved.');
};

/** The last word on every failed request. Never shows a stack, nor the message of an unexpected error. */
export const errorHandler =
  (log: Logger): ErrorRequestHandler =>
  (error: unknown, req, res, next) => {
    const problem = toProblem(error, res);
    // What we did not foresee, or what a vendor did, is worth the details.
    if (problem.status >= 500) log.error({ requestId: requestIdOf(res), err: error }, 'request failed');
    if (res.headersSent) {
      next(error);
      return;
    }
    res.status(problem.status).set('Cache-Control', 'no-store');
    const { retryAt } = problem.options;
    if (retryAt) res.set('Retry-After', String(Math.max(1, secondsUntil(retryAt))));
    if (wantsJson(req)) sendJson(problem, res);
    else sendPage(problem, req, res);
  };

function toProblem(error: unknown, res: Response): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof VendorError) return vendorProblem(error);
  if (isTemporalAway(error) || isStoreAway(error)) {
    return new Problem(503, 'A part of this service cannot be reached', 'Please try again in a moment.');
  }
  return (
    requestFault(error) ??
    new Problem(
      500,
      'Something went wrong on our side',
      `Please try again. If it happens again, tell whoever runs this service the reference ${requestIdOf(res)}.`,
    )
  );
}

const isStoreAway = (error: unknown): boolean =>
  error instanceof Error && /^Mongo(Network|ServerSelection)/.test(error.name);

/** Errors of body parsers and of Express itself, which say that the request is at fault. */
function requestFault(error: unknown): Problem | null {
  const { status, expose } = error as { status?: unknown; expose?: unknown };
  if (typeof status !== 'number' || status < 400 || status > 499) return null;
  const titles: Record<number, string> = { 413: 'The request is too large', 415: 'Unsupported content type' };
  const title = titles[status] ?? 'The request cannot be read';
  return new Problem(status, title, expose === true ? (error as Error).message : title);
}

function sendJson(problem: Problem, res: Response): void {
  const instance = `urn:uuid:${requestIdOf(res)}`;
  res.type('application/problem+json').json({ ...problemDetails(problem), instance });
}

function sendPage({ status, title, detail, options }: Problem, req: Request, res: Response): void {
  const { more = [], action: next = HOME, secondaryAction } = options;
  const action = next === SIGN_IN ? signInFor(req) : next;
  const viewer = viewerOf(res) ?? undefined;
  res.send(renderMessage({ status, title, paragraphs: [detail, ...more], action, secondaryAction, viewer }));
}

const secondsUntil = (time: Date): number => Math.ceil((time.getTime() - Date.now()) / 1000);

/** The API always speaks JSON; elsewhere browsers say that they want HTML. */
function wantsJson(req: Request): boolean {
  return req.path.startsWith('/api/') || req.accepts(['html', 'json']) === 'json';
}
