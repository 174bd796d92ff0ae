/** What a disconnect that clears fields is told to take, from the vendor's limit. */
export interface ClearingCost {
  /** Linked Capsule records. */
  records: number;
  /** Requests used of the window under way. */
  used: number;
  /** Requests a window allows; 0: no limit known. */
  limit: number;
  /** When the window ends; null when none has begun. */
  resetsAt: Date | null;
  now: Date;
}

/** Each record is read among ten, then its website rows, then it is written. */
const CALLS_PER_RECORD = 2.1;
/** Bulk work leaves a tenth of the limit to people (R30). */
const SHARE = 0.9;
const SECONDS_PER_CALL = 0.1;
const WINDOW_SECONDS = 3600;

/** Seconds until the Sage fields of all records are cleared, at the most. */
export function clearingTime({ records, used, limit, resetsAt, now }: ClearingCost): number {
  const calls = Math.ceil(records * CALLS_PER_RECORD);
  const work = Math.ceil(calls * SECONDS_PER_CALL);
  const perWindow = Math.floor(limit * SHARE);
  const ended = resetsAt === null || resetsAt <= now;
  const free = Math.max(0, perWindow - (ended ? 0 : used));
  if (perWindow === 0 || calls <= free) return work;
  const untilReset = ended ? WINDOW_SECONDS : Math.ceil((resetsAt.getTime() - now.getTime()) / 1000);
  const fullWindows = Math.ceil((calls - free) / perWindow) - 1;
  const rest = calls - free - fullWindows * perWindow;
  return untilReset + fullWindows * WINDOW_SECONDS + Math.ceil(rest * SECONDS_PER_CALL);
}
