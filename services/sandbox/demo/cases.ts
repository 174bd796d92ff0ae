import { type Random } from '../kernel/random';
import { type Identities, type Identity, type Recipe } from './identities';
import { homonyms } from './homonyms';
import { contactOf, partyOf, withGaps } from './records';
import { type Case, type Scene } from './scene';
import { type DemoContact, type DemoParty } from './types';
import { SURNAMES, TITLES_OF_MEN, TITLES_OF_WOMEN, TRADES, WOMEN } from './words';

/** One of each: every situation worth showing. Firms that buy and sell are two contacts in Sage. */
export const SPECIAL_CASES: Case[] = [
  ...spelledDifferently(),
  ...homonyms(),
  ...nearNames(),
  ...withoutCounterpart(),
  {
    plan: 'both-kinds',
    contacts: 2,
    parties: 1,
    make: (plan, cast, random) => {
      const who = cast.organisation();
      return { contacts: bothKinds(who, plan), parties: [partyOf(who, random)] };
    },
  },
  {
    plan: 'inactive',
    contacts: 1,
    parties: 1,
    make: (plan, cast, random) => same(cast.organisation(), plan, random, { inactive: true }),
  },
  pair('exact-welsh', (cast) => cast.welsh()),
  pair('exact-foreign', (cast) => cast.foreign()),
  organisationWithPeople(),
  organisationWithPeople(),
];

/** The ordinary ones, of which most of a company consists. */
export const exactOrganisation = pair('exact', (cast) => cast.organisation());
export const exactPerson = pair('exact-person', (cast) => cast.person());
export const newOrganisation = alone('new', (cast) => cast.organisation());
export const newPerson = alone('new-person', (cast) => cast.person());

function pair(plan: string, who: (cast: Identities) => Identity): Case {
  return { plan, contacts: 1, parties: 1, make: (p, cast, random) => same(who(cast), p, random) };
}

function alone(plan: string, who: (cast: Identities) => Identity): Case {
  return {
    plan,
    contacts: 1,
    parties: 0,
    make: (p, cast, random) => ({ contacts: [withGaps(contactOf(who(cast), p), random)], parties: [] }),
  };
}

/** One contact and its one party. */
function same(who: Identity, plan: string, random: Random, changes: Partial<DemoContact> = {}): Scene {
  const contact = { ...withGaps(contactOf(who, plan), random), ...changes };
  return { contacts: [contact], parties: [partyOf(who, random)] };
}

/** Names that are equal once form, case, white space and quotes are set aside. */
function spelledDifferently(): Case[] {
  const differing = (
    plan: string,
    who: (cast: Identities) => Identity,
    inSage: (name: string, random: Random) => string,
  ): Case => ({
    plan,
    contacts: 1,
    parties: 1,
    make: (p, cast, random) => {
      const identity = who(cast);
      return same(identity, p, random, { name: inSage(identity.name, random) });
    },
  });
  return [
    differing(
      'exact-case',
      (cast) => cast.organisation(),
      (name) => name.toUpperCase(),
    ),
    differing(
      'exact-space',
      (cast) => cast.organisation('Ltd'),
      (name, random) => (random.chance(0.5) ? name.replace(' ', '  ') : name.replace(' ', '\u00a0')),
    ),
    differing(
      'exact-quotes',
      (cast) => cast.named((random, surname) => `${surname}'s ${random.pick(TRADES)}`),
      (name) => name.replace("'", '’'),
    ),
    differing(
      'exact-decomposed',
      (cast) => cast.named((_random, surname) => `Café ${surname} Brasserie`),
      (name) => name.normalize('NFD'),
    ),
    differing(
      'exact-ligature',
      (cast) => cast.named((_random, surname) => `${surname} Office Supplies`),
      (name) => name.replace('ffi', 'ﬃ'),
    ),
    {
      plan: 'exact-titled',
      contacts: 1,
      parties: 1,
      make: (plan, cast, random) => {
        const who = cast.person();
        const title = titleOf(who, random);
        const contact = contactOf(who, plan, { name: `${title} ${who.name}`, mainPersonName: '' });
        return { contacts: [contact], parties: [partyOf(who, random, { title })] };
      },
    },
  ];
}

