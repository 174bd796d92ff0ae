import { differences, mapParty } from '../shared/domain/synced-fields';
import { type CapsuleParty, type SageContact } from '../shared/domain/types';
import { type CapsuleAccount } from '../shared/store/accounts';
import { type Link, type LinkOrigin, type LinkReason, NEW_LINK } from '../shared/store/links';

export interface LinkMaking {
  origin: LinkOrigin;
  because: LinkReason;
  /** Id of the run; empty when a person makes it. */
  run: string;
}

/**
 * A link between two records as they are now. Nothing is overwritten on either side (R6): what Capsule holds at
 * this moment counts as agreed, and where Sage holds something else the link starts with a difference.
 */
export function newLink(
  contact: SageContact,
  party: CapsuleParty,
  account: Pick<CapsuleAccount, 'countryNames'>,
  making: LinkMaking,
): Link {
  const mapped = mapParty(party, countryCodesOf(account));
  return {
    ...NEW_LINK,
    ...making,
    ...{ sageContactId: contact.id, partyId: party.id, kind: contact.kind },
    createdAt: new Date(),
    agreed: mapped.fields,
    differs: differences(party, mapped, contact),
  };
}

const inverted = new WeakMap<object, ReadonlyMap<string, string>>();

/** ISO alpha-2 codes by Capsule's name of the country. */
export function countryCodesOf({
  countryNames,
}: Pick<CapsuleAccount, 'countryNames'>): ReadonlyMap<string, string> {
  let codes = inverted.get(countryNames);
  if (!codes) {
    codes = new Map(Object.entries(countryNames).map(([code, name]) => [name, code]));
    inverted.set(countryNames, codes);
  }
  return codes;
}
