import { VendorError } from '../shared/http/vendor-error';
import { type Link } from '../shared/store/links';
import { askContact, KINDS_OF } from './ask-contact';
import { type ActivityDeps, connectedTenant } from './deps';
import { withHeartbeat } from './heartbeat';

export interface RefreshCommand {
  tenantId: string;
  partyId: number;
}

export interface RefreshOutcome {
  /** Up to when the contact's figures hold everything, ISO 8601 UTC; null when they were never read. */
  asOf: string | null;
  /** False when Sage could not be asked: what is stored stays, and is shown. */
  reached: boolean;
}

export function createRefreshContact({ store, vendors, log }: ActivityDeps) {
  return {
    /** *Refresh* on a contact: asks Sage for the documents and balances of all its links. Never fails because Sage does. */
    async refreshContact({ tenantId, partyId }: RefreshCommand): Promise<RefreshOutcome> {
      const { connection } = await connectedTenant(store, tenantId);
      const sage = vendors.sage(tenantId, connection.businessId, 'interactive');
      const links = await store.links.byParties(tenantId, [partyId]);
      return withHeartbeat<null, RefreshOutcome>(async () => {
        try {
          for (const { sageContactId, kind } of links)
            await askContact(store, sage, tenantId, { id: sageContactId, kind });
          return { asOf: links.length > 0 ? new Date().toISOString() : null, reached: true };
        } catch (error) {
          if (!(error instanceof VendorError)) throw error;
          log.info({ tenantId, partyId, reason: error.reason }, 'Sage could not be asked for a contact');
          return { asOf: (await storedAsOf(tenantId, links))?.toISOString() ?? null, reached: false };
        }
      });
    },
  };

  /** The oldest of what is shown: each contact is as fresh as its lists, or as the time when it alone was asked for. */
  async function storedAsOf(tenantId: string, links: readonly Link[]): Promise<Date | null> {
    const ids = links.map(({ sageContactId }) => sageContactId);
    const asked = new Map(
      (await store.figures.get(tenantId, ids)).map(({ sageContactId, askedAt }) => [sageContactId, askedAt]),
    );
    const times = await Promise.all(
      links.map(async ({ sageContactId, kind }) => {
        const listed = await store.documentLists.readTo(tenantId, [...KINDS_OF[kind], 'contact_balance']);
        return Math.max(listed?.getTime() ?? 0, asked.get(sageContactId)?.getTime() ?? 0);
      }),
    );
    const oldest = Math.min(...times);
    return oldest > 0 && Number.isFinite(oldest) ? new Date(oldest) : null;
  }
}
