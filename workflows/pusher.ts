import { condition, setHandler } from '@temporalio/workflow';
import { capsulePartiesChangedSignal } from './messages';
import { pushing } from './options';

export interface PusherGate {
  /** Whether edits may travel now; it is asked again whenever something happens in the workflow. */
  open: () => boolean;
  /** Returns when somebody may have mended what failed. @throws what nobody can mend */
  trouble: (error: unknown) => Promise<void>;
  /** Takes parties that carry the tag *Add to Sage* (R15). */
  tagged?: (partyIds: number[]) => void | Promise<void>;
}

export interface Pusher {
  /** Nothing is under way: what has not been dealt with is in the store, or carried. */
  idle: () => boolean;
  /** Ids that only signals carried and that are not in the store yet: the next run of the workflow needs them. */
  carried: () => number[];
  /** Looks into the store, although nobody has signalled. */
  wake: () => void;
  /** Rejects with what cannot be mended, or when the workflow is cancelled; it never resolves. */
  done: Promise<never>;
}

/**
 * Carries edits from Capsule to Sage (R12) as long as the workflow lives: drains the hints in the store at the
 * start, which makes up for signals that were lost, and whenever somebody signals.
 * @param carried what the run before this one had left
 */
export function startPusher(tenantId: string, gate: PusherGate, carried: readonly number[] = []): Pusher {
  const ids = new Set(carried);
  let wanted = true;
  let working = false;

  setHandler(capsulePartiesChangedSignal, (partyIds) => {
    partyIds.forEach((id) => ids.add(id));
    wanted = true;
  });

  const done = work();
  // Whoever waits for it gets the failure; nobody waiting yet is no failure of its own.
  done.catch(() => undefined);
  const wake = () => {
    wanted = true;
  };
  return { idle: () => !working, carried: () => [...ids], wake, done };

  async function work(): Promise<never> {
    const { pushChanges } = pushing(tenantId);
    for (;;) {
      await condition(() => wanted && gate.open());
      const partyIds = [...ids];
      wanted = false;
      working = true;
      ids.clear();
      try {
        const { more, tagged } = await pushChanges({ tenantId, partyIds });
        if (more) wanted = true;
        if (tagged.length > 0) await gate.tagged?.(tagged);
      } catch (error) {
        // Not certain that they were taken down; twice does no harm.
        partyIds.forEach((id) => ids.add(id));
        wanted = true;
        working = false;
        await gate.trouble(error);
      } finally {
        working = false;
      }
    }
  }
}
