import { type ImportCounts } from './types';

/** The figures of an import on their way: pure sums for the workflow, the pages and the progress bar. */

export const NO_COUNTS: Readonly<ImportCounts> = {
  total: 0,
  done: 0,
  linked: 0,
  created: 0,
  review: 0,
  excluded: 0,
  failed: 0,
};

/** Whether every Sage contact is accounted for: linked + created + review + excluded + failed = total. */
export function isBalanced({ total, linked, created, review, excluded, failed }: ImportCounts): boolean {
  return linked + created + review + excluded + failed === total;
}

export interface Progress {
  done: number;
  total: number;
  startedAtMs: number;
  nowMs: number;
  /** When a vendor's limit lets the work go on; null or past = it is going on. */
  waitingUntilMs?: number | null;
}

/**
 * Whole seconds until the work is done at the pace it has had so far, with the wait it stands in (R30).
 * @returns null while nothing is done yet: there is no pace to go by
 */
export function etaSeconds({ done, total, startedAtMs, nowMs, waitingUntilMs }: Progress): number | null {
  if (total > 0 && done >= total) return 0;
  if (done <= 0 || total <= 0) return null;
  const msEach = Math.max(0, nowMs - startedAtMs) / done;
  const waitMs = Math.max(0, (waitingUntilMs ?? 0) - nowMs);
  return Math.ceil((waitMs + msEach * (total - done)) / 1000);
}
