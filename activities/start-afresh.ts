import { type ActivityDeps } from './deps';

export function createStartAfresh({ store, log }: ActivityDeps) {
  return {
    /**
     * Puts aside what is known of the business before (R24): its links end, and nothing of it may be matched,
     * shown or retried in the new one. The history of the contacts stays; what was owed goes from the records when
     * figures are next written.
     */
    async startAfresh(tenantId: string): Promise<void> {
      const ended = await store.links.endAll(tenantId, 'otherBusiness', new Date());
      await store.figures.endBusiness(tenantId);
      await store.forgetBusiness(tenantId);
      await store.tenants.startedAfresh(tenantId);
      log.info({ tenantId, ended }, 'another business: what was known of the one before is put aside');
    },
  };
}
