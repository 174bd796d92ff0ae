import {
  decideDeletions,
  type DeletionDecision,
  type LivingParty,
  type LostLink,
  MergeIndex,
} from '../shared/domain/deletions';
import { readName } from '../shared/domain/names';
import { type CapsuleParty } from '../shared/domain/types';
import { sageContactOfMarker } from '../shared/ids';
import { type Store } from '../shared/store';
import { type MirroredParty, type MirroredSageContact } from '../shared/store/contacts';
import { type Deletion } from '../shared/store/deletions';
import { type Link } from '../shared/store/links';

/** Deletions that are looked at together; more wait for the next pass. */
export const MOST_DELETIONS = 50_000;

/** A live link one of whose records is noted as deleted, and what is to become of it. */
export interface LostCase {
  link: Link;
  /** When the party was deleted; null: it was not. */
  partyDeleted: Date | null;
  contactDeleted: Date | null;
  /** `wait`: a person has been asked already (R21). */
  decision: DeletionDecision | { do: 'wait' };
}

/**
 * The live links that noted deletions concern, and what the rules make of each.
 * @param alive noted parties that were found to be there after all
 */
export async function lostCases(
  { store, publicUrl }: { store: Store; publicUrl: string },
  tenantId: string,
  notes: readonly Deletion[],
  alive: ReadonlySet<number>,
): Promise<LostCase[]> {
  const parties = deletedAt(notes, 'capsule');
  const contacts = deletedAt(notes, 'sage');
  const noted = [...parties.keys()].map(Number).filter((id) => !alive.has(id));
  const [byParty, byContact] = await Promise.all([
    store.links.byParties(tenantId, noted),
    store.links.bySageContacts(tenantId, [...contacts.keys()]),
  ]);
  const links = [...new Map([...byParty, ...byContact].map((link) => [link.sageContactId, link])).values()];
  const cases = links.map((link) => ({
    link,
    partyDeleted: alive.has(link.partyId) ? null : (parties.get(String(link.partyId)) ?? null),
    contactDeleted: contacts.get(link.sageContactId) ?? null,
  }));
  return decide(store, publicUrl, tenantId, cases, new Set(noted));
}

type Undecided = Omit<LostCase, 'decision'>;

async function decide(
  store: Store,
  publicUrl: string,
  tenantId: string,
  cases: readonly Undecided[],
  gone: ReadonlySet<number>,
): Promise<LostCase[]> {
  const ids = cases.map(({ link }) => link.sageContactId);
  const { open } = await store.reviews.among(tenantId, ids);
  const leaders = leadersOf(cases);
  const decided = new Map<string, LostCase['decision']>();
  const left: Undecided[] = [];
  for (const lost of cases) {
    const { sageContactId, partyId } = lost.link;
    const leader = leaders.get(partyId);
    if (lost.contactDeleted) left.push(lost);
    else if (open.has(sageContactId)) decided.set(sageContactId, { do: 'wait' });
    else if (leader === sageContactId) decided.set(sageContactId, { do: 'recreate' });
    else if (leader !== undefined) decided.set(sageContactId, { do: 'follow', leader });
    else left.push(lost);
  }
  const lost = await describe(store, tenantId, left);
  const living = await livingParties(store, publicUrl, tenantId, lost, gone);
  const decisions = decideDeletions(lost, living);
  return cases.map((each) => {
    const id = each.link.sageContactId;
    return { ...each, decision: decided.get(id) ?? decisions.get(id) ?? { do: 'nothing' } };
  });
}

/** Contacts whose deleted party is being made again already, by party: what was begun is brought to its end. */
function leadersOf(cases: readonly Undecided[]): ReadonlyMap<number, string> {
  const begun = cases.filter(
    ({ link, partyDeleted, contactDeleted }) =>
      partyDeleted && !contactDeleted && link.recreating?.partyId === link.partyId,
  );
  return new Map(begun.map(({ link }) => [link.partyId, link.sageContactId]));
}

