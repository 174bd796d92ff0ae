import { nameKey } from '../../shared/domain/names';
import { type Store } from '../../shared/store';
import { cursorOf, positionOf } from '../../shared/store/contact-names';
import { type Exclusion } from '../../shared/store/contacts';
import { type Failure } from '../../shared/store/failures';
import { type Page } from '../../shared/store/page';
import { type ContactRow, knownContacts, toPartyRow, toRow } from './contact-rows';
import { type ContactState } from './contact-state';
import { Problem } from './http/problem';
import { type SignedIn } from './http/session';
import { type Services } from './services';
import { type Viewers } from './viewer';

/** `notInSage`: Capsule contacts that no Sage contact is linked with. */
export type ContactFilter = ContactState | 'notInSage';

export interface ContactQuery {
  state: ContactFilter | null;
  /** Beginning of a word of the name, or an exact e-mail address, reference or postcode; empty: all. */
  q: string;
  cursor: string | null;
  limit: number;
}

/** A row and the cursor of the page that begins behind it. */
interface Found {
  row: ContactRow;
  cursor: string;
}

/** Reads rows of one kind in their order; more of them may follow although none of these fits. */
type Source = (cursor: string | null, limit: number) => Promise<{ found: Found[]; next: string | null }>;

const OUT: readonly Exclusion[] = ['system', 'erased', 'supplier', 'ignored', 'unlinked'];
const EVERYBODY = [null, ...OUT] as const;
/** Rows that are read at once after a first page did not hold enough that fit. */
const MORE_AT_ONCE = 100;
/** Reads for one page: who looks for a needle presses "Next" now and then. */
const MOST_READS = 12;

/**
 * A page of contacts. Each state has its own source: a queue is walked by its keys, everybody else by name. Somebody
 * who is no administrator gets those only that Capsule shows them (R31), so a page may hold fewer than asked for.
 * @throws Problem 422 when the cursor is none
 */
export async function listContacts(
  { store }: Pick<Services, 'store'>,
  viewers: Viewers,
  who: SignedIn,
  { state, q, cursor, limit }: ContactQuery,
): Promise<Page<ContactRow>> {
  const source = sourceOf(store, who.tenantId, state, nameKey(q));
  const fits = (row: ContactRow) => state === null || state === 'notInSage' || row.state === state;
  const items: ContactRow[] = [];
  let next = cursor;
  for (let reads = 0; reads < MOST_READS; reads += 1) {
    const part = await source(next, reads === 0 ? limit : MORE_AT_ONCE);
    const shown = await shownTo(
      viewers,
      who,
      part.found.filter(({ row }) => fits(row)),
    );
    for (const { row, cursor: behind } of shown) {
      items.push(row);
      if (items.length === limit) {
        const last = part.next === null && behind === part.found.at(-1)?.cursor;
        return { items, nextCursor: last ? null : behind };
      }
    }
    next = part.next;
    if (next === null) break;
  }
  return { items, nextCursor: next };
}

/** R31: what has no party is for administrators only. */
async function shownTo(viewers: Viewers, who: SignedIn, found: readonly Found[]): Promise<readonly Found[]> {
  if (who.administrator) return found;
  const seen = await viewers.visible(
    who,
    found.flatMap(({ row }) => row.partyId ?? []),
  );
  return found.filter(({ row }) => row.partyId !== null && seen.has(row.partyId));
}

function sourceOf(store: Store, tenantId: string, state: ContactFilter | null, text: string): Source {
  if (state === 'notInSage') return partiesByName(store, tenantId, text);
  if (text !== '' || state === null || state === 'inSync')
    return sageByName(store, tenantId, EVERYBODY, text);
  switch (state) {
    case 'excluded':
      return sageByName(store, tenantId, OUT, text);
    case 'differs':
      return byId(store, tenantId, async (options) => {
        const { items, nextCursor } = await store.links.pageDiffers(tenantId, options);
        return { ids: items.map(({ sageContactId }) => sageContactId), nextCursor };
      });
    case 'review':
      return byId(store, tenantId, async (options) => {
        const { items, nextCursor } = await store.reviews.page(tenantId, options);
        return { ids: items.map(({ sageContactId }) => sageContactId), nextCursor };
      });
    case 'failing':
      return failing(store, tenantId);
  }
}

