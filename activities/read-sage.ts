import pMap from 'p-map';
import { type SageContact } from '../shared/domain/types';
import { type ResumePages } from '../shared/sage/assembler';
import { type ContactListing, FIRST_PAGES, listAllContacts } from '../shared/sage/list-all-contacts';
import { type ContactRow } from '../shared/sage/wire';
import { type ActivityDeps, connectedTenant } from './deps';
import { withHeartbeat } from './heartbeat';
import { saveSageContacts } from './save-sage';
import { type ImportInput } from './prepare-import';

/** How often an incomplete listing is read again before it is called partial (R27). */
const LISTINGS = 3;
/** Contacts whose details never came by are fetched one by one, so many at a time. */
const SINGLE_READS = 4;

interface Cursor {
  listing: number;
  pages: ResumePages;
}

export function createReadSage({ store, vendors, log }: ActivityDeps) {
  return {
    /**
     * Mirrors all Sage contacts, the system ones included.
     * @returns whether the listing was proven complete: as many different contacts were seen as Sage counts
     */
    async readSage({ tenantId, importNumber }: ImportInput): Promise<{ complete: boolean }> {
      const { connection, settings } = await connectedTenant(store, tenantId);
      const sage = vendors.sage(tenantId, connection.businessId, 'bulk');

      const save = (contacts: SageContact[]): Promise<void> =>
        saveSageContacts(store, { tenantId, importNumber, settings }, contacts);
      const saveRest = (rows: ContactRow[]): Promise<void[]> =>
        pMap(rows, async ({ contact }) => save([await sage.getContact(contact.id)]), {
          concurrency: SINGLE_READS,
        });

      async function proveComplete({ expected, unreadable }: ContactListing): Promise<boolean> {
        await setAsideUnreadable(tenantId, unreadable);
        const seen = (await store.contacts.countSeen(tenantId, 'sage', importNumber)) + unreadable.length;
        await store.tenants.updateImport(tenantId, { total: seen });
        if (seen < expected)
          log.warn({ tenantId, seen, expected }, 'Sage listed fewer contacts than it counts');
        return seen >= expected;
      }

      return withHeartbeat<Cursor, { complete: boolean }>(async ({ resumed, reached }) => {
        for (let listing = resumed?.listing ?? 1; listing <= LISTINGS; listing += 1) {
          const from = resumed?.listing === listing ? resumed.pages : FIRST_PAGES;
          const result = await listAllContacts(sage, from, {
            onContacts: save,
            onDurable: (pages) => reached({ listing, pages }),
            onTotal: (total) => store.tenants.updateImport(tenantId, { total }),
          });
          await saveRest(result.incomplete);
          if (await proveComplete(result)) {
            await store.contacts.forgetUnseen(tenantId, 'sage', importNumber);
            return { complete: true };
          }
        }
        return { complete: false };
      });
    },
  };

  async function setAsideUnreadable(tenantId: string, ids: readonly string[]): Promise<void> {
    const failedAt = new Date();
    await store.failures.setAside(
      tenantId,
      ids.map((recordId) => ({
        side: 'sage' as const,
        recordId,
        name: recordId,
        reason: 'Sage sent this contact in a form that could not be read.',
        failedAt,
        retryAt: null,
      })),
    );
  }
}
