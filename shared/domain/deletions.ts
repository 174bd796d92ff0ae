import { compareNames, type ReadName, readName } from './names';
import { type ContactKind } from './types';

/**
 * What a deletion means (R18–R21). Strongest first: deleted on both sides (R20) or in Sage (R19); perhaps merged
 * in Capsule (R21); deleted in Capsule (R18). Nothing depends on the order of the inputs.
 */

/** A live link one of whose records at least was deleted. */
export interface LostLink {
  sageContactId: string;
  partyId: number;
  kind: ContactKind;
  partyDeleted: boolean;
  contactDeleted: boolean;
  /** *Do not bring back*. */
  keepDeleted: boolean;
  /** The Sage contact is left out of the sync by now (R10, or by a person): no party is made for it. */
  leftOut: boolean;
  /** What the customer is known by: of the Sage contact, and of the deleted party as it was. */
  known: Details & { names: ReadName[] };
}

export interface Details {
  emails: readonly string[];
  postcodes: readonly string[];
  phones: readonly string[];
}

/** A party that lives, and may be what a deleted one was merged into. */
export interface LivingParty extends Details {
  id: number;
  type: 'person' | 'organisation';
  name: string;
  title: string;
  /** Sage contacts whose marker it bears. */
  marks: readonly string[];
  /** Kinds of the Sage contacts that are linked to it. */
  linkedKinds: readonly ContactKind[];
}

export type DeletionDecision =
  /** Neither record was deleted after all. */
  | { do: 'nothing' }
  | { do: 'end'; why: 'sageDeleted' | 'capsuleDeleted' }
  /** R21: certainly merged. */
  | { do: 'move'; partyId: number }
  /** R21: perhaps merged: a person has to look. */
  | { do: 'review'; partyIds: number[] }
  /** R18 */
  | { do: 'recreate' }
  /** R18 of a party with two links: it is made once, for the Sage contact `leader`. */
  | { do: 'follow'; leader: string };

/** A person cannot compare more; the strongest stand first. */
const MOST_CANDIDATES = 20;

type Strength = 'marked' | 'name and detail' | 'name' | 'email';
const STRENGTHS: readonly Strength[] = ['marked', 'name and detail', 'name', 'email'];

interface Candidate {
  party: LivingParty;
  strength: Strength;
}

/**
 * Decides on each lost link once.
 * @param living all parties that may be meant, by MergeIndex; deleted ones among the lost are left aside
 */
export function decideDeletions(
  lost: readonly LostLink[],
  living: readonly LivingParty[],
): Map<string, DeletionDecision> {
  const gone = new Set(lost.filter(({ partyDeleted }) => partyDeleted).map(({ partyId }) => partyId));
  const parties = [...new Map(living.map((party) => [party.id, party])).values()].filter(
    ({ id }) => !gone.has(id),
  );
  const decisions = new Map<string, DeletionDecision>();
  for (const links of groupByParty(lost)) {
    for (const link of links.filter(({ contactDeleted }) => contactDeleted)) {
      // R20 is told as what made the end certain: nothing is left to come back to.
      const why = link.partyDeleted ? 'capsuleDeleted' : 'sageDeleted';
      decisions.set(link.sageContactId, { do: 'end', why });
    }
    const left = links.filter(({ contactDeleted }) => !contactDeleted);
    const [first] = left;
    if (first?.partyDeleted) decideParty(left, parties, decisions);
    else for (const { sageContactId } of left) decisions.set(sageContactId, { do: 'nothing' });
  }
  return withoutRivals(lost, decisions);
}

/** A party was merged with all its links, or it was not. */
function decideParty(
  links: readonly LostLink[],
  parties: readonly LivingParty[],
  decisions: Map<string, DeletionDecision>,
): void {
  const candidates = candidatesFor(links, parties);
  const winner = certainOne(candidates);
  const partyIds = candidates.slice(0, MOST_CANDIDATES).map(({ party }) => party.id);
  let leader: string | null = null;
  for (const { sageContactId, kind, keepDeleted, leftOut } of links) {
    const set = (decision: DeletionDecision) => decisions.set(sageContactId, decision);
    if (winner && !winner.linkedKinds.includes(kind)) set({ do: 'move', partyId: winner.id });
    else if (keepDeleted || leftOut) set({ do: 'end', why: 'capsuleDeleted' });
    else if (partyIds.length > 0) set({ do: 'review', partyIds });
    else if (leader !== null) set({ do: 'follow', leader });
    else {
      leader = sageContactId;
      set({ do: 'recreate' });
    }
  }
}

/** The only one with our marker; where nobody has it, the only one of that name with one more agreeing detail. */
function certainOne(candidates: readonly Candidate[]): LivingParty | null {
  for (const strength of ['marked', 'name and detail'] as const) {
    const found = candidates.filter((candidate) => candidate.strength === strength);
    if (found.length > 0) return found.length === 1 ? (found[0]?.party ?? null) : null;
  }
  return null;
}

