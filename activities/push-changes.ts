import { setTimeout as delay } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import { type CapsuleClient, type PartyRead } from '../shared/capsule/client';
import { isVendorError, type VendorError } from '../shared/http/vendor-error';
import { type Store } from '../shared/store';
import { type Change } from '../shared/store/changes';
import { type Link } from '../shared/store/links';
import { type ActivityDeps } from './deps';
import { withHeartbeat } from './heartbeat';
import { pushRunOf } from './keep-pushes';
import { createPusher, type PusherTenant, troubleOf } from './push-parties';

/** Given to a party in Capsule it asks for what the page's *Add to Sage* does (R15). */
const ADD_TAG = 'Add to Sage';

/** Hints that are worked off together: ten reads of Capsule, and few enough that none waits long for the others. */
const BATCH = 100;
/** A crash repeats the reads of so many; nothing is written twice. */
const MOST_UNSTORED = 1_000;
/**
 * How long a drain that has found nothing more keeps looking: hints of the next second cost neither a signal nor
 * a new activity. Longer than the gateway waits before it signals at once again (hook-intake).
 */
const LINGER_MS = 1_500;
const LOOK_MS = 40;
/** Then the workflow has its turn: it may want to begin a new history, or hand over to somebody else. */
const LONGEST_MS = 45_000;
/**
 * Waits after hints that led to nothing, which are mostly echoes of our own writes: read a few at a time they
 * would cost a call each, and an import makes thousands.
 */
const FIRST_ECHO_WAIT_MS = 100;
const LONGEST_ECHO_WAIT_MS = 1_000;
/** Attempts in a row after which contacts with which alone Sage has trouble are set aside; about half a minute. */
const LAST_TRY = 5;

export interface PushChangesInput {
  tenantId: string;
  /** Ids that only a signal carried; they are taken down with the others first. */
  partyIds: number[];
}

export interface PushChangesResult {
  /** Call again: there may be more. */
  more: boolean;
  /** Parties that carry the tag *Add to Sage* (R15). */
  tagged: number[];
}

export function createPushChanges(deps: ActivityDeps) {
  const { store, vendors } = deps;

  return {
    /**
     * Works the hints of changed parties off (R12): reads the parties, pushes what was edited, and stays for a
     * moment in case that more come. A hint goes only when its party has been dealt with.
     * @throws VendorError when a vendor takes no requests now; hints that are left wait for the next attempt
     */
    async pushChanges({ tenantId, partyIds }: PushChangesInput): Promise<PushChangesResult> {
      await store.changes.note(tenantId, partyIds, new Date());
      return withHeartbeat<null, PushChangesResult>(({ reached }) => drain(tenantId, () => reached(null)));
    },
  };

  /**
   * Sending goes before storing: edits wait for nothing but Sage while there are any, and what was sent is stored
   * when none is left, or too many are not stored yet.
   */
  async function drain(tenantId: string, alive: () => void): Promise<PushChangesResult> {
    const end = Date.now() + LONGEST_MS;
    const unstored = new Unstored();
    let lingersUntil = Date.now() + LINGER_MS;
    let echoWaitMs = 0;
    for (;;) {
      const late = Date.now() > end;
      const hints = late || unstored.full ? [] : await unstored.next(store, tenantId);
      if (hints.length > 0) {
        alive();
        const tenant = await store.tenants.find(tenantId);
        if (!tenant?.connected || !tenant.connection) {
          await unstored.storeAll();
          return { more: false, tagged: [] };
        }
        const batch = await workOff({ ...tenant, connection: tenant.connection }, hints);
        unstored.add(batch);
        lingersUntil = Date.now() + LINGER_MS;
        echoWaitMs = batch.edited ? 0 : nextEchoWait(echoWaitMs);
        if (batch.error === null && batch.tagged.length === 0 && batch.edited) continue;
        await unstored.storeAll();
        if (batch.error) throw batch.error;
        if (batch.tagged.length > 0) return { more: true, tagged: batch.tagged };
        await delay(echoWaitMs);
      } else if (!unstored.empty) await unstored.storeOne();
      else if (late || Date.now() > lingersUntil) return { more: late, tagged: [] };
      else await delay(LOOK_MS);
    }
  }

  /** Reads parties and sends their edits to Sage. */
  async function workOff(tenant: PusherTenant, hints: readonly Change[]): Promise<Batch> {
    const { id: tenantId } = tenant;
    const ids = hints.map(({ partyId }) => partyId);
    // Before the parties: whoever pushes meanwhile has read older ones, and changes the links.
    const links = await store.links.byParties(tenantId, ids);
    const { reads, refused } = await readParties(vendors.capsule(tenantId, 'interactive'), ids);
    const pusher = createPusher(deps, tenant, pushRunOf(new Date()));
    const lastTry = Context.current().info.attempt >= LAST_TRY;
    const sent = await pusher.send(reads, { links, lastTry });
    const left = new Set(
      sent.outcomes.flatMap(({ end, job }) => (end === 'later' ? [job.link.partyId] : [])),
    );
    const tagged = reads.filter(({ tags }) => tags.some(({ name }) => name === ADD_TAG));
    return {
      hints,
      tagged: tagged.map(({ party }) => party.id),
      edited: sent.outcomes.some(({ end }) => end !== 'same'),
      error: troubleOf(sent),
      async store() {
        await pusher.keep(sent);
        await setAside(tenantId, links, refused);
        await store.changes.done(
          tenantId,
          hints.filter(({ partyId }) => !left.has(partyId)),
        );
      },
    };
  }

  /** R26: a party that Capsule refuses to show is set aside; the others go on. */
  async function setAside(
    tenantId: string,
    links: readonly Link[],
    refused: ReadonlyMap<number, string>,
  ): Promise<void> {
    const unread = links.filter(({ partyId }) => refused.has(partyId));
    const mirrored = await store.contacts.partiesByIds(
      tenantId,
      unread.map(({ partyId }) => partyId),
    );
    const names = new Map(mirrored.map(({ record }) => [record.id, record.name]));
    await store.failures.setAside(
      tenantId,
      unread.map(({ sageContactId, partyId }) => ({
        ...{ side: 'sage' as const, recordId: sageContactId, work: 'push' as const },
        ...{ name: names.get(partyId) ?? '', failedAt: new Date(), retryAt: null },
        reason: `Capsule did not show the contact: ${refused.get(partyId) ?? ''}`,
      })),
    );
  }
}

