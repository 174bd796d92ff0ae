import { json, type NextFunction, type Request, type Response } from 'express';

import { type SettableClock } from './clock';
import { type Fault, type RequestFault } from './faults';
import { type Random } from './random';

interface Struck {
  fault: Fault;
  req: Request;
  res: Response;
  next: NextFunction;
  clock: SettableClock;
  dice: Random;
}

const HANG_MS = 60_000;
const SLOW_MS = 2_000;
/** A create may become visible so much later than its time says (the longest that OUTCOME_SETTLE outlasts). */
const LATE_COMMIT_MS = 90_000;

/** Whether a kind makes sense for a request: pages drift and repeat from the second one on. */
export function concerns(how: Fault['how'], method: string, url: string): boolean {
  if (how === 'late-commit') return method !== 'GET';
  if (how === 'repeated-page' || how === 'page-drift') return method === 'GET' && pageOf(url) > 1;
  return how !== 'wrong-total' || method === 'GET';
}

/** Spoils one request. Who is told what, and when, is decided here; the handlers know nothing of it. */
export function spoil(how: RequestFault, struck: Struck): void {
  const { fault, req, res, next } = struck;
  switch (how) {
    case 'drop-before':
      req.socket.destroy();
      return;
    case 'drop-after':
      breakInsteadOfAnswer(res);
      next();
      return;
    case 'late-commit':
      commitLater(struck);
      return;
    case 'hang':
      later(fault.ms ?? HANG_MS, () => req.socket.destroy());
      return;
    case 'slow':
      later(fault.ms ?? SLOW_MS, next);
      return;
    case 'status':
      res.status(fault.status ?? 500).json(fault.body ?? { message: 'Simulated failure' });
      return;
    case 'too-many':
      res.status(429).json(fault.body ?? { error: 'rate limit reached' });
      return;
    case 'expired-token':
    case 'revoked-grant':
      next();
      return;
    case 'status-after':
    case 'truncated':
    case 'empty':
    case 'repeated-page':
    case 'wrong-total':
    case 'page-drift':
      changeAnswer(how, struck);
      next();
  }
}

type Changed = Extract<
  RequestFault,
  'status-after' | 'truncated' | 'empty' | 'repeated-page' | 'wrong-total' | 'page-drift'
>;

function changeAnswer(how: Changed, { fault, req, res, dice }: Struck): void {
  const asked = pageOf(req.url);
  if (how === 'repeated-page') {
    req.url = req.url.replace(/([?&]page=)\d+/, (_all, name: string) => `${name}${asked - 1}`);
  }
  const one = dice.chance(0.5) ? 1 : -1;
  rewriteAnswer(res, (status, text) => {
    switch (how) {
      case 'status-after':
        return [fault.status ?? 500, JSON.stringify(fault.body ?? { message: 'Simulated failure' })];
      case 'truncated':
        return [status, text.slice(0, Math.floor(text.length / 2))];
      case 'empty':
        return [200, ''];
      case 'repeated-page':
        return [status, edited(text, (body) => ({ ...body, ...('$page' in body ? { $page: asked } : {}) }))];
      case 'wrong-total':
        return [status, edited(text, (body) => ({ ...body, ...shiftedTotal(body, one) }))];
      case 'page-drift':
        return [status, edited(text, withoutFirstRow)];
    }
  });
}

const shiftedTotal = ({ $total }: Record<string, unknown>, by: number) =>
  typeof $total === 'number' ? { $total: Math.max(0, $total + by) } : {};

function withoutFirstRow(body: Record<string, unknown>): Record<string, unknown> {
  const [list] = ['$items', 'parties'].filter((name) => Array.isArray(body[name]));
  return list === undefined ? body : { ...body, [list]: (body[list] as unknown[]).slice(1) };
}

function edited(text: string, edit: (body: Record<string, unknown>) => Record<string, unknown>): string {
  try {
    return JSON.stringify(edit(JSON.parse(text) as Record<string, unknown>));
  } catch {
    return text;
  }
}

function breakInsteadOfAnswer(res: Response): void {
  const socket = res.req.socket;
  const destroy = (): Response => {
    socket.destroy();
    return res;
  };
  res.end = destroy;
  res.write = () => {
    destroy();
    return false;
  };
}

/** The caller is cut off at once. The work is done later, and its records say that it was done now. */
function commitLater({ fault, req, res, next, clock }: Struck): void {
  const came = clock.now();
  // The body has to be read while there is a connection to read it from.
  json({ limit: '1mb' })(req, res, () => {
    breakInsteadOfAnswer(res);
    req.socket.destroy();
    later(fault.ms ?? LATE_COMMIT_MS, () => clock.at(came, next));
  });
}

/** Holds the answer back until it is whole, and puts another in its place. */
function rewriteAnswer(res: Response, change: (status: number, text: string) => [number, string]): void {
  const writeHead = res.writeHead.bind(res);
  const end = res.end.bind(res);
  let held: { status: number; headers: Record<string, string> } | null = null;
  res.writeHead = ((status: number, headers: Record<string, string> = {}) => {
    held = { status, headers };
    return res;
  }) as typeof res.writeHead;
  res.end = ((chunk?: string | Buffer) => {
    const [status, text] = change(held?.status ?? res.statusCode, chunk ? String(chunk) : '');
    res.removeHeader('Content-Length');
    const { 'Content-Length': _length, ...headers } = held?.headers ?? {};
    writeHead(status, { ...headers, 'Content-Length': String(Buffer.byteLength(text)) });
    return end(text);
  }) as typeof res.end;
}

const pageOf = (url: string): number => Number(/[?&]page=(\d+)/.exec(url)?.[1] ?? 1);

const later = (ms: number, run: () => void): void => {
  setTimeout(run, ms).unref();
};
