import { ignoreContact, unignoreContact } from '../../activities/ignored';
import { type Store } from '../../shared/store';
import { type Page } from '../../shared/store/page';
import { type Ignored } from './api/ignored-schemas';
import { HOME, Problem } from './http/problem';
import { type SignedIn } from './http/session';
import { type Services } from './services';

/** Contacts that are not to be brought back (R18), and those that a person has left out: one list, by key. */
export async function listIgnored(
  store: Store,
  tenantId: string,
  options: { cursor?: string | null | undefined; limit: number },
): Promise<Page<Ignored>> {
  const { cursor = null, limit } = options;
  const [kept, left] = await Promise.all([
    store.links.pageKeptDeleted(tenantId, { cursor, limit }),
    store.reviews.pageIgnored(tenantId, { cursor, limit }),
  ]);
  const names = await namesOf(
    store,
    tenantId,
    kept.items.map(({ sageContactId }) => sageContactId),
  );
  const rows = [
    ...left.items.map(({ sageContactId, name, kind }) => toIgnored(sageContactId, { name, kind })),
    ...kept.items.map(({ sageContactId, kind, partyId, agreed }) =>
      toIgnored(sageContactId, { name: names.get(sageContactId) ?? agreed.name ?? '', kind, partyId }),
    ),
  ];
  // A link outweighs an older decision on the same contact.
  const once = [...new Map(rows.map((row) => [row.id, row])).values()];
  const sorted = once.sort((a, b) => (a.id < b.id ? -1 : 1));
  const items = sorted.slice(0, limit);
  const more = sorted.length > limit || kept.nextCursor !== null || left.nextCursor !== null;
  return { items, nextCursor: more ? (items.at(-1)?.id ?? null) : null };
}

/** @throws Problem 404 when the tenant has no such contact */
export async function ignore(
  { store, log, now }: Services,
  { tenantId, userId, userName }: SignedIn,
  sageContactId: string,
): Promise<Ignored> {
  if (!(await ignoreContact(store, { tenantId, sageContactId, userName, at: now() }))) throw unknown();
  log.info({ tenantId, userId, sageContactId }, 'a contact is not to be brought back');
  const [[link], [contact]] = await Promise.all([
    store.links.bySageContacts(tenantId, [sageContactId]),
    store.contacts.sageByIds(tenantId, [sageContactId]),
  ]);
  const name = contact?.record.name ?? link?.agreed.name ?? '';
  const kind = contact?.record.kind ?? link?.kind ?? 'CUSTOMER';
  return toIgnored(sageContactId, { name, kind, partyId: link?.partyId ?? null });
}

/** @throws Problem 404 when the tenant has no such contact */
export async function unignore(
  { store, log, now }: Services,
  { tenantId, userId, userName }: SignedIn,
  sageContactId: string,
): Promise<void> {
  if (!(await unignoreContact(store, { tenantId, sageContactId, userName, at: now() }))) throw unknown();
  log.info({ tenantId, userId, sageContactId }, 'a contact may be brought back again');
}

const toIgnored = (
  id: string,
  { name, kind, partyId = null }: Pick<Ignored, 'name' | 'kind'> & { partyId?: number | null },
): Ignored => ({ id, sageContactId: id, name, kind, linked: partyId !== null, partyId });

async function namesOf(store: Store, tenantId: string, ids: readonly string[]): Promise<Map<string, string>> {
  const contacts = await store.contacts.sageByIds(tenantId, ids);
  return new Map(contacts.map(({ record }) => [record.id, record.name]));
}

const unknown = (): Problem =>
  new Problem(
    404,
    'There is no such contact',
    'Sage has no contact of this id, or it has not been read yet.',
    {
      action: HOME,
    },
  );
