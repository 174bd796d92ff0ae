import { type ContactKind } from '../shared/domain/types';
import { createAdder } from './adder';
import { type ActivityDeps, connectedTenant } from './deps';
import { withHeartbeat } from './heartbeat';
import { type HandLinkRefusal } from './link-by-hand';

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
  | HandLinkRefusal
  /** The settings leave suppliers out. */
  | 'suppliersLeftOut'
  /** Sage refuses the contact, or its values do not fit; `detail` is the reason. */
  | 'rejected'
  /** Sage has not said for days whether it made the contact (R29). */
  | 'unsettled';

export function createAddToSage(deps: ActivityDeps) {
  return {
    /**
     * *Add to Sage* and link by hand (R15–R17). Fails, to be tried again, while Sage does not say what became
     * of the contact; running it again gives the same contact (R29).
     */
    async addToSage({ tenantId, ...wish }: AddToSageCommand): Promise<AddToSageOutcome> {
      const tenant = await connectedTenant(deps.store, tenantId);
      return withHeartbeat<null, AddToSageOutcome>(() => createAdder(deps, tenant, '').add(wish));
    },
  };
}
