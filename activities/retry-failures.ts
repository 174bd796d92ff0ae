import pMap from 'p-map';
import { ZodError } from 'zod';
import { type SageContact } from '../shared/domain/types';
import { VendorError } from '../shared/http/vendor-error';
import { type SageClient } from '../shared/sage/client';
import { type Failure, type FailureKey } from '../shared/store/failures';
import { type Connection, type Tenant } from '../shared/store/tenants';
import { createPartyCreator } from './create-parties';
import { type ActivityDeps, connectedTenant } from './deps';
import { withHeartbeat } from './heartbeat';
import { matchRange } from './match-range';
import { createSageRetry } from './retry-sage';
import { saveSageContacts } from './save-sage';
import { settleCreates } from './settle';

/** Most that one retry takes on; whoever has more presses again. */
const MOST = 2_000;
const PAGE = 200;
/** Contacts read from Sage at once. */
const READS = 4;

export interface RetryCommand {
  tenantId: string;
  /** Null: all. */
  failures: FailureKey[] | null;
}

export interface RetryOutcome {
  /** How many were tried again; each is counted once in what follows. */
  retried: number;
  linked: number;
  created: number;
  review: number;
  excluded: number;
  failed: number;
  /** Milliseconds until creates without an answer can be settled; 0 when there are none (R29). */
  waitMs: number;
}

type Connected = Tenant & { connection: Connection };
type Read = { contact: SageContact } | { gone: true } | { reason: string };

