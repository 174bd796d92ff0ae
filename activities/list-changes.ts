import { listAllParties } from '../shared/capsule/list-all-parties';
import { lookBack } from '../shared/domain/pass-plan';
import { type CapsuleParty } from '../shared/domain/types';
import { type SagePage } from '../shared/sage/client';
import { type ContactRow } from '../shared/sage/wire';
import { type Pass, type ReadList } from './pass';

/** More pages than any list has. */
const LAST_PAGE = 10_000;
/** The clocks of the vendors and ours need not agree: the first look goes back further by so much. */
const FIRST_LOOK_BACK_MS = 86_400_000;

/** From when a list of changes is read: an overlap before it was last read, at first before the import began. */
export async function sinceOf({ deps, tenantId, tenant }: Pass, list: ReadList): Promise<string> {
  const { store, intervals } = deps;
  const watermark = (await store.watermarks.get(tenantId))[list];
  if (watermark) return lookBack(watermark, intervals.overlapMs);
  const { number, connectedAt } = tenant.connection;
  const imported = await store.runs.find(tenantId, `import-${number}`);
  return lookBack(imported?.startedAt ?? connectedAt, FIRST_LOOK_BACK_MS);
}

export interface Listing {
  /** As many different rows came as Sage counts (R27). */
  complete: boolean;
  /** Sage's clock when the reading began. */
  startedAt: Date;
  /** Ids of all rows, those that nobody understands included. */
  seen: Set<string>;
  unreadable: string[];
}

/**
 * Walks a list of Sage's, and proves it complete: a page that repeats, comes empty or is cut short leaves fewer
 * different ids than `$total` says; rows that shift while the pages are read do as well, or change the total.
 */
async function walkSage<Row>(
  read: (page: number) => Promise<SagePage<Row>>,
  idOf: (row: Row) => string,
  onRows: (rows: Row[]) => Promise<void>,
): Promise<Listing> {
  const seen = new Set<string>();
  const unreadable: string[] = [];
  const totals = new Set<number>();
  let startedAt: Date | null = null;
  for (let page = 1; page <= LAST_PAGE; page += 1) {
    const answer = await read(page);
    startedAt ??= answer.date;
    totals.add(answer.total);
    const fresh = answer.rows.filter((row) => !seen.has(idOf(row)));
    fresh.forEach((row) => seen.add(idOf(row)));
    answer.unreadable.forEach((id) => seen.add(id));
    unreadable.push(...answer.unreadable);
    await onRows(fresh);
    if (!answer.more) break;
  }
  const complete = totals.size === 1 && totals.has(seen.size);
  return { complete, startedAt: startedAt ?? new Date(0), seen, unreadable };
}

/**
 * The same of contacts. Whether a list can show soft-deleted ones is unknown (reference sage-api §4, C/D): they
 * count, and are known to be gone.
 */
export async function walkContacts(
  pass: Pass,
  since: string | undefined,
  onRows: (rows: ContactRow[]) => Promise<void>,
): Promise<Listing> {
  return walkSage(
    (page) => pass.sage.listContacts(page, since),
    ({ contact }) => contact.id,
    async (rows) => {
      const gone = rows.filter(({ isDeleted }) => isDeleted).map(({ contact }) => contact.id);
      if (gone.length > 0) await noteGoneInSage(pass, gone);
      await onRows(rows.filter(({ isDeleted }) => !isDeleted));
    },
  );
}

/** Sage contacts deleted since they were last looked for: noted where they are linked, forgotten elsewhere. */
export async function takeSageDeleted(
  pass: Pass,
): Promise<{ complete: boolean; date: Date; ids: Set<string> }> {
  const since = await sinceOf(pass, 'sageDeleted');
  const { complete, startedAt, seen } = await walkSage(
    (page) => pass.sage.listDeletedContacts(page, since),
    ({ id }) => id,
    () => Promise.resolve(),
  );
  if (complete) await noteGoneInSage(pass, [...seen]);
  return { complete, date: startedAt, ids: seen };
}

/** What becomes of contacts that Sage says it has no more: of linked ones the deletion waits to be dealt with (R19). */
export async function noteGoneInSage(
  { deps: { store }, tenantId }: Pass,
  ids: readonly string[],
): Promise<void> {
  const links = await store.links.bySageContacts(tenantId, ids);
  const linked = new Set(links.map(({ sageContactId }) => sageContactId));
  await store.deletions.note(tenantId, 'sage', [...linked], new Date());
  const free = ids.filter((id) => !linked.has(id));
  if (free.length === 0) return;
  await store.contacts.forgetSage(tenantId, free);
  await store.reviews.withdraw(tenantId, free);
  for (const side of ['sage', 'capsule'] as const) await store.failures.clear(tenantId, side, free);
}

/** The same of parties (R18): only what the list of deleted ones names, never what is absent elsewhere. */
export async function takeCapsuleDeleted(pass: Pass): Promise<Date> {
  const { deps, tenantId, capsule } = pass;
  const { store } = deps;
  const { ids, date } = await capsule.listDeletedSince(await sinceOf(pass, 'capsuleDeleted'));
  const links = await store.links.byParties(tenantId, ids);
  const linked = new Set(links.map(({ partyId }) => partyId));
  await store.deletions.note(tenantId, 'capsule', [...linked], new Date());
  const free = ids.filter((id) => !linked.has(id));
  await store.contacts.forgetParties(tenantId, await withoutRestored(pass, free));
  return date;
}

/** An administrator may have restored a party since: forgotten, it would get a twin. */
async function withoutRestored(
  { deps: { store }, tenantId, capsule }: Pass,
  ids: readonly number[],
): Promise<number[]> {
  const mirrored = await store.contacts.partiesByIds(tenantId, ids);
  if (mirrored.length === 0) return [];
  const living = await capsule.getParties(mirrored.map(({ record }) => record.id));
  const alive = new Set(living.map(({ party }) => party.id));
  return mirrored.map(({ record }) => record.id).filter((id) => !alive.has(id));
}

/** Parties changed since a time, page by page. @returns Capsule's clock at the beginning, and whether it held still */
export async function walkPartyChanges(
  { capsule }: Pass,
  since: string,
  onPage: (parties: CapsuleParty[]) => Promise<void>,
): Promise<{ date: Date; complete: boolean; unreadable: number }> {
  const first = await capsule.listParties(null, since);
  await onPage(first.parties);
  const { date, unreadable, next } = first;
  // One page cannot shift against another.
  if (next === null) return { date, complete: true, unreadable };
  const resumed = { next, startedAt: date.toISOString() };
  const rest = await listAllParties(capsule, { since, resumed }, (parties) => onPage(parties));
  return { date, complete: rest.undisturbed, unreadable: unreadable + rest.unreadable };
}
