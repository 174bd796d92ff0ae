import { Context } from '@temporalio/activity';
import { DOCUMENT_KINDS, type DocumentKind, kindsFor } from '../shared/domain/invoices';
import { londonDay } from '../shared/domain/london-day';
import { type Store } from '../shared/store';
import { type DocumentList } from '../shared/store/document-lists';
import { unlessBusy } from './alone';
import { takeChanged, takeDeleted, takeOpen } from './catch-up-documents';
import { type ActivityDeps, connectedTenant } from './deps';
import { dropDocuments, type Mirror } from './document-pages';
import { type Heartbeat, withHeartbeat } from './heartbeat';
import { type ListingCursor, listWhole } from './list-documents';
import { createTally, makeFigures, reckonStale, walkFigures } from './reckon-figures';
import { figuresWait } from './sage-fields';

export interface MirrorInput {
  tenantId: string;
  /** Left out: all that the tenant's settings allow. */
  kinds?: readonly DocumentKind[];
  /**
   * `since`: what changed, a call per kind when nothing did. `sweep`: deletions, and what is still owed, too. `all`:
   * everything anew. A kind that was never mirrored is listed whole in any case.
   */
  mode: 'all' | 'since' | 'sweep';
}

export interface MirrorOutcome {
  /** False when a list broke off, repeated or shrank (R27): its watermark has stayed. */
  complete: boolean;
  /** Somebody else is at it: nothing was done. */
  busy: boolean;
  /** Figures wait to be written to Capsule. */
  waits: boolean;
}

interface Cursor {
  done: DocumentKind[];
  complete: boolean;
  listing: ListingCursor | null;
  /** All figures are being reckoned: those up to this contact are. */
  after: string | null;
}

const BEGIN: Cursor = { done: [], complete: true, listing: null, after: null };

/** Stands among the problems while documents or balances cannot be read. */
export const DOCUMENTS_PROBLEM = 'documents';

export function createMirrorDocuments({
  store,
  vendors,
  intervals,
}: Pick<ActivityDeps, 'store' | 'vendors' | 'intervals'>) {
  return {
    /**
     * Brings the mirror of Sage's documents up to date, page by page, and reckons the figures of whom that concerns.
     * One at a time for a tenant: a pass does not begin what the first mirror is about.
     */
    async mirrorDocuments(input: MirrorInput): Promise<MirrorOutcome> {
      const { tenantId } = input;
      const { workflowExecution, activityId } = Context.current().info;
      const owner = `${workflowExecution?.runId}/${activityId}`;
      const complete = await withHeartbeat<Cursor, boolean | null>((heartbeat) =>
        unlessBusy(store.leases, `documents/${tenantId}`, owner, () => mirror(input, heartbeat)),
      );
      const waits = await figuresWait(store, tenantId);
      return { complete: complete ?? false, busy: complete === null, waits };
    },
  };

  async function mirror(
    { tenantId, kinds, mode }: MirrorInput,
    { resumed, reached }: Heartbeat<Cursor>,
  ): Promise<boolean> {
    const { connection, settings, problems } = await connectedTenant(store, tenantId);
    const sage = vendors.sage(tenantId, connection.businessId, 'bulk');
    const { overlapMs } = intervals;
    const allowed = kindsFor(settings);
    const wanted = allowed.filter((kind) => !kinds || kinds.includes(kind));
    const today = londonDay(new Date());
    const mirrored: Mirror = {
      ...{ store, sage, tenantId, overlapMs },
      erased: await store.contacts.erased(tenantId),
      ...((await isUntouched(store, tenantId, resumed)) && { tally: createTally(today) }),
    };

    let cursor = resumed ?? BEGIN;
    const to = (next: Partial<Cursor>) => reached((cursor = { ...cursor, ...next }));
    for (const kind of DOCUMENT_KINDS.filter((one) => !allowed.includes(one))) await letGo(mirrored, kind);
    for (const kind of wanted.filter((one) => !cursor.done.includes(one))) {
      const list = await store.documentLists.get(tenantId, kind);
      const from = cursor.listing?.kind === kind ? cursor.listing : null;
      const whole = mode === 'all' || list.readTo === null || from !== null;
      const complete = whole
        ? await listWhole(mirrored, kind, list.readTo === null, from, (listing) => to({ listing }))
        : await catchUp(mirrored, kind, list, mode === 'sweep');
      to({ done: [...cursor.done, kind], listing: null, complete: cursor.complete && complete });
    }
    await reckonUnreckoned(mirrored, wanted, today, cursor.after ?? '', (after) => to({ after }));
    await reckonStale(store, tenantId, today, () => to({}));
    if (problems.some(({ code }) => code === DOCUMENTS_PROBLEM))
      await store.tenants.clearProblem(tenantId, DOCUMENTS_PROBLEM);
    return cursor.complete;
  }
}

/** R10: suppliers are left out by now, and their documents with them; they come back whole when that changes. */
async function letGo(mirror: Mirror, kind: DocumentKind): Promise<void> {
  const { store, tenantId } = mirror;
  if ((await store.documentLists.get(tenantId, kind)).readTo === null) return;
  for await (const batch of store.invoices.ownersOf(tenantId, kind)) await dropDocuments(mirror, batch);
  await store.documentLists.advance(tenantId, kind, { readTo: null, deletedTo: null });
}

/** Whether nothing has been mirrored yet: what comes now is all there is. */
async function isUntouched(store: Store, tenantId: string, resumed: Cursor | null): Promise<boolean> {
  if (resumed !== null) return false;
  const lists = await Promise.all(DOCUMENT_KINDS.map((kind) => store.documentLists.get(tenantId, kind)));
  return lists.every(({ listing }) => listing === 0);
}

/** After a first mirror: what was counted on the way; after one that was broken off all contacts, in one walk. */
async function reckonUnreckoned(
  { store, tenantId, tally }: Mirror,
  kinds: readonly DocumentKind[],
  today: string,
  after: string,
  onBatch: (after: string) => void,
): Promise<void> {
  const lists = await Promise.all(kinds.map((kind) => store.documentLists.get(tenantId, kind)));
  const unreckoned = kinds.filter((_, index) => lists[index]?.unreckoned);
  if (unreckoned.length === 0) return;
  const all = tally ? tally.figures() : walkFigures(store, tenantId, today, after);
  // What was counted comes in no order that one could go on in.
  await makeFigures(store, tenantId, all, ({ sageContactId }) => onBatch(tally ? after : sageContactId));
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
