import {
  type Candidate,
  type Decisions,
  type MatchGroup,
  pushTo,
  type Seeker,
  undecided,
  unlinked,
} from './match-group';
import { compareNames, type ReadName } from './names';
import { type ContactKind } from './types';

type Named = { name: ReadName };

/**
 * R8: among homonyms an e-mail or a postcode decides where the agreeing pair is the only one for both its
 * ends. Nothing is concluded from what is left over: elimination is a guess.
 */
export function decideByDetail(group: MatchGroup, decisions: Decisions): void {
  for (const kind of ['CUSTOMER', 'VENDOR'] as const) {
    const open = undecided(group, decisions).filter(({ contact }) => contact.kind === kind);
    const free = group.candidates.filter(({ claimed }) => !claimed.has(kind));
    if (open.length > 0 && free.length > 0) decideKind(group, kind, open, free, decisions);
  }
}

function decideKind(
  group: MatchGroup,
  kind: ContactKind,
  open: Seeker[],
  free: Candidate[],
  decisions: Decisions,
): void {
  const freeBy = byDetail(free, (candidate) => detailsOf(candidate.party.emails, candidate.party.postcodes));
  const rivals = unlinked(group, decisions).filter(({ contact }) => contact.kind === kind);
  const rivalsBy = byDetail(rivals, seekerDetails);
  for (const seeker of open) {
    const mine = seekerDetails(seeker);
    const candidate = onlyAgreeing(seeker.name, mine, freeBy);
    if (!candidate) continue;
    const theirs = detailsOf(candidate.party.emails, candidate.party.postcodes);
    if (onlyAgreeing(candidate.name, theirs, rivalsBy) !== seeker) continue;
    const email = mine.some((detail) => detail.startsWith('@') && theirs.includes(detail));
    decisions.set(seeker.contact.id, {
      sageContactId: seeker.contact.id,
      outcome: 'link',
      partyId: candidate.party.id,
      because: email ? 'email' : 'postcode',
    });
  }
}

/** The one of exactly that name with which a detail is shared; null when there is none, or a second. */
function onlyAgreeing<T extends Named>(
  name: ReadName,
  details: string[],
  byDetails: ReadonlyMap<string, T[]>,
): T | null {
  let found: T | null = null;
  for (const detail of details) {
    for (const one of byDetails.get(detail) ?? []) {
      if (one === found || compareNames(one.name, name) !== 'exact') continue;
      if (found) return null;
      found = one;
    }
  }
  return found;
}

function byDetail<T>(items: T[], details: (item: T) => string[]): Map<string, T[]> {
  const lists = new Map<string, T[]>();
  for (const item of items) for (const detail of details(item)) pushTo(lists, detail, item);
  return lists;
}

const seekerDetails = ({ contact }: Seeker): string[] => detailsOf([contact.email], [contact.postcode]);

/** Comparable e-mails ("@…") and postcodes ("#…"): case does not count, nor do a postcode's spaces. */
function detailsOf(emails: readonly string[], postcodes: readonly string[]): string[] {
  const all = [
    ...emails.map((email) => `@${email.trim().toLowerCase()}`),
    ...postcodes.map((postcode) => `#${postcode.replace(/\s+/g, '').toLowerCase()}`),
  ];
  return [...new Set(all)].filter((detail) => detail.length > 1);
}
