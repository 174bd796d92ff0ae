import { type Random } from '../kernel/random';
import { type Identity } from './identities';
import { type DemoAddress, type DemoContact, type DemoParty } from './types';

/** An identity as the books have it. Reference and age are given at the end, in the order of the list. */
export function contactOf(who: Identity, plan: string, changes: Partial<DemoContact> = {}): DemoContact {
  return {
    plan,
    kind: 'CUSTOMER',
    name: who.name,
    reference: '',
    email: who.email,
    telephone: who.telephone,
    mobile: who.mobile,
    mainPersonName: who.contactName,
    address: who.address,
    currency: who.currency,
    system: false,
    erased: false,
    inactive: false,
    createdDaysAgo: 0,
    ...changes,
  };
}

/** The gaps that real books have: no e-mail, no telephone, nobody named, no address. */
export function withGaps(contact: DemoContact, random: Random): DemoContact {
  const keep = <T>(value: T, blank: T, gap: number): T => (random.chance(gap) ? blank : value);
  return {
    ...contact,
    kind: random.chance(0.17) ? 'VENDOR' : 'CUSTOMER',
    email: keep(contact.email, '', 0.15),
    telephone: keep(contact.telephone, '', 0.15),
    mobile: keep(contact.mobile, '', 0.5),
    mainPersonName:
      contact.mainPersonName === contact.name ? contact.name : keep(contact.mainPersonName, '', 0.4),
    address: keep(contact.address, null, 0.12),
  };
}

/** An identity as Capsule has it. */
export function partyOf(who: Identity, random: Random, changes: Partial<DemoParty> = {}): DemoParty {
  const names =
    who.type === 'person'
      ? { type: 'person' as const, firstName: who.firstName, lastName: who.lastName }
      : { type: 'organisation' as const, name: who.name };
  return {
    ...names,
    email: who.email,
    phone: who.telephone,
    ...(who.mobile && random.chance(0.6) ? { mobile: who.mobile } : {}),
    address: capsuleAddress(who.address, who.country, who.type === 'person' ? 'Home' : random.pick(OFFICES)),
    ...(random.chance(0.25) ? { ownerless: true } : {}),
    createdDaysAgo: 0,
    ...changes,
  };
}

const OFFICES = ['Office', 'Office', 'Office', 'Billing', 'Postal'] as const;

function capsuleAddress(
  address: DemoAddress,
  country: string,
  type: NonNullable<DemoParty['address']>['type'],
): DemoParty['address'] {
  return {
    street: [address.line1, address.line2].filter(Boolean).join('\n'),
    city: address.city,
    state: address.region,
    zip: address.postcode,
    country,
    type,
  };
}
