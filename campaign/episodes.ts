import { type FaultSpec } from '../services/sandbox/kernel/fault-router';
import { type Random } from '../services/sandbox/kernel/random';
import { type PlannedContact, type Side, type Step } from './plan';
import { ANY, CREATE, LATE_MS, SECOND_PAGE, type Theme } from './themes';

type Someone = (n: number) => Step;

/** Longer histories, which come about by chance too seldom; what people do in them is drawn as ever. */
export function episodesOf(theme: Theme, dice: Random, someone: Someone): Step[] {
  switch (theme) {
    case 'pages':
      return brokenSweep(dice);
    case 'tokens':
      return [...raceForToken(1), ...raceForToken(2)];
    case 'grants':
      return takenBack(dice, someone);
    case 'connections':
      return leaveAndReturn(dice, someone);
    case 'clocks':
      return clocksSet(dice, someone);
    case 'all':
      return dice.chance(0.4) ? episodesOf(dice.pick(['grants', 'connections'] as const), dice, someone) : [];
    case 'import':
    case 'answers':
      return unheardCreates(dice);
    case 'calm':
    case 'hooks':
    case 'kills':
    case 'invoices':
      return [];
  }
}

/** A token runs out while a pass and pushes need it at once, on two workers, and its renewal takes a while. */
function raceForToken(round: number): Step[] {
  const email = `race${round}@edit.test`;
  const edits = ['p0', 'p1', 'p2', 'm0', 'm1'].map((who): Step => ({
    do: 'edit',
    after: 60,
    who,
    field: 'email',
    value: email,
  }));
  return [
    { do: 'imported', after: 300 },
    { do: 'calm', after: 0 },
    { do: 'fault', after: 0, side: 'sage', fault: { how: 'slow', route: 'POST /token', times: 4, ms: 900 } },
    { do: 'pass', after: 0, full: true },
    { do: 'fault', after: 0, side: 'sage', fault: { how: 'expired-token', route: 'GET /v3.1', times: 1 } },
    ...edits,
    { do: 'imported', after: 1_800 },
  ];
}

/** A whole listing of Sage whose second page is lost: were all pages repeated, each would only come later. */
function brokenSweep(dice: Random): Step[] {
  const fault: FaultSpec = {
    how: dice.pick(['page-drift', 'repeated-page', 'repeated-page']),
    route: SECOND_PAGE,
    times: 12,
  };
  return [
    { do: 'imported', after: 0 },
    { do: 'calm', after: 0 },
    { do: 'fault', after: 0, side: 'sage', fault },
    { do: 'pass', after: 0, full: true },
    { do: 'pass', after: 1_500, full: true },
    { do: 'edit', after: 1_500, who: 'p0', field: 'city', value: 'Fairford' },
  ];
}

/** R29: creates in Capsule whose answers are lost, as are the hooks that would tell of them: only the marker does. */
function unheardCreates(dice: Random): Step[] {
  const how = dice.pick(['drop-after', 'status-after', 'truncated', 'empty', 'late-commit'] as const);
  const unheard: FaultSpec[] = [
    { how: 'hook-lost', route: 'party/', times: 12 },
    { how, route: CREATE.capsule, times: NEWCOMERS.length, status: 502, ms: LATE_MS },
  ];
  return [
    { do: 'imported', after: 0 },
    { do: 'calm', after: 0 },
    ...unheard.map((fault): Step => ({ do: 'fault', after: 0, side: 'capsule', fault })),
    ...NEWCOMERS.map((name): Step => ({ do: 'addContact', after: 0, contact: newcomer(name) })),
    { do: 'pass', after: 0, full: dice.chance(0.5) },
    { do: 'edit', after: 2_000, who: 'p0', field: 'city', value: 'Fairford' },
  ];
}

const NEWCOMERS = ['Kennet Mills', 'Lyde Engines', 'Pang Nurseries'];
const newcomer = (name: string): PlannedContact => ({
  ...{ name, kind: 'CUSTOMER', email: 'post@newcomer.test', telephone: '', mobile: '' },
  ...{ line1: '1 Mill Lane', city: 'Lechlade', postcode: 'GL7 3AA' },
});

/** R25: a person takes the permission back at the vendor; work queues until it is given anew. */
function takenBack(dice: Random, someone: Someone): Step[] {
  const sides = dice.pick<Side[]>([['sage'], ['sage'], ['capsule'], ['sage', 'capsule']]);
  const revoked = sides.map((side): Step => ({
    ...{ do: 'fault', after: 0, side },
    fault: { how: 'revoked-grant', route: ANY, times: 1 },
  }));
  return [
    { do: 'imported', after: 0 },
    ...revoked,
    { do: 'pass', after: 0, full: dice.chance(0.5) },
    ...some(4, someone),
    { do: 'consent', after: dice.int(200, 1_500) },
    ...some(2, someone),
  ];
}

/** R23, R24: what people do meanwhile is made up for, and nobody is made twice. */
function leaveAndReturn(dice: Random, someone: Someone): Step[] {
  return [
    // Now and then in the midst of an import.
    ...(dice.chance(0.7) ? [{ do: 'imported', after: 0 } as const] : []),
    ...(dice.chance(0.5) ? [{ do: 'pass', after: 0, full: true } as const] : []),
    { do: 'disconnect', after: dice.int(0, 300), clearFields: dice.chance(0.4) },
    ...some(5, someone),
    { do: 'connect', after: dice.int(0, 600) },
    ...some(2, someone),
    { do: 'imported', after: 0 },
  ];
}

/**
 * Five minutes are to OUTCOME_SETTLE in production what ten seconds are to that of a run. A clock that is set ahead by
 * more than that ends the wait for a create too early; with late commits there would rightly be twins (themes.ts).
 */
const STEP_SECONDS = 10;

function clocksSet(dice: Random, someone: Someone): Step[] {
  const set = (): Step => ({
    ...{ do: 'setClock', after: dice.int(0, 200), side: dice.chance(0.5) ? 'capsule' : 'sage' },
    seconds: dice.int(-STEP_SECONDS, STEP_SECONDS),
  });
  return [{ do: 'imported', after: 0 }, set(), ...some(3, someone), set(), ...some(2, someone)];
}

const some = (count: number, someone: Someone): Step[] => Array.from({ length: count }, (_, n) => someone(n));
