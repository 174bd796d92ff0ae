import { grantId } from '../shared/ids';
import { type ActivityDeps } from './deps';

export function createKeepAlive({ keeper, log }: ActivityDeps) {
  return {
    /**
     * Renews both grants when nothing else has for a day (R25): Sage ends one that rests for 31 days.
     * @throws VendorError unauthorised when one is dead
     */
    async keepGrantsAlive(tenantId: string): Promise<void> {
      for (const vendor of ['capsule', 'sage'] as const) {
        const renewed = await keeper.keepAlive(grantId(tenantId, vendor));
        if (renewed) log.info({ tenantId, vendor }, 'grant renewed for its own sake');
      }
    },
  };
}
