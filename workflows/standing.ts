import { setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import { defineSearchAttributeKey } from '@temporalio/common';
import { type SyncPhase } from '../shared/domain/types';
import { SEARCH_ATTRIBUTES } from '../shared/ids';
import { OneAtATime } from './one-at-a-time';
import { stored } from './options';

export const SYNC_PHASE = defineSearchAttributeKey(SEARCH_ATTRIBUTES.syncPhase, 'KEYWORD');

/** What the phase follows from. Of several that hold, the first in {@link phaseOf} is shown. */
export interface Conditions {
  /** A failure that only a person can end, R25. */
  stop: 'reconnect' | 'lapsed' | null;
  /** The operator's pause. */
  paused: boolean;
  /** R28: a pass waits for a decision. */
  breaker: boolean;
  imported: boolean;
}

/** What has been told to the world: it is told again only when it changes. */
export interface Told {
  phase: SyncPhase | null;
  /** Null until the import is done. */
  schedule: 'running' | 'paused' | null;
}

/** Said in the Temporal UI while no import runs; the schedule carries it as its note. */
const WORDS: Record<SyncPhase, string> = {
  disconnected: 'Disconnected.',
  importing: 'Importing.',
  active: 'In step. Edits travel by hooks, passes look for the rest.',
  paused: 'Paused by an operator: edits and passes wait.',
  reconnect: 'Waits until an administrator connects again. Nothing is lost.',
  lapsed: 'Waits for the Sage subscription; tried daily.',
  breaker: 'A pass waits for a decision: it would have unlinked or made again too many contacts.',
};

export type Standing = ReturnType<typeof createStanding>;

/**
 * Where a tenant's sync stands. Whatever changes a condition calls `settle`, which brings the stored phase, the
 * search attribute and the schedule of the passes in line; calls run one after the other.
 */
export function createStanding(tenantId: string, told: Told) {
  const conditions: Conditions = { stop: null, paused: false, breaker: false, imported: false };
  const steps = new OneAtATime();
  let { phase, schedule } = told;
  let details = 'Starting.';
  let inStep = WORDS.active;
  let closed = false;

  async function apply(): Promise<void> {
    if (closed) return;
    const next = phaseOf(conditions);
    if (phase !== next) {
      upsertSearchAttributes([{ key: SYNC_PHASE, value: next }]);
      if (next !== 'importing') say(next === 'active' ? inStep : WORDS[next]);
      // Before the schedule: a pass that finds another phase than `active` does nothing.
      await stored.setPhase(tenantId, next);
    }
    const wanted = next === 'active' ? 'running' : 'paused';
    if (conditions.imported && schedule !== wanted) {
      if (wanted === 'running') await stored.ensureSchedule(tenantId);
      else await stored.pauseSchedule(tenantId, WORDS[next]);
      schedule = wanted;
    }
    phase = next;
  }

  function say(words: string): void {
    details = words;
    setCurrentDetails(words);
  }

  return {
    conditions,
    say,
    /** What is said while nothing is in the way. */
    whenInStep(words: string): void {
      inStep = words;
    },
    settle: (): Promise<void> => steps.run('settle', apply),
    /** The connection ends: returns when nothing more is told, and the schedule is left to whoever ends it. */
    close(): Promise<void> {
      closed = true;
      return steps.run('settle', apply);
    },
    /** Small steps that must not be cut in two when the history begins anew. */
    step: <T>(name: string, work: () => Promise<T>): Promise<T> => steps.run(name, work),
    idle: (): boolean => steps.idle,
    /** Edits may travel, and an import may run. */
    open: (): boolean => conditions.stop === null && !conditions.paused,
    phase: (): SyncPhase => phase ?? phaseOf(conditions),
    details: (): string => details,
    told: (): Told => ({ phase, schedule }),
  };
}

function phaseOf({ stop, paused, breaker, imported }: Conditions): SyncPhase {
  if (stop) return stop;
  if (paused) return 'paused';
  if (!imported) return 'importing';
  return breaker ? 'breaker' : 'active';
}
