import { type Decisions, review, type Seeker } from './match-group';
import { type MatchSettings } from './matching';
import { NameIndex } from './name-index';
import { type ReadName } from './names';
import { type ContactKind } from './types';

/** A party that the plan makes. */
interface Made {
  name: ReadName;
  createdFor: string;
  claimed: Set<ContactKind>;
}

/**
 * R7 for the contacts of one group that found nothing in Capsule: one after the other, as if Capsule already
 * held what the earlier ones made. So the first of a name is created; the same firm's contact of the other
 * kind joins it (R6); a namesake or a near name is a person's to judge (R8, R9).
 * @param rivals all of the group that are not linked, by kind
 */
export function decideCreates(
  seekers: readonly Seeker[],
  rivals: Record<ContactKind, NameIndex<Seeker>>,
  settings: MatchSettings,
  decisions: Decisions,
): void {
  const names = new NameIndex<Made>();
  const made: Made[] = [];
  for (const { contact, name } of [...seekers].sort(byAge)) {
    const { id, kind } = contact;
    const exact = names.exactTo(name);
    const [only] = exact;
    if (!only && (made.length === 0 || settings.nearMatches === 'create')) {
      const party = { name, createdFor: id, claimed: new Set([kind]) };
      made.push(party);
      names.add(name, party);
      decisions.set(id, { sageContactId: id, outcome: 'create' });
    } else if (!only) {
      decisions.set(id, review(id, 'near', [], idsOf(made)));
    } else if (exact.length === 1 && !only.claimed.has(kind) && rivals[kind].countExact(only.name) === 1) {
      only.claimed.add(kind);
      decisions.set(id, { sageContactId: id, outcome: 'linkToCreated', createdFor: only.createdFor });
    } else {
      decisions.set(id, review(id, 'homonym', [], idsOf(exact)));
    }
  }
}

const idsOf = (made: readonly Made[]): string[] => made.map(({ createdFor }) => createdFor);

/** The elder first; the id where two were made in one second. */
function byAge({ contact: a }: Seeker, { contact: b }: Seeker): number {
  return compare(a.createdAt, b.createdAt) || compare(a.id, b.id);
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
