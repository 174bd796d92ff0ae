import { type DocumentKind, type SageDocument } from '../shared/domain/invoices';
import {
  dropDocuments,
  idOfDocument,
  type Mirror,
  reportUnreadable,
  takeDocuments,
  walkPages,
  withoutErased,
} from './document-pages';
import { type Owner } from '../shared/store/invoices';

/** How often a whole listing is begun again before it is called partial (R27). */
const LISTINGS = 3;

/** How far a whole listing has come. */
export interface ListingCursor {
  kind: DocumentKind;
  attempt: number;
  /** Number of the listing. */
  seen: number;
  page: number;
  rows: number;
  /** Sage's clock at the first page, ISO 8601; null before. */
  date: string | null;
}

/**
 * Mirrors all documents of a kind, and forgets those that are gone.
 * @param first no listing of the kind was ever complete: most that comes is new, and the figures of all contacts are
 *   reckoned afterwards
 * @returns whether the listing was proven complete
 */
export async function listWhole(
  mirror: Mirror,
  kind: DocumentKind,
  first: boolean,
  resumed: ListingCursor | null,
  reached: (cursor: ListingCursor) => void,
): Promise<boolean> {
  const { store, tenantId, sage } = mirror;
  if (first) await store.documentLists.advance(tenantId, kind, { unreckoned: true });
  for (let attempt = resumed?.attempt ?? 1; attempt <= LISTINGS; attempt += 1) {
    const from = resumed?.attempt === attempt ? resumed : null;
    const seen = from?.seen ?? (await store.documentLists.begin(tenantId, kind));
    const { date, complete, unreadable } = await walkPages(
      (page) => sage.listDocuments(kind, page),
      idOfDocument,
      async (rows, page) => {
        await (first ? takeNew(mirror, rows) : takeDocuments(mirror, rows));
        // The very first listing has nothing before it.
        if (seen > 1) await store.documentLists.noteSeen(tenantId, kind, seen, page, rows.map(idOfDocument));
      },
      { page: from?.page ?? 1, rows: from?.rows ?? 0, date: from?.date ? new Date(from.date) : null },
      (at) => reached({ kind, attempt, seen, page: at.page, rows: at.rows, date: at.date.toISOString() }),
    );
    await reportUnreadable(mirror, kind, unreadable);
    if (!complete) continue;
    if (seen > 1) await dropUnseen(mirror, kind, seen, date, new Set(unreadable));
    await store.documentLists.forgetSeen(tenantId, kind);
    await store.documentLists.advance(tenantId, kind, { readTo: date, deletedTo: date });
    return true;
  }
  return false;
}

/** @param began Sage's clock at the first page: what was made since may have come into the mirror behind its back */
async function dropUnseen(
  mirror: Mirror,
  kind: DocumentKind,
  listing: number,
  began: Date,
  unreadable: ReadonlySet<string>,
): Promise<void> {
  const { store, tenantId } = mirror;
  const seen = await store.documentLists.seen(tenantId, kind, listing);
  const isGone = ({ id, createdAt }: Owner): boolean =>
    !seen.has(id) && !unreadable.has(id) && Date.parse(createdAt) < began.getTime();
  for await (const batch of store.invoices.ownersOf(tenantId, kind)) {
    await dropDocuments(mirror, batch.filter(isGone));
  }
}

/** Inserting is several times cheaper than comparing; only what is there already is compared. */
async function takeNew(mirror: Mirror, rows: readonly SageDocument[]): Promise<void> {
  const wanted = withoutErased(mirror, rows);
  const known = await mirror.store.invoices.insert(mirror.tenantId, wanted);
  if (mirror.tally) {
    const ids = new Set(known.map(({ id }) => id));
    mirror.tally.add(wanted.filter(({ id }) => !ids.has(id)));
    // Somebody else took it, or it came twice: the contact is reckoned from what is stored.
    const contactIds = new Set(known.map(({ contactId }) => contactId));
    await mirror.store.figures.markStale(mirror.tenantId, [...contactIds]);
  }
  await takeDocuments(mirror, known);
}
