import { random as randomOf, type Random } from '../kernel/random';
import { exactOrganisation, exactPerson, newOrganisation, newPerson, SPECIAL_CASES, staffOf } from './cases';
import { makeDocuments } from './documents';
import { Identities } from './identities';
import { contactOf, partyOf } from './records';
import { type Case, type Scene } from './scene';
import { type DemoCompany, type DemoContact, type DemoOptions, type DemoParty } from './types';

/**
 * A company's books and its CRM, the same for the same options. The first two contacts are Sage's own; the
 * others number `contacts`. Of every hundred, one or two play each special case, so that proportions hold at
 * any size; where parties are too few, contacts lose their counterparts.
 */
export function makeDemoCompany(options: DemoOptions): DemoCompany {
  const random = randomOf(`demo company ${options.seed}`);
  const cast = new Identities(random);
  const scenes = stage(options, cast, random);
  const contacts = [...systemContacts(cast), ...random.shuffle(scenes).flatMap((scene) => scene.contacts)];
  const known = random.shuffle(scenes).flatMap((scene) => scene.parties);
  const parties = [...known, ...capsuleOnly(options.parties - known.length, cast, random)];
  // The books are older than the oldest document; the CRM came later and is still growing.
  age(contacts, 2600, 740);
  age(parties, 1460, 30);
  refer(contacts);
  return {
    contacts,
    parties,
    documents: options.invoices ? makeDocuments(contacts, options, random) : [],
  };
}

function stage(options: DemoOptions, cast: Identities, random: Random): Scene[] {
  const scenes: Scene[] = [];
  const cycle = cycleOf(options.overlap);
  let contactsLeft = options.contacts;
  let partiesLeft = options.overlap === 'all' ? Infinity : options.parties;
  for (let turn = 0; contactsLeft > 0; turn++) {
    const wanted = cycle[turn % cycle.length]!;
    const fits = wanted.contacts <= contactsLeft && wanted.parties <= partiesLeft;
    const { plan, make, ...size } = fits ? wanted : newOrganisation;
    scenes.push(make(plan, cast, random));
    contactsLeft -= size.contacts;
    partiesLeft -= size.parties;
  }
  return scenes;
}

/** The cases that follow one another again and again; about a hundred contacts long in the demo. */
function cycleOf(overlap: DemoOptions['overlap']): Case[] {
  const times = (count: number, of: Case): Case[] => Array.from({ length: count }, () => of);
  switch (overlap) {
    case 'none':
      return [...times(9, newOrganisation), newPerson];
    case 'all':
      return [...times(9, exactOrganisation), exactPerson];
    case 'demo':
      return [
        ...SPECIAL_CASES,
        ...times(17, exactOrganisation),
        ...times(3, exactPerson),
        ...times(31, newOrganisation),
        ...times(5, newPerson),
      ];
  }
}

/** Parties that the books have never heard of: organisations with their people, and people by themselves. */
function capsuleOnly(count: number, cast: Identities, random: Random): DemoParty[] {
  const parties: DemoParty[] = [];
  while (parties.length < count) {
    if (random.chance(0.4)) {
      parties.push(partyOf(cast.person(), random));
      continue;
    }
    const who = cast.organisation();
    parties.push(partyOf(who, random), ...staffOf(who, cast, random, random.int(0, 2)));
  }
  return parties.slice(0, Math.max(0, count));
}

/** The two contacts that every British business in Sage begins with (reference §6, B). */
function systemContacts(cast: Identities): DemoContact[] {
  const blank = { email: '', telephone: '', mobile: '', mainPersonName: '', address: null, system: true };
  const contact = (name: string, changes: Partial<DemoContact>): DemoContact =>
    contactOf(
      cast.named(() => name),
      'system',
      { ...blank, ...changes },
    );
  return [
    contact('HMRC Reclaimed', { reference: 'HMRC Rec' }),
    contact('HMRC Payments', { reference: 'HMRC Pay', kind: 'VENDOR' }),
  ];
}

/** Spreads creation evenly from the oldest age in days, which comes first, to the youngest. */
function age(records: { createdDaysAgo: number }[], oldest: number, youngest: number): void {
  records.forEach((record, index) => {
    record.createdDaysAgo = oldest - Math.floor((index * (oldest - youngest)) / records.length);
  });
}

/** Sage's habit: three letters of the name and a number. Those with blank fields have none. */
function refer(contacts: DemoContact[]): void {
  const counters = new Map<string, number>();
  for (const contact of contacts) {
    if (contact.reference || contact.plan === 'new-blank') continue;
    const letters = contact.name.normalize('NFKD').replace(/[^A-Za-z]/g, '');
    const prefix = letters.slice(0, 3).toUpperCase().padEnd(3, 'X');
    const number = (counters.get(prefix) ?? 0) + 1;
    counters.set(prefix, number);
    contact.reference = `${prefix}${String(number).padStart(3, '0')}`;
  }
}
