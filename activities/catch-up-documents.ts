import pMap from 'p-map';
import { type DocumentKind, isPurchase, isQuote } from '../shared/domain/invoices';
import { isVendorError } from '../shared/http/vendor-error';
import { SAGE_PAGE_SIZE } from '../shared/sage/client';
import { tellsDeletions } from '../shared/sage/documents';
import { type Owner } from '../shared/store/invoices';
import { dropDocuments, idOfDocument, type Mirror, takeDocuments, walkPages } from './document-pages';

const AT_ONCE = 4;

/** Takes what changed since the list was last read. @returns whether that was all */
export async function takeChanged(mirror: Mirror, kind: DocumentKind, readTo: Date): Promise<boolean> {
  const { store, tenantId, sage, overlapMs } = mirror;
  const since = new Date(readTo.getTime() - overlapMs);
  const { date, complete } = await walkPages(
    (page) => sage.listDocuments(kind, page, { since }),
    idOfDocument,
    (rows) => takeDocuments(mirror, rows),
  );
  if (complete) await store.documentLists.advance(tenantId, kind, { readTo: date });
  return complete;
}

/** Takes deletions, for kinds of which Sage tells them. @returns whether those were all */
export async function takeDeleted(mirror: Mirror, kind: DocumentKind, deletedTo: Date): Promise<boolean> {
  if (!tellsDeletions(kind)) return true;
  const { store, tenantId, sage, overlapMs } = mirror;
  const since = new Date(deletedTo.getTime() - overlapMs);
  const { date, complete } = await walkPages(
    (page) => sage.listDeletedDocuments(kind, page, since),
    (id) => id,
    async (ids) => dropDocuments(mirror, await store.invoices.owners(tenantId, ids)),
  );
  if (complete) await store.documentLists.advance(tenantId, kind, { deletedTo: date });
  return complete;
}

/**
 * Lists what is still owed once more: it is unproven that a payment moves an invoice's `updated_at` (reference
 * sage-api §10.9). What the mirror holds as open and these lists do not show has been settled: it is read again.
 * @returns whether the lists were complete; otherwise nothing is concluded from an absence
 */
export async function takeOpen(mirror: Mirror, kind: DocumentKind): Promise<boolean> {
  const { store, tenantId, sage } = mirror;
  const listed = new Set<string>();
  for (const status of openStatuses(kind)) {
    const { complete, unreadable } = await walkPages(
      (page) => sage.listDocuments(kind, page, { status }),
      idOfDocument,
      async (rows) => {
        rows.forEach(({ id }) => listed.add(id));
        await takeDocuments(mirror, rows);
      },
    );
    unreadable.forEach((id) => listed.add(id));
    if (!complete) return false;
  }
  const settled: Owner[] = [];
  for await (const batch of store.invoices.openOnes(tenantId, kind)) {
    settled.push(...batch.filter(({ id }) => !listed.has(id)));
  }
  await takeSettled(mirror, kind, settled);
  return true;
}

/** Statuses of documents that somebody owes; only purchases are disputed (§5, A). */
function openStatuses(kind: DocumentKind): string[] {
  if (isQuote(kind)) return [];
  const disputed = isPurchase(kind) ? ['DISPUTED'] : [];
  return ['UNPAID', 'PART_PAID', ...disputed];
}

/** One by one, or all of their time at once where that takes fewer calls. */
async function takeSettled(mirror: Mirror, kind: DocumentKind, settled: readonly Owner[]): Promise<void> {
  const { store, tenantId, sage } = mirror;
  if (settled.length === 0) return;
  const pages = (await store.invoices.count(tenantId, kind)) / SAGE_PAGE_SIZE;
  if (settled.length > Math.max(AT_ONCE, pages)) {
    const dates = settled.map(({ date }) => date).sort();
    await walkPages(
      (page) => sage.listDocuments(kind, page, { from: dates[0], to: dates.at(-1) }),
      idOfDocument,
      (rows) => takeDocuments(mirror, rows),
    );
    return;
  }
  await pMap(settled, (owner) => takeSingle(mirror, kind, owner), { concurrency: AT_ONCE });
}

async function takeSingle(mirror: Mirror, kind: DocumentKind, owner: Owner): Promise<void> {
  try {
    await takeDocuments(mirror, [await mirror.sage.getDocument(kind, owner.id)]);
  } catch (error) {
    if (!isVendorError(error, 'missing')) throw error;
    await dropDocuments(mirror, [owner]);
  }
}
