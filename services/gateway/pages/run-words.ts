import { SIDE_COUNTS, type SideCounts } from '../../../shared/domain/run-counts';
import { type Run } from '../../../shared/store/runs';
import { number } from './format';

/** Runs in words. */

export function kindOfRun({ kind, deep }: Run): string {
  switch (kind) {
    case 'import':
      return 'Import';
    case 'incremental':
      return 'Pass over what changed';
    case 'sweep':
      return deep ? 'Full pass with addresses' : 'Full pass';
    case 'push':
      return 'Edits from Capsule';
  }
}

export const OUTCOMES: Record<Run['outcome'], string> = {
  running: 'Under way',
  complete: 'Complete',
  partial: 'Partial',
  stopped: 'Stopped',
};

export const WHAT: Record<keyof SideCounts, string> = {
  linked: 'linked',
  created: 'created',
  updated: 'updated',
  deleted: 'deleted',
  skipped: 'left as they are',
  failed: 'set aside',
};

/** `12 linked, 3 created`; empty when nothing was done. */
export const inWords = (counts: SideCounts): string =>
  SIDE_COUNTS.filter((name) => counts[name] > 0)
    .map((name) => `${number(counts[name])} ${WHAT[name]}`)
    .join(', ');
