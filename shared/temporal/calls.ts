import { type Connection, defaultGrpcRetryOptions, makeGrpcRetryInterceptor } from '@temporalio/client';

/**
 * Calls of Temporal that can be brought to an end before their connection is closed. The client repeats a failed
 * call after a pause; one that is repeated on a closed connection throws where nobody can catch it, and the
 * process dies.
 */
export function createCalls() {
  const underWay = new Map<Promise<unknown>, AbortController>();
  const retries = defaultGrpcRetryOptions();
  let ending = false;

  return {
    /** For the options of the connection: a failed call is repeated as always, until the end. */
    interceptors: [
      makeGrpcRetryInterceptor({
        ...retries,
        retryableDecider: (attempt, status) => !ending && retries.retryableDecider(attempt, status),
      }),
    ],

    /** @throws what the call throws, and what isTemporalAway knows when it was not over by the deadline */
    async by<T>(connection: Connection, deadline: number, call: () => Promise<T>): Promise<T> {
      const abort = new AbortController();
      const going = connection.withAbortSignal(abort.signal, () => connection.withDeadline(deadline, call));
      underWay.set(going, abort);
      try {
        return await going;
      } finally {
        underWay.delete(going);
      }
    },

    /** Returns when no call is under way: soon, or after the pause in which one is; its deadline is the bound. */
    async end(): Promise<void> {
      ending = true;
      for (const abort of underWay.values()) abort.abort();
      await Promise.allSettled(underWay.keys());
    },
  };
}
