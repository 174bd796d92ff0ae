/** Where a process dies: at the `nth` call of the world that goes by this name. */
export interface Death {
  at: string;
  /** From 1. */
  nth: number;
  /** `before`: the call never reaches the world; `after`: it takes effect, and its answer is never seen. */
  moment: Moment;
}

export type Moment = 'before' | 'after';

/** Whether a call only asks the world: then it is the same before and after it. */
export const onlyAsks = (name: string): boolean => QUESTIONS.test(name);
/** When to die at a call: what only asks the world is the same before and after. */
export const momentsOf = (at: string): Moment[] => (onlyAsks(at) ? ['before'] : ['before', 'after']);

const QUESTIONS = /^Temporal\.completed|\.(count|aggregate|find(?!OneAnd)|get|list)\w*$/;

/** What the dead meet: nothing reaches the world any more, and whoever waits for it gets to know nothing. */
export class Killed extends Error {
  constructor() {
    super('the process is dead');
  }
}

export type Life = ReturnType<typeof createLife>;

/**
 * A process as far as the world can tell: the calls by which it reaches the world, and its end at one of them. What
 * had been sent by then takes its effect; everything after it fails without reaching anything, also what a `finally`
 * would tidy up, as with `kill -9`.
 * @param last where it dies; null: it lives
 */
export function createLife(last: Death | null = null) {
  const awaits = new Map<string, number>();
  const underWay = new Set<Promise<unknown>>();
  let dead = false;
  let die: () => void = () => undefined;
  const death = new Promise<never>((_, reject) => {
    die = () => {
      dead = true;
      reject(new Killed());
    };
  });
  // Nobody has to wait for it.
  death.catch(() => undefined);

  return {
    /** A call of the world. @throws Killed when it, or one before it, is the last */
    async reach<T>(name: string, call: () => Promise<T>): Promise<T> {
      if (dead) throw new Killed();
      const nth = (awaits.get(name) ?? 0) + 1;
      awaits.set(name, nth);
      const isLast = last?.at === name && last.nth === nth;
      if (isLast && last.moment === 'before') die();
      if (dead) throw new Killed();
      const going = call();
      underWay.add(going);
      const [answer] = await Promise.allSettled([going]);
      underWay.delete(going);
      if (isLast) die();
      // Whatever the world has answered.
      if (dead) throw new Killed();
      if (answer.status === 'rejected') throw answer.reason;
      return answer.value;
    },

    isDead: (): boolean => dead,
    /** What it does, unless it dies first. @throws Killed */
    until: <T>(work: Promise<T>): Promise<T> => Promise.race([work, death]),
    /** How often the world was called, by name. */
    awaits: (): ReadonlyMap<string, number> => awaits,
    /** Returns when all that was sent has arrived. */
    async atRest(): Promise<void> {
      while (underWay.size > 0) await Promise.allSettled(underWay);
    },
  };
}
