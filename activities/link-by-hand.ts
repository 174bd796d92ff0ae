import { type CapsuleParty } from '../shared/domain/types';
import { type Store } from '../shared/store';
import { type Exclusion, type MirroredSageContact } from '../shared/store/contacts';
import { type Link } from '../shared/store/links';
import { newLink } from './new-link';

export interface Pair {
  sageContactId: string;
  partyId: number;
}

export type HandLinkRefusal =
  /** Capsule has no such party, or does not show it. */
  | 'noParty'
  /** Sage has no such contact. */
  | 'noSageContact'
  /** The Sage contact is left out by a rule (R10); `detail` is which. */
  | 'notEligible'
  /** One of the two is linked otherwise; `detail` is the id of the other's counterpart. */
  | 'taken'
  /** A party for the Sage contact is being made in Capsule at this moment. */
  | 'creating';

export type HandLinkEnd =
  { end: 'linked' | 'already' } | { end: 'refused'; why: HandLinkRefusal; detail: string };

/** Left out by a rule, not by a person: no person can link these. */
const NEVER: ReadonlySet<Exclusion | null> = new Set<Exclusion>(['system', 'erased', 'supplier']);

const refused = (why: HandLinkRefusal, detail = ''): HandLinkEnd => ({ end: 'refused', why, detail });

/**
 * Links pairs that a person named, from what the mirror holds of both. A review is withdrawn by it, and an
 * ended link begins anew. Running it again changes nothing.
 * @param at the time by Capsule's clock
 * @returns what became of each pair, in their order
 */
export async function linkByHand(
  store: Store,
  tenantId: string,
  pairs: readonly Pair[],
  because: 'manual' | 'csv',
  at: Date,
): Promise<HandLinkEnd[]> {
  const sageIds = [...new Set(pairs.map(({ sageContactId }) => sageContactId))];
  // No import or pass makes a party for these contacts meanwhile (R29).
  const claimed = await store.intents.open(tenantId, 'capsule', sageIds, at);
  try {
    return await linkClaimed(store, tenantId, pairs, because, claimed);
  } finally {
    await store.intents.close(tenantId, 'capsule', [...claimed]);
  }
}

async function linkClaimed(
  store: Store,
  tenantId: string,
  pairs: readonly Pair[],
  because: 'manual' | 'csv',
  claimed: ReadonlySet<string>,
): Promise<HandLinkEnd[]> {
  const known = await readAll(store, tenantId, pairs);
  const judged = pairs.map((pair) => judge(pair, known, claimed));
  const account = await store.accounts.get(tenantId);
  const links = judged.flatMap((one) =>
    'party' in one
      ? [newLink(one.contact.record, one.party, account, { origin: 'manual', because, run: '' })]
      : [],
  );
  const clashes = await store.links.add(tenantId, links);
  const lost = new Set(clashes.map(({ sageContactId, partyId }) => keyOf({ sageContactId, partyId })));
  const made = links.filter((link) => !lost.has(keyOf(link)));
  await forget(store, tenantId, made);
  return pairs.map((pair, index): HandLinkEnd => {
    const one = judged[index];
    if (one && 'end' in one) return one;
    return lost.has(keyOf(pair)) ? refused('taken') : { end: 'linked' };
  });
}

interface Known {
  contacts: ReadonlyMap<string, MirroredSageContact>;
  parties: ReadonlyMap<number, CapsuleParty>;
  linkOfContact: ReadonlyMap<string, Link>;
  /** By party and kind. */
  linkOfParty: ReadonlyMap<string, Link>;
}

async function readAll(store: Store, tenantId: string, pairs: readonly Pair[]): Promise<Known> {
  const sageIds = [...new Set(pairs.map(({ sageContactId }) => sageContactId))];
  const partyIds = [...new Set(pairs.map(({ partyId }) => partyId))];
  const [contacts, parties, ofContacts, ofParties] = await Promise.all([
    store.contacts.sageByIds(tenantId, sageIds),
    store.contacts.partiesByIds(tenantId, partyIds),
    store.links.bySageContacts(tenantId, sageIds),
    store.links.byParties(tenantId, partyIds),
  ]);
  return {
    contacts: new Map(contacts.map((contact) => [contact.record.id, contact])),
    parties: new Map(parties.map(({ record }) => [record.id, record])),
    linkOfContact: new Map(ofContacts.map((link) => [link.sageContactId, link])),
    linkOfParty: new Map(ofParties.map((link) => [`${link.partyId}/${link.kind}`, link])),
  };
}

function judge(
  pair: Pair,
  { contacts, parties, linkOfContact, linkOfParty }: Known,
  claimed: ReadonlySet<string>,
): HandLinkEnd | { contact: MirroredSageContact; party: CapsuleParty } {
  const { sageContactId, partyId } = pair;
  const link = linkOfContact.get(sageContactId);
  if (link) return link.partyId === partyId ? { end: 'already' } : refused('taken', String(link.partyId));
  const contact = contacts.get(sageContactId);
  const party = parties.get(partyId);
  if (!contact) return refused('noSageContact');
  if (!party) return refused('noParty');
  if (contact.excluded && NEVER.has(contact.excluded)) return refused('notEligible', contact.excluded);
  if (!claimed.has(sageContactId)) return refused('creating');
  const rival = linkOfParty.get(`${partyId}/${contact.record.kind}`);
  return rival ? refused('taken', rival.sageContactId) : { contact, party };
}

/** What asked for a decision, or kept the two apart, is answered by the link. */
async function forget(store: Store, tenantId: string, made: readonly Link[]): Promise<void> {
  const sageIds = made.map(({ sageContactId }) => sageContactId);
  const partyIds = made.map(({ partyId }) => String(partyId));
  await Promise.all([
    store.contacts.takeBack(tenantId, sageIds),
    store.reviews.withdraw(tenantId, sageIds),
    store.failures.clear(tenantId, 'capsule', sageIds),
    store.failures.clear(tenantId, 'sage', partyIds),
  ]);
}

const keyOf = ({ sageContactId, partyId }: Pair): string => `${sageContactId}/${partyId}`;
