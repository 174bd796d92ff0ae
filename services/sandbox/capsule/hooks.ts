import { Agent, request } from 'undici';

import { type FaultDial } from '../kernel/faults';
import { type CapsuleAccount } from './account';
import { forbidden, invalid, notFound } from './errors';
import { type Party, type PartyEvent, type User } from './model';
import { viewParty } from './party-view';

export interface RestHook {
  id: number;
  event: string;
  targetUrl: string;
  description: string | null;
  embed: string | null;
  clientId: string;
  userId: number;
  createdAt: number;
}

/** The 19 events of the docs; only those of parties ever happen here (§5 Events). */
const EVENTS = new Set([
  ...['created', 'updated', 'deleted'].flatMap((what) => [`party/${what}`, `user/${what}`]),
  ...['created', 'updated', 'deleted', 'closed', 'moved'].flatMap((what) => [
    `kase/${what}`,
    `opportunity/${what}`,
  ]),
  ...['created', 'updated', 'completed'].map((what) => `task/${what}`),
]);

/** Hooks that an account may have over all apps (§5 Who). */
const MAX_HOOKS = 20;
/** Waits before the five further tries (§5 Retry). After the last the hook is dropped without a word. */
const RETRY_SECONDS = [5, 60, 300, 900, 900];
const TIMEOUT_MS = 10_000;
/** The payload is an array: changes close together come in one delivery (§5 Payload, `batched`). */
const BATCH_MS = 50;
const BATCH_SIZE = 50;
/** A target that lags this far behind loses what comes next; nothing is known about order or loss. */
const MAX_WAITING = 2000;
const MAX_IN_FLIGHT = 4;
/** How long a fault holds a delivery back, so that later ones come before it. */
const LATE_MS = 1_500;

interface Delivery {
  body: string;
  attempt: number;
}

interface Subscription {
  hook: RestHook;
  batch: Party[];
  waiting: Delivery[];
  /** Deliveries under way or waiting for their next try. */
  open: number;
  inFlight: number;
}

/**
 * Subscriptions and their deliveries (§5). Own writes of an app come back to it (echo), nothing is signed,
 * and a target that fails to answer 2xx for about 36 minutes loses its hook.
 */
export class RestHooks {
  private readonly subscriptions = new Map<number, Subscription>();
  private readonly timers = new Set<NodeJS.Timeout>();
  private readonly agent = new Agent({ connections: 16 });
  private lastId = 100;
  private closed = false;

  /** @param retryScale factor on the waits between tries */
  constructor(
    private readonly account: CapsuleAccount,
    private readonly retryScale: number,
    private readonly faults: FaultDial,
  ) {
    account.onPartyEvent((event, party) => {
      this.publish(event, party);
    });
  }

  all(): RestHook[] {
    return [...this.subscriptions.values()].map(({ hook }) => hook);
  }

  /** Only the asking app's. @throws ApiError 403 unless the user is an administrator (§5 Who) */
  of(user: User, clientId: string): RestHook[] {
    this.requireAdministrator(user);
    return this.all().filter((hook) => hook.clientId === clientId);
  }

  one(user: User, clientId: string, id: number): RestHook {
    const hook = this.of(user, clientId).find((each) => each.id === id);
    if (!hook) throw notFound('rest hook not found');
    return hook;
  }

  /** @throws ApiError 403, 422 (also when the account's 20 are taken) */
  subscribe(user: User, clientId: string, input: Record<string, unknown>): RestHook {
    this.requireAdministrator(user);
    const { event, targetUrl, description, embed } = input;
    const fail = (message: string, field?: string) => invalid({ message, resource: 'restHook', field });
    if (typeof event !== 'string' || !EVENTS.has(event)) throw fail('event is invalid', 'event');
    if (typeof targetUrl !== 'string' || !/^https?:\/\//.test(targetUrl) || !URL.canParse(targetUrl)) {
      throw fail('targetUrl is invalid', 'targetUrl');
    }
    if (this.subscriptions.size + this.account.quirks.hooksOfOtherApps >= MAX_HOOKS) {
      throw fail('maximum number of REST hooks reached');
    }
    const hook = {
      id: ++this.lastId,
      event,
      targetUrl,
      description: typeof description === 'string' ? description : null,
      embed: typeof embed === 'string' ? embed : null,
      clientId,
      userId: user.id,
      createdAt: this.account.now(),
    };
    this.listen(hook);
    return hook;
  }

