import { type FaultSpec } from '../services/sandbox/kernel/fault-router';
import { random, type Random } from '../services/sandbox/kernel/random';
import { faultOf, killOf, SECOND_PAGE, type Theme, THEMES } from './themes';
import { type PartName } from './stack';

export type Side = 'capsule' | 'sage';
export const FIELDS = ['name', 'email', 'telephone', 'mobile', 'line1', 'city', 'postcode'] as const;
export type Field = (typeof FIELDS)[number];
/** What a person types into a record; empty texts are left out. */
export type Typed = Record<Field, string>;

export interface PlannedParty extends Typed {
  type: 'person' | 'organisation';
}
export interface PlannedContact extends Typed {
  kind: 'CUSTOMER' | 'VENDOR';
}

export interface World {
  excludeSuppliers: boolean;
  /** Suppliers that are left out: they fill Sage's first page, so that lists have several. */
  fillers: number;
  parties: PlannedParty[];
  contacts: PlannedContact[];
}

/**
 * One thing that a person or fate does. Records are named by the order in which they were made: `p3` is a party
 * that a person made, `s2` a Sage contact likewise, `m2` whatever party bears the mark of `s2`.
 */
export type Step = { after: number } & (
  | { do: 'edit'; who: string; field: Field; value: string }
  | { do: 'addParty'; party: PlannedParty }
  | { do: 'addContact'; contact: PlannedContact }
  | { do: 'delete'; who: string }
  | { do: 'tag'; who: string }
  | { do: 'addToSage'; who: string }
  | { do: 'unlink'; who: string }
  | { do: 'push'; who: string }
  | { do: 'linkTo'; who: string; contact: string }
  | { do: 'decide'; nth: number; decision: 'link' | 'create' | 'ignore' }
  | { do: 'pass'; full: boolean }
  | { do: 'fault'; side: Side; fault: FaultSpec }
  | { do: 'calm' }
  | { do: 'kill'; part: PartName }
  /** Waits until the import has ended, for some seconds at most. */
  | { do: 'imported' }
);

export interface Plan {
  seed: number;
  theme: Theme;
  world: World;
  /** `after` is the milliseconds between the step before and this one. */
  steps: Step[];
}

/** With Sage's own two contacts they leave room for two more on the first page of 200. */
const FILLERS = 196;

const WORDS = ['Severn', 'Thames', 'Coln', 'Leach', 'Churn', 'Windrush', 'Evenlode', 'Ray', 'Cole', 'Ock'];
const TRADES = ['Bakery', 'Joinery', 'Boats', 'Farm', 'Pottery', 'Cycles'];
const FIRST = ['Ada', 'Tom', 'Zoë', 'Jim'];
const LAST = ['Marlow', "O'Hara", 'Fry', 'Stone'];

