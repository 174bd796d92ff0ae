import pMap from 'p-map';
import { type Adder, createAdder } from './adder';
import { type AddToSageOutcome } from './add-to-sage';
import { type ActivityDeps, connectedTenant } from './deps';
import { withHeartbeat } from './heartbeat';
import { pushRunOf } from './push-run';

export interface AddTaggedInput {
  tenantId: string;
  partyIds: number[];
}

export interface AddTaggedResult {
  added: number;
  /** Set aside with the reason: their tag stays. */
  refused: number;
}

/** Parties in work at once; their POSTs go one after the other anyway. */
const AT_ONCE = 4;

export function createAddTagged(deps: ActivityDeps) {
  const { store } = deps;

  return {
    /**
     * Adds parties that carry the tag *Add to Sage* (R15), as customers. One that cannot be added keeps the tag
     * and stands in the failures; it is tried again when the party changes, or by a person. Running it again
     * changes nothing.
     */
    async addTagged({ tenantId, partyIds }: AddTaggedInput): Promise<AddTaggedResult> {
      const tenant = await connectedTenant(store, tenantId);
      const adder = createAdder(deps, tenant, pushRunOf(new Date()));
      return withHeartbeat<null, AddTaggedResult>(async () => {
        let failure: { error: unknown } | null = null;
        const ends = await pMap(
          [...new Set(partyIds)],
          (partyId) =>
            addOne(tenantId, adder, partyId).catch((error: unknown) => {
              // The others come to their end first.
              failure ??= { error };
              return false;
            }),
          { concurrency: AT_ONCE },
        );
        if (failure) throw (failure as { error: unknown }).error;
        const added = ends.filter(Boolean).length;
        return { added, refused: ends.length - added };
      });
    },
  };

  /** @returns whether the party is in Sage now */
  async function addOne(tenantId: string, adder: Adder, partyId: number): Promise<boolean> {
    const outcome = await adder.add({ partyId, type: 'CUSTOMER', linkTo: null, force: false });
    const reason = reasonOf(outcome);
    if (reason !== null) await setAside(tenantId, partyId, reason);
    return reason === null;
  }

  async function setAside(tenantId: string, partyId: number, reason: string): Promise<void> {
    const [party] = await store.contacts.partiesByIds(tenantId, [partyId]);
    const name = party?.record.name ?? String(partyId);
    await store.failures.setAside(tenantId, [
      {
        ...{ side: 'sage', recordId: String(partyId), work: 'add', name, reason },
        ...{ failedAt: new Date(), retryAt: null },
      },
    ]);
  }
}

/** Why a party was not added, for people; null when it was, or is in Sage already. */
export function reasonOf(outcome: AddToSageOutcome): string | null {
  if (outcome.outcome === 'candidates')
    return 'Sage has a contact of this name that is linked with nobody. Open the contact here, and link the two or create a new one.';
  if (outcome.outcome !== 'refused') return null;
  switch (outcome.why) {
    case 'noParty':
      return 'Capsule does not show this contact, or its organisation.';
    case 'rejected':
      return `Sage does not take it: ${outcome.detail}`;
    case 'unsettled':
      return 'Sage has not said for days whether it made this contact. Look for it in Sage; then link it by hand, or create it anew.';
    case 'suppliersLeftOut':
      return 'The settings leave suppliers out.';
    case 'noSageContact':
    case 'notEligible':
    case 'taken':
    case 'creating':
      return 'The contact is linked otherwise.';
  }
}
