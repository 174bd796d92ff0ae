import { type RequestHandler, Router } from 'express';

import { type Clock } from './clock';

export interface LoggedRequest {
  /** Milliseconds since the epoch, at arrival. */
  at: number;
  method: string;
  path: string;
  /** Query string with secrets blanked out, without the question mark. */
  query: string;
  /** 0 while it is being answered, and for good when the connection was dropped without an answer. */
  status: number;
}

const CAPACITY = 20_000;
const SECRET_PARAMETERS =
  /((?:^|&)(?:code|code_verifier|client_secret|token|access_token|refresh_token)=)[^&]*/g;
const ID_SEGMENT = /\/(?:\d+(?:,\d+)*|[0-9a-f]{32}|[0-9a-f]{8}-[0-9a-f-]{27})(?=\/|$)/gi;

/** The last 20,000 requests under the given path prefixes, and a count per route of all of them. */
export class RequestLog {
  private ring: LoggedRequest[] = [];
  private next = 0;
  private counts = new Map<string, number>();
  private seen = 0;
  private changes = 0;

  constructor(
    private readonly clock: Clock,
    private readonly prefixes: readonly string[],
  ) {}

  /** Requests since the start or the last `clear`, those fallen out of the ring included. */
  get total(): number {
    return this.seen;
  }

  /** Requests of any path that may have changed something and are over; never goes back. */
  get writes(): number {
    return this.changes;
  }

  /** Counts by route, such as `GET /api/v2/parties/:id`. */
  byRoute(): Record<string, number> {
    return Object.fromEntries([...this.counts].sort(([a], [b]) => a.localeCompare(b)));
  }

  /** The newest requests first. */
  recent(limit = 100): LoggedRequest[] {
    const inOrder = [...this.ring.slice(this.next), ...this.ring.slice(0, this.next)];
    return inOrder.slice(-limit).reverse();
  }

  clear(): void {
    this.ring = [];
    this.next = 0;
    this.counts.clear();
    this.seen = 0;
  }

  /** Enters a request at arrival, so that whoever has the answer also finds the request counted. */
  readonly middleware: RequestHandler = (req, res, next) => {
    if (req.method !== 'GET') res.once('close', () => this.changes++);
    const [path = '', query = ''] = req.url.split('?', 2);
    if (this.prefixes.some((prefix) => path.startsWith(prefix))) {
      const entry = this.add(req.method, path, query);
      res.on('finish', () => {
        entry.status = res.statusCode;
      });
    }
    next();
  };

  /** GET → `{total, byRoute}`; DELETE empties the log. To be mounted at `/sandbox/requests`. */
  router(): Router {
    return Router()
      .get('/', (_req, res) => {
        res.json({ total: this.total, byRoute: this.byRoute() });
      })
      .delete('/', (_req, res) => {
        this.clear();
        res.status(204).end();
      });
  }

  private add(method: string, path: string, query: string): LoggedRequest {
    const entry = {
      at: this.clock.now(),
      method,
      path,
      query: query.replace(SECRET_PARAMETERS, '$1…'),
      status: 0,
    };
    this.ring[this.next] = entry;
    this.next = (this.next + 1) % CAPACITY;
    const route = `${method} ${path.replace(ID_SEGMENT, '/:id')}`;
    this.counts.set(route, (this.counts.get(route) ?? 0) + 1);
    this.seen++;
    return entry;
  }
}
