import { type RequestHandler, type Response } from 'express';

/**
 * What to do to the next requests that match.
 * - `drop-before`: the connection breaks and nothing was done;
 * - `drop-after`: the request is carried out in full, then the connection breaks instead of the answer;
 * - `status`: nothing is done and this status is answered.
 */
export interface Fault {
  match: { method?: string; path: RegExp };
  times: number;
  how: 'drop-before' | 'drop-after' | 'status';
  status?: number;
  body?: unknown;
}

/** The one seam at which faults enter. Sits before authentication, quota and handlers. */
export class FaultDial {
  private faults: Fault[] = [];

  failNext(fault: Fault): void {
    this.faults.push({ ...fault });
  }

  clear(): void {
    this.faults = [];
  }

  /** How many requests are still to be spoilt. */
  get pending(): number {
    return this.faults.reduce((sum, fault) => sum + fault.times, 0);
  }

  readonly middleware: RequestHandler = (req, res, next) => {
    const fault = this.faults.length > 0 ? this.claim(req.method, req.originalUrl) : undefined;
    switch (fault?.how) {
      case undefined:
        next();
        break;
      case 'drop-before':
        req.socket.destroy();
        break;
      case 'drop-after':
        breakInsteadOfAnswer(res);
        next();
        break;
      case 'status':
        res.status(fault?.status ?? 500).json(fault?.body ?? { message: 'Simulated failure' });
        break;
    }
  };

  private claim(method: string, url: string): Fault | undefined {
    const fault = this.faults.find(
      ({ match }) => (match.method ?? method) === method && match.path.test(url),
    );
    if (fault) {
      fault.times--;
      this.faults = this.faults.filter(({ times }) => times > 0);
    }
    return fault;
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
