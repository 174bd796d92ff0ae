import { type DemoParty } from '../demo/types';
import { type CapsuleAccount } from './account';
import { type Party } from './model';
import { type PartyInput } from './party-input';

const DAY = 86_400_000;

/** Enters the demo company's parties. @throws ApiError on an invalid one */
export function seedParties(account: CapsuleAccount, parties: readonly DemoParty[]): void {
  const now = account.now();
  const lag = account.quirks.indexLagMs;
  account.quirks.indexLagMs = 0;
  const owners = account.users;
  for (const [index, seed] of parties.entries()) {
    const at = now - Math.max(0, Math.round(seed.createdDaysAgo * DAY));
    const owner = owners[index % owners.length]!;
    const party = account.createParty(inputOf(seed), owner, Math.floor(at / 1000) * 1000);
    if (seed.ownerless) unassign(account, party);
  }
  account.quirks.indexLagMs = lag;
}

function inputOf(seed: DemoParty): PartyInput {
  const { type, title, firstName, lastName, name, email, phone, mobile, address, organisationName } = seed;
  return {
    type,
    ...(type === 'person' ? { title, firstName, lastName } : { name }),
    ...(organisationName ? { organisation: { name: organisationName } } : {}),
    emailAddresses: email ? [{ type: 'Work', address: email }] : [],
    phoneNumbers: [
      ...(phone ? [{ type: 'Work', number: phone }] : []),
      ...(mobile ? [{ type: 'Mobile', number: mobile }] : []),
    ],
    addresses: address ? [{ ...address }] : [],
  };
}

function unassign(account: CapsuleAccount, party: Party): void {
  account.parties.put({ ...party, ownerId: null }, account.clock.now(), 0);
}
