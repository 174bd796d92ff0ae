import { type Request, type RequestHandler } from 'express';

import { type SettableClock } from './clock';
import * as effects from './fault-effects';
import { random } from './random';

/** Everything that can go wrong with a request, and what it does. */
export const REQUEST_FAULTS = {
  'drop-before': 'the connection breaks and nothing was done',
  'drop-after': 'it is carried out, then the connection breaks instead of the answer',
  'late-commit': 'the connection breaks; it is carried out later, with the time at which it came',
  hang: 'no answer for a minute, then the connection breaks',
  slow: 'it is answered late',
  status: 'nothing is done and an error is answered',
  'status-after': 'it is carried out, and an error is answered',
  'too-many': 'nothing is done, and 429 is answered',
  truncated: 'it is carried out, and half of the answer comes',
  empty: 'it is carried out, and 200 without a body is answered',
  'repeated-page': 'a list gives the page before once more, as if it were this one',
  'wrong-total': 'a list counts one row too few or too many',
  'page-drift':
    'a record is changed while a list is read, so that a row slips from this page to the one before',
  'expired-token': 'the access token has run out early',
  'revoked-grant': 'the user takes the permission back',
} as const;

/** What can go wrong with the delivery of a hook. */
export const HOOK_FAULTS = {
  'hook-lost': 'it is never delivered',
  'hook-doubled': 'it is delivered twice',
  'hook-late': 'it is delivered after others that came later',
} as const;

export type RequestFault = keyof typeof REQUEST_FAULTS;
export type HookFault = keyof typeof HOOK_FAULTS;

export interface Fault {
  /** `path` is matched against path and query; a hook's is its event, such as `party/updated`. */
  match: { method?: string; path: RegExp };
  how: RequestFault | HookFault;
  /** How often it strikes at most; absent: until it is taken away. */
  times?: number;
  /** With which probability it strikes a request that matches, 0–1; absent: always. */
  chance?: number;
  /** Of `status` and `status-after`; 500 unless told otherwise. */
  status?: number;
  body?: unknown;
  /** Of `slow`, `hang`, `late-commit` and `hook-late`: milliseconds. */
  ms?: number;
}

/** What only the vendor can do to itself. */
export interface FaultActions {
  expireToken(accessToken: string): void;
  revokeGrant(accessToken: string): void;
  /** Changes some record, as another user would. */
  touchSomething(): void;
}

/** The one seam at which faults enter. Sits before authentication, quota and handlers. */
export class FaultDial {
  private faults: Fault[] = [];
  private dice = random('faults');
  private readonly struck = new Map<string, number>();
  private actions: FaultActions | null = null;

  constructor(private readonly clock: SettableClock) {}

  /** Adds a fault that strikes the next requests that match. */
  failNext(fault: Fault & { times: number }): void {
    this.faults.push({ ...fault });
  }

  /** Puts these in the place of all faults. @param seed the same one makes the same choices */
  set(faults: readonly Fault[], seed = 'faults'): void {
    this.faults = faults.map((fault) => ({ ...fault }));
    this.dice = random(seed);
    this.struck.clear();
  }

  clear(): void {
    this.set([]);
  }

  all(): readonly Fault[] {
    return this.faults;
  }

  /** How often each kind has struck since the dial was set. */
  strikes(): Record<string, number> {
    return Object.fromEntries(this.struck);
  }

  /** How many requests are still to be spoilt by faults that are counted. */
  get pending(): number {
    return this.faults.reduce((sum, { times = 0 }) => sum + times, 0);
  }

  /** Called once by the vendor that the dial belongs to. */
  connect(actions: FaultActions): void {
    this.actions = actions;
  }

  /** What strikes the delivery of a hook; undefined: nothing. */
  ofHook(event: string): { how: HookFault; ms: number | undefined } | undefined {
    const fault = this.faults.length > 0 ? this.claim('HOOK', event, true) : undefined;
    return fault && { how: fault.how as HookFault, ms: fault.ms };
  }

  readonly middleware: RequestHandler = (req, res, next) => {
    const fault = this.faults.length > 0 ? this.claim(req.method, req.originalUrl, false) : undefined;
    if (!fault) {
      next();
      return;
    }
    this.strike(fault, req);
    effects.spoil(fault.how as RequestFault, { fault, req, res, next, clock: this.clock, dice: this.dice });
  };

  private strike({ how }: Fault, req: Request): void {
    if (how === 'expired-token') this.actions?.expireToken(tokenOf(req));
    if (how === 'revoked-grant') this.actions?.revokeGrant(tokenOf(req));
    if (how === 'page-drift') this.actions?.touchSomething();
  }

  private claim(method: string, url: string, hook: boolean): Fault | undefined {
    const fault = this.faults.find(
      ({ match, how, chance = 1 }) =>
        how in HOOK_FAULTS === hook &&
        (match.method ?? method) === method &&
        match.path.test(url) &&
        effects.concerns(how, method, url) &&
        (chance >= 1 || this.dice.chance(chance)),
    );
    if (!fault) return undefined;
    this.struck.set(fault.how, (this.struck.get(fault.how) ?? 0) + 1);
    if (fault.times !== undefined) {
      fault.times--;
      this.faults = this.faults.filter(({ times }) => times === undefined || times > 0);
    }
    return fault;
  }
}

const tokenOf = (req: Request): string => /^bearer +(\S+)$/i.exec(req.headers.authorization ?? '')?.[1] ?? '';
