import { type Store } from '../../shared/store';
import { positionOf, cursorOf } from '../../shared/store/contact-names';
import { type JournalAction, type JournalEntry } from '../../shared/store/journal';
import { type Page } from '../../shared/store/page';
import { type Run } from '../../shared/store/runs';
import { knownContacts, toRow } from './contact-rows';
import { type SignedIn } from './http/session';
import { type Services } from './services';
import { type Viewers } from './viewer';

/** What a run did with one contact. */
export interface RunLine {
  at: string;
  sageContactId: string | null;
  partyId: number | null;
  name: string;
  side: JournalEntry['side'];
  action: JournalAction;
  why: string;
  fields: JournalEntry['fields'];
}

const MORE_AT_ONCE = 100;
/** Reads for one page. */
const MOST_READS = 12;

/**
 * A page of the contacts of a run. What an import did is what it linked and created, by name; passes and pushes
 * keep a journal, newest first. Somebody who is no administrator gets those only that Capsule shows them (R31).
 */
export async function readRunLines(
  { store }: Pick<Services, 'store'>,
  viewers: Viewers,
  who: SignedIn,
  run: Run,
  { cursor, limit }: { cursor: string | null; limit: number },
): Promise<Page<RunLine>> {
  if (run.kind !== 'import') return journalLines(store, viewers, who, run.id, { cursor, limit });
  const items: RunLine[] = [];
  let next = cursor;
  for (let reads = 0; reads < MOST_READS; reads += 1) {
    const part = await linkedBy(store, who.tenantId, run.id, next, reads === 0 ? limit : MORE_AT_ONCE);
    const seen = await viewers.visible(
      who,
      part.found.flatMap(({ line }) => line.partyId ?? []),
    );
    for (const { line, behind } of part.found) {
      if (line.partyId === null || !seen.has(line.partyId)) continue;
      items.push(line);
      if (items.length === limit) return { items, nextCursor: behind };
    }
    next = part.next;
    if (next === null) break;
  }
  return { items, nextCursor: next };
}

/** Contacts whose link an import made, in the order of their names. */
async function linkedBy(store: Store, tenantId: string, run: string, cursor: string | null, limit: number) {
  const after = cursor === null ? null : positionOf(cursor);
  const { items, nextCursor } = await store.contacts.sageByName(tenantId, { groups: [null], after, limit });
  const ids = items.map(({ record }) => record.id);
  const keys = new Map(items.map(({ record, key }) => [record.id, key]));
  const known = await knownContacts(store, tenantId, ids, items);
  const found = known.flatMap((one) => {
    if (one.link?.run !== run) return [];
    const { name, partyId, origin, sageContactId } = toRow(one);
    const created = origin === 'created';
    const line: RunLine = {
      at: one.link.createdAt.toISOString(),
      ...{ sageContactId, partyId, name, side: 'capsule', fields: [] },
      action: created ? 'created' : 'linked',
      why: created
        ? 'Created in Capsule, because no contact there had its name.'
        : (LINKED[one.link.because] ?? 'Linked.'),
    };
    const behind = cursorOf({ key: keys.get(one.sageContactId) ?? '', sourceId: one.sageContactId });
    return [{ line, behind }];
  });
  return { found, next: nextCursor };
}

const LINKED: Record<string, string> = {
  marker: 'Linked by the mark that it bears.',
  name: 'Linked by its name.',
  email: 'Linked by its name and e-mail address.',
  postcode: 'Linked by its name and postcode.',
};

async function journalLines(
  store: Store,
  viewers: Viewers,
  who: SignedIn,
  run: string,
  options: { cursor: string | null; limit: number },
): Promise<Page<RunLine>> {
  const { items, nextCursor } = await store.journal.ofRun(who.tenantId, run, options);
  const seen = await viewers.visible(
    who,
    items.flatMap(({ partyId }) => partyId ?? []),
  );
  const shown = items.filter(({ partyId }) => (partyId === null ? who.administrator : seen.has(partyId)));
  const names = await namesOf(store, who.tenantId, shown);
  return {
    items: shown.map(({ at, sageContactId, partyId, side, action, why, fields }) => ({
      ...{ at: at.toISOString(), sageContactId, partyId, side, action, why, fields },
      name: names.get(sageContactId ?? '') ?? names.get(String(partyId)) ?? 'A contact that is gone',
    })),
    nextCursor,
  };
}

/** Names by the Sage contact's id and by the party's. */
async function namesOf(
  store: Store,
  tenantId: string,
  lines: readonly Pick<JournalEntry, 'sageContactId' | 'partyId'>[],
): Promise<Map<string, string>> {
  const [contacts, parties] = await Promise.all([
    store.contacts.sageByIds(tenantId, [
      ...new Set(lines.flatMap(({ sageContactId }) => sageContactId ?? [])),
    ]),
    store.contacts.partiesByIds(tenantId, [...new Set(lines.flatMap(({ partyId }) => partyId ?? []))]),
  ]);
  return new Map([
    ...parties.map(({ record }) => [String(record.id), record.name] as const),
    ...contacts.map(({ record }) => [record.id, record.name] as const),
  ]);
}
