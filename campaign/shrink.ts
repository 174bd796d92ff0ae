import { type Plan, type Step } from './plan';
import { type Verdict } from './run';

/** Each try is a run: so many seconds of trying at most, and so many tries. */
const MOST_MS = 240_000;
const MOST_TRIES = 24;

export interface Shrunk {
  plan: Plan;
  wrong: string[];
  tries: number;
}

/**
 * Leaves out steps, many at once and then fewer, as long as the same rule is broken. What follows from timing may
 * not fail again: then the plan stays as it was.
 */
export async function shrink(
  plan: Plan,
  wrong: string[],
  run: (plan: Plan) => Promise<Verdict>,
): Promise<Shrunk> {
  const deadline = performance.now() + MOST_MS;
  const rules = new Set(wrong.map(ruleOf));
  let best: Shrunk = { plan, wrong, tries: 0 };
  let size = Math.ceil(plan.steps.length / 2);
  for (let from = 0; best.tries < MOST_TRIES && performance.now() < deadline;) {
    if (from >= best.plan.steps.length) {
      if (size === 1) break;
      size = Math.ceil(size / 2);
      from = 0;
    }
    const verdict = await run({ ...best.plan, steps: without(best.plan.steps, from, size) });
    const same = verdict.wrong.some((line) => rules.has(ruleOf(line)));
    if (same)
      best = {
        ...best,
        plan: { ...best.plan, steps: without(best.plan.steps, from, size) },
        wrong: verdict.wrong,
      };
    else from += size;
    best.tries += 1;
  }
  return best;
}

const without = (steps: readonly Step[], from: number, size: number): Step[] => [
  ...steps.slice(0, from),
  ...steps.slice(from + size),
];

/** The first word of a complaint: the rule, as `R29`. */
const ruleOf = (line: string): string => line.split(' ')[0] ?? line;
