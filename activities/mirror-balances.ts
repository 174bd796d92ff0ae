import { otherItemsOf, shownFigures } from '../shared/domain/invoice-totals';
import { londonDay } from '../shared/domain/london-day';
import { type ContactBalance } from '../shared/sage/documents';
import { type Store } from '../shared/store';
import { type ActivityDeps, connectedTenant } from './deps';
import { walkPages } from './document-pages';
import { withHeartbeat } from './heartbeat';
import { reckonStale } from './reckon-figures';
import { figuresWait } from './sage-fields';

export function createMirrorBalances({ store, vendors }: Pick<ActivityDeps, 'store' | 'vendors'>) {
  return {
    /**
     * Reads Sage's own balance of every contact, in a call for each 200. To be run right after the documents: what they
     * do not explain of a balance counts as other items until the next time.
     */
    async mirrorBalances({ tenantId }: { tenantId: string }): Promise<{ complete: boolean; waits: boolean }> {
      const { connection } = await connectedTenant(store, tenantId);
      const sage = vendors.sage(tenantId, connection.businessId, 'bulk');
      return withHeartbeat<null, { complete: boolean; waits: boolean }>(async ({ reached }) => {
        await reckonStale(store, tenantId, londonDay(new Date()));
        const erased = await store.contacts.erased(tenantId);
        const { date, complete } = await walkPages(
          (page) => sage.listBalances(page),
          ({ contactId }) => contactId,
          (rows) =>
            takeBalances(
              store,
              tenantId,
              rows.filter(({ contactId }) => !erased.has(contactId)),
            ),
          undefined,
          () => reached(null),
        );
        if (complete) await store.documentLists.advance(tenantId, 'contact_balance', { readTo: date });
        return { complete, waits: await figuresWait(store, tenantId) };
      });
    },
  };
}

/** Saves what balances hold beside the documents, where that changed. @param askedAt when just these contacts were asked for, by our clock */
export async function takeBalances(
  store: Store,
  tenantId: string,
  rows: readonly ContactBalance[],
  askedAt?: Date,
): Promise<void> {
  const ids = rows.map(({ contactId }) => contactId);
  const known = new Map((await store.figures.get(tenantId, ids)).map((one) => [one.sageContactId, one]));
  const told = rows.flatMap(({ contactId, balance }) => {
    const before = known.get(contactId);
    const otherItems =
      balance === null ? (before?.otherItems ?? 0) : otherItemsOf(balance, before?.explained ?? 0);
    if (otherItems === (before?.otherItems ?? 0) && !askedAt) return [];
    const shown = shownFigures(before?.debts ?? [], otherItems);
    const asked = askedAt ? { askedAt } : {};
    return [{ sageContactId: contactId, mark: before?.mark ?? null, otherItems, shown, ...asked }];
  });
  await store.figures.saveBalances(tenantId, told);
}