/** Adds by what each customer is known: the records as they are mirrored, and what was agreed last. */
async function describe(store: Store, tenantId: string, cases: readonly Undecided[]): Promise<LostLink[]> {
  const [contacts, parties] = await Promise.all([
    store.contacts.sageByIds(
      tenantId,
      cases.map(({ link }) => link.sageContactId),
    ),
    store.contacts.partiesByIds(
      tenantId,
      cases.map(({ link }) => link.partyId),
    ),
  ]);
  const contactOf = new Map(contacts.map((contact) => [contact.record.id, contact]));
  const partyOf = new Map(parties.map(({ record }) => [record.id, record]));
  return cases.map(({ link, partyDeleted, contactDeleted }) => {
    const { sageContactId, partyId, kind, keepDeleted } = link;
    const contact = contactOf.get(sageContactId);
    return {
      ...{ sageContactId, partyId, kind, keepDeleted },
      ...{ partyDeleted: partyDeleted !== null, contactDeleted: contactDeleted !== null },
      leftOut: (contact?.excluded ?? null) !== null,
      known: knownOf(link, contact, partyOf.get(partyId)),
    };
  });
}

function knownOf(
  { agreed }: Link,
  contact: MirroredSageContact | undefined,
  party: CapsuleParty | undefined,
): LostLink['known'] {
  const sage = contact?.record;
  const own = party ? detailsOf(party) : { emails: [], postcodes: [], phones: [] };
  const texts = (list: readonly (string | undefined)[]) => list.filter((text) => text !== undefined);
  return {
    names: [
      ...texts([sage?.name, agreed.name]).map((name) => readName(name, 'sage')),
      ...(party ? [readName(party.name, party.type, party.title)] : []),
    ],
    emails: [...texts([sage?.email, agreed.email]), ...own.emails],
    postcodes: [...texts([sage?.address?.postcode, agreed.postcode]), ...own.postcodes],
    phones: [...texts([sage?.telephone, sage?.mobile, agreed.telephone, agreed.mobile]), ...own.phones],
  };
}

/** The parties into which one of the lost may have been merged (R21), found by one walk through the mirror. */
async function livingParties(
  store: Store,
  publicUrl: string,
  tenantId: string,
  lost: readonly LostLink[],
  gone: ReadonlySet<number>,
): Promise<LivingParty[]> {
  const sought = lost.filter(({ partyDeleted, contactDeleted }) => partyDeleted && !contactDeleted);
  if (sought.length === 0) return [];
  const index = new MergeIndex(sought);
  const ids: number[] = [];
  for await (const { id, key, emails, websites } of store.contacts.partySigns(tenantId)) {
    if (!gone.has(id) && index.mayHold({ key, emails, marks: marksOf(websites, publicUrl) })) ids.push(id);
  }
  const [parties, links] = await Promise.all([
    store.contacts.partiesByIds(tenantId, ids),
    store.links.byParties(tenantId, ids),
  ]);
  return parties.map((party) => toLiving(party, links, publicUrl));
}

function toLiving({ record }: MirroredParty, links: readonly Link[], publicUrl: string): LivingParty {
  const { id, type, name, title, websites } = record;
  return {
    ...{ id, type, name, title, ...detailsOf(record) },
    marks: marksOf(websites, publicUrl),
    linkedKinds: links.filter(({ partyId }) => partyId === id).map(({ kind }) => kind),
  };
}

const detailsOf = ({ emails, addresses, phones }: CapsuleParty) => ({
  emails: emails.map(({ address }) => address),
  postcodes: addresses.map(({ zip }) => zip),
  phones: phones.map(({ number }) => number),
});

/** A record that came out of a merge may bear several of our markers. */
const marksOf = (websites: readonly string[], publicUrl: string): string[] =>
  websites.flatMap((address) => sageContactOfMarker(publicUrl, address) ?? []);

const deletedAt = (notes: readonly Deletion[], side: Deletion['side']): Map<string, Date> =>
  new Map(notes.filter((note) => note.side === side).map(({ recordId, at }) => [recordId, at]));
