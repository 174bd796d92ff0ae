import { isDeepStrictEqual } from 'node:util';
import pMap from 'p-map';
import { ZodError } from 'zod';
import { lookBack } from '../shared/domain/pass-plan';
import { type SageContact } from '../shared/domain/types';
import { isVendorError } from '../shared/http/vendor-error';
import { FIRST_PAGES, listAllContacts } from '../shared/sage/list-all-contacts';
import { type ContactRow } from '../shared/sage/wire';
import { type MirroredSageContact } from '../shared/store/contacts';
import { mirrorSage } from './mirror-keys';
import { type Pass } from './pass';
import { saveSageContacts } from './save-sage';

/** Contacts that are read one by one: more of them come cheaper by the lists of what changed… */
const MOST_SINGLES = 25;
/** …and more of those that the lists left incomplete by the lists of everything. */
const MOST_LEFT = 150;
const SINGLES_AT_ONCE = 4;

/** What became of Sage contacts that a pass has read. */
export interface Taken {
  /** Ids of those whose content is new to the mirror. */
  changed: string[];
  /** Ids of those that could not be read: they alone are set aside (R26). */
  unreadable: string[];
}

/**
 * Compares a page of the contacts list with the mirror. Who is left out by today's settings is marked at once:
 * that takes no further call.
 * @returns the rows that say something which the mirror does not
 */
export async function compareRows(pass: Pass, rows: readonly ContactRow[]): Promise<ContactRow[]> {
  const known = await mirrorOf(
    pass,
    rows.map(({ contact }) => contact.id),
  );
  await markExcluded(pass, [...known.values()]);
  return rows.filter((row) => isStale(row, known.get(row.contact.id)?.record));
}

/**
 * Lists and single reads give other addresses of Sage's own page (reference sage-api §5, B). The e-mail address
 * of a list only mirrors the contact person's (B): that it is missing says nothing by itself.
 */
function isStale({ contact, email }: ContactRow, known: SageContact | undefined): boolean {
  if (!known) return true;
  const { url: _url, ...seen } = contact;
  const same = (Object.keys(seen) as (keyof typeof seen)[]).every((field) => seen[field] === known[field]);
  return !same || (email !== '' && email !== known.email);
}

/** Reads the contacts of stale rows whole and brings the mirror up to date. */
export async function takeRows(pass: Pass, rows: readonly ContactRow[]): Promise<Taken> {
  const waiting = new Set(rows.map(({ contact }) => contact.id));
  const changed: string[] = [];
  const takeOwn = async (contacts: readonly SageContact[]) => {
    const own = contacts.filter(({ id }) => waiting.delete(id));
    changed.push(...(await takeContacts(pass, own)));
  };
  if (waiting.size > MOST_SINGLES) await readLists(pass, firstChange(rows), takeOwn);
  if (waiting.size > MOST_LEFT) await readLists(pass, undefined, takeOwn);
  const rest = await takeSingles(pass, [...waiting]);
  return { ...rest, changed: [...changed, ...rest.changed] };
}

/** Reads contacts one by one. What is gone is left to the list of deleted ones. */
export async function takeSingles(pass: Pass, ids: readonly string[]): Promise<Taken> {
  const singles = await pMap(ids, (id) => readSingle(pass, id), { concurrency: SINGLES_AT_ONCE });
  const contacts = singles.flatMap((single) => ('contact' in single ? [single.contact] : []));
  return {
    changed: await takeContacts(pass, contacts),
    unreadable: singles.flatMap((single) => ('unreadable' in single ? [single.unreadable] : [])),
  };
}

async function readLists(
  { sage }: Pass,
  since: string | undefined,
  onContacts: (contacts: SageContact[]) => Promise<void>,
): Promise<void> {
  const ignore = () => undefined;
  await listAllContacts(
    sage,
    FIRST_PAGES,
    { onContacts, onDurable: ignore, onTotal: () => Promise.resolve() },
    since,
  );
}

const firstChange = (rows: readonly ContactRow[]): string =>
  lookBack(new Date(Math.min(...rows.map(({ contact }) => Date.parse(contact.updatedAt) || 0))), 1_000);

export type Single = { contact: SageContact } | { unreadable: string } | { gone: string };

/** @throws VendorError when Sage takes no requests now */
export async function readSingle({ sage }: Pass, id: string): Promise<Single> {
  try {
    return { contact: await sage.getContact(id) };
  } catch (error) {
    if (isVendorError(error, 'missing')) return { gone: id };
    const odd = isVendorError(error, 'unavailable') && error.status === 200;
    if (odd || error instanceof ZodError) return { unreadable: id };
    throw error;
  }
}

/**
 * Brings the mirror up to date with contacts that were read whole; what it holds already is not written.
 * @returns the ids of those that are news
 */
export async function takeContacts(pass: Pass, contacts: readonly SageContact[]): Promise<string[]> {
  const { deps, tenantId, tenant } = pass;
  const known = await mirrorOf(
    pass,
    contacts.map(({ id }) => id),
  );
  const news = [
    ...contacts.filter((contact) => isNews(contact, known.get(contact.id)?.record)),
    ...(await newsOfSetBack(pass, contacts, known)),
  ];
  const fresh = new Set(news.map(({ id }) => id));
  await markExcluded(
    pass,
    [...known.values()].filter(({ record }) => !fresh.has(record.id)),
  );
  if (news.length === 0) return [];
  await noteFailedPushes(pass, news);
  await endErased(pass, news);
  await saveSageContacts(
    deps.store,
    { tenantId, importNumber: tenant.connection.number, settings: tenant.settings },
    news,
  );
  const ids = news.map(({ id }) => id);
  await deps.store.failures.clear(
    tenantId,
    'sage',
    (await unreadableBefore(pass, ids)).map(({ recordId }) => recordId),
  );
  return ids;
}

