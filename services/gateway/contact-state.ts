import { labelOf } from '../../shared/domain/synced-fields';
import { type SyncedField } from '../../shared/domain/types';
import { type Exclusion, type MirroredSageContact } from '../../shared/store/contacts';
import { type Failure } from '../../shared/store/failures';
import { type Link } from '../../shared/store/links';
import { type Review } from '../../shared/store/reviews';
import { WHY } from './pages/why';

export const CONTACT_STATES = ['inSync', 'differs', 'excluded', 'review', 'failing'] as const;
export type ContactState = (typeof CONTACT_STATES)[number];

/** Everything that is known of a Sage contact, or of a party that Sage does not have. */
export interface KnownContact {
  contact: MirroredSageContact | null;
  /** Also one that has ended. */
  link: Link | null;
  /** Null unless it is open. */
  review: Review | null;
  failure: Failure | null;
}

export interface StateAndReason {
  state: ContactState;
  /** In a sentence. */
  reason: string;
}

const EXCLUDED: Record<Exclusion, string> = {
  system: 'It is one of Sage’s own contacts, which are never synced.',
  erased: 'It was erased in Sage under the GDPR, and is left out for good.',
  supplier: 'It is a supplier, and the settings leave suppliers out.',
  ignored: 'Somebody chose to leave it out.',
  unlinked: 'Somebody unlinked it: neither record is matched or created again until they are linked by hand.',
};

/** Exactly one state for everybody, and why. What is left out is that, whatever else was said of it before. */
export function stateOf({ contact, link, review, failure }: KnownContact): StateAndReason {
  if (contact?.excluded) return { state: 'excluded', reason: exclusionOf(contact.excluded, link) };
  if (failure) return { state: 'failing', reason: failure.reason };
  if (link?.live) return link.differs.length > 0 ? differing(link.differs) : IN_SYNC;
  if (review) return { state: 'review', reason: WHY[review.why] };
  if (contact) return { state: 'excluded', reason: 'It has not been matched yet. The next pass does that.' };
  return { state: 'excluded', reason: 'It is in Capsule only.' };
}

const IN_SYNC: StateAndReason = { state: 'inSync', reason: 'Both records agree.' };

function exclusionOf(why: Exclusion, link: Link | null): string {
  if (why === 'ignored' && link?.ended?.why === 'capsuleDeleted')
    return 'It was deleted in Capsule, and is not to be brought back.';
  return EXCLUDED[why];
}

function differing(fields: readonly SyncedField[]): StateAndReason {
  const names = fields.map((field) => `the ${labelOf(field)}`);
  const list = names.length === 1 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
  const verb = names.length === 1 ? 'differs' : 'differ';
  return { state: 'differs', reason: `${list.charAt(0).toUpperCase()}${list.slice(1)} ${verb} in Sage.` };
}
