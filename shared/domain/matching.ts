import { decideCreates } from './match-creates';
import { decideByDetail } from './match-details';
import {
  byKind,
  type Candidate,
  type Decisions,
  groupByLooseKey,
  type MatchGroup,
  pushTo,
  review,
  type Seeker,
  undecided,
  unlinked,
} from './match-group';
import { NameIndex } from './name-index';
import { readName } from './names';
import { type ContactKind } from './types';

/**
 * Which Sage contact belongs to which Capsule party (R6–R10), the heart of the product.
 *
 * Strongest evidence over *all* contacts first: marker, name, e-mail or postcode, near names, nothing. Within
 * a step nothing depends on the order of the inputs; where an order must be, it is createdAt, then id.
 */

/** A Sage contact that is not linked, not in review and not excluded. */
export interface SageCandidate {
  id: string;
  kind: ContactKind;
  name: string;
  email: string;
  postcode: string;
  /** ISO 8601 UTC. */
  createdAt: string;
}

export interface PartyCandidate {
  id: number;
  type: 'person' | 'organisation';
  /** Organisation name, or "First Last". */
  name: string;
  title: string;
  emails: string[];
  postcodes: string[];
  /** Kinds of the Sage contacts that are linked to it. */
  linkedKinds: ContactKind[];
  /** Sage contacts whose marker it carries. */
  marks: string[];
}

export type MatchDecision =
  | {
      sageContactId: string;
      outcome: 'link';
      partyId: number;
      because: 'marker' | 'name' | 'email' | 'postcode';
    }
  | { sageContactId: string; outcome: 'create' }
  /** Belongs to the party that is created for the Sage contact `createdFor`, which is decided on as well. */
  | { sageContactId: string; outcome: 'linkToCreated'; createdFor: string }
  /** For a person: `partyIds` are the candidates, `createdFor` those whose parties are yet to be made. */
  | {
      sageContactId: string;
      outcome: 'review';
      why: 'homonym' | 'near';
      partyIds: number[];
      createdFor: string[];
    };

export interface MatchSettings {
  /** What becomes of a contact that has a near match only (R9). */
  nearMatches: 'review' | 'create';
}

/**
 * Decides on each Sage contact once, in the order given; the inputs stay as they are.
 *
 * They may mix names of any number of buckets, but must hold everything that is in those buckets, and the
 * parties that bear a marker of the contacts wherever they are. A party given twice counts once. The time
 * grows about linearly with the inputs, in a large group of homonyms too.
 */
export function planMatches(
  sage: readonly SageCandidate[],
  parties: readonly PartyCandidate[],
  settings: MatchSettings,
): MatchDecision[] {
  const seekers = sage.map((contact): Seeker => ({ contact, name: readName(contact.name, 'sage') }));
  const candidates = readCandidates(parties);
  const decisions: Decisions = new Map();

  decideByMarker(seekers, candidates, decisions);
  for (const group of groupByLooseKey(seekers, candidates)) decideGroup(group, settings, decisions);

  // Undecided are the blank names: the vendor's refusal will say what is wrong with them (R26).
  return sage.map(({ id }) => decisions.get(id) ?? { sageContactId: id, outcome: 'create' });
}

function readCandidates(parties: readonly PartyCandidate[]): Candidate[] {
  const once = new Map(parties.map((party) => [party.id, party]));
  return [...once.values()].map((party) => ({
    party,
    name: readName(party.name, party.type, party.title),
    claimed: new Set(party.linkedKinds),
  }));
}

/**
 * A marker says that we made the party for that Sage contact, whatever either is called today. A marker on two
 * parties, two markers of one kind on a party, and one on a party that is linked already are for a person.
 */
function decideByMarker(seekers: Seeker[], candidates: Candidate[], decisions: Decisions): void {
  const byId = new Map(seekers.map((seeker) => [seeker.contact.id, seeker]));
  const bearersOf = new Map<Seeker, Candidate[]>();
  const claimsOn = new Map<Candidate, Seeker[]>();
  for (const candidate of candidates) {
    for (const id of new Set(candidate.party.marks)) {
      const seeker = byId.get(id);
      if (!seeker) continue;
      pushTo(bearersOf, seeker, candidate);
      pushTo(claimsOn, candidate, seeker);
    }
  }
  for (const [{ contact }, bearers] of bearersOf) {
    const { id, kind } = contact;
    const [only] = bearers.length === 1 ? bearers : [];
    const claims = only ? (claimsOn.get(only) ?? []).filter((claim) => claim.contact.kind === kind) : [];
    const clear = only && claims.length === 1 && !only.claimed.has(kind);
    decisions.set(
      id,
      clear
        ? { sageContactId: id, outcome: 'link', partyId: only.party.id, because: 'marker' }
        : review(id, 'homonym', bearers),
    );
  }
  // Only now: no claim may count against the contact that makes it.
  for (const [candidate, claims] of claimsOn) {
    for (const { contact } of claims) candidate.claimed.add(contact.kind);
  }
}

function decideGroup(group: MatchGroup, settings: MatchSettings, decisions: Decisions): void {
  const parties = new NameIndex<Candidate>();
  for (const candidate of group.candidates) parties.add(candidate.name, candidate);

  decideByName(group, parties, decisions);
  decideByDetail(group, decisions);

  const unmatched: Seeker[] = [];
  for (const seeker of undecided(group, decisions)) {
    const { id } = seeker.contact;
    const exact = parties.exactTo(seeker.name);
    // What shares the loose key and is not exact is near.
    const near = settings.nearMatches === 'review' ? group.candidates : [];
    if (exact.length > 0) decisions.set(id, review(id, 'homonym', exact));
    else if (near.length > 0) decisions.set(id, review(id, 'near', near));
    else unmatched.push(seeker);
  }
  decideCreates(unmatched, byKind(unlinked(group, decisions)), settings, decisions);
}

/** R6: the only party of that name, free of the kind, and no other unlinked contact of the kind has its name. */
function decideByName(group: MatchGroup, parties: NameIndex<Candidate>, decisions: Decisions): void {
  const rivals = byKind(unlinked(group, decisions));
  for (const seeker of undecided(group, decisions)) {
    const { id, kind } = seeker.contact;
    if (parties.countExact(seeker.name) !== 1) continue;
    const [only] = parties.exactTo(seeker.name);
    if (!only || only.claimed.has(kind) || rivals[kind].countExact(only.name) !== 1) continue;
    decisions.set(id, { sageContactId: id, outcome: 'link', partyId: only.party.id, because: 'name' });
  }
}
