import { Context } from '@temporalio/activity';

/** Well below every heartbeat timeout of workflows/options. */
const INTERVAL_MS = 2_000;

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
  try {
    return await Promise.race([
      work({
        resumed: cursor ?? null,
        reached(next) {
          cursor = next;
          beat();
          context.cancellationSignal.throwIfAborted();
        },
      }),
      context.cancelled,
    ]);
  } finally {
    clearInterval(timer);
  }
}
