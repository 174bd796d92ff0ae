/** Which kind of pass is due, and from when each side is read. */

/** A sweep lists everything; a deep one addresses and contact persons as well. */
export type PassKind = 'incremental' | 'sweep' | 'deep';

export interface PassHistory {
  /** When the last sweeps began that came to a complete end; null: never. */
  sweptAt: Date | null;
  deepSweptAt: Date | null;
  /** A person asked for a full one. */
  wantFull: boolean;
}

/** Milliseconds. */
export interface SweepIntervals {
  sweepMs: number;
  deepSweepMs: number;
}

export function duePass(history: PassHistory, intervals: SweepIntervals, now: Date): PassKind {
  if (isDue(history.deepSweptAt, intervals.deepSweepMs, now)) return 'deep';
  return history.wantFull || isDue(history.sweptAt, intervals.sweepMs, now) ? 'sweep' : 'incremental';
}

/** A time ahead of us comes from a clock that was set back: nothing is known then. */
function isDue(last: Date | null, everyMs: number, now: Date): boolean {
  const ageMs = last === null ? Infinity : now.getTime() - last.getTime();
  return ageMs >= everyMs || ageMs < 0;
}

/**
 * Where a delta begins: both vendors tell whole seconds, compare inclusively, and may show a change later than
 * they date it; so it looks back, and what was seen already is told by its content.
 * @param watermark the vendor's clock when the side was last read
 * @returns ISO 8601 UTC, whole seconds
 */
export function lookBack(watermark: Date, overlapMs: number): string {
  const seconds = Math.floor((watermark.getTime() - overlapMs) / 1_000);
  return `${new Date(Math.max(0, seconds) * 1_000).toISOString().slice(0, 19)}Z`;
}
