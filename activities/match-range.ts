import { bucketOf, readName } from '../shared/domain/names';
import { type PartyCandidate, planMatches, type SageCandidate } from '../shared/domain/matching';
import {
  type CapsuleParty,
  type ContactKind,
  type SageContact,
  type TenantSettings,
} from '../shared/domain/types';
import { type Store } from '../shared/store';
import { type MirroredParty } from '../shared/store/contacts';
import { isByPerson, isLetGo, type Link } from '../shared/store/links';
import { type SageIntent } from '../shared/store/sage-intents';
import { type CapsuleAccount } from '../shared/store/accounts';
import { carryOut } from './carry-out';
import { type CreateResult } from './create-parties';

/** What became of the Sage contacts of a range: each of them counts once. */
export interface RangeCounts {
  linked: number;
  created: number;
  review: number;
  excluded: number;
  failed: number;
  /** Their outcome is not known yet: the range is gone through again later. */
  unsettled: number;
}

/** Which collections can hold anything of this tenant: a first import need not look where nothing is. */
export interface Known {
  links: boolean;
  markers: boolean;
  reviews: boolean;
  failures: boolean;
}

export interface RangeContext {
  store: Store;
  tenantId: string;
  settings: TenantSettings;
  account: CapsuleAccount;
  /** Id of the run that the links are made by. */
  run: string;
  known: Known;
  create(contacts: readonly SageContact[]): Promise<CreateResult>;
}

/**
 * Matches the contacts of a range of name buckets by R6–R9 and carries the decisions out. All names that may
 * match each other are in one range, so that each range can be decided by itself, and again after a crash.
 */
export async function matchRange(context: RangeContext, from: number, to: number): Promise<RangeCounts> {
  const { store, tenantId, settings } = context;
  const [sage, parties] = await Promise.all([
    store.contacts.sageInBuckets(tenantId, from, to),
    store.contacts.partiesInBuckets(tenantId, from, to),
  ]);
  const counts: RangeCounts = { linked: 0, created: 0, review: 0, excluded: 0, failed: 0, unsettled: 0 };
  const eligible = sage.filter(({ excluded }) => excluded === null).map(({ record }) => record);
  counts.excluded = sage.length - eligible.length;

  // Before the links: who has put a contact into Sage links it first, and ends the intent then.
  const adding = await store.intents.openInSage(tenantId);
  const free = await withoutDecided(context, eligible, counts);
  const undecided = free.filter((contact) => !isInMaking(contact, adding));
  counts.unsettled += free.length - undecided.length;
  if (undecided.length === 0) return counts;
  const { candidates, records } = await partyCandidates(context, undecided, parties, adding);
  const decisions = planMatches(undecided.map(toSageCandidate), candidates, settings);
  const outcome = await carryOut(context, undecided, { candidates, records }, decisions);
  for (const name of ['linked', 'created', 'review', 'failed', 'unsettled'] as const)
    counts[name] += outcome[name];
  return counts;
}

/**
 * Counts and leaves out the contacts that are linked, wait in the review queue, or were decided to be ignored.
 * Reviews are read before links: a decision makes the link before it closes the review.
 */
async function withoutDecided(
  { store, tenantId, known }: RangeContext,
  contacts: readonly SageContact[],
  counts: RangeCounts,
): Promise<SageContact[]> {
  const ids = contacts.map(({ id }) => id);
  const { open, ignored } = known.reviews ? await store.reviews.among(tenantId, ids) : NO_REVIEWS;
  // Also in a first import: people link and add beside it.
  const all = await store.links.withEnded(tenantId, ids);
  const links = all.filter(({ live }) => live);
  const letGo = new Set(all.filter(isLetGo).map(({ sageContactId }) => sageContactId));
  for (const { origin } of links) counts[origin === 'created' ? 'created' : 'linked'] += 1;
  const linked = new Set(links.map(({ sageContactId }) => sageContactId));
  const waiting = ids.filter((id) => open.has(id) && !linked.has(id));
  counts.review += waiting.length;
  const left = ids.filter((id) => !linked.has(id) && (ignored.has(id) || (letGo.has(id) && !open.has(id))));
  counts.excluded += left.length;
  const decided = new Set([...linked, ...open, ...left]);
  return contacts.filter(({ id }) => !decided.has(id));
}

