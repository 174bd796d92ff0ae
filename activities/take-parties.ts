import { isDeepStrictEqual } from 'node:util';
import { changedFields, mapParty } from '../shared/domain/synced-fields';
import { type CapsuleParty } from '../shared/domain/types';
import { type Store } from '../shared/store';
import { type Link } from '../shared/store/links';
import { mirrorParty } from './mirror-keys';
import { countryCodesOf } from './new-link';
import { type Pass } from './pass';

/** What a pass found in a page of parties. */
export interface TakenParties {
  /** Live links of these parties. */
  links: Link[];
  /** Ids of those whose content is new to the mirror. */
  news: Set<number>;
  /** The parties by id, in the latest state that is known. */
  parties: Map<number, CapsuleParty>;
  /** Parties that may have to be pushed: their hints are in the store. */
  changed: number;
}

/**
 * Brings the mirror up to date with parties, and notes whose edits have not reached Sage (R12): that is told by
 * their content against what was agreed last, so that an echo is none and a lost hook is made up for.
 * The hints are durable before the mirror says that there is nothing new.
 */
export async function takeParties(pass: Pass, listed: readonly CapsuleParty[]): Promise<TakenParties> {
  const { deps, tenantId, tenant } = pass;
  const { store } = deps;
  const ids = listed.map(({ id }) => id);
  const [known, links] = await Promise.all([mirrorOf(pass, ids), store.links.byParties(tenantId, ids)]);
  const setBack = await newsOfSetBack(pass, listed, known);
  const parties = listed.map((party) => setBack.get(party.id) ?? party);
  const news = parties.filter((party) => setBack.has(party.id) || isNews(party, known.get(party.id)));
  const newIds = new Set(news.map(({ id }) => id));
  const hints = await partiesToPush(pass, parties, links, newIds);
  await store.changes.note(tenantId, hints, new Date());
  await store.contacts.saveParties(
    tenantId,
    tenant.connection.number,
    news.map((party) => mirrorParty(party, deps.publicUrl)),
  );
  const stateOf = (party: CapsuleParty) => (newIds.has(party.id) ? party : (known.get(party.id) ?? party));
  return {
    ...{ links, news: newIds, changed: hints.length },
    parties: new Map(parties.map((party) => [party.id, stateOf(party)])),
  };
}

/** A hook may have brought a later state than the page that comes now. */
const isNews = (party: CapsuleParty, known: CapsuleParty | undefined): boolean =>
  !known || (party.updatedAt >= known.updatedAt && !isDeepStrictEqual(party, known));

/**
 * Parties that come older than they are mirrored: read before a hook brought a later state, or edited after Capsule's
 * clock was set back. Asked for once more, they tell which, unless the mirror has moved on meanwhile.
 */
async function newsOfSetBack(
  pass: Pass,
  parties: readonly CapsuleParty[],
  known: ReadonlyMap<number, CapsuleParty>,
): Promise<Map<number, CapsuleParty>> {
  const ids = parties.flatMap((party) => {
    const before = known.get(party.id);
    const older = before && party.updatedAt < before.updatedAt && !isDeepStrictEqual(party, before);
    return older ? [party.id] : [];
  });
  if (ids.length === 0) return new Map();
  const reads = await pass.capsule.getParties(ids);
  const now = await mirrorOf(pass, ids);
  const fresh = reads.filter(({ party }) => {
    const before = now.get(party.id);
    const still = before?.updatedAt === known.get(party.id)?.updatedAt;
    return still && !isDeepStrictEqual(party, before);
  });
  return new Map(fresh.map(({ party }) => [party.id, party]));
}

async function mirrorOf(
  { deps: { store }, tenantId }: Pass,
  ids: readonly number[],
): Promise<Map<number, CapsuleParty>> {
  const mirrored = await store.contacts.partiesByIds(tenantId, ids);
  return new Map(mirrored.map(({ record }) => [record.id, record]));
}

/**
 * Whose values differ from what was agreed, and of those that were set aside the ones that changed (R26).
 * A party that could not be added to Sage (R15) counts among these.
 */
async function partiesToPush(
  { deps: { store }, tenantId, account }: Pass,
  parties: readonly CapsuleParty[],
  links: readonly Link[],
  news: ReadonlySet<number>,
): Promise<number[]> {
  const codes = countryCodesOf(account);
  const byId = new Map(parties.map((party) => [party.id, party]));
  const edited = links.filter((link) => {
    const party = byId.get(link.partyId);
    if (!party) return false;
    const { fields, faults } = mapParty(party, codes);
    return changedFields(link.agreed, fields).length > 0 || (faults.length > 0 && news.has(party.id));
  });
  const linked = links.filter(({ partyId }) => news.has(partyId)).concat(edited);
  const failures = await store.failures.among(tenantId, [
    ...linked.map(({ sageContactId }) => ({ side: 'sage' as const, recordId: sageContactId })),
    ...[...news].map((id) => ({ side: 'sage' as const, recordId: String(id) })),
  ]);
  const failed = new Set(failures.map(({ recordId }) => recordId));
  const again = linked.filter(({ partyId, sageContactId }) => news.has(partyId) && failed.has(sageContactId));
  const left = await leftOut(store, tenantId, edited);
  const fresh = edited.filter(
    ({ partyId, sageContactId }) =>
      !left.has(sageContactId) && (news.has(partyId) || !failed.has(sageContactId)),
  );
  const unadded = [...news].filter((id) => failed.has(String(id)));
  return [...new Set([...fresh, ...again].map(({ partyId }) => partyId).concat(unadded))];
}

/** Nothing is pushed to a supplier whom the settings leave out by now (R10); the link stays. */
async function leftOut(store: Store, tenantId: string, links: readonly Link[]): Promise<Set<string>> {
  if (links.length === 0) return new Set();
  const contacts = await store.contacts.sageByIds(
    tenantId,
    links.map(({ sageContactId }) => sageContactId),
  );
  return new Set(contacts.filter(({ excluded }) => excluded !== null).map(({ record }) => record.id));
}
