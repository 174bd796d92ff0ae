import { listAllParties, type PartyCursor } from '../shared/capsule/list-all-parties';
import { type ActivityDeps, connectedTenant } from './deps';
import { withHeartbeat } from './heartbeat';
import { mirrorParty } from './mirror-keys';
import { type ImportInput } from './prepare-import';

/** In a busy account something always changes: after so many listings their union is taken as complete. */
const LISTINGS = 3;

interface Cursor extends PartyCursor {
  listing: number;
}

export function createReadCapsule({ store, vendors, publicUrl }: ActivityDeps) {
  return {
    /** Mirrors all Capsule parties. A party that slipped through would get a twin, so a disturbed listing is repeated. */
    async readCapsule({ tenantId, importNumber }: ImportInput): Promise<void> {
      await connectedTenant(store, tenantId);
      const capsule = vendors.capsule(tenantId, 'bulk');

      await withHeartbeat<Cursor, void>(async ({ resumed, reached }) => {
        for (let listing = resumed?.listing ?? 1; listing <= LISTINGS; listing += 1) {
          const { undisturbed, unreadable } = await listAllParties(
            capsule,
            { resumed: resumed?.listing === listing ? resumed : null },
            async (parties, cursor) => {
              const rows = parties.map((party) => mirrorParty(party, publicUrl));
              await store.contacts.saveParties(tenantId, importNumber, rows);
              reached({ ...cursor, listing });
            },
          );
          if (unreadable > 0) await reportUnreadable(tenantId, unreadable);
          if (undisturbed) break;
        }
        await store.contacts.forgetUnseen(tenantId, 'capsule', importNumber);
      });
    },
  };

  /** They cannot be matched, so that their Sage contacts may have been created beside them. */
  async function reportUnreadable(tenantId: string, count: number): Promise<void> {
    await store.tenants.reportProblem(tenantId, {
      code: 'capsule-unreadable',
      message: `${count} Capsule contacts came in a form that could not be read. Look for doubles of them.`,
      since: new Date(),
    });
  }
}
