import { isBalanced } from '../shared/domain/import-counts';
import { type ImportCounts } from '../shared/domain/types';
import { type Store } from '../shared/store';
import { type ActivityDeps } from './deps';

/** What became of a tenant's Sage contacts, counted from the store itself. `done` equals `total` at the end. */
export async function countImport(store: Store, tenantId: string): Promise<ImportCounts> {
  const [mirrored, links, open, merged, excluded, unreadable, refused] = await Promise.all([
    store.contacts.count(tenantId, 'sage'),
    store.links.countByOrigin(tenantId),
    store.reviews.countOpen(tenantId),
    store.reviews.countOpen(tenantId, 'merged'),
    store.contacts.countExcluded(tenantId),
    store.failures.countOf(tenantId, 'read'),
    store.failures.countOf(tenantId, 'create'),
  ]);
  // Whoever is linked is counted there, also while an edit of theirs is set aside.
  const failed = unreadable + refused;
  // Who waits because of a merge is linked until that is decided (R21).
  const review = open - merged;
  const { created } = links;
  const linked = links.linked + links.added + links.manual;
  const done = linked + created + review + excluded + failed;
  return { total: mirrored + unreadable, done, linked, created, review, excluded, failed };
}

export function createRecountImport({ store, log }: Pick<ActivityDeps, 'store' | 'log'>) {
  return {
    /**
     * Brings the figures of a finished import up to date after a decision, a retry or a pass. A running one
     * counts for itself, and once more at its end.
     * @returns whether figures wait to be written to Capsule
     */
    async recountImport(tenantId: string): Promise<{ waits: boolean }> {
      const tenant = await store.tenants.find(tenantId);
      if (tenant?.import?.step !== 'done') return { waits: false };
      const counts = await countImport(store, tenantId);
      if (!isBalanced(counts)) log.warn({ tenantId, counts }, 'the figures do not account for everybody');
      await store.tenants.updateImport(tenantId, { ...counts });
      return { waits: await store.figures.anyPending(tenantId) };
    },
  };
}
