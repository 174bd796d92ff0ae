import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';

import express, { type Express } from 'express';

import { type Clock } from './clock';
import { STYLESHEET } from './stylesheet';
import { type RequestLog } from './requests';

/**
 * The shell of a vendor: no Express headers, the sandbox's own clock in `Date`, the request log, the
 * stylesheet of the pages. Routes are added by the vendor; see `finish` for what comes after them.
 */
export function createVendorApp(opts: { name: string; clock: Clock; requests: RequestLog }): Express {
  const app = express();
  app.set('x-powered-by', false);
  app.set('etag', false);
  app.set('query parser', 'simple');
  app.locals.name = opts.name;
  app.use(dateOf(opts.clock));
  app.use(opts.requests.middleware);
  app.get('/sandbox.css', (_req, res) => {
    res.type('css').send(STYLESHEET);
  });
  app.use('/sandbox/requests', opts.requests.router());
  return app;
}

export interface Listening {
  /** `http://localhost:PORT`, no slash at the end. */
  url: string;
  port: number;
  /** Ends keep-alive connections too; resolves when the port is free. Can be called twice. */
  close(): Promise<void>;
}

/**
 * Listens on loopback only, as the pages ask for no password.
 * @param port 0 = any free port
 * @throws the system's error when the port is taken
 */
export async function listen(app: Express, port: number, host = '127.0.0.1'): Promise<Listening> {
  // Longer than common clients keep idle connections, so that a client closes first and no request races a close.
  const server = createServer({ keepAliveTimeout: 75_000 }, app);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const actual = (server.address() as AddressInfo).port;
  let closing: Promise<void> | undefined;
  return {
    url: `http://localhost:${actual}`,
    port: actual,
    close: () =>
      (closing ??= new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      })),
  };
}

/** Callers judge time by the vendor's `Date`, so it must follow a clock that was set ahead. */
function dateOf(clock: Clock): express.RequestHandler {
  let second = 0;
  let text = '';
  return (_req, res, next) => {
    const now = Math.floor(clock.now() / 1000);
    if (now !== second) {
      second = now;
      text = new Date(now * 1000).toUTCString();
    }
    res.setHeader('Date', text);
    next();
  };
}