/** Hints that were worked off, as far as Sage is concerned. */
interface Batch {
  hints: readonly Change[];
  /** Parties that carry the tag *Add to Sage*. */
  tagged: number[];
  /** Whether anything had to be done in Sage. */
  edited: boolean;
  /** Why some of it has to be tried later. */
  error: VendorError | null;
  /** Makes it durable; then the hints go. */
  store: () => Promise<void>;
}

/** What was sent and is not stored yet, oldest first. */
class Unstored {
  private readonly batches: Batch[] = [];

  get empty(): boolean {
    return this.batches.length === 0;
  }

  get full(): boolean {
    return this.batches.reduce((sum, { hints }) => sum + hints.length, 0) >= MOST_UNSTORED;
  }

  add(batch: Batch): void {
    this.batches.push(batch);
  }

  /** The oldest hints that are not among these. One that was renewed meanwhile waits until these are stored. */
  async next(store: Store, tenantId: string): Promise<Change[]> {
    const known = this.batches.flatMap(({ hints }) => hints);
    const last = known.at(-1)?.at ?? null;
    const ids = new Set(known.map(({ partyId }) => partyId));
    const alike = known.filter(({ at }) => at.getTime() === last?.getTime()).length;
    const found = await store.changes.next(tenantId, BATCH + alike, last);
    return found.filter(({ partyId }) => !ids.has(partyId)).slice(0, BATCH);
  }

  async storeOne(): Promise<void> {
    await this.batches[0]?.store();
    this.batches.shift();
  }

  async storeAll(): Promise<void> {
    while (!this.empty) await this.storeOne();
  }
}

const nextEchoWait = (waitMs: number): number =>
  Math.min(Math.max(waitMs * 2, FIRST_ECHO_WAIT_MS), LONGEST_ECHO_WAIT_MS);

/**
 * Reads many at once, and each by itself when Capsule refuses them together.
 * @throws VendorError when Capsule takes no requests now
 */
async function readParties(
  capsule: CapsuleClient,
  ids: readonly number[],
): Promise<{ reads: PartyRead[]; refused: Map<number, string> }> {
  const refused = new Map<number, string>();
  try {
    return { reads: await capsule.getParties(ids), refused };
  } catch (error) {
    if (!isRefusal(error)) throw error;
  }
  const reads: PartyRead[] = [];
  for (const id of ids) {
    try {
      reads.push(...(await capsule.getParties([id])));
    } catch (error) {
      if (!isRefusal(error)) throw error;
      refused.set(id, error.reason);
    }
  }
  return { reads, refused };
}

const isRefusal = (error: unknown) => isVendorError(error, 'rejected', 'forbidden', 'conflict');
