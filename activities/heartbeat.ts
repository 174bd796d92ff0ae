import { setTimeout as delay } from 'node:timers/promises';
import { Context } from '@temporalio/activity';

/** Well below every heartbeat timeout of workflows/options. */
const INTERVAL_MS = 2_000;
/** How long cancelled work may take to come to its next safe place. */
const ENDING_MS = 3_000;

export interface Heartbeat<Cursor> {
  /** Where the attempt before this one had got to, durably; null at the first. */
  resumed: Cursor | null;
  /** Call it when everything up to `cursor` is stored. Throws when the activity is cancelled. */
  reached: (cursor: Cursor) => void;
}

/**
 * Runs a long activity with a heartbeat that also beats while a vendor's limit is waited for.
 * The cursor is told to Temporal only after the work up to it is durable.
 */
export async function withHeartbeat<Cursor, Result>(
  work: (heartbeat: Heartbeat<Cursor>) => Promise<Result>,
): Promise<Result> {
  const context = Context.current();
  let cursor = context.info.heartbeatDetails as Cursor | undefined;
  const beat = () => context.heartbeat(cursor);
  const timer = setInterval(beat, INTERVAL_MS);
  const working = work({
    resumed: cursor ?? null,
    reached(next) {
      cursor = next;
      beat();
      context.cancellationSignal.throwIfAborted();
    },
  });
  try {
    return await Promise.race([working, context.cancelled]);
  } catch (error) {
    // What is under way shall have ended when the workflow is told so, unless a vendor keeps it waiting.
    if (context.cancellationSignal.aborted) await Promise.race([working.catch(() => null), delay(ENDING_MS)]);
    throw error;
  } finally {
    clearInterval(timer);
  }
}
