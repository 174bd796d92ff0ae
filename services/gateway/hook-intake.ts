import { type Delivery } from '../../shared/capsule/delivery';
import { gather } from './gather';
import { type Services } from './services';

/** Hooks that come this close together share a signal. */
const FIRST_GAP_MS = 25;
/**
 * While hooks keep coming, the gap between two signals doubles up to this: whoever works them off stays at it
 * and looks into the store by itself, and each signal is an event in a history that has to last.
 */
const LONGEST_GAP_MS = 30_000;
/** After so long without a hook the next one is signalled at once. Less than a drain lingers (push-changes). */
const CALM_MS = 1_000;
/** Tries to tell Temporal, about half a minute; then the next hook or pass does. */
const MOST_TRIES = 8;
const FIRST_BACKOFF_MS = 250;

interface Waiting {
  /** Set while a signal is due. */
  timer: NodeJS.Timeout | null;
  underWay: boolean;
  /** Hooks came that no signal has told yet. */
  untold: boolean;
  gapMs: number;
  lastHookAt: number;
  failures: number;
}

const CALM: Waiting = { timer: null, underWay: false, untold: false, gapMs: 0, lastHookAt: 0, failures: 0 };

const isCalm = ({ lastHookAt }: Waiting): boolean => Date.now() - lastHookAt > CALM_MS;

export type HookIntake = ReturnType<typeof createHookIntake>;

/**
 * Takes hints from hooks: first into the store, then, a few milliseconds later and together with what came
 * meanwhile, as one signal to the tenant's workflow. A signal that is lost with this process is made up for by
 * the next hook or pass, as both lead to all hints in the store.
 */
export function createHookIntake({ store, temporal, log, now }: Services) {
  const tenants = new Map<string, Waiting>();
  let closed = false;

  /** Many deliveries at once cost the store a few writes. */
  const write = gather(async (tenantId, deliveries: readonly Delivery[]) => {
    const at = now();
    const changed = deliveries.flatMap((delivery) => delivery.changed);
    const presumed = deliveries.flatMap((delivery) => delivery.presumed);
    await Promise.all([
      changed.length > 0 && store.changes.handOver(tenantId, changed, at),
      presumed.length > 0 && store.echoes.take(tenantId, presumed, at),
    ]);
  });

  function wake(tenantId: string): void {
    const waiting = tenants.get(tenantId) ?? { ...CALM };
    tenants.set(tenantId, waiting);
    if (isCalm(waiting) && waiting.failures === 0) {
      waiting.gapMs = 0;
      if (waiting.timer) clearTimeout(waiting.timer);
      waiting.timer = null;
    }
    waiting.lastHookAt = Date.now();
    waiting.untold = true;
    schedule(tenantId, waiting, waiting.gapMs);
  }

  function schedule(tenantId: string, waiting: Waiting, delayMs: number): void {
    if (closed || waiting.underWay || waiting.timer) return;
    waiting.timer = setTimeout(() => {
      waiting.timer = null;
      void tell(tenantId, waiting);
    }, delayMs);
    waiting.timer.unref();
  }

  async function tell(tenantId: string, waiting: Waiting): Promise<void> {
    waiting.underWay = true;
    waiting.untold = false;
    try {
      // Asked now, not when the hook came: a finished connection stays finished (R23).
      const tenant = await store.tenants.find(tenantId);
      if (tenant?.connected) await temporal.signalPartiesChanged(tenantId);
      waiting.failures = 0;
      waiting.gapMs = Math.min(Math.max(waiting.gapMs * 2, FIRST_GAP_MS), LONGEST_GAP_MS);
    } catch (err) {
      waiting.failures += 1;
      log.warn({ tenantId, err, tries: waiting.failures }, 'hooks are stored, but not signalled yet');
      if (waiting.failures < MOST_TRIES) waiting.untold = true;
      else waiting.failures = 0;
      waiting.gapMs = FIRST_BACKOFF_MS * 2 ** waiting.failures;
    }
    waiting.underWay = false;
    if (waiting.untold) schedule(tenantId, waiting, waiting.gapMs);
    else forgetWhenCalm(tenantId, waiting);
  }

  /** Keeps the map to the tenants whose hooks come right now. */
  function forgetWhenCalm(tenantId: string, waiting: Waiting): void {
    setTimeout(() => {
      const idle = isCalm(waiting) && !waiting.underWay && !waiting.timer;
      if (idle && tenants.get(tenantId) === waiting) tenants.delete(tenantId);
    }, CALM_MS + 100).unref();
  }

  return {
    /**
     * Returns when the hints are durable.
     * @throws when the store does not answer
     */
    async take(tenantId: string, delivery: Delivery): Promise<void> {
      await write(tenantId, delivery);
      wake(tenantId);
    },

    /** Signals that were still to come are left to the next hook or pass. */
    close(): void {
      closed = true;
      for (const { timer } of tenants.values()) if (timer) clearTimeout(timer);
      tenants.clear();
    },
  };
}
