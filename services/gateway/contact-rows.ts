import { type ContactKind } from '../../shared/domain/types';
import { type Store } from '../../shared/store';
import { type MirroredSageContact } from '../../shared/store/contacts';
import { type Failure } from '../../shared/store/failures';
import { type Link, type LinkOrigin } from '../../shared/store/links';
import { type Review } from '../../shared/store/reviews';
import { type KnownContact, stateOf, type StateAndReason } from './contact-state';

/** A contact as lists show it. */
export interface ContactRow extends StateAndReason {
  /** Of the Sage contact; `capsule-<party id>` where Sage has none. */
  id: string;
  partyId: number | null;
  sageContactId: string | null;
  name: string;
  kind: ContactKind | null;
  origin: LinkOrigin | null;
  /** Its page in Sage, where Sage tells one. */
  sageUrl: string | null;
  updatedAt: string | null;
  /** The run that made the link; empty when a person did, or when there is none. */
  run: string;
}

/** What is known of Sage contacts, in the order of the ids; one that nothing is known of is absent. */
export async function knownContacts(
  store: Store,
  tenantId: string,
  sageContactIds: readonly string[],
  mirrored?: readonly MirroredSageContact[],
): Promise<(KnownContact & { sageContactId: string })[]> {
  const ids = [...new Set(sageContactIds)];
  const [contacts, links, reviews, failures] = await Promise.all([
    mirrored ?? store.contacts.sageByIds(tenantId, ids),
    store.links.withEnded(tenantId, ids),
    openReviews(store, tenantId, ids),
    store.failures.among(
      tenantId,
      ids.flatMap((recordId) => [
        { side: 'capsule' as const, recordId },
        { side: 'sage' as const, recordId },
      ]),
    ),
  ]);
  const contactOf = new Map(contacts.map((contact) => [contact.record.id, contact]));
  const linkOf = new Map(links.map((link) => [link.sageContactId, link]));
  const failureOf = new Map(failures.map((failure) => [failure.recordId, failure]));
  return ids.flatMap((id) => {
    const known = {
      sageContactId: id,
      contact: contactOf.get(id) ?? null,
      link: linkOf.get(id) ?? null,
      review: reviews.get(id) ?? null,
      failure: failureOf.get(id) ?? null,
    };
    return known.contact || known.link?.live || known.review || known.failure ? [known] : [];
  });
}

/** The open reviews of these contacts. Few contacts have one: those alone are read. */
async function openReviews(
  store: Store,
  tenantId: string,
  ids: readonly string[],
): Promise<Map<string, Review>> {
  const { open } = await store.reviews.among(tenantId, ids);
  const found = await Promise.all([...open].map((id) => store.reviews.find(tenantId, id)));
  return new Map(found.flatMap((one) => (one ? [[one.review.sageContactId, one.review] as const] : [])));
}

export function toRow(known: KnownContact & { sageContactId: string }): ContactRow {
  const { sageContactId, contact, link, review, failure } = known;
  const live: Link | null = link?.live ? link : null;
  return {
    ...stateOf(known),
    id: sageContactId,
    sageContactId,
    partyId: live?.partyId ?? null,
    name: contact?.record.name ?? review?.name ?? failure?.name ?? link?.agreed.name ?? '',
    kind: contact?.record.kind ?? link?.kind ?? review?.kind ?? null,
    origin: live?.origin ?? null,
    sageUrl: webAddress(contact?.record.url),
    updatedAt: instantOf(contact?.record.updatedAt),
    run: live?.run ?? '',
  };
}

/** A party that Sage does not have. @param failure of its *Add to Sage* */
export function toPartyRow(
  party: { id: number; name: string; updatedAt: string },
  failure: Failure | null,
): ContactRow {
  return {
    ...stateOf({ contact: null, link: null, review: null, failure }),
    ...{ id: `capsule-${party.id}`, partyId: party.id, sageContactId: null, name: party.name },
    ...{ kind: null, origin: null, sageUrl: null, updatedAt: instantOf(party.updatedAt), run: '' },
  };
}

/** Only what a link may hold: the text comes from outside. */
export const webAddress = (text: string | undefined): string | null =>
  text && /^https?:\/\//i.test(text) ? text : null;

/** ISO 8601 UTC; vendors write their instants in ways of their own. */
function instantOf(text: string | undefined): string | null {
  const time = text ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? null : new Date(time).toISOString();
}