export function createRetryFailures(deps: ActivityDeps) {
  const { store, vendors } = deps;

  return {
    /**
     * Tries set-aside contacts again (R26). One that is to come from Sage is read anew there, since it may have
     * been corrected, and decided by the rules of the import. Running it again changes nothing.
     */
    async retryFailures({ tenantId, failures: keys }: RetryCommand): Promise<RetryOutcome> {
      const tenant = await connectedTenant(store, tenantId);
      return withHeartbeat<null, RetryOutcome>(async () => {
        const failures = keys ? await store.failures.among(tenantId, keys) : await all(tenantId);
        const toSage = failures.filter(({ work }) => work === 'push' || work === 'add');
        const inSage = await createSageRetry(deps, tenant).retry(toSage);
        const toCapsule = failures.filter(({ work }) => work === 'read' || work === 'create');
        const figures = failures.filter(({ work }) => work === 'figures').map(({ recordId }) => recordId);
        await store.figures.want(tenantId, figures);
        // Figures are written soon after; a record that could not be cleared is tried again by every pass (R19).
        const byPasses = failures.length - toSage.length - toCapsule.length;
        const { waitMs, ...inCapsule } = await retryFromSage(tenant, toCapsule);
        return {
          retried: inCapsule.retried + toSage.length + byPasses,
          linked: inCapsule.linked + inSage.linked,
          created: inCapsule.created + inSage.created,
          review: inCapsule.review,
          excluded: inCapsule.excluded,
          failed: inCapsule.failed + inSage.failed + byPasses,
          waitMs,
        };
      });
    },
  };

  async function retryFromSage(tenant: Connected, failures: readonly Failure[]): Promise<RetryOutcome> {
    const { id: tenantId } = tenant;
    const ids = [...new Set(failures.map(({ recordId }) => recordId))];
    const waitMs = await settle(tenant, ids);
    await readAgain(tenant, failures);
    await match(tenant, ids);
    return { ...(await ends(tenantId, ids)), waitMs: Math.max(waitMs, await settleTime(tenantId, ids)) };
  }

  async function all(tenantId: string): Promise<Failure[]> {
    const found: Failure[] = [];
    for (let cursor: string | null = null; found.length < MOST;) {
      const page = await store.failures.page(tenantId, { cursor, limit: PAGE });
      found.push(...page.items);
      cursor = page.nextCursor;
      if (cursor === null) break;
    }
    return found;
  }

  async function settle(
    { id: tenantId, connection, settings }: Connected,
    ids: readonly string[],
  ): Promise<number> {
    const intents = await store.intents.among(tenantId, 'capsule', ids);
    const by = {
      ...{ tenantId, importNumber: connection.number, priority: 'interactive' as const, run: '' },
      teamId: settings.defaultTeamId,
    };
    return (await settleCreates(deps, by, intents)).waitMs;
  }

  async function settleTime(tenantId: string, ids: readonly string[]): Promise<number> {
    return (await store.intents.among(tenantId, 'capsule', ids)).length > 0 ? deps.outcomeSettleMs : 0;
  }

  /** Brings the mirror up to date; what Sage no longer has, or still sends unreadable, ends here. */
  async function readAgain(tenant: Connected, failures: readonly Failure[]): Promise<void> {
    const { id: tenantId, connection, settings } = tenant;
    const sage = vendors.sage(tenantId, connection.businessId, 'interactive');
    await pMap(
      failures,
      async (failure) => {
        const { side, recordId } = failure;
        const read = await readContact(sage, recordId);
        if ('contact' in read) {
          const saved = { tenantId, importNumber: connection.number, settings };
          await saveSageContacts(store, saved, [read.contact]);
          if (side === 'sage') await store.failures.clear(tenantId, 'sage', [recordId]);
        } else if ('gone' in read) {
          await store.contacts.forgetSage(tenantId, [recordId]);
          await store.failures.clear(tenantId, side, [recordId]);
        } else {
          const { attempts: _attempts, ...known } = failure;
          await store.failures.setAside(tenantId, [{ ...known, reason: read.reason, failedAt: new Date() }]);
        }
      },
      { concurrency: READS },
    );
  }

  /** All names that may match one of these are in its bucket, so that buckets are decided whole. */
  async function match(tenant: Connected, ids: readonly string[]): Promise<void> {
    const { id: tenantId, settings, connection } = tenant;
    const contacts = await store.contacts.sageByIds(tenantId, ids);
    const account = await store.accounts.get(tenantId);
    const { create } = createPartyCreator(deps, {
      ...{ tenantId, importNumber: connection.number, account, run: '' },
      ...{ teamId: settings.defaultTeamId, priority: 'interactive' },
    });
    const known = { links: true, markers: true, reviews: true, failures: true };
    for (const bucket of new Set(contacts.map((contact) => contact.bucket))) {
      await matchRange({ store, tenantId, settings, account, run: '', known, create }, bucket, bucket + 1);
    }
  }

  /** Where each contact has got to. One that has got anywhere is no longer set aside. */
  async function ends(tenantId: string, ids: readonly string[]): Promise<Omit<RetryOutcome, 'waitMs'>> {
    const [links, reviews, mirrored] = await Promise.all([
      store.links.bySageContacts(tenantId, ids),
      store.reviews.among(tenantId, ids),
      store.contacts.sageByIds(tenantId, ids),
    ]);
    const excluded = mirrored.filter((contact) => contact.excluded !== null).map(({ record }) => record.id);
    const created = links.filter(({ origin }) => origin === 'created').length;
    const done = [...links.map(({ sageContactId }) => sageContactId), ...reviews.open, ...excluded];
    await store.failures.clear(tenantId, 'capsule', done);
    const left = await store.failures.among(
      tenantId,
      ids.flatMap((recordId) => [
        { side: 'capsule' as const, recordId },
        { side: 'sage' as const, recordId },
      ]),
    );
    return {
      ...{ retried: ids.length, linked: links.length - created, created },
      ...{ review: reviews.open.size, excluded: excluded.length, failed: left.length },
    };
  }
}

/** @throws VendorError when Sage takes no requests now */
async function readContact(sage: SageClient, id: string): Promise<Read> {
  try {
    return { contact: await sage.getContact(id) };
  } catch (error) {
    if (error instanceof ZodError) return { reason: UNREADABLE };
    if (!(error instanceof VendorError)) throw error;
    if (error.kind === 'missing') return { gone: true };
    if (error.kind === 'rejected' || error.kind === 'forbidden' || error.kind === 'conflict')
      return { reason: `Sage refused to show it: ${error.reason}` };
    throw error;
  }
}

const UNREADABLE = 'Sage sent this contact in a form that could not be read.';