/** Sage's clock at the time of the intent against its time of the contact. */
const CLOCK_SLACK_MS = 60_000;

/**
 * Whether a Sage contact may be the one that is being made for a party at this moment (R15): as long as nobody
 * knows, a party of its own would be a twin (R29).
 */
function isInMaking({ name, kind, createdAt }: SageContact, adding: readonly SageIntent[]): boolean {
  if (adding.length === 0) return false;
  const bucket = bucketOf(readName(name, 'sage').looseKey);
  return adding.some(
    (intent) =>
      intent.bucket === bucket &&
      intent.kind === kind &&
      Date.parse(createdAt) >= intent.at.getTime() - CLOCK_SLACK_MS,
  );
}

const NO_REVIEWS = { open: new Set<string>(), ignored: new Set<string>() };

export interface Candidates {
  candidates: PartyCandidate[];
  /** The parties themselves, by id. */
  records: ReadonlyMap<number, CapsuleParty>;
}

/** The parties of the range, and those elsewhere that carry a marker of its contacts. */
async function partyCandidates(
  { store, tenantId, known }: RangeContext,
  contacts: readonly SageContact[],
  inRange: readonly MirroredParty[],
  adding: readonly SageIntent[],
): Promise<Candidates> {
  const ids = contacts.map(({ id }) => id);
  const marked = known.markers ? await store.contacts.partiesByMarker(tenantId, ids) : [];
  const parties = [...new Map([...inRange, ...marked].map((party) => [party.record.id, party])).values()];
  const links = known.links
    ? await store.links.byPartiesWithEnded(
        tenantId,
        parties.map(({ record }) => record.id),
      )
    : [];
  const claims = [
    ...links.filter(({ live }) => live),
    ...links.filter((link) => isParted(link, links)).flatMap(ofBothKinds),
    ...adding,
    ...(await claimsByMarker(store, tenantId, parties, new Set(ids))),
  ];
  const kinds = new Map<number, ContactKind[]>();
  for (const { partyId, kind } of claims) kinds.set(partyId, [...(kinds.get(partyId) ?? []), kind]);
  return {
    candidates: parties.map((party) => toPartyCandidate(party, kinds.get(party.record.id) ?? [])),
    records: new Map(parties.map(({ record }) => [record.id, record])),
  };
}

/** Unlinked by a person, and linked by nobody since: then only a person links the party again. */
function isParted({ partyId, ended }: Link, links: readonly Link[]): boolean {
  if (ended?.why !== 'unlinked') return false;
  return !links.some(
    (link) => link.partyId === partyId && link.live && isByPerson(link) && link.createdAt > ended.at,
  );
}

const ofBothKinds = ({ partyId }: Link): Claim[] => [
  { partyId, kind: 'CUSTOMER' },
  { partyId, kind: 'VENDOR' },
];

type Claim = Pick<Link, 'partyId' | 'kind'>;

/** A party that carries the marker of a Sage contact of another range is that contact's, whatever its name. */
async function claimsByMarker(
  store: Store,
  tenantId: string,
  parties: readonly MirroredParty[],
  inRange: ReadonlySet<string>,
): Promise<Claim[]> {
  const elsewhere = parties.flatMap(({ record, marker }) =>
    marker !== null && !inRange.has(marker) ? [{ partyId: record.id, marker }] : [],
  );
  if (elsewhere.length === 0) return [];
  const owners = await store.contacts.sageByIds(
    tenantId,
    elsewhere.map(({ marker }) => marker),
  );
  const kindOf = new Map(owners.map(({ record }) => [record.id, record.kind]));
  return elsewhere.flatMap(({ partyId, marker }) => {
    const kind = kindOf.get(marker);
    return kind ? [{ partyId, kind }] : [];
  });
}

function toSageCandidate({ id, kind, name, email, address, createdAt }: SageContact): SageCandidate {
  return { id, kind, name, email, postcode: address?.postcode ?? '', createdAt };
}

function toPartyCandidate({ record, marker }: MirroredParty, linkedKinds: ContactKind[]): PartyCandidate {
  const { id, type, name, title, emails, addresses } = record;
  return {
    ...{ id, type, name, title, linkedKinds },
    emails: emails.map(({ address }) => address),
    postcodes: addresses.map(({ zip }) => zip),
    marks: marker === null ? [] : [marker],
  };
}
