/**
 * Guarantees that the fault campaign switches off, one at a time, to prove that its judge would notice
 * (docs/reliability.md). Nothing else may set them.
 */
const SWITCHES = ['marker-search', 'refresh-lease', 'completeness-proof', 'echo-check'] as const;
type Switch = (typeof SWITCHES)[number];

const broken = readSwitch(process.env);

/** Whether this guarantee is switched off in this process. */
export const isBroken = (name: Switch): boolean => broken === name;

/** @throws Error for a name that is none, and outside of tests: no data of anybody's may meet a broken build */
export function readSwitch({ BROKEN_ON_PURPOSE: name, NODE_ENV }: NodeJS.ProcessEnv): Switch | null {
  if (name === undefined || name === '') return null;
  if (NODE_ENV !== 'test') throw new Error('BROKEN_ON_PURPOSE is for tests only');
  const known = SWITCHES.find((each) => each === name);
  if (!known) throw new Error(`BROKEN_ON_PURPOSE must be one of ${SWITCHES.join(', ')}`);
  return known;
}
