import pMap from 'p-map';
import { type CapsuleClient, type PartyEdit, type PartyRead } from '../shared/capsule/client';
import { isVendorError } from '../shared/http/vendor-error';
import { type Priority } from '../shared/http/pacer';
import { sageContactOfMarker } from '../shared/ids';
import { type CapsuleAccount } from '../shared/store/accounts';
import { type ActivityDeps } from './deps';

/** Parties that are written at once. */
const WRITES_AT_ONCE = 4;

/**
 * Takes everything of Sage off Capsule records: the values of our custom fields, their DataTag, and the website
 * row with our address (R19, R23). What bears nothing of it is only read; a party that is gone, or that Capsule
 * does not let us write, is left.
 */
export async function clearParties(
  { vendors, publicUrl, log }: ActivityDeps,
  { tenantId, account, priority }: { tenantId: string; account: CapsuleAccount; priority: Priority },
  partyIds: readonly number[],
): Promise<void> {
  const capsule = vendors.capsule(tenantId, priority);
  const reads = await capsule.getParties(partyIds);
  await pMap(
    reads,
    async ({ party, tags }) => {
      try {
        const edit = await clearing(capsule, { party, tags }, account, publicUrl);
        if (edit) await capsule.editParty(party.id, edit);
      } catch (error) {
        if (!isVendorError(error, 'missing', 'rejected', 'forbidden')) throw error;
        log.warn({ tenantId, partyId: party.id, reason: error.reason }, 'Sage fields not cleared');
      }
    },
    { concurrency: WRITES_AT_ONCE },
  );
}

/** @returns null when the party bears nothing of ours */
async function clearing(
  capsule: CapsuleClient,
  { party, tags }: PartyRead,
  { fields: { tagId: markTag, ...fields }, figures }: CapsuleAccount,
  publicUrl: string,
): Promise<PartyEdit | null> {
  const { tagId, ...figureFields } = { tagId: markTag, ...figures?.ids };
  const isOurs = (address: string) => sageContactOfMarker(publicUrl, address) !== null;
  const tagged = tagId !== null && tags.some(({ id }) => id === tagId);
  const marked = party.websites.some(isOurs);
  if (!tagged && !marked) return null;
  const rows = marked ? await capsule.listWebsiteRows(party.id) : [];
  return {
    removeWebsites: rows.filter(({ address }) => isOurs(address)).map(({ id }) => id),
    ...(tagged
      ? {
          removeTagIds: [tagId],
          clearFields: [...Object.values(fields), ...Object.values(figureFields)].filter((id) => id !== null),
        }
      : {}),
  };
}
