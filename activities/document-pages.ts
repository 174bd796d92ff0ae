import { type DocumentKind, type SageDocument } from '../shared/domain/invoices';
import { type SageClient, type SagePage } from '../shared/sage/client';
import { type Store } from '../shared/store';
import { type Tally } from './reckon-figures';

/** What reading documents of one tenant needs. */
export interface Mirror {
  store: Store;
  sage: SageClient;
  tenantId: string;
  overlapMs: number;
  /** Contacts that were erased under the GDPR (R10): nothing of theirs is taken. */
  erased?: ReadonlySet<string>;
  /** Counts what a first mirror takes, as long as nothing had been taken before it began. */
  tally?: Tally;
}

/** More pages than any business has: 2,000,000 documents of a kind. */
const LAST_PAGE = 10_000;
/** Rows are stored so many at a time: a store that syncs each write likes few of them. */
const STORED_AT_ONCE = 1_000;

export interface Walked {
  /** Sage's clock when the first page was given: everything before it is in what was read. */
  date: Date;
  /** As many different rows came as Sage counts, and none was deleted meanwhile, which would have moved others past us (R27). */
  complete: boolean;
  unreadable: string[];
}

/** What is left of a walk after a crash. */
export interface WalkCursor {
  /** The page to go on with. */
  page: number;
  /** Different rows that came before it. */
  rows: number;
  date: Date | null;
}

/**
 * Walks a list to its end; what came is stored, a few pages at a time, while the next pages are read.
 * @param onPage told when everything before the page is stored
 */
export async function walkPages<Row>(
  read: (page: number) => Promise<SagePage<Row>>,
  idOf: (row: Row) => string,
  store: (rows: Row[], nextPage: number) => Promise<void>,
  from: WalkCursor = { page: 1, rows: 0, date: null },
  onPage: (at: WalkCursor & { date: Date }) => void = () => undefined,
): Promise<Walked> {
  const unreadable: string[] = [];
  let { date, rows } = from;
  let total = 0;
  let shrunk = false;
  let last = new Set<string>();
  let waiting: Row[] = [];
  let storing: Promise<void> = Promise.resolve();
  for (let number = from.page; number <= LAST_PAGE; number += 1) {
    const page = await read(number);
    const began = (date ??= page.date);
    shrunk ||= page.total < total;
    total = page.total;
    // A page that comes twice, or a row that slid over from the one before, counts once.
    const ids = new Set([...page.rows.map(idOf), ...page.unreadable]);
    rows += [...ids].filter((id) => !last.has(id)).length;
    last = ids;
    unreadable.push(...page.unreadable);
    waiting.push(...page.rows);
    if (page.more && waiting.length < STORED_AT_ONCE) continue;
    const at = { page: number + 1, rows, date: began };
    await storing;
    storing = store(waiting, at.page).then(() => onPage(at));
    waiting = [];
    // Awaited before the next is stored: until then a failure must not count as unhandled.
    storing.catch(() => undefined);
    if (!page.more) break;
  }
  await storing;
  return { date: date ?? new Date(0), complete: !shrunk && rows >= total, unreadable };
}

export const idOfDocument = ({ id }: SageDocument): string => id;

/** Stores documents of a page where something changed. Whose figures move is noted first: nothing is lost by a crash. */
export async function takeDocuments(mirror: Mirror, rows: readonly SageDocument[]): Promise<void> {
  const { store, tenantId } = mirror;
  const wanted = withoutErased(mirror, rows);
  if (wanted.length === 0) return;
  const comparison = await store.invoices.compare(tenantId, wanted);
  await store.figures.markStale(tenantId, comparison.contactIds);
  await store.invoices.save(tenantId, comparison);
}

export const withoutErased = ({ erased }: Mirror, rows: readonly SageDocument[]): readonly SageDocument[] =>
  erased?.size ? rows.filter(({ contactId }) => !erased.has(contactId)) : rows;

/** Forgets documents that Sage no longer has. */
export async function dropDocuments(
  { store, tenantId }: Mirror,
  owners: readonly { id: string; contactId: string }[],
): Promise<void> {
  if (owners.length === 0) return;
  const contactIds = [...new Set(owners.map(({ contactId }) => contactId))];
  await store.figures.markStale(tenantId, contactIds);
  await store.invoices.forget(
    tenantId,
    owners.map(({ id }) => id),
  );
}

/** Documents that came in a form that could not be read stand among the problems: their sums would be wrong in silence. */
export async function reportUnreadable(
  { store, tenantId }: Mirror,
  kind: DocumentKind,
  unreadable: readonly string[],
): Promise<void> {
  const code = `unreadable-${kind}`;
  if (unreadable.length === 0) return store.tenants.clearProblem(tenantId, code);
  const words = kind.replaceAll('_', ' ');
  const message =
    `Sage sent ${unreadable.length} of the ${words}s in a form that could not be read, so they are missing ` +
    `from the figures. The first is ${unreadable[0]}.`;
  await store.tenants.reportProblem(tenantId, { code, message, since: new Date() });
}