/** Somebody else may have read the contact later than the page that brings it here. */
const isNews = (contact: SageContact, known: SageContact | undefined): boolean =>
  !known || (contact.updatedAt >= known.updatedAt && isOther(contact, known));

const isOther = (contact: SageContact, known: SageContact): boolean =>
  !isDeepStrictEqual({ ...contact, url: '' }, { ...known, url: '' });

/**
 * Contacts that come older than they are mirrored: read before somebody else read them, or edited after Sage's clock
 * was set back. Asked for once more, they tell which, unless the mirror has moved on meanwhile.
 */
async function newsOfSetBack(
  pass: Pass,
  contacts: readonly SageContact[],
  known: ReadonlyMap<string, MirroredSageContact>,
): Promise<SageContact[]> {
  const older = contacts.filter((contact) => {
    const before = known.get(contact.id)?.record;
    return before && contact.updatedAt < before.updatedAt && isOther(contact, before);
  });
  if (older.length === 0) return [];
  const ids = older.map(({ id }) => id);
  const singles = await pMap(ids, (id) => readSingle(pass, id), { concurrency: SINGLES_AT_ONCE });
  const now = await mirrorOf(pass, ids);
  return singles.flatMap((single) => {
    if (!('contact' in single)) return [];
    const { contact } = single;
    const before = now.get(contact.id)?.record;
    const still = before?.updatedAt === known.get(contact.id)?.record.updatedAt;
    return before && still && isOther(contact, before) ? [contact] : [];
  });
}

/** R26: what could not be pushed to a contact is tried again when the contact changes. */
async function noteFailedPushes({ deps, tenantId }: Pass, contacts: readonly SageContact[]): Promise<void> {
  const keys = contacts.map(({ id }) => ({ side: 'sage' as const, recordId: id }));
  const failed = (await deps.store.failures.among(tenantId, keys)).filter(({ work }) => work === 'push');
  if (failed.length === 0) return;
  const links = await deps.store.links.bySageContacts(
    tenantId,
    failed.map(({ recordId }) => recordId),
  );
  const parties = links.map(({ partyId }) => partyId);
  await deps.store.changes.note(tenantId, parties, new Date());
}

async function unreadableBefore({ deps, tenantId }: Pass, ids: readonly string[]) {
  const keys = ids.map((recordId) => ({ side: 'sage' as const, recordId }));
  return (await deps.store.failures.among(tenantId, keys)).filter(({ work }) => work === 'read');
}

/** R10: a contact that was erased under the GDPR is let go for good; its party stays. */
async function endErased(
  { deps: { store }, tenantId, runId }: Pass,
  contacts: readonly SageContact[],
): Promise<void> {
  const ids = contacts.filter(({ isErased, isSystem }) => isErased || isSystem).map(({ id }) => id);
  if (ids.length === 0) return;
  const at = new Date();
  for (const { sageContactId, partyId } of await store.links.bySageContacts(tenantId, ids)) {
    await store.journal.write(tenantId, [
      {
        ...{ key: `${runId}/erased/${sageContactId}`, at, run: runId, side: 'sage', action: 'unlinked' },
        ...{ sageContactId, partyId, why: 'erased in Sage under the GDPR', fields: [] },
      },
    ]);
    await store.links.end(tenantId, sageContactId, 'erased', at);
  }
  await store.invoices.forgetContacts(tenantId, ids);
  await store.figures.empty(tenantId, ids);
  await store.reviews.withdraw(tenantId, ids);
  for (const side of ['sage', 'capsule'] as const) await store.failures.clear(tenantId, side, ids);
}

/**
 * R10: whom today's settings leave out, and whom no longer. Only the mark changes; a link stays, so that it is
 * taken up again when suppliers are let in again, but nothing is pushed over it meanwhile.
 */
async function markExcluded(
  { deps: { store }, tenantId, tenant }: Pass,
  known: readonly MirroredSageContact[],
): Promise<void> {
  const marked = known
    .filter(({ excluded }) => excluded === 'supplier' || excluded === null)
    .map((before) => ({ before, now: mirrorSage(before.record, tenant.settings.excludeSuppliers) }))
    .filter(({ before, now }) => before.excluded !== now.excluded)
    .map(({ now }) => now);
  if (marked.length === 0) return;
  await saveSageContacts(
    store,
    { tenantId, importNumber: tenant.connection.number, settings: tenant.settings },
    marked.map(({ record }) => record),
  );
  const left = marked.filter(({ excluded }) => excluded !== null).map(({ record }) => record.id);
  await store.reviews.withdraw(tenantId, left);
  await store.failures.clear(tenantId, 'capsule', left);
}

/** Sets contacts aside that come in a form which nobody understands. */
export async function setAsideUnreadable(
  { deps: { store }, tenantId }: Pass,
  ids: readonly string[],
): Promise<void> {
  const failedAt = new Date();
  await store.failures.setAside(
    tenantId,
    [...new Set(ids)].map((recordId) => ({
      ...{ side: 'sage' as const, recordId, work: 'read' as const, name: recordId },
      ...{ failedAt, retryAt: null },
      reason: 'Sage sent this contact in a form that could not be read.',
    })),
  );
}

async function mirrorOf(
  { deps, tenantId }: Pass,
  ids: readonly string[],
): Promise<Map<string, MirroredSageContact>> {
  const mirrored = await deps.store.contacts.sageByIds(tenantId, ids);
  return new Map(mirrored.map((contact) => [contact.record.id, contact]));
}
