import { type ActivityDeps } from './deps';
import { withHeartbeat } from './heartbeat';

export function createEraseTenant({ store, keeper, log }: ActivityDeps) {
  return {
    /**
     * R32: ends every grant of the tenant at its vendor, then erases every document. Running it again erases
     * what came in between.
     */
    async eraseTenant(tenantId: string): Promise<void> {
      await withHeartbeat(async () => {
        for (const id of await store.grants.idsOf(tenantId)) await keeper.revoke(id);
        const erased = await store.eraseTenant(tenantId);
        log.info({ tenantId, erased }, 'tenant erased');
      });
    },
  };
}