/** Sage contacts in the order of their names. */
const sageByName =
  (store: Store, tenantId: string, groups: readonly (Exclusion | null)[], text: string): Source =>
  async (cursor, limit) => {
    const query = { groups, text, after: positionIn(cursor), limit };
    const { items, nextCursor } = await store.contacts.sageByName(tenantId, query);
    const ids = items.map(({ record }) => record.id);
    const keys = new Map(items.map(({ record, key }) => [record.id, key]));
    const known = await knownContacts(store, tenantId, ids, items);
    const found = known.map((one) => ({
      row: toRow(one),
      cursor: cursorOf({ key: keys.get(one.sageContactId) ?? '', sourceId: one.sageContactId }),
    }));
    return { found, next: nextCursor };
  };

/** Parties without a link, in the order of their names. What the sync made is found by its Sage contact. */
const partiesByName =
  (store: Store, tenantId: string, text: string): Source =>
  async (cursor, limit) => {
    const query = { text, after: positionIn(cursor), limit };
    const { items, nextCursor } = await store.contacts.partiesByName(tenantId, query);
    const ids = items.map(({ record }) => record.id);
    const [links, failures] = await Promise.all([
      store.links.byParties(tenantId, ids),
      store.failures.among(
        tenantId,
        ids.map((id) => ({ side: 'sage' as const, recordId: String(id) })),
      ),
    ]);
    const linked = new Set(links.map(({ partyId }) => partyId));
    const failureOf = new Map(failures.map((failure) => [failure.recordId, failure]));
    const found = items
      .filter(({ record }) => !linked.has(record.id))
      .map(({ record, key }) => ({
        row: toPartyRow(record, failureOf.get(String(record.id)) ?? null),
        cursor: cursorOf({ key, sourceId: String(record.id) }),
      }));
    return { found, next: nextCursor };
  };

/** Sage contacts that a queue names, in the order of its keys. */
const byId =
  (
    store: Store,
    tenantId: string,
    page: (options: { cursor: string | null; limit: number }) => Promise<{
      ids: string[];
      nextCursor: string | null;
    }>,
  ): Source =>
  async (cursor, limit) => {
    const { ids, nextCursor } = await page({ cursor, limit });
    const known = await knownContacts(store, tenantId, ids);
    return {
      found: known.map((one) => ({ row: toRow(one), cursor: one.sageContactId })),
      next: nextCursor,
    };
  };

/** What is set aside: Sage contacts, and parties that could not be added to Sage. */
const failing =
  (store: Store, tenantId: string): Source =>
  async (cursor, limit) => {
    const { items, nextCursor } = await store.failures.page(tenantId, { cursor, limit });
    const adds = items.filter(({ work }) => work === 'add');
    const ids = items.filter(({ work }) => work !== 'add').map(({ recordId }) => recordId);
    const [known, parties] = await Promise.all([
      knownContacts(store, tenantId, ids),
      store.contacts.partiesByIds(
        tenantId,
        adds.map(({ recordId }) => Number(recordId)),
      ),
    ]);
    const rows = new Map<string, ContactRow>([
      ...known.map((one) => [one.sageContactId, toRow(one)] as const),
      ...adds.map((failure) => [failure.recordId, rowOfAdd(failure, parties)] as const),
    ]);
    const found = items.flatMap(({ side, recordId }) => {
      const row = rows.get(recordId);
      return row ? [{ row, cursor: `${side}/${recordId}` }] : [];
    });
    return { found, next: nextCursor };
  };

function rowOfAdd(
  failure: Failure,
  parties: readonly { record: { id: number; name: string; updatedAt: string } }[],
): ContactRow {
  const id = Number(failure.recordId);
  const party = parties.find(({ record }) => record.id === id)?.record;
  return toPartyRow(party ?? { id, name: failure.name, updatedAt: '' }, failure);
}

function positionIn(cursor: string | null) {
  if (cursor === null) return null;
  const position = positionOf(cursor);
  if (!position) throw new Problem(422, 'The request is not valid', 'cursor: is none of this list');
  return position;
}
