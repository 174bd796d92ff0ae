import { type Collection, type Db } from 'mongodb';
import { NO_RUN_COUNTS, type RunCounts, SIDE_COUNTS, type SideCounts } from '../domain/run-counts';
import { type Vendor } from '../ids';
import { type Page, pageOf } from './page';

export type RunOutcome = 'running' | 'complete' | 'partial' | 'stopped';
export type RunKind = 'import' | 'incremental' | 'sweep' | 'push';

/** One import or pass of a tenant, or an hour's pushes. */
export interface Run {
  /** Holds no slash; unique within the tenant, e.g. `import-1`, `pass-12`, `push-2026112216`. */
  id: string;
  kind: RunKind;
  /** A sweep that read addresses and persons as well. */
  deep: boolean;
  startedAt: Date;
  finishedAt: Date | null;
  outcome: RunOutcome;
  counts: RunCounts;
}

type RunDocument = Omit<Run, 'id'> & { _id: string; tenant: string; runId: string };

export function createRunRepository(db: Db) {
  const runs: Collection<RunDocument> = db.collection('runs');
  const idOf = (tenant: string, id: string) => `${tenant}/${id}`;

  return {
    async createIndexes(): Promise<void> {
      await runs.createIndex({ tenant: 1, startedAt: -1 }, { name: 'newest_first' });
    },

    /** Opens a run; one that is open already keeps its start and its figures. */
    async start(tenant: string, id: string, kind: RunKind, now: Date, deep = false): Promise<void> {
      const fresh = { tenant, runId: id, kind, deep, startedAt: now, finishedAt: null };
      await runs.updateOne(
        { _id: idOf(tenant, id) },
        { $setOnInsert: { ...fresh, outcome: 'running', counts: NO_RUN_COUNTS } },
        { upsert: true },
      );
    },

    /** Opens a run that has no end of its own, such as an hour's pushes, or goes on with it: complete at any time. */
    async goOn(tenant: string, id: string, kind: RunKind, now: Date): Promise<void> {
      const fresh = { tenant, runId: id, kind, deep: false, startedAt: now, counts: NO_RUN_COUNTS };
      await runs.updateOne(
        { _id: idOf(tenant, id) },
        { $setOnInsert: fresh, $set: { outcome: 'complete', finishedAt: now } },
        { upsert: true },
      );
    },

    /** Adds to the figures of a run. */
    async add(tenant: string, id: string, side: Vendor, counts: Partial<SideCounts>): Promise<void> {
      const add = SIDE_COUNTS.filter((name) => counts[name]).map((name) => [
        `counts.${side}.${name}`,
        counts[name],
      ]);
      if (add.length === 0) return;
      await runs.updateOne({ _id: idOf(tenant, id) }, { $inc: Object.fromEntries(add) as never });
    },

    /** @param counts puts these in the place of the figures; left out, they stay */
    async finish(
      tenant: string,
      id: string,
      outcome: RunOutcome,
      now: Date,
      counts?: RunCounts,
    ): Promise<void> {
      await runs.updateOne({ _id: idOf(tenant, id) }, { $set: { outcome, finishedAt: now, counts } });
    },

    /**
     * Ends a run that is under way and adds to its figures, once: run again it changes nothing.
     * @returns false when it had ended before
     */
    async close(
      tenant: string,
      id: string,
      end: { outcome: RunOutcome; at: Date; capsule: Partial<SideCounts>; sage: Partial<SideCounts> },
    ): Promise<boolean> {
      const add = SIDE_COUNTS.flatMap((name) => [
        [`counts.capsule.${name}`, end.capsule[name] ?? 0],
        [`counts.sage.${name}`, end.sage[name] ?? 0],
      ]);
      const { modifiedCount } = await runs.updateOne(
        { _id: idOf(tenant, id), outcome: 'running' },
        { $set: { outcome: end.outcome, finishedAt: end.at }, $inc: Object.fromEntries(add) as never },
      );
      return modifiedCount === 1;
    },

    /** Whatever is under way has been stopped from outside. */
    async stopRunning(tenant: string, now: Date): Promise<void> {
      await runs.updateMany(
        { tenant, outcome: 'running' },
        { $set: { outcome: 'stopped', finishedAt: now } },
      );
    },

    async find(tenant: string, id: string): Promise<Run | null> {
      const document = await runs.findOne({ _id: idOf(tenant, id) });
      return document && fromDocument(document);
    },

    /** Newest first. @param cursor of the page before */
    async page(tenant: string, options: { cursor?: string | null; limit: number }): Promise<Page<Run>> {
      const before = options.cursor ? { startedAt: { $lt: new Date(options.cursor) } } : {};
      const found = await runs
        .find({ tenant, ...before })
        .sort({ startedAt: -1 })
        .limit(options.limit + 1)
        .toArray();
      return pageOf(found.map(fromDocument), options.limit, ({ startedAt }) => startedAt.toISOString());
    },
  };
}

function fromDocument(document: RunDocument): Run {
  const { runId, kind, deep, startedAt, finishedAt, outcome, counts } = document;
  return { id: runId, kind, deep, startedAt, finishedAt, outcome, counts };
}
