import { isDeepStrictEqual } from 'node:util';
import { differences, fieldsOfSage, mapParty } from '../shared/domain/synced-fields';
import { type CapsuleParty, type SageContact } from '../shared/domain/types';
import { type Store } from '../shared/store';
import { type JournalEntry } from '../shared/store/journal';
import { type Link } from '../shared/store/links';
import { countryCodesOf } from './new-link';
import { type Pass } from './pass';

/**
 * Compares the two records of links anew (R13), from the mirrors of both sides, and writes only what changed.
 * @param options.parties the parties of the links, where they are at hand
 * @param options.editedInSage Sage contacts that this pass found changed: their history tells what was not taken
 * over
 */
export async function refreshDiffers(
  { deps: { store }, tenantId, runId, account }: Pass,
  links: readonly Link[],
  options: { parties?: ReadonlyMap<number, CapsuleParty>; editedInSage?: ReadonlySet<string> } = {},
): Promise<void> {
  const live = [...new Map(links.map((link) => [link.sageContactId, link])).values()];
  const contacts = await store.contacts.sageByIds(
    tenantId,
    live.map(({ sageContactId }) => sageContactId),
  );
  const contactOf = new Map(contacts.map(({ record }) => [record.id, record]));
  const partyOf = options.parties ?? (await partiesOf(store, tenantId, live));
  const changed: Link[] = [];
  const entries: JournalEntry[] = [];
  for (const link of live) {
    const contact = contactOf.get(link.sageContactId);
    const party = partyOf.get(link.partyId);
    if (!contact || !party) continue;
    const differs = differences(party, mapParty(party, countryCodesOf(account)), contact);
    if (isDeepStrictEqual(differs, link.differs)) continue;
    changed.push({ ...link, differs });
    if (options.editedInSage?.has(contact.id))
      entries.push(...driftOf(runId, link, { ...link, differs }, contact));
  }
  await store.journal.write(tenantId, entries);
  await store.links.saveDiffers(tenantId, changed);
}

async function partiesOf(
  store: Store,
  tenantId: string,
  links: readonly Link[],
): Promise<ReadonlyMap<number, CapsuleParty>> {
  const ids = [...new Set(links.map(({ partyId }) => partyId))];
  const parties = await store.contacts.partiesByIds(tenantId, ids);
  return new Map(parties.map(({ record }) => [record.id, record]));
}

/** The line of a contact's history about an edit in Sage that stays there. */
function driftOf(runId: string, before: Link, now: Link, contact: SageContact): JournalEntry[] {
  const fields = now.differs.filter((field) => !before.differs.includes(field));
  if (fields.length === 0) return [];
  const sage = fieldsOfSage(contact);
  return [
    {
      ...{ key: `${runId}/differs/${contact.id}`, at: new Date(), run: runId, side: 'sage' },
      ...{ action: 'skipped', sageContactId: contact.id, partyId: now.partyId },
      why: 'edited in Sage; Capsule is the master, so nothing was taken over',
      fields: fields.map((field) => ({ field, before: now.agreed[field] ?? '', after: sage[field] })),
    },
  ];
}