/** Strongest first, then by id. */
function candidatesFor(links: readonly LostLink[], parties: readonly LivingParty[]): Candidate[] {
  const ids = new Set(links.map(({ sageContactId }) => sageContactId));
  const names = links.flatMap(({ known }) => known.names);
  const emails = new Set(links.flatMap(({ known }) => emailKeys(known.emails)));
  const details = new Set(links.flatMap(({ known }) => detailKeys(known)));
  const strengthOf = (party: LivingParty): Strength | null => {
    if (party.marks.some((mark) => ids.has(mark))) return 'marked';
    const own = readName(party.name, party.type, party.title);
    if (names.some((name) => name.key !== '' && name.key === own.key)) {
      const exact = names.some((name) => compareNames(name, own) === 'exact');
      return exact && detailKeys(party).some((key) => details.has(key)) ? 'name and detail' : 'name';
    }
    return emailKeys(party.emails).some((key) => emails.has(key)) ? 'email' : null;
  };
  const candidates = parties.flatMap((party): Candidate[] => {
    const strength = strengthOf(party);
    return strength ? [{ party, strength }] : [];
  });
  const rank = ({ strength }: Candidate) => STRENGTHS.indexOf(strength);
  return candidates.sort((a, b) => rank(a) - rank(b) || a.party.id - b.party.id);
}

/** Where two links of a kind would move to one party, a person has to say which: it takes one of a kind (R6). */
function withoutRivals(
  lost: readonly LostLink[],
  decisions: Map<string, DeletionDecision>,
): Map<string, DeletionDecision> {
  const claims = new Map<string, LostLink[]>();
  for (const link of lost) {
    const decision = decisions.get(link.sageContactId);
    if (decision?.do !== 'move') continue;
    const key = `${decision.partyId}/${link.kind}`;
    claims.set(key, [...(claims.get(key) ?? []), link]);
  }
  for (const [key, rivals] of claims) {
    if (rivals.length === 1) continue;
    for (const { sageContactId, keepDeleted, leftOut } of rivals) {
      const unwanted = keepDeleted || leftOut;
      decisions.set(
        sageContactId,
        unwanted
          ? { do: 'end', why: 'capsuleDeleted' }
          : { do: 'review', partyIds: [Number.parseInt(key, 10)] },
      );
    }
  }
  return decisions;
}

/** Each group in the order of its Sage contacts' ids. */
function groupByParty(lost: readonly LostLink[]): Iterable<LostLink[]> {
  const groups = new Map<number, LostLink[]>();
  const sorted = [...lost].sort((a, b) => (a.sageContactId < b.sageContactId ? -1 : 1));
  for (const link of sorted) groups.set(link.partyId, [...(groups.get(link.partyId) ?? []), link]);
  return groups.values();
}

/** Tells quickly, of each party of an account, whether any of these links can have been merged into it. */
export class MergeIndex {
  private readonly marks: ReadonlySet<string>;
  private readonly keys: ReadonlySet<string>;
  private readonly emails: ReadonlySet<string>;

  constructor(lost: readonly LostLink[]) {
    this.marks = new Set(lost.map(({ sageContactId }) => sageContactId));
    this.keys = new Set(lost.flatMap(({ known }) => known.names.map(({ key }) => key)).filter(Boolean));
    this.emails = new Set(lost.flatMap(({ known }) => emailKeys(known.emails)));
  }

  /** @param party `key` is its name key */
  mayHold(party: { key: string; emails: readonly string[]; marks: readonly string[] }): boolean {
    return (
      this.keys.has(party.key) ||
      party.marks.some((mark) => this.marks.has(mark)) ||
      emailKeys(party.emails).some((email) => this.emails.has(email))
    );
  }
}

const detailKeys = ({ emails, postcodes, phones }: Details): string[] => [
  ...emailKeys(emails),
  ...keysOf(postcodes, '#', (text) => text.replace(/\s+/g, '').toLowerCase(), 1),
  ...keysOf(phones, '+', phoneDigits, SHORTEST_PHONE),
];

const emailKeys = (emails: readonly string[]): string[] =>
  keysOf(emails, '@', (text) => text.trim().toLowerCase(), 1);

/** An extension or a half-typed number proves nothing. */
const SHORTEST_PHONE = 7;

/** "+44 (0)20 7946 0000" and "020 7946 0000" are one number. */
function phoneDigits(number: string): string {
  const digits = number
    .replace(/\(0\)/g, '')
    .replace(/[^\d+]/g, '')
    .replace(/^(\+|00)44/, '0');
  return digits.replace(/\D/g, '');
}

function keysOf(
  texts: readonly string[],
  mark: string,
  normalise: (text: string) => string,
  shortest: number,
): string[] {
  const keys = texts.map(normalise).filter(({ length }) => length >= shortest);
  return [...new Set(keys)].map((key) => mark + key);
}
