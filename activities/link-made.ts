import { type CapsuleParty, type SageContact } from '../shared/domain/types';
import { type Store } from '../shared/store';
import { type CapsuleAccount } from '../shared/store/accounts';
import { type Link } from '../shared/store/links';
import { dayInWords } from './deletion-words';
import { newLink } from './new-link';

export interface MadeParty {
  contact: SageContact;
  party: CapsuleParty;
}

/**
 * Links parties that the sync has made. Where the party of a live link was deleted and this one was made in its
 * place, that link moves (R18); nobody else's is touched.
 * @param run id of the run that made them; empty when a person asked for it
 */
export async function linkMade(
  store: Store,
  tenant: { tenantId: string; account: CapsuleAccount; run: string },
  made: readonly MadeParty[],
): Promise<void> {
  const { tenantId, account, run } = tenant;
  const making = { origin: 'created', because: 'created', run } as const;
  const refused = await store.links.add(
    tenantId,
    made.map(({ contact, party }) => newLink(contact, party, account, making)),
  );
  const madeFor = new Map(made.map((one) => [one.contact.id, one]));
  for (const { sageContactId } of refused) {
    const one = madeFor.get(sageContactId);
    if (one) await moveToMade(store, tenant, one);
  }
}

/** Somebody else may change the link in between; each loses at most once to the other. */
const TRIES = 10;

async function moveToMade(
  store: Store,
  { tenantId, account, run }: { tenantId: string; account: CapsuleAccount; run: string },
  { contact, party }: MadeParty,
): Promise<void> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const [link] = await store.links.bySageContacts(tenantId, [contact.id]);
    const { recreating } = link ?? {};
    if (!link || !recreating || recreating.partyId !== link.partyId) return;
    const making = { origin: link.origin, because: 'recreated', run } as const;
    const { agreed, differs } = newLink(contact, party, account, making);
    const to = { partyId: party.id, because: making.because, run, agreed, differs };
    // First: an attempt that breaks off after the move finds nothing left to tell.
    await tell(store, tenantId, link, party.id, run, recreating.deletedAt);
    const end = await store.links.move(tenantId, link, to);
    if (end === 'stale') continue;
    if (end === 'moved' && run !== '')
      await store.runs.add(tenantId, run, 'capsule', { created: 1, deleted: 1 });
    return;
  }
  throw new Error(`the link of ${contact.id} changes all the time`);
}

async function tell(
  store: Store,
  tenantId: string,
  { sageContactId, partyId }: Link,
  newPartyId: number,
  run: string,
  deletedAt: Date,
): Promise<void> {
  const line = { at: new Date(), run, side: 'capsule' as const, sageContactId, fields: [] };
  const day = dayInWords(deletedAt);
  await store.journal.write(tenantId, [
    {
      ...{ ...line, key: `deleted/${partyId}/${sageContactId}`, action: 'deleted', partyId },
      why: `deleted in Capsule on ${day}`,
    },
    {
      ...{ ...line, key: `recreated/${newPartyId}/${sageContactId}`, action: 'created', partyId: newPartyId },
      why: `was deleted in Capsule on ${day}; linked in Sage, so it was created again`,
    },
  ]);
}
