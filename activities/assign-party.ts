import { type CapsuleClient } from '../shared/capsule/client';
import { type CapsuleParty } from '../shared/domain/types';
import { isVendorError } from '../shared/http/vendor-error';

/** A record that was saved no later than this after it was made has been in nobody else's hands. */
const JUST_MADE_MS = 2_000;

/**
 * Leaves a new party without an owner, and in the team that the settings name (R7). The API makes the token's user
 * the owner where it does not heed the request (reference capsule-api §3, D): only then is a second call made.
 */
export async function assignParty(
  capsule: CapsuleClient,
  party: CapsuleParty,
  teamId: number | null,
): Promise<CapsuleParty> {
  if (party.ownerId === null && party.teamId === teamId) return party;
  try {
    return await capsule.assignParty(party.id, null, teamId);
  } catch (error) {
    // The party exists: who owns it must not make it look as if it did not.
    if (isVendorError(error)) return party;
    throw error;
  }
}

/** The same for a party of ours that is found later: whoever has edited it meanwhile may own it for a reason. */
export async function assignFound(
  capsule: CapsuleClient,
  party: CapsuleParty,
  teamId: number | null,
): Promise<CapsuleParty> {
  const heldFor = Date.parse(party.updatedAt) - Date.parse(party.createdAt);
  return heldFor > JUST_MADE_MS ? party : assignParty(capsule, party, teamId);
}
