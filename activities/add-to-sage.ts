import { type ContactKind } from '../shared/domain/types';
import { type ActivityDeps } from './deps';

export interface AddToSageCommand {
  tenantId: string;
  partyId: number;
  type: ContactKind;
  /** Link to this Sage contact instead of creating one; null: create. */
  linkTo: string | null;
  /** Create although an unlinked Sage contact of that name exists (R17). */
  force: boolean;
}

export type AddToSageOutcome =
  | {
      outcome: 'created' | 'linked' | 'already';
      sageContactId: string;
      /** The party that was added: the organisation of a person (R16). */
      partyId: number;
    }
  /** R17: Sage contacts that may be meant; their ids. */
  | { outcome: 'candidates'; sageContactIds: string[]; partyId: number }
  | { outcome: 'refused'; why: AddRefusal; detail: string };

export type AddRefusal =
  /** Capsule has no such party, or does not show it. */
  | 'noParty'
  /** The Sage contact to link to is not known, or is gone. */
  | 'noSageContact'
  /** That Sage contact, or the party, is linked otherwise; `detail` is the other's id. */
  | 'taken'
  /** Sage refuses the contact; `detail` is its reason. */
  | 'rejected';

export function createAddToSage(_deps: ActivityDeps) {
  return {};
}
