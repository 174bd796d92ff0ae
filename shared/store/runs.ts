import { type Collection, type Db } from 'mongodb';
import { type ImportCounts } from '../domain/types';

export type RunOutcome = 'running' | 'complete' | 'partial' | 'stopped';

/** One import or pass of a tenant. */
export interface Run {
  /** Holds no slash; unique within the tenant, e.g. `import-1`. */
  id: string;
  kind: 'import';
  startedAt: Date;
  finishedAt: Date | null;
  outcome: RunOutcome;
  counts: ImportCounts | null;
}

type RunDocument = Omit<Run, 'id'> & { _id: string; tenant: string; runId: string };

export function createRunRepository(db: Db) {
  const runs: Collection<RunDocument> = db.collection('runs');

  return {
    async createIndexes(): Promise<void> {
      await runs.createIndex({ tenant: 1, startedAt: -1 }, { name: 'newest_first' });
    },

    /** Opens a run; one that is open already keeps its start. */
    async start(tenant: string, id: string, kind: Run['kind'], now: Date): Promise<void> {
      await runs.updateOne(
        { _id: `${tenant}/${id}` },
        {
          $setOnInsert: {
            tenant,
            runId: id,
            kind,
            startedAt: now,
            finishedAt: null,
            outcome: 'running',
            counts: null,
          },
        },
        { upsert: true },
      );
    },

    async finish(
      tenant: string,
      id: string,
      outcome: RunOutcome,
      counts: ImportCounts,
      now: Date,
    ): Promise<void> {
      await runs.updateOne({ _id: `${tenant}/${id}` }, { $set: { outcome, counts, finishedAt: now } });
    },

    async find(tenant: string, id: string): Promise<Run | null> {
      const document = await runs.findOne({ _id: `${tenant}/${id}` });
      if (!document) return null;
      const { runId, kind, startedAt, finishedAt, outcome, counts } = document;
      return { id: runId, kind, startedAt, finishedAt, outcome, counts };
    },
  };
}
