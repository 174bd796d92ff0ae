import { setTimeout as delay } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import { type CapsuleClient, type PartyRead } from '../shared/capsule/client';
import { isVendorError } from '../shared/http/vendor-error';
import { type Change } from '../shared/store/changes';
import { type Link } from '../shared/store/links';
import { type ActivityDeps } from './deps';
import { withHeartbeat } from './heartbeat';
import { pushRunOf } from './keep-pushes';
import { createPusher, type PushResult, type PusherTenant } from './push-parties';

/** Given to a party in Capsule it asks for what the page's *Add to Sage* does (R15). */
const ADD_TAG = 'Add to Sage';

/** Hints that are worked off together: ten reads of Capsule, and few enough that none waits long for the others. */
const BATCH = 100;
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

  async function drain(tenantId: string, alive: () => void): Promise<PushChangesResult> {
    const end = Date.now() + LONGEST_MS;
    let lingersUntil = Date.now() + LINGER_MS;
    let echoWaitMs = 0;
    for (;;) {
      const hints = await store.changes.next(tenantId, BATCH);
      const done = Date.now() > (hints.length > 0 ? end : lingersUntil);
      if (done) return { more: hints.length > 0, tagged: [] };
      if (hints.length === 0) {
        await delay(LOOK_MS);
        continue;
      }
      alive();
      const tenant = await store.tenants.find(tenantId);
      if (!tenant?.connected || !tenant.connection) return { more: false, tagged: [] };
      const { tagged, pushed } = await workOff({ ...tenant, connection: tenant.connection }, hints);
      if (tagged.length > 0) return { more: true, tagged };
      lingersUntil = Date.now() + LINGER_MS;
      echoWaitMs = pushed ? 0 : Math.min(Math.max(echoWaitMs * 2, FIRST_ECHO_WAIT_MS), LONGEST_ECHO_WAIT_MS);
      if (echoWaitMs > 0) await delay(echoWaitMs);
    }
  }

  /** @returns the tagged parties among them, and whether anything had to be done in Sage */
  async function workOff(
    tenant: PusherTenant,
    hints: readonly Change[],
  ): Promise<{ tagged: number[]; pushed: boolean }> {
    const { id: tenantId } = tenant;
    const ids = hints.map(({ partyId }) => partyId);
    // Before the parties: whoever pushes meanwhile has read older ones, and changes the links.
    const links = await store.links.byParties(tenantId, ids);
    const { reads, refused } = await readParties(vendors.capsule(tenantId, 'interactive'), ids);
    const pusher = createPusher(deps, tenant, pushRunOf(new Date()));
    const lastTry = Context.current().info.attempt >= LAST_TRY;
    const { results, error } = await pusher.pushSome(reads, { links, lastTry });
    await setAside(tenantId, links, refused);
    const left = partiesWithoutEnd(reads, links, results);
    await store.changes.done(
      tenantId,
      hints.filter(({ partyId }) => !left.has(partyId)),
    );
    if (error) throw error;
    const tagged = reads.filter(({ tags }) => tags.some(({ name }) => name === ADD_TAG));
    return {
      tagged: tagged.map(({ party }) => party.id),
      pushed: results.some(({ end }) => end !== 'same'),
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

/** Parties with a link that has not come to an end. */
function partiesWithoutEnd(
  reads: readonly PartyRead[],
  links: readonly Link[],
  results: readonly PushResult[],
): Set<number> {
  const read = new Set(reads.map(({ party }) => party.id));
  const ended = new Set(results.map(({ sageContactId }) => sageContactId));
  const left = links.filter((link) => read.has(link.partyId) && !ended.has(link.sageContactId));
  return new Set(left.map(({ partyId }) => partyId));
}