/** Everything that will happen follows from the seed. */
export function planOf(seed: number): Plan {
  const dice = random(`campaign/${seed}`);
  const theme = dice.pick(THEMES);
  const world = worldOf(dice, theme);
  const people = peopleOf(dice, world);
  const steps: Step[] = [];
  const importedAt = dice.int(0, theme === 'import' ? 8 : 2);
  const count = dice.int(14, 26);
  for (let i = 0; i < count; i += 1) {
    const after = dice.chance(0.5) ? 0 : dice.int(20, 350);
    if (i === importedAt) steps.push({ do: 'imported', after: 0 });
    const fault = dice.chance(0.18) ? faultOf(theme, dice) : null;
    const kill = fault ? null : killOf(theme, dice);
    if (fault) steps.push({ do: 'fault', after, ...fault });
    else if (kill) steps.push({ do: 'kill', after, part: kill });
    else steps.push({ ...people(i), after });
  }
  if (theme === 'pages') steps.push(...brokenSweep(dice));
  if (theme === 'tokens') steps.push(...raceForToken(1), ...raceForToken(2));
  return { seed, theme, world, steps: withFaultsFirst(steps, theme, dice) };
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

/** What is to hit the import has to be there before it begins. */
function withFaultsFirst(steps: Step[], theme: Theme, dice: Random): Step[] {
  if (theme === 'calm') return steps;
  const early = [faultOf(theme, dice), faultOf(theme, dice)].flatMap((fault) => fault ?? []);
  return [...early.map((fault): Step => ({ do: 'fault', after: 0, ...fault })), ...steps];
}

function worldOf(dice: Random, theme: Theme): World {
  const pool = dice
    .shuffle(WORDS)
    .slice(0, 6)
    .map((word) => `${word} ${dice.pick(TRADES)} Ltd`);
  const parties: PlannedParty[] = [];
  const contacts: PlannedContact[] = [];
  const contact = (typed: Typed): PlannedContact => ({
    ...typed,
    kind: dice.chance(0.2) ? 'VENDOR' : 'CUSTOMER',
  });
  pool.forEach((name, i) => {
    const typed = typedOf(name, `w${i}`, dice);
    const fate = dice.int(0, 9);
    // Most on both sides, some on one, a few twice or spelt otherwise.
    if (fate <= 6) parties.push({ ...typed, type: 'organisation' });
    if (fate <= 4 || fate >= 7) contacts.push(contact({ ...typed, name: spelt(typed.name, dice) }));
    if (fate === 4) parties.push({ ...typedOf(name, `h${i}`, dice), type: 'organisation' });
    if (fate === 7) contacts.push(contact(typedOf(name, `h${i}`, dice)));
  });
  const person = typedOf(`${dice.pick(FIRST)} ${dice.pick(LAST)}`, 'x', dice);
  parties.push({ ...person, type: 'person' });
  if (dice.chance(0.6))
    contacts.push({ ...person, name: `${dice.chance(0.5) ? 'Mr ' : ''}${person.name}`, kind: 'CUSTOMER' });
  const large = theme === 'pages';
  return { excludeSuppliers: large || dice.chance(0.2), fillers: large ? FILLERS : 0, parties, contacts };
}

/** As another person might have typed it: mostly the same, sometimes only alike (R6, R9). */
function spelt(name: string, dice: Random): string {
  const roll = dice.int(0, 9);
  if (roll === 0) return name.replace(' Ltd', ' Limited');
  if (roll === 1) return name.toUpperCase();
  return roll === 2 ? name.replace(' ', '  ') : name;
}

function typedOf(name: string, mark: string, dice: Random): Typed {
  const digits = String(dice.int(100_000, 999_999));
  const some = (text: string) => (dice.chance(0.85) ? text : '');
  return {
    name,
    ...{
      email: some(`${mark}@first.test`),
      telephone: some(`01367 ${digits}`),
      mobile: some(`07700 ${digits}`),
    },
    ...{
      line1: `${dice.int(1, 99)} High Street`,
      city: 'Lechlade',
      postcode: `GL${dice.int(1, 56)} ${dice.int(1, 9)}AA`,
    },
  };
}

/** What people do, one thing at a time; new records count on from those of the world. */
function peopleOf(dice: Random, world: World): (n: number) => DistributiveOmit<Step, 'after'> {
  let parties = world.parties.length;
  let contacts = world.contacts.length;
  const party = () => (dice.chance(0.75) ? `p${dice.int(0, parties - 1)}` : `m${dice.int(0, contacts - 1)}`);
  const contact = () => `s${dice.int(0, contacts - 1)}`;
  const knownNames = [...world.parties, ...world.contacts].map(({ name }) => name);
  return (n) => {
    const roll = dice.int(0, 99);
    const name = dice.chance(0.35) ? dice.pick(knownNames) : `New ${dice.pick(WORDS)} ${n} Ltd`;
    if (roll < 36) return edit(party(), dice, n);
    if (roll < 56) return edit(contact(), dice, n);
    if (roll < 61) {
      parties += 1;
      return { do: 'addParty', party: { ...typedOf(name, `n${n}`, dice), type: 'organisation' } };
    }
    if (roll < 67) {
      contacts += 1;
      return { do: 'addContact', contact: { ...typedOf(name, `n${n}`, dice), kind: 'CUSTOMER' } };
    }
    if (roll < 71) return { do: 'delete', who: party() };
    if (roll < 74) return { do: 'delete', who: contact() };
    if (roll < 80) return { do: 'tag', who: party() };
    if (roll < 84) return { do: 'addToSage', who: party() };
    if (roll < 86) return { do: 'unlink', who: party() };
    if (roll < 88) return { do: 'linkTo', who: party(), contact: contact() };
    if (roll < 90) return { do: 'push', who: party() };
    if (roll < 93)
      return { do: 'decide', nth: dice.int(0, 2), decision: dice.pick(['link', 'create', 'ignore']) };
    return { do: 'pass', full: dice.chance(0.6) };
  };
}

type DistributiveOmit<T, K extends string> = T extends unknown ? Omit<T, K> : never;

function edit(who: string, dice: Random, n: number): DistributiveOmit<Step, 'after'> {
  const field = dice.pick(FIELDS);
  // Few values, so that people also set back what was, and empty a field.
  const again = dice.chance(0.3) ? dice.int(0, 2) : n + 10;
  const values: Typed = {
    name: `Renamed ${dice.pick(WORDS)} ${again}`,
    email: dice.chance(0.15) ? '' : `e${again}@edit.test`,
    telephone: `01285 ${600_000 + again}`,
    mobile: dice.chance(0.15) ? '' : `07800 ${600_000 + again}`,
    line1: `${again} Mill Lane`,
    city: `Town ${again}`,
    postcode: `SN${again} 1AA`,
  };
  return { do: 'edit', who, field, value: values[field] };
}