/** Names that a person would take for one firm, and a machine had better not. */
function nearNames(): Case[] {
  const near = (plan: string, inSage: Recipe, inCapsule: (name: string) => string): Case => ({
    plan,
    contacts: 1,
    parties: 1,
    make: (p, cast, random) => {
      const who = cast.named(inSage);
      const party = partyOf(who, random, { name: inCapsule(who.name) });
      return { contacts: [withGaps(contactOf(who, p), random)], parties: [party] };
    },
  });
  return [
    near(
      'near-legal-form',
      (random, surname) => `${surname} ${random.pick(TRADES)} Ltd`,
      (name) => name.replace(/Ltd$/, 'Limited'),
    ),
    near(
      'near-ampersand',
      (random, surname) => `${surname} & ${random.pick(SURNAMES)} Solicitors`,
      (name) => name.replace('&', 'and'),
    ),
    near(
      'near-punctuation',
      (random, surname) => `${random.pick([...'ABCDEGHJ'])}. ${surname}, ${random.pick(TRADES)}`,
      (name) => name.replace(/[.,]/g, ''),
    ),
    near(
      'near-the',
      (random, surname) => `The ${surname} ${random.pick(TRADES)}`,
      (name) => name.replace(/^The /, ''),
    ),
  ];
}

/** Contacts that Capsule has not heard of, and those that must stay out of it. */
function withoutCounterpart(): Case[] {
  const titled = (plan: string, title: typeof titleOf): Case => ({
    plan,
    contacts: 1,
    parties: 0,
    make: (p, cast, random) => {
      const who = cast.person();
      const name = `${title(who, random)} ${who.name}`;
      return { contacts: [contactOf(who, p, { name, mainPersonName: '' })], parties: [] };
    },
  });
  return [
    titled('new-titled', titleOf),
    titled('new-rare-title', (_who, random) => random.pick(['Rev', 'Prof', 'Cllr'])),
    alone('new-company-with-title', (cast) => cast.named(titledFirm)),
    alone('new-foreign', (cast) => cast.foreign()),
    alone('new-foreign', (cast) => cast.foreign()),
    alone('new-welsh', (cast) => cast.welsh()),
    alone('new-long-name', (cast) => cast.longWinded()),
    {
      plan: 'new-blank',
      contacts: 1,
      parties: 0,
      make: (plan, cast) => ({ contacts: [contactOf(cast.organisation(), plan, BLANK)], parties: [] }),
    },
    {
      plan: 'new-both-kinds',
      contacts: 2,
      parties: 0,
      make: (plan, cast) => ({ contacts: bothKinds(cast.organisation(), plan), parties: [] }),
    },
    {
      plan: 'new-inactive',
      contacts: 1,
      parties: 0,
      make: (plan, cast) => ({
        contacts: [contactOf(cast.organisation(), plan, { inactive: true })],
        parties: [],
      }),
    },
    {
      plan: 'erased',
      contacts: 1,
      parties: 0,
      make: (plan, cast) => {
        const who = cast.named((random) => `Obfuscated ${random.hex(8)}`);
        return { contacts: [contactOf(who, plan, { ...BLANK, erased: true })], parties: [] };
      },
    },
  ];
}

function titleOf(who: Identity, random: Random): string {
  return random.pick(WOMEN.includes(who.firstName) ? TITLES_OF_WOMEN : TITLES_OF_MEN);
}

const BLANK = { email: '', telephone: '', mobile: '', mainPersonName: '', address: null };

/** A firm whose name begins like a person's. */
const titledFirm: Recipe = (random, surname) =>
  random.pick([
    'Dr Pepper Ltd',
    `Dr ${surname} ${random.pick(TRADES)} Ltd`,
    `Mrs ${surname} ${random.pick(TRADES)} Limited`,
    `Mr ${surname} & Sons ${random.pick(TRADES)} Ltd`,
  ]);

const bothKinds = (who: Identity, plan: string): DemoContact[] => [
  contactOf(who, plan),
  contactOf(who, plan, { kind: 'VENDOR', mainPersonName: '' }),
];

/** An organisation that Sage knows, with two people in Capsule whom it does not. */
function organisationWithPeople(): Case {
  return {
    plan: 'exact-with-people',
    contacts: 1,
    parties: 3,
    make: (plan, cast, random) => {
      const who = cast.organisation();
      const { contacts, parties } = same(who, plan, random);
      return { contacts, parties: [...parties, ...staffOf(who, cast, random, 2)] };
    },
  };
}

/** People in Capsule who belong to the organisation. */
export function staffOf(who: Identity, cast: Identities, random: Random, count: number): DemoParty[] {
  return Array.from({ length: count }, () => {
    const { address: _home, ...person } = partyOf(cast.person(), random);
    return { ...person, organisationName: who.name };
  });
}
