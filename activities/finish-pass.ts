import { type PassKind } from '../shared/domain/pass-plan';
import { type SideCounts } from '../shared/domain/run-counts';
import { type Watermarks } from '../shared/store/watermarks';
import { createRecountImport } from './count-import';
import { type ActivityDeps } from './deps';
import { openCreates } from './open-creates';
import { type Findings, type PassInput } from './pass';
import { figuresWait } from './sage-fields';

export interface FinishPassInput extends PassInput {
  kind: PassKind;
  outcome: 'complete' | 'partial' | 'stopped';
  read: Findings['read'];
  /** What it did in Capsule, beside what others added on the way. */
  counts: Partial<SideCounts>;
}

export function createFinishPass({ store, vendors, log }: ActivityDeps) {
  const figures = createRecountImport({ store, log });

  return {
    /**
     * Closes the run. Watermarks move only when everything was read to its end, and is durable by now (R27).
     * @returns whether figures wait to be written to Capsule
     */
    async finishPass(input: FinishPassInput): Promise<{ waits: boolean }> {
      const { tenantId, runId, kind, outcome, read, counts } = input;
      const at = new Date();
      const run = await store.runs.find(tenantId, runId);
      if (outcome === 'complete' && run?.outcome === 'running') {
        const swept: Partial<Watermarks> = kind === 'incremental' ? {} : { sweptAt: run.startedAt };
        const deep: Partial<Watermarks> = kind === 'deep' ? { deepSweptAt: run.startedAt } : {};
        const marks = Object.entries(read).map(([list, date]) => [list, new Date(date)] as const);
        await store.watermarks.advance(tenantId, {
          ...Object.fromEntries(marks),
          ...{ ...swept, ...deep, passedAt: at },
        });
      }
      await openCreates(store, tenantId);
      // A full pass that a person asked for is not dropped.
      const asked = outcome === 'stopped' && (await store.tenants.find(tenantId))?.passes?.full === true;
      if (asked) await store.tenants.requestPass(tenantId, true);
      await store.runs.close(tenantId, runId, { outcome, at, capsule: counts, sage: {} });
      await figures.recountImport(tenantId);
      for (const vendor of ['sage', 'capsule'] as const) {
        await store.quotas.save(tenantId, { vendor, ...vendors.pacerOf(tenantId, vendor).snapshot() });
      }
      return { waits: await figuresWait(store, tenantId) };
    },
  };
}
