import { isBalanced } from '../shared/domain/import-counts';
import { ofImport } from '../shared/domain/run-counts';
import { type ImportCounts } from '../shared/domain/types';
import { type ActivityDeps, connectedTenant } from './deps';
import { countImport } from './count-import';
import { openCreates } from './open-creates';
import { type ImportInput } from './prepare-import';

export interface FinishInput extends ImportInput {
  /** False when a listing could not be proven complete (R27): the run is called partial. */
  complete: boolean;
}

export function createFinishImport({ store, log }: ActivityDeps) {
  return {
    /** Counts the outcome from the store itself, not from what was counted on the way, and closes the run. */
    async finishImport({ tenantId, importNumber, complete }: FinishInput): Promise<ImportCounts> {
      await connectedTenant(store, tenantId);
      await setAsideUnsettled(tenantId);
      const counts = await countImport(store, tenantId);
      const finishedAt = new Date();
      const balanced = isBalanced(counts);
      if (!balanced) log.error({ tenantId, counts }, 'the import does not account for everybody');
      await store.runs.finish(
        tenantId,
        `import-${importNumber}`,
        complete && balanced ? 'complete' : 'partial',
        finishedAt,
        ofImport(counts),
      );
      await store.tenants.updateImport(tenantId, { ...counts, step: 'done', finishedAt, waitingUntil: null });
      return counts;
    },
  };

  /** What no patience could settle is shown to a person; the intent stays, so that nothing is sent twice. */
  async function setAsideUnsettled(tenantId: string): Promise<void> {
    const open = await openCreates(store, tenantId);
    const contacts = await store.contacts.sageByIds(
      tenantId,
      open.map(({ sourceId }) => sourceId),
    );
    const failedAt = new Date();
    await store.failures.setAside(
      tenantId,
      contacts.map(({ record }) => ({
        ...{ side: 'capsule' as const, recordId: record.id, work: 'create' as const, name: record.name },
        ...{ failedAt, retryAt: null },
        reason: 'Capsule has not said whether it made this contact, and it cannot be found there yet.',
      })),
    );
  }
}
