import { figuresRuleOf } from '../shared/domain/record-figures';
import { type Store } from '../shared/store';
import { bringFigures } from './bring-figures';
import { type ActivityDeps, connectedTenant } from './deps';
import { areFieldsThere, figureFieldsOf } from './figure-fields';
import { withHeartbeat } from './heartbeat';

/** Figures that are looked at together. */
const BATCH = 50;
/** Work is handed back after this time, so that the history of the workflow may begin anew. */
const SLICE_MS = 30_000;

export function createSageFields(deps: ActivityDeps) {
  const { store, vendors } = deps;

  return {
    /**
     * Brings the figures that changed to the Capsule records: *Sage balance*, *Sage overdue* and *Sage invoices* under
     * the DataTag *Sage*. Only what differs is written, in the quota that others leave (R30); a record that refuses
     * is set aside alone (R26). Running it again writes nothing.
     * @returns whether more waits
     */
    async writeFigures({ tenantId }: { tenantId: string }): Promise<{ more: boolean }> {
      const tenant = await connectedTenant(store, tenantId);
      if (!(await figuresWait(store, tenantId))) return { more: false };
      const capsule = vendors.capsule(tenantId, 'bulk');
      return withHeartbeat<null, { more: boolean }>(async ({ reached }) => {
        const until = Date.now() + SLICE_MS;
        const fields = await figureFieldsOf(deps, capsule, tenant);
        while (Date.now() < until) {
          const batch = await store.figures.pending(tenantId, BATCH);
          if (batch.length === 0) return { more: false };
          const { refused } = await bringFigures({ deps, tenantId, capsule, fields }, batch);
          if (refused && !(await areFieldsThere(deps, capsule, tenantId, fields))) break;
          reached(null);
        }
        return { more: true };
      });
    },
  };
}

/** Whether figures wait to be brought to records, or the settings have changed what is to stand there. */
export async function figuresWait(store: Store, tenantId: string): Promise<boolean> {
  if (await store.figures.anyPending(tenantId)) return true;
  const tenant = await store.tenants.find(tenantId);
  if (tenant?.import?.step !== 'done') return false;
  const { figures } = await store.accounts.get(tenantId);
  return figures !== null && figures.rule !== figuresRuleOf(tenant.settings);
}
