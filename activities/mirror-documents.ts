import { type DocumentKind, kindsFor } from '../shared/domain/invoices';
import { londonDay } from '../shared/domain/london-day';
import { type DocumentList } from '../shared/store/document-lists';
import { takeChanged, takeDeleted, takeOpen } from './catch-up-documents';
import { type ActivityDeps, connectedTenant } from './deps';
import { type Mirror } from './document-pages';
import { withHeartbeat } from './heartbeat';
import { type ListingCursor, listWhole } from './list-documents';
import { reckonAll, reckonStale } from './reckon-figures';

export interface MirrorInput {
  tenantId: string;
  /** Left out: all that the tenant's settings allow. */
  kinds?: DocumentKind[];
  /**
   * `since`: what changed, a call per kind when nothing did. `sweep`: deletions, and what is still owed, too. `all`:
   * everything anew. A kind that was never mirrored is listed whole in any case.
   */
  mode: 'all' | 'since' | 'sweep';
}

export interface MirrorOutcome {
  /** False when a list broke off, repeated or shrank (R27): its watermark has stayed. */
  complete: boolean;
}

interface Cursor {
  done: DocumentKind[];
  complete: boolean;
  listing: ListingCursor | null;
  /** All figures are being reckoned: those up to this contact are. */
  after: string | null;
}

const BEGIN: Cursor = { done: [], complete: true, listing: null, after: null };

/** Kinds that are asked for at every pass; the rarer ones and deletions wait for the sweep. */
export const FREQUENT_KINDS: DocumentKind[] = ['sales_invoice', 'sales_credit_note', 'purchase_invoice'];

export function createMirrorDocuments({
  store,
  vendors,
  intervals,
}: Pick<ActivityDeps, 'store' | 'vendors' | 'intervals'>) {
  return {
    /** Brings the mirror of Sage's documents up to date, page by page, and reckons the figures of whom that concerns. */
    async mirrorDocuments({ tenantId, kinds, mode }: MirrorInput): Promise<MirrorOutcome> {
      const { connection, settings } = await connectedTenant(store, tenantId);
      const sage = vendors.sage(tenantId, connection.businessId, 'bulk');
      const mirror: Mirror = { store, sage, tenantId, overlapMs: intervals.overlapMs };
      const wanted = kindsFor(settings).filter((kind) => !kinds || kinds.includes(kind));

      return withHeartbeat<Cursor, MirrorOutcome>(async ({ resumed, reached }) => {
        let cursor = resumed ?? BEGIN;
        const to = (next: Partial<Cursor>) => reached((cursor = { ...cursor, ...next }));
        for (const kind of wanted.filter((one) => !cursor.done.includes(one))) {
          const list = await store.documentLists.get(tenantId, kind);
          const from = cursor.listing?.kind === kind ? cursor.listing : null;
          const whole = mode === 'all' || list.readTo === null || from !== null;
          const complete = whole
            ? await listWhole(mirror, kind, list.readTo === null, from, (listing) => to({ listing }))
            : await catchUp(mirror, kind, list, mode === 'sweep');
          to({ done: [...cursor.done, kind], listing: null, complete: cursor.complete && complete });
        }
        const today = londonDay(new Date());
        await reckonUnreckoned(mirror, wanted, today, cursor.after ?? '', (after) => to({ after }));
        await reckonStale(store, tenantId, today, () => to({}));
        return { complete: cursor.complete };
      });
    },
  };
}

/** After a first mirror, or one that was broken off: all contacts in one walk. */
async function reckonUnreckoned(
  { store, tenantId }: Mirror,
  kinds: readonly DocumentKind[],
  today: string,
  after: string,
  onBatch: (after: string) => void,
): Promise<void> {
  const lists = await Promise.all(kinds.map((kind) => store.documentLists.get(tenantId, kind)));
  const unreckoned = kinds.filter((_, index) => lists[index]?.unreckoned);
  if (unreckoned.length === 0) return;
  await reckonAll(store, tenantId, today, after, onBatch);
  for (const kind of unreckoned) await store.documentLists.advance(tenantId, kind, { unreckoned: false });
}

async function catchUp(
  mirror: Mirror,
  kind: DocumentKind,
  { readTo, deletedTo }: DocumentList,
  sweep: boolean,
): Promise<boolean> {
  // Both are set by the first whole listing.
  if (!readTo || !deletedTo) return false;
  const changed = await takeChanged(mirror, kind, readTo);
  if (!sweep) return changed;
  const deleted = await takeDeleted(mirror, kind, deletedTo);
  return (await takeOpen(mirror, kind)) && changed && deleted;
}
