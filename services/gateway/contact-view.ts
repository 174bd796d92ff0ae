import { differences, fieldsOfSage, labelOf, mapParty } from '../../shared/domain/synced-fields';
import {
  type CapsuleParty,
  type ContactKind,
  type SageContact,
  type SyncedField,
  SYNCED_FIELDS,
} from '../../shared/domain/types';
import { type Store } from '../../shared/store';
import { type CapsuleAccount } from '../../shared/store/accounts';
import { type Exclusion } from '../../shared/store/contacts';
import { type Failure } from '../../shared/store/failures';
import { type Link } from '../../shared/store/links';
import { type Page } from '../../shared/store/page';
import { type ContactRow, knownContacts, toPartyRow, toRow } from './contact-rows';
import { type Subject } from './contact-subject';
import { type HistoryLine, readHistory } from './history';
import { type SignedIn } from './http/session';
import { type Services } from './services';
import { noContact, type Viewers } from './viewer';

/** A synced field of both records; null where a side holds nothing that can be compared. */
export interface FieldPair {
  field: SyncedField;
  label: string;
  capsule: string | null;
  sage: string | null;
  differs: boolean;
}

/** A Sage contact, and how it stands to its party. */
export interface ContactPair {
  row: ContactRow;
  fields: FieldPair[];
  /** *Do not bring back* (R18). */
  keepDeleted: boolean;
  /** When it was linked; null when it is not. */
  linkedAt: string | null;
}

export interface Organisation {
  id: number;
  name: string;
  /** What it is in Sage already. */
  kinds: ContactKind[];
}

/** A Capsule contact with everything that Sage has of it. */
export interface PartyView {
  partyId: number;
  name: string;
  type: CapsuleParty['type'];
  /** R16: of a person; what *Add to Sage* would add. */
  organisation: Organisation | null;
  /** A customer, a supplier, or both; empty: Sage does not have it. */
  pairs: ContactPair[];
  /** What kinds of contact it, or its organisation, could still be in Sage. */
  addable: ContactKind[];
  /** Of an *Add to Sage* that Sage refused. */
  failure: Failure | null;
  history: Page<HistoryLine>;
}

/** A Sage contact that no party is linked with. */
export interface SageView {
  pair: ContactPair;
  /** Why it is left out, if it is. */
  excluded: Exclusion | null;
  /** The parties that it may be while it waits in the review queue, or that it was linked with. */
  candidates: { partyId: number; name: string }[];
  history: Page<HistoryLine>;
}

const KINDS: readonly ContactKind[] = ['CUSTOMER', 'VENDOR'];

/** Everything about a contact but its documents. */
export async function readParty(
  { store }: Pick<Services, 'store'>,
  { tenantId }: SignedIn,
  subject: Subject,
  options: { cursor: string | null; limit: number },
): Promise<PartyView> {
  const { partyId, party, links, live, tenant } = subject;
  const [pairs, failures, history] = await Promise.all([
    readPairs(store, tenantId, live, party),
    store.failures.among(tenantId, [{ side: 'sage', recordId: String(partyId) }]),
    readHistory(store, tenantId, { partyId, links, sageContactIds: idsOf(live) }, options),
  ]);
  const organisation = subject.organisation && toOrganisation(subject.organisation);
  const kinds = organisation?.kinds ?? live.map(({ kind }) => kind);
  const open = tenant?.settings.excludeSuppliers ? KINDS.slice(0, 1) : KINDS;
  return {
    ...{ partyId, pairs, organisation, history },
    name: party?.name ?? pairs[0]?.row.name ?? '',
    type: party?.type ?? 'organisation',
    addable: party ? open.filter((kind) => !kinds.includes(kind)) : [],
    failure: failures[0] ?? null,
  };
}

/**
 * @returns the party's id where the contact is linked: its page is the party's
 * @throws Problem 404 when the tenant has no such contact, or the viewer may not see it (R31)
 */
export async function readSageContact(
  { store }: Pick<Services, 'store'>,
  viewers: Viewers,
  who: SignedIn,
  sageContactId: string,
  options: { cursor: string | null; limit: number },
): Promise<{ linkedTo: number } | { view: SageView }> {
  const { tenantId } = who;
  const [known] = await knownContacts(store, tenantId, [sageContactId]);
  if (!known) throw noContact();
  const { link, contact, review } = known;
  if (link?.live) {
    await viewers.mustSee(who, link.partyId);
    return { linkedTo: link.partyId };
  }
  if (!who.administrator) throw noContact();
  const links = link ? [link] : [];
  const history = await readHistory(
    store,
    tenantId,
    { partyId: null, links, sageContactIds: [sageContactId] },
    options,
  );
  const fields = contact ? pairFields(null, contact.record, null, []) : [];
  const formerly = link ? await store.contacts.partiesByIds(tenantId, [link.partyId]) : [];
  return {
    view: {
      pair: { row: toRow(known), fields, keepDeleted: link?.keepDeleted ?? false, linkedAt: null },
      excluded: contact?.excluded ?? null,
      candidates:
        review?.candidates.map(toName) ??
        formerly.map(({ record }) => toName({ partyId: record.id, ...record })),
      history,
    },
  };
}

/** The contact of a party as lists and the API show it: its first Sage contact, or none. */
export const rowsOf = ({ pairs, partyId, name, failure }: PartyView): ContactRow[] =>
  pairs.length > 0
    ? pairs.map(({ row }) => row)
    : [toPartyRow({ id: partyId, name, updatedAt: '' }, failure)];

async function readPairs(
  store: Store,
  tenantId: string,
  links: readonly Link[],
  party: CapsuleParty | null,
): Promise<ContactPair[]> {
  if (links.length === 0) return [];
  const [known, account] = await Promise.all([
    knownContacts(store, tenantId, idsOf(links)),
    store.accounts.get(tenantId).catch(() => null),
  ]);
  const pairs = known.map((one): ContactPair => ({
    row: toRow(one),
    fields: one.contact ? pairFields(party, one.contact.record, account, one.link?.differs ?? []) : [],
    keepDeleted: one.link?.keepDeleted ?? false,
    linkedAt: one.link?.createdAt.toISOString() ?? null,
  }));
  return pairs.sort((a, b) => ((a.row.kind ?? '') < (b.row.kind ?? '') ? -1 : 1));
}

/** @param noted fields that a pass has found to differ */
function pairFields(
  party: CapsuleParty | null,
  contact: SageContact,
  account: CapsuleAccount | null,
  noted: readonly SyncedField[],
): FieldPair[] {
  const sage = fieldsOfSage(contact);
  const codes = new Map(Object.entries(account?.countryNames ?? {}).map(([code, name]) => [name, code]));
  const mapped = party && mapParty(party, codes);
  const differing = new Set([...noted, ...(mapped && party ? differences(party, mapped, contact) : [])]);
  return SYNCED_FIELDS.map((field) => ({
    field,
    label: labelOf(field),
    capsule: mapped ? (mapped.fields[field] ?? null) : null,
    sage: sage[field],
    differs: differing.has(field),
  }));
}

const toOrganisation = ({ id, name, links }: NonNullable<Subject['organisation']>): Organisation => ({
  ...{ id, name },
  kinds: links.map(({ kind }) => kind),
});

const toName = ({ partyId, name }: { partyId: number; name: string }) => ({ partyId, name });

const idsOf = (links: readonly Link[]): string[] => links.map(({ sageContactId }) => sageContactId);
