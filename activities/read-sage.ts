import pMap from 'p-map';
import { type TenantSettings } from '../shared/domain/types';
import { isVendorError } from '../shared/http/vendor-error';
import { type ResumePages } from '../shared/sage/assembler';
import { type SageClient } from '../shared/sage/client';
import { FIRST_PAGES, listAllContacts } from '../shared/sage/list-all-contacts';
import { type ContactRow } from '../shared/sage/wire';
import { type Store } from '../shared/store';
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

interface Reading extends ImportInput {
  store: Store;
  sage: SageClient;
  settings: TenantSettings;
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
      const reading = { store, sage, tenantId, importNumber, settings };

      return withHeartbeat<Cursor, { complete: boolean }>(async ({ resumed, reached }) => {
        for (let listing = resumed?.listing ?? 1; listing <= LISTINGS; listing += 1) {
          const from = resumed?.listing === listing ? resumed.pages : FIRST_PAGES;
          const { seen, expected } = await listOnce(reading, from, (pages) => reached({ listing, pages }));
          if (seen >= expected) {
            await store.contacts.forgetUnseen(tenantId, 'sage', importNumber);
            return { complete: true };
          }
          log.warn({ tenantId, seen, expected }, 'Sage listed fewer contacts than it counts');
        }
        return { complete: false };
      });
    },
  };
}

/** @returns how many different contacts were seen, by all listings of this import, and how many Sage counts */
async function listOnce(
  reading: Reading,
  from: ResumePages,
  onDurable: (pages: ResumePages) => void,
): Promise<{ seen: number; expected: number }> {
  const { store, sage, tenantId, importNumber } = reading;
  const { expected, unreadable, incomplete } = await listAllContacts(sage, from, {
    onContacts: (contacts) => saveSageContacts(store, reading, contacts),
    onDurable,
    onTotal: (total) => store.tenants.updateImport(tenantId, { total }),
  });
  const singles = await pMap(incomplete, (row) => readSingle(reading, row), { concurrency: SINGLE_READS });
  const setAside = [...unreadable, ...singles.flat()];
  await setAsideUnreadable(reading, setAside);
  const seen = (await store.contacts.countSeen(tenantId, 'sage', importNumber)) + setAside.length;
  await store.tenants.updateImport(tenantId, { total: seen });
  return { seen, expected };
}

/**
 * Fetches a contact whose address or person did not come by. Deleted meanwhile, it is no loss.
 * @returns its id when it cannot be read: it alone is set aside (R26)
 */
async function readSingle(reading: Reading, { contact: { id } }: ContactRow): Promise<string[]> {
  try {
    await saveSageContacts(reading.store, reading, [await reading.sage.getContact(id)]);
    return [];
  } catch (error) {
    if (isVendorError(error, 'missing')) return [];
    // An answer came, and said nothing that we understand.
    if (isVendorError(error, 'unavailable') && error.status === 200) return [id];
    throw error;
  }
}

async function setAsideUnreadable({ store, tenantId }: Reading, ids: readonly string[]): Promise<void> {
  const failedAt = new Date();
  await store.failures.setAside(
    tenantId,
    ids.map((recordId) => ({
      ...{ side: 'sage' as const, recordId, work: 'read' as const, name: recordId },
      ...{ failedAt, retryAt: null },
      reason: 'Sage sent this contact in a form that could not be read.',
    })),
  );
}
