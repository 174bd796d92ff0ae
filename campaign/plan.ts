import { type FaultSpec } from '../services/sandbox/kernel/fault-router';
import { random, type Random } from '../services/sandbox/kernel/random';
import { bookkeepingOf, type BookStep } from './bookkeeping';
import { episodesOf } from './episodes';
import { faultOf, killOf, startsUnharmed, type Theme, themeOf } from './themes';
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
  /** Seconds by which a vendor's clock is ahead of ours, all the while. */
  skew: Record<Side, number>;
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
  | BookStep
  | { do: 'disconnect'; clearFields: boolean }
  /** The same business again. */
  | { do: 'connect' }
  /** A person is asked for a permission anew, within some seconds, and gives it. */
  | { do: 'consent' }
  /** A vendor's clock is set by so many seconds. */
  | { do: 'setClock'; side: Side; seconds: number }
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

/** A step without its time. */
export type Untimed = DistributiveOmit<Step, 'after'>;

/** With Sage's own two contacts they leave room for two more on the first page of 200. */
const FILLERS = 196;

const WORDS = ['Severn', 'Thames', 'Coln', 'Leach', 'Churn', 'Windrush', 'Evenlode', 'Ray', 'Cole', 'Ock'];
const TRADES = ['Bakery', 'Joinery', 'Boats', 'Farm', 'Pottery', 'Cycles'];
const FIRST = ['Ada', 'Tom', 'Zoë', 'Jim'];
const LAST = ['Marlow', "O'Hara", 'Fry', 'Stone'];

/** Everything that will happen follows from the seed. */
export function planOf(seed: number): Plan {
  const dice = random(`campaign/${seed}`);
  const theme = themeOf(seed);
  const world = worldOf(dice, theme);
  const people = peopleOf(dice, world);
  const books = bookkeepingOf(dice, world.contacts.length);
  const steps: Step[] = [];
  const importedAt = dice.int(0, theme === 'import' ? 8 : 2);
  const count = dice.int(14, 26);
  const someone = (n: number): Step => {
    const after = dice.chance(0.5) ? 0 : dice.int(20, 350);
    const atBooks = dice.chance(theme === 'invoices' ? 0.5 : 0.08);
    return { ...(atBooks ? books() : people(n)), after };
  };
  for (let i = 0; i < count; i += 1) {
    const after = dice.chance(0.5) ? 0 : dice.int(20, 350);
    if (i === importedAt) steps.push({ do: 'imported', after: 0 });
    const fault = dice.chance(0.18) ? faultOf(theme, dice) : null;
    const kill = fault ? null : killOf(theme, dice);
    if (fault) steps.push({ do: 'fault', after, ...fault });
    else if (kill) steps.push({ do: 'kill', after, part: kill });
    else steps.push(someone(i));
  }
  steps.push(...episodesOf(theme, dice, (n) => someone(count + n)));
  return { seed, theme, world, steps: withFaultsFirst(steps, theme, dice) };
}

/** What is to hit the import has to be there before it begins. */
function withFaultsFirst(steps: Step[], theme: Theme, dice: Random): Step[] {
  if (startsUnharmed(theme)) return steps;
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
  const excludeSuppliers = large || dice.chance(0.2);
  return { excludeSuppliers, fillers: large ? FILLERS : 0, skew: skewOf(theme, dice), parties, contacts };
}

/** Up to five minutes either way. */
function skewOf(theme: Theme, dice: Random): World['skew'] {
  const skewed = dice.chance(theme === 'clocks' ? 1 : 0.15);
  return skewed ? { capsule: dice.int(-300, 300), sage: dice.int(-300, 300) } : { capsule: 0, sage: 0 };
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
function peopleOf(dice: Random, world: World): (n: number) => Untimed {
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

function edit(who: string, dice: Random, n: number): Untimed {
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
