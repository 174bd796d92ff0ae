import { type DocumentKind, kindsFor } from '../shared/domain/invoices';
import { londonDay } from '../shared/domain/london-day';
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
  /** Kinds that were empty when their listing began. */
  fresh: DocumentKind[];
  /** All figures are being reckoned: those up to this contact are. */
  after: string | null;
}

const BEGIN: Cursor = { done: [], complete: true, listing: null, fresh: [], after: null };

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
          const { readTo, deletedTo } = await store.documentLists.get(tenantId, kind);
          const whole =
            mode === 'all' || readTo === null || deletedTo === null || cursor.listing?.kind === kind;
          const complete = whole
            ? await listKind(kind)
            : await catchUp(mirror, kind, { readTo, deletedTo }, mode === 'sweep');
          to({ done: [...cursor.done, kind], listing: null, complete: cursor.complete && complete });
        }
        const today = londonDay(new Date());
        if (cursor.fresh.length > 0) {
          await reckonAll(store, tenantId, today, cursor.after ?? '', (after) => to({ after }));
        }
        await reckonStale(store, tenantId, today, () => to({}));
        return { complete: cursor.complete };

        async function listKind(kind: DocumentKind): Promise<boolean> {
          const from = cursor.listing?.kind === kind ? cursor.listing : null;
          if (!from && (await store.invoices.isEmpty(tenantId, kind))) to({ fresh: [...cursor.fresh, kind] });
          return listWhole(mirror, kind, cursor.fresh.includes(kind), from, (listing) => to({ listing }));
        }
      });
    },
  };
}

async function catchUp(
  mirror: Mirror,
  kind: DocumentKind,
  { readTo, deletedTo }: { readTo: Date; deletedTo: Date },
  sweep: boolean,
): Promise<boolean> {
  const changed = await takeChanged(mirror, kind, readTo);
  if (!sweep) return changed;
  const deleted = await takeDeleted(mirror, kind, deletedTo);
  return (await takeOpen(mirror, kind)) && changed && deleted;
}
