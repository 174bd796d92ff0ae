import { type Store } from '../shared/store';

/** *Do not bring back* (R18) and leaving contacts out: by a person, and undone by a person. */

export interface IgnoreWish {
  tenantId: string;
  sageContactId: string;
  /** The Capsule user who wishes it, for the history. */
  userName: string;
  at: Date;
}

/** Somebody else may change the link in between; each loses at most once to the other. */
const TRIES = 10;

/** @returns false when the contact has no live link */
export async function setKeepDeleted(
  store: Store,
  tenantId: string,
  sageContactId: string,
  keepDeleted: boolean,
): Promise<boolean> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const [link] = await store.links.bySageContacts(tenantId, [sageContactId]);
    if (!link) return false;
    if (link.keepDeleted === keepDeleted) return true;
    if (await store.links.update(tenantId, link, { keepDeleted })) return true;
  }
  throw new Error(`the link of ${sageContactId} changes all the time`);
}

/**
 * A linked contact is not brought back once its party is deleted; one without a link is left out. What waits in
 * the review queue is answered by it.
 * @returns false when the tenant has no such contact
 */
export async function ignoreContact(store: Store, wish: IgnoreWish): Promise<boolean> {
  const { tenantId, sageContactId, at } = wish;
  const [[contact], [link]] = await Promise.all([
    store.contacts.sageByIds(tenantId, [sageContactId]),
    store.links.bySageContacts(tenantId, [sageContactId]),
  ]);
  if (!contact && !link) return false;
  if (await setKeepDeleted(store, tenantId, sageContactId, true)) {
    // Who is asked whether to bring it back (R21) has the answer: the next pass ends the link.
    const { open } = await store.reviews.among(tenantId, [sageContactId]);
    await store.reviews.withdraw(tenantId, [...open]);
  } else if (contact) {
    const { name, kind } = contact.record;
    await store.reviews.ignore(tenantId, [{ sageContactId, name, kind }], at);
    await store.contacts.ignore(tenantId, [sageContactId]);
    // A pass may have linked it in between.
    if (await setKeepDeleted(store, tenantId, sageContactId, true)) {
      await store.reviews.withdraw(tenantId, [sageContactId]);
      await store.contacts.takeBack(tenantId, [sageContactId]);
    }
  }
  await tell(store, wish, `is not to be brought back to Capsule, by the wish of ${wish.userName}`);
  return true;
}

/**
 * Undoes it: the contact is brought back again, and one that is left out is matched at the next pass.
 * @returns false when the tenant has no such contact
 */
export async function unignoreContact(store: Store, wish: IgnoreWish): Promise<boolean> {
  const { tenantId, sageContactId } = wish;
  const [[contact], [link], { ignored }] = await Promise.all([
    store.contacts.sageByIds(tenantId, [sageContactId]),
    store.links.withEnded(tenantId, [sageContactId]),
    store.reviews.among(tenantId, [sageContactId]),
  ]);
  if (!contact && !link) return false;
  const wasKept = link?.live === true && link.keepDeleted;
  if (wasKept) await setKeepDeleted(store, tenantId, sageContactId, false);
  if (ignored.has(sageContactId)) {
    await store.links.mayBegin(tenantId, sageContactId);
    await store.contacts.askRematch(tenantId, [sageContactId]);
    await store.reviews.withdraw(tenantId, [sageContactId]);
    await store.contacts.takeBack(tenantId, [sageContactId]);
  }
  if (wasKept || ignored.has(sageContactId))
    await tell(store, wish, `may be brought back to Capsule again, by the wish of ${wish.userName}`);
  return true;
}

async function tell(store: Store, { tenantId, sageContactId, at }: IgnoreWish, why: string): Promise<void> {
  const [link] = await store.links.withEnded(tenantId, [sageContactId]);
  await store.journal.write(tenantId, [
    {
      ...{ key: `ignored/${sageContactId}/${at.toISOString()}`, at, run: '', side: 'capsule' },
      ...{ action: 'decided', sageContactId, partyId: link?.partyId ?? null, why, fields: [] },
    },
  ]);
}
