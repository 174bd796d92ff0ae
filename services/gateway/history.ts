import { type Store } from '../../shared/store';
import { type JournalEntry } from '../../shared/store/journal';
import { type Link, type LinkReason } from '../../shared/store/links';
import { type Page } from '../../shared/store/page';

/** A line of a contact's history. */
export type HistoryLine = JournalEntry;

/** Why a link was made, where no other line says it: an import writes none. */
const BECAUSE: Record<LinkReason, string> = {
  marker: 'Linked: the Capsule contact bears the mark of this Sage contact.',
  name: 'Linked: both have the same name.',
  email: 'Linked: of several with this name, only these two have the same e-mail address.',
  postcode: 'Linked: of several with this name, only these two have the same postcode.',
  created: 'Created in Capsule from Sage, because no contact there had its name.',
  added: 'Created in Sage from Capsule, as somebody asked for.',
  manual: 'Linked by a person.',
  // The line of the move says so; of the link before it only the date is left.
  merged: 'First linked.',
  recreated: 'First linked.',
  csv: 'Linked by a person, with a list of links.',
};

/** Lines that tell of the making of a link themselves. */
const TELLS = new Set(['linked', 'created', 'moved']);
/** A line that is written with a link is about as old. */
const WITH_LINK_MS = 120_000;

/**
 * A page of what happened to a party and to the Sage contacts it is or was linked with, newest first. How each
 * link was made is its oldest line.
 */
export async function readHistory(
  store: Store,
  tenantId: string,
  of: { partyId: number | null; links: readonly Link[]; sageContactIds: readonly string[] },
  options: { cursor: string | null; limit: number },
): Promise<Page<HistoryLine>> {
  const pages = await Promise.all([
    ...(of.partyId === null ? [] : [store.journal.ofParty(tenantId, of.partyId, options)]),
    ...of.sageContactIds.map((id) => store.journal.ofSageContact(tenantId, id, options)),
  ]);
  const written = once(pages.flatMap(({ items }) => items));
  const made = of.links.filter((link) => !written.some((line) => tells(line, link))).map(firstLine);
  const begun = made.filter((line) => options.cursor === null || orderOf(line) < options.cursor);
  const lines = [...written, ...begun].sort((a, b) => (orderOf(a) < orderOf(b) ? 1 : -1));
  const items = lines.slice(0, options.limit);
  const more = lines.length > options.limit || pages.some(({ nextCursor }) => nextCursor !== null);
  const last = items.at(-1);
  return { items, nextCursor: more && last ? orderOf(last) : null };
}

/** Newest first by one key, as the journal keeps it. */
const orderOf = ({ at, key }: HistoryLine): string => `${at.toISOString()}/${key}`;

const once = (lines: readonly HistoryLine[]): HistoryLine[] => [
  ...new Map(lines.map((line) => [line.key, line])).values(),
];

const tells = (line: HistoryLine, link: Link): boolean =>
  TELLS.has(line.action) &&
  line.sageContactId === link.sageContactId &&
  Math.abs(line.at.getTime() - link.createdAt.getTime()) < WITH_LINK_MS;

function firstLine({ sageContactId, partyId, createdAt, because, run }: Link): HistoryLine {
  return {
    key: `link/${sageContactId}`,
    at: createdAt,
    run: because === 'merged' || because === 'recreated' ? '' : run,
    side: because === 'added' ? 'sage' : 'capsule',
    action: because === 'created' || because === 'added' ? 'created' : 'linked',
    ...{ sageContactId, partyId, why: BECAUSE[because], fields: [] },
  };
}