  unsubscribe(id: number): void {
    this.subscriptions.delete(id);
  }

  /** Puts these in the place of all hooks; deliveries under way are forgotten. */
  restore(hooks: readonly RestHook[]): void {
    this.subscriptions.clear();
    for (const hook of hooks) {
      this.listen(hook);
      this.lastId = Math.max(this.lastId, hook.id);
    }
  }

  /** Deliveries not yet accepted by their target. */
  get pending(): number {
    return [...this.subscriptions.values()].reduce(
      (sum, { batch, open }) => sum + open + (batch.length > 0 ? 1 : 0),
      0,
    );
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const timer of this.timers) clearTimeout(timer);
    await this.agent.destroy();
  }

  private listen(hook: RestHook): void {
    this.subscriptions.set(hook.id, { hook, batch: [], waiting: [], open: 0, inFlight: 0 });
  }

  private requireAdministrator(user: User): void {
    if (!user.administrator) throw forbidden('only administrators can manage REST hooks', 'access_denied');
  }

  private publish(event: PartyEvent, party: Party): void {
    for (const subscription of this.subscriptions.values()) {
      if (subscription.hook.event !== event) continue;
      subscription.batch.push(party);
      if (subscription.batch.length >= BATCH_SIZE) this.flush(subscription);
      else if (subscription.batch.length === 1) {
        this.after(BATCH_MS, () => {
          this.flush(subscription);
        });
      }
    }
  }

  private flush(subscription: Subscription): void {
    const { hook, batch } = subscription;
    subscription.batch = [];
    if (batch.length === 0 || subscription.open >= MAX_WAITING) return;
    const embeds = new Set(hook.embed?.split(',') ?? []);
    // The payload of party/deleted is not shown anywhere (§5): the id alone is the nastier reading.
    const payload = batch.map((party) =>
      hook.event === 'party/deleted' ? { id: party.id } : viewParty(this.account, party, embeds),
    );
    const body = JSON.stringify({ event: hook.event, payload });
    const fault = this.faults.ofHook(hook.event);
    if (fault?.how === 'hook-lost') return;
    if (fault?.how === 'hook-late') {
      this.after(fault.ms ?? LATE_MS, () => {
        this.enqueue(subscription, body);
      });
      return;
    }
    this.enqueue(subscription, body);
    if (fault?.how === 'hook-doubled') this.enqueue(subscription, body);
  }

  private enqueue(subscription: Subscription, body: string): void {
    subscription.open++;
    subscription.waiting.push({ body, attempt: 0 });
    this.pump(subscription);
  }

  private pump(subscription: Subscription): void {
    while (subscription.inFlight < MAX_IN_FLIGHT) {
      const delivery = subscription.waiting.shift();
      if (!delivery) return;
      subscription.inFlight++;
      void this.deliver(subscription, delivery).finally(() => {
        subscription.inFlight--;
        this.pump(subscription);
      });
    }
  }

  private async deliver(subscription: Subscription, delivery: Delivery): Promise<void> {
    if (!this.isLive(subscription)) return;
    const status = await this.post(subscription.hook.targetUrl, delivery.body);
    if (!this.isLive(subscription)) return;
    const wait = RETRY_SECONDS[delivery.attempt++];
    if (status >= 200 && status < 300) subscription.open--;
    else if (status === 410 || wait === undefined) this.unsubscribe(subscription.hook.id);
    else {
      this.after(wait * 1000 * this.retryScale, () => {
        subscription.waiting.push(delivery);
        this.pump(subscription);
      });
    }
  }

  /** @returns the status; 0 when no answer came */
  private async post(url: string, body: string): Promise<number> {
    try {
      const { statusCode, body: answer } = await request(url, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json', 'user-agent': 'Capsule sandbox' },
        dispatcher: this.agent,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      await answer.dump();
      return statusCode;
    } catch {
      return 0;
    }
  }

  private isLive({ hook }: Subscription): boolean {
    return !this.closed && this.subscriptions.has(hook.id);
  }

  private after(ms: number, run: () => void): void {
    if (this.closed) return;
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      run();
    }, ms);
    this.timers.add(timer);
  }
}
