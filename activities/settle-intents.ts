import { type ConnectedTenant } from './adder';
import { type ActivityDeps, connectedTenant } from './deps';
import { withHeartbeat } from './heartbeat';
import { type ImportInput } from './prepare-import';
import { settleCreates, type SettleResult } from './settle';
import { settleAdding } from './settle-adding';

/** Intents looked at in one go; more than one crash can leave behind. */
const BATCH = 1_000;
const ADDING_MS = 1_000;

export function createSettleIntents(deps: ActivityDeps) {
  const { store } = deps;
  return {
    /** Finds out what became of the creates of an import whose answer was lost (R29). */
    async settleIntents({ tenantId, importNumber }: ImportInput): Promise<SettleResult> {
      const tenant = await connectedTenant(store, tenantId);
      const intents = await store.intents.list(tenantId, 'capsule', BATCH);
      if (intents.length === 0) return withHeartbeat<null, SettleResult>(() => waitForAdding(tenant));
      await store.tenants.updateImport(tenantId, { step: 'settling' });
      return withHeartbeat<null, SettleResult>(() =>
        settleCreates(
          deps,
          {
            ...{ tenantId, importNumber, priority: 'bulk', run: `import-${importNumber}` },
            teamId: tenant.settings.defaultTeamId,
          },
          intents,
        ),
      );
    },
  };

  /** Contacts that people are putting into Sage beside the import (R15), or were before it began. */
  async function waitForAdding(tenant: ConnectedTenant): Promise<SettleResult> {
    const remaining = await settleAdding(deps, tenant);
    return { remaining, waitMs: remaining > 0 ? ADDING_MS : 0 };
  }
}
