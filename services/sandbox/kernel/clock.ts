/** Where a sandbox takes its time from. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}

/** A clock that runs with the system's and can be set ahead, so that tests need not wait for an expiry. */
export interface SettableClock extends Clock {
  advance(ms: number): void;
  /** Runs something that does not wait, such as a handler, at another time. */
  at<T>(time: number, run: () => T): T;
}

export function createClock(): SettableClock {
  let ahead = 0;
  let stopped: number | null = null;
  return {
    now: () => stopped ?? Date.now() + ahead,
    advance: (ms) => {
      ahead += ms;
    },
    at: (time, run) => {
      stopped = time;
      try {
        return run();
      } finally {
        stopped = null;
      }
    },
  };
}

/** `YYYY-MM-DDThh:mm:ssZ`: both vendors tell whole seconds. */
export const isoSeconds = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;
