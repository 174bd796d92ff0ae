import { Context } from '@temporalio/activity';
import { type PartyRead } from '../shared/capsule/client';
import { isVendorError } from '../shared/http/vendor-error';
import { type Change } from '../shared/store/changes';
import { type Link } from '../shared/store/links';
import { type ActivityDeps } from './deps';
import { isAddTag } from './adder';
import { type Batch, drain } from './drain';
import { withHeartbeat } from './heartbeat';
import { pushRunOf } from './push-run';
import { siftEchoes } from './sift-echoes';
import {
  createPusher,
  type Pusher,
  pushMeans,
  type PushMeans,
  type PusherTenant,
  troubleOf,
} from './push-parties';

/** Contacts with which Sage had trouble, and how often: it outlives an attempt. */
type Suspects = [sageContactId: string, times: number][];

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
  const { store } = deps;

  return {
    /**
     * Works the hints of changed parties off (R12): reads the parties, pushes what was edited, and stays for a
     * moment in case that more come. A hint goes only when its party has been dealt with.
     * @throws VendorError when a vendor takes no requests now; hints that are left wait for the next attempt
     */
    async pushChanges({ tenantId, partyIds }: PushChangesInput): Promise<PushChangesResult> {
      await store.changes.note(tenantId, partyIds, new Date());
      return withHeartbeat<Suspects, PushChangesResult>(async ({ resumed, reached }) => {
        const suspects = new Map(resumed);
        const meansOf = oneConnection();
        const { info, cancellationSignal } = Context.current();
        const { more, handOver } = await drain({
          cancelled: () => cancellationSignal.aborted,
          lingers: info.attempt === 1,
          sift: () => siftEchoes(store, tenantId, new Date()),
          next: (limit, from) => store.changes.next(tenantId, limit, from),
          workOff: async (hints) => {
            try {
              reached([...suspects]);
              const batch = await workOff(tenantId, hints, { meansOf, suspects });
              if (batch?.error) reached([...suspects]);
              return batch;
            } catch (error) {
              const nothing = { edited: false, handOver: [], store: () => Promise.resolve() };
              return { hints, ...nothing, error: error as Error };
            }
          },
        });
        return { more, tagged: [...handOver] };
      });
    },
  };

  /** Gives all pushes of a connection the same means. */
  function oneConnection(): (tenant: PusherTenant) => PushMeans {
    let last: { number: number; means: PushMeans } | null = null;
    return (tenant) => {
      const { number } = tenant.connection;
      if (last?.number !== number) last = { number, means: pushMeans(deps, tenant) };
      return last.means;
    };
  }

  /** Reads the parties and sends their edits to Sage; null when the tenant was disconnected, or paused. */
  async function workOff(
    tenantId: string,
    hints: readonly Change[],
    { meansOf, suspects }: { meansOf: (tenant: PusherTenant) => PushMeans; suspects: Map<string, number> },
  ): Promise<Batch | null> {
    const ids = hints.map(({ partyId }) => partyId);
    // The links before the parties: whoever pushes meanwhile has read older parties, and changes the links.
    const [tenant, links] = await Promise.all([
      store.tenants.find(tenantId),
      store.links.byParties(tenantId, ids),
    ]);
    if (!tenant?.connected || !tenant.connection || tenant.paused) return null;
    const connected = { ...tenant, connection: tenant.connection };
    const pusher = createPusher(deps, connected, pushRunOf(new Date()), meansOf(connected));
    const sageIds = links.map(({ sageContactId }) => sageContactId);
    const [{ reads, refused }, known] = await Promise.all([
      readParties(pusher, ids),
      store.contacts.sageByIds(tenantId, sageIds),
    ]);
    const sent = await pusher.send(reads, { links, known, suspects });
    const tagged = reads.filter(({ tags }) => tags.some(isAddTag));
    return {
      hints,
      edited: sent.outcomes.some(({ end }) => end !== 'same'),
      handOver: tagged.map(({ party }) => party.id),
      error: troubleOf(sent),
      async store() {
        await pusher.keep(sent);
        await setAside(tenantId, links, refused);
        const left = new Set(
          sent.outcomes.filter(({ end }) => end === 'later').map(({ job }) => job.link.partyId),
        );
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

/**
 * Reads many at once, and each by itself when Capsule refuses them together.
 * @throws VendorError when Capsule takes no requests now
 */
async function readParties(
  pusher: Pusher,
  ids: readonly number[],
): Promise<{ reads: PartyRead[]; refused: Map<number, string> }> {
  const refused = new Map<number, string>();
  try {
    return { reads: await pusher.read(ids), refused };
  } catch (error) {
    if (!isRefusal(error)) throw error;
  }
  const reads: PartyRead[] = [];
  for (const id of ids) {
    try {
      reads.push(...(await pusher.read([id])));
    } catch (error) {
      if (!isRefusal(error)) throw error;
      refused.set(id, error.reason);
    }
  }
  return { reads, refused };
}

const isRefusal = (error: unknown) => isVendorError(error, 'rejected', 'forbidden', 'conflict');
