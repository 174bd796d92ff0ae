import { type ActivityDeps } from './deps';
import { type RangeCounts } from './match-range';

/** Pages follow within this time; writing more often would only load the store. */
const EVERY_MS = 400;

/** Shows the figures of a running import and the limits' ledger on the tenant's pages, not too often. */
export function createProgress({ store, vendors, log }: ActivityDeps, tenantId: string) {
  let latest: RangeCounts | null = null;
  let writing: Promise<void> | null = null;
  let writtenAt = 0;

  async function write(): Promise<void> {
    if (!latest) return;
    const { linked, created, review, excluded, failed } = latest;
    latest = null;
    writtenAt = Date.now();
    const capsule = vendors.pacerOf(tenantId, 'capsule').snapshot();
    const sage = vendors.pacerOf(tenantId, 'sage').snapshot();
    await Promise.all([
      store.tenants.updateImport(tenantId, {
        ...{ step: 'matching', linked, created, review, excluded, failed },
        done: linked + created + review + excluded + failed,
        waitingUntil: capsule.waitingUntil ?? sage.waitingUntil,
      }),
      store.quotas.save(tenantId, { vendor: 'capsule', ...capsule }),
      store.quotas.save(tenantId, { vendor: 'sage', ...sage }),
    ]);
  }

  return {
    show(counts: RangeCounts): void {
      latest = counts;
      if (writing || Date.now() - writtenAt < EVERY_MS) return;
      writing = write()
        // A figure that could not be shown is no reason to fail the import.
        .catch((error: unknown) => log.warn({ tenantId, error }, 'progress could not be stored'))
        .finally(() => (writing = null));
    },

    /** Writes what is not written yet. */
    async flush(): Promise<void> {
      await writing;
      await write();
    },
  };
}
