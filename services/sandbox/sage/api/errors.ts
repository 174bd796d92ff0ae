import { type ErrorRequestHandler, type RequestHandler } from 'express';

import { fault, notFound, Refusal } from '../refusal';

/** Writes must be JSON (reference §2, A). @throws Refusal 415 */
export const jsonOnly: RequestHandler = (req, _res, next) => {
  const hasBody = req.method === 'POST' || req.method === 'PUT';
  if (hasBody && !req.is('application/json')) {
    throw new Refusal(415, [fault('UnsupportedMediaType', 'Only application/json is accepted.')]);
  }
  next();
};

export const unknownPath: RequestHandler = () => {
  throw notFound();
};

/** Every error of the API is an array (reference §4 Errors). */
export const answerErrors: ErrorRequestHandler = (error: unknown, _req, res, next) => {
  if (res.headersSent) {
    next(error);
    return;
  }
  if (error instanceof Refusal) {
    res.status(error.status).json(error.faults);
    return;
  }
  const status = (error as { status?: unknown } | null)?.status;
  if (typeof status === 'number' && status < 500) {
    res.status(status).json([fault('BadRequest', 'The request could not be read.')]);
    return;
  }
  console.error(error);
  res.status(500).json([fault('UnexpectedError', 'An unexpected error occurred.')]);
};
