/** Where a sandbox takes its time from. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}

/** A clock that runs with the system's and can be set ahead, so that tests need not wait for an expiry. */
export interface SettableClock extends Clock {
  advance(ms: number): void;
}

export function createClock(): SettableClock {
  let ahead = 0;
  return {
    now: () => Date.now() + ahead,
    advance: (ms) => {
      ahead += ms;
    },
  };
}

/** `YYYY-MM-DDThh:mm:ssZ`: both vendors tell whole seconds. */
export const isoSeconds = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;
