import { type MatchDecision, type PartyCandidate, type SageCandidate } from './matching';
import { NameIndex } from './name-index';
import { type ReadName } from './names';
import { type ContactKind } from './types';

/** What the steps of planMatches work on and hand each other. */

/** A Sage contact that looks for its party. */
export interface Seeker {
  contact: SageCandidate;
  name: ReadName;
}

/** A party that may be it. */
export interface Candidate {
  party: PartyCandidate;
  name: ReadName;
  /** Kinds that are linked to it, or whose Sage contact it bears the marker of. */
  claimed: Set<ContactKind>;
}

/** All names that share a loose key: each two of them are exact or near. */
export interface MatchGroup {
  seekers: Seeker[];
  candidates: Candidate[];
}

export type Decisions = Map<string, MatchDecision>;

export function groupByLooseKey(seekers: Seeker[], candidates: Candidate[]): Iterable<MatchGroup> {
  const groups = new Map<string, MatchGroup>();
  const groupOf = ({ looseKey }: ReadName): MatchGroup => {
    let group = groups.get(looseKey);
    if (!group) groups.set(looseKey, (group = { seekers: [], candidates: [] }));
    return group;
  };
  for (const seeker of seekers) groupOf(seeker.name).seekers.push(seeker);
  for (const candidate of candidates) groupOf(candidate.name).candidates.push(candidate);
  // A blank name is no evidence: it matches nothing.
  groups.delete('');
  return groups.values();
}

/** Those whose turn it is. */
export const undecided = (group: MatchGroup, decisions: Decisions): Seeker[] =>
  group.seekers.filter(({ contact }) => !decisions.has(contact.id));

/** Those that still need a party, be they undecided or in review: each rivals all others of its kind. */
export const unlinked = (group: MatchGroup, decisions: Decisions): Seeker[] =>
  group.seekers.filter(({ contact }) => decisions.get(contact.id)?.outcome !== 'link');

export function byKind(seekers: readonly Seeker[]): Record<ContactKind, NameIndex<Seeker>> {
  const names = { CUSTOMER: new NameIndex<Seeker>(), VENDOR: new NameIndex<Seeker>() };
  for (const seeker of seekers) names[seeker.contact.kind].add(seeker.name, seeker);
  return names;
}

export function review(
  sageContactId: string,
  why: 'homonym' | 'near',
  candidates: readonly Candidate[],
  createdFor: string[] = [],
): MatchDecision {
  const partyIds = candidates.map(({ party }) => party.id).sort((a, b) => a - b);
  return { sageContactId, outcome: 'review', why, partyIds, createdFor };
}

export function pushTo<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
