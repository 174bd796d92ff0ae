import { type ImportCounts } from './types';

/** What a run did on one side. */
export interface SideCounts {
  linked: number;
  created: number;
  updated: number;
  deleted: number;
  /** Left as it is by a rule: waits for a person, or is left out. */
  skipped: number;
  failed: number;
}

export interface RunCounts {
  capsule: SideCounts;
  sage: SideCounts;
}

export const SIDE_COUNTS = ['linked', 'created', 'updated', 'deleted', 'skipped', 'failed'] as const;

const NOTHING: SideCounts = { linked: 0, created: 0, updated: 0, deleted: 0, skipped: 0, failed: 0 };

export const NO_RUN_COUNTS: RunCounts = { capsule: NOTHING, sage: NOTHING };

/** An import writes to Capsule only. */
export function ofImport({ linked, created, review, excluded, failed }: ImportCounts): RunCounts {
  return {
    capsule: { ...NOTHING, linked, created, skipped: review + excluded, failed },
    sage: NOTHING,
  };
}
