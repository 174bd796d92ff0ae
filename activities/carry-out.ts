import { type MatchDecision, type PartyCandidate } from '../shared/domain/matching';
import { type CapsuleParty, type SageContact } from '../shared/domain/types';
import { type LinkReason } from '../shared/store/links';
import { type Review, type ReviewCandidate } from '../shared/store/reviews';
import { type CreateResult, type Made } from './create-parties';
import { type Candidates, type RangeContext, type RangeCounts } from './match-range';
import { newLink } from './new-link';

type Follow = Extract<MatchDecision, { outcome: 'linkToCreated' }>;
type ToLink = { contact: SageContact; party: CapsuleParty; because: LinkReason };

/**
 * Carries decisions out: links, parties made, reviews opened.
 * @returns each contact of the decisions counted once
 * @throws VendorError when Capsule takes no requests now; what is decided again later ends the same
 */
export async function carryOut(
  context: RangeContext,
  contacts: readonly SageContact[],
  { candidates, records }: Candidates,
  decisions: readonly MatchDecision[],
): Promise<Omit<RangeCounts, 'excluded'>> {
  const byId = new Map(contacts.map((contact) => [contact.id, contact]));
  const contactOf = ({ sageContactId }: { sageContactId: string }): SageContact[] =>
    [byId.get(sageContactId)].filter((contact) => contact !== undefined);

  const follows = decisions.filter((decision) => decision.outcome === 'linkToCreated');
  const creates = decisions.filter((decision) => decision.outcome === 'create');
  const result = await createWithFollowers(context, creates.flatMap(contactOf), follows, contactOf);
  const made = new Map(result.made.map((one) => [one.contact.id, one]));

  const links: ToLink[] = [
    ...decisions
      .filter((decision) => decision.outcome === 'link')
      .flatMap((decision) => {
        const party = records.get(decision.partyId);
        if (!party) return [];
        return contactOf(decision).map((contact) => ({ contact, party, because: decision.because }));
      }),
    ...follows.flatMap((decision) => {
      const leader = made.get(decision.createdFor);
      if (!leader || made.has(decision.sageContactId)) return [];
      return contactOf(decision).map((contact) => ({
        contact,
        party: leader.party,
        because: 'name' as const,
      }));
    }),
  ];
  const taken = await addLinks(context, links);
  const linked = links.filter(({ contact }) => !taken.has(contact.id));

  const shown = new Map(candidates.map((party) => [party.id, toReviewCandidate(party)]));
  const reviews = [
    ...decisions
      .filter((decision) => decision.outcome === 'review')
      .flatMap((decision) =>
        contactOf(decision).map((contact) =>
          toReview(contact, decision.why, [
            ...decision.partyIds.map((id) => shown.get(id)),
            ...decision.createdFor.map((id) => madeCandidate(made.get(id))),
          ]),
        ),
      ),
    // Somebody linked the party otherwise a moment ago: a person has to look (R8).
    ...links
      .filter(({ contact }) => taken.has(contact.id))
      .map(({ contact, party }) => toReview(contact, 'homonym', [shown.get(party.id)])),
  ];
  await context.store.reviews.open(context.tenantId, reviews);
  await forgetFailures(context, [
    ...[...linked, ...result.made].map(({ contact }) => contact.id),
    ...reviews.map(({ sageContactId }) => sageContactId),
  ]);

  const counts = {
    linked: linked.length,
    created: result.made.length,
    review: reviews.length,
    failed: result.refused.length,
  };
  const settled = counts.linked + counts.created + counts.review + counts.failed;
  return { ...counts, unsettled: decisions.length - settled };
}

/**
 * Makes parties. A contact that was to share the party of another is made itself when that one was refused:
 * the reason was the other's data, not this one's.
 */
async function createWithFollowers(
  context: RangeContext,
  contacts: readonly SageContact[],
  follows: readonly Follow[],
  contactOf: (decision: Follow) => SageContact[],
): Promise<CreateResult> {
  const first = await context.create(contacts);
  const refused = new Set(first.refused.map(({ id }) => id));
  const orphans = follows.filter(({ createdFor }) => refused.has(createdFor)).flatMap(contactOf);
  if (orphans.length === 0) return first;
  const second = await context.create(orphans);
  return {
    made: [...first.made, ...second.made],
    refused: [...first.refused, ...second.refused],
    unsettled: [...first.unsettled, ...second.unsettled],
  };
}

/** @returns the Sage contacts that were not linked because the party is linked otherwise by now */
async function addLinks(
  { store, tenantId, account, run }: RangeContext,
  links: readonly ToLink[],
): Promise<Set<string>> {
  const refused = await store.links.add(
    tenantId,
    links.map(({ contact, party, because }) =>
      // A marker says that the sync made the party: its link was lost, not its origin.
      newLink(contact, party, account, { origin: because === 'marker' ? 'created' : 'linked', because, run }),
    ),
  );
  return new Set(refused.map(({ sageContactId }) => sageContactId));
}

async function forgetFailures(
  { store, tenantId, known }: RangeContext,
  sageContactIds: readonly string[],
): Promise<void> {
  if (known.failures) await store.failures.clear(tenantId, 'capsule', sageContactIds);
}

function toReview(
  { id, name, kind }: SageContact,
  why: Review['why'],
  candidates: readonly (ReviewCandidate | undefined)[],
): Review {
  return {
    ...{ sageContactId: id, name, kind, why, openedAt: new Date() },
    candidates: candidates.filter((candidate) => candidate !== undefined),
  };
}

const toReviewCandidate = ({ id, name, emails, postcodes }: PartyCandidate): ReviewCandidate => ({
  partyId: id,
  name,
  email: emails[0] ?? '',
  postcode: postcodes[0] ?? '',
});

function madeCandidate(made: Made | undefined): ReviewCandidate | undefined {
  if (!made) return undefined;
  const { id, name, emails, addresses } = made.party;
  return { partyId: id, name, email: emails[0]?.address ?? '', postcode: addresses[0]?.zip ?? '' };
}
