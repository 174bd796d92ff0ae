import { clearingTime } from '../shared/domain/clearing-time';
import { grantId, userGrantId } from '../shared/ids';
import { type ActivityDeps } from './deps';
import { clearParties } from './clear-fields';
import { withHeartbeat } from './heartbeat';

export interface LeavingWish {
  tenantId: string;
  clearFields: boolean;
  erase: boolean;
  /** Capsule user who asks. */
  by: number;
}

/** What clearing the Sage fields will take. */
export interface ClearingPlan {
  /** Capsule records that are linked. */
  records: number;
  etaSeconds: number;
}

/** Links of which the fields are cleared between two looks at whether somebody has connected again. */
const PAGE = 100;
/** How long the Capsule grant of the person who disconnects is kept as theirs: as long as a session. */
const KEEP_MS = 7 * 24 * 3600_000;

export function createDisconnect(deps: ActivityDeps) {
  const { store, keeper, schedules, vendors, log } = deps;

  return {
    /** @returns false when there is nothing to end */
    beginLeaving: ({ tenantId, ...wish }: LeavingWish): Promise<boolean> =>
      store.tenants.beginLeaving(tenantId, { ...wish, at: new Date() }),

    /** Ends schedule and pass; runs that were under way are told as stopped. */
    async endWork(tenantId: string): Promise<void> {
      await schedules.remove(tenantId);
      await store.runs.stopRunning(tenantId, new Date());
    },

    /** Ends the Sage grant at Sage, or where that cannot be told, here. */
    endSageGrant: (tenantId: string): Promise<void> => keeper.revoke(grantId(tenantId, 'sage')),

    /** @returns null when nothing is to be cleared */
    async planClearing(tenantId: string): Promise<ClearingPlan | null> {
      const leaving = (await store.tenants.find(tenantId))?.leaving;
      if (!leaving?.clearFields || leaving.erase) return null;
      const { linked, created, added, manual } = await store.links.countByOrigin(tenantId);
      const records = linked + created + added + manual;
      // Perhaps nothing has been read of the account yet either, and then nothing could be cleared.
      if (records === 0) return null;
      if (leaving.stage === 'stopping') await store.tenants.advanceLeaving(tenantId, 'stopping', 'clearing');
      const { used, limit, resetsAt } = vendors.pacerOf(tenantId, 'capsule').snapshot();
      return { records, etaSeconds: clearingTime({ records, used, limit, resetsAt, now: new Date() }) };
    },

    /** Empties the Sage fields of all linked parties, until somebody connects again or asks for more. */
    async clearSageFields(tenantId: string): Promise<void> {
      await withHeartbeat<string, void>(async ({ resumed, reached }) => {
        const account = await store.accounts.get(tenantId);
        for (let cursor: string | null = resumed; ;) {
          const { connected, leaving } = (await store.tenants.find(tenantId)) ?? { connected: true };
          if (connected || leaving?.stage !== 'clearing') return;
          const page = await store.links.page(tenantId, { cursor, limit: PAGE });
          const parties = page.items.filter(({ live }) => live).map(({ partyId }) => partyId);
          await clearParties(deps, { tenantId, account, priority: 'bulk' }, [...new Set(parties)]);
          await store.figures.cleared(
            tenantId,
            page.items.map(({ sageContactId }) => sageContactId),
          );
          if (page.nextCursor === null) return;
          cursor = page.nextCursor;
          reached(cursor);
        }
      });
    },

    /**
     * The last step. The person who disconnects stays signed in, so their own grant becomes theirs again; any
     * other ends. Does nothing when somebody has connected meanwhile: the grant carries the sync then.
     */
    async endCapsuleGrant(tenantId: string): Promise<void> {
      const { leaving } = (await store.tenants.find(tenantId)) ?? {};
      if (!leaving || leaving.erase) return;
      if (
        leaving.stage !== 'erasing' &&
        !(await store.tenants.advanceLeaving(tenantId, leaving.stage, 'erasing'))
      )
        return;
      const id = grantId(tenantId, 'capsule');
      // Also where it failed before: what is left of the Sage grant goes now.
      await store.grants.remove(grantId(tenantId, 'sage'));
      const grant = await store.grants.describe(id);
      if (grant?.userId === String(leaving.by) && grant.state === 'active') {
        const until = new Date(Date.now() + KEEP_MS);
        await keeper.handBack(id, userGrantId(tenantId, leaving.by), until);
      } else if (grant) {
        await keeper.revoke(id);
      }
      await store.tenants.advanceLeaving(tenantId, 'erasing', null);
      log.info({ tenantId }, 'disconnected');
    },
  };
}
