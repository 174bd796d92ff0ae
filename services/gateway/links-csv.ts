import { type Readable, type Transform } from 'node:stream';
import { parse } from 'csv-parse';
import { stringify } from 'csv-stringify';
import { createRecountImport } from '../../activities/count-import';
import { type HandLinkEnd, linkByHand, type Pair } from '../../activities/link-by-hand';
import { type Link } from '../../shared/store/links';
import { type LinksImported } from './api/contact-command-schemas';
import { CONNECT_SAGE, Problem } from './http/problem';
import { type SignedIn } from './http/session';
import { type Services } from './services';

const COLUMNS = ['sageContactId', 'partyId', 'kind', 'origin', 'sageName', 'capsuleName', 'state'] as const;
type Row = Record<(typeof COLUMNS)[number], string | number>;

/** Links of one read of the store; also rows of one step of an import. */
const BATCH = 200;
/** Most rows that are told one by one; whoever has more wrong has the wrong file. */
const MOST_REASONS = 1_000;
/** What an unlinked pair is called; an import passes it by. */
const EXCLUDED = 'excluded';

/**
 * All links as CSV, in portions as the reader takes them. Pairs that a person unlinked are among them, other ended
 * links are not. Texts that a spreadsheet would take for a formula are defused.
 */
export function exportLinks({ store }: Pick<Services, 'store'>, tenantId: string): Readable {
  const csv = stringify({ header: true, columns: [...COLUMNS], escape_formulas: true, bom: true });
  const write = async () => {
    for (let cursor: string | null = null; ;) {
      const page = await store.links.page(tenantId, { cursor, limit: BATCH });
      for (const row of await rowsOf(store, tenantId, page.items)) {
        if (!csv.write(row)) await drained(csv);
      }
      cursor = page.nextCursor;
      if (cursor === null || csv.destroyed) break;
    }
    csv.end();
  };
  write().catch((error: unknown) => csv.destroy(error as Error));
  return csv;
}

async function rowsOf(store: Services['store'], tenantId: string, links: readonly Link[]): Promise<Row[]> {
  const shown = links.filter(({ live, ended }) => live || ended?.why === 'unlinked');
  const [contacts, parties] = await Promise.all([
    store.contacts.sageByIds(
      tenantId,
      shown.map(({ sageContactId }) => sageContactId),
    ),
    store.contacts.partiesByIds(
      tenantId,
      shown.map(({ partyId }) => partyId),
    ),
  ]);
  const sageNames = new Map(contacts.map(({ record }) => [record.id, record.name]));
  const partyNames = new Map(parties.map(({ record }) => [record.id, record.name]));
  return shown.map(({ sageContactId, partyId, kind, origin, live, differs }) => ({
    ...{ sageContactId, partyId, kind, origin },
    sageName: sageNames.get(sageContactId) ?? '',
    capsuleName: partyNames.get(partyId) ?? '',
    state: live ? (differs.length > 0 ? 'differs' : 'inSync') : EXCLUDED,
  }));
}

const drained = (stream: Transform): Promise<void> =>
  new Promise((resolve) => {
    stream.once('drain', resolve);
    stream.once('close', resolve);
  });

/**
 * Links the pairs of a CSV file by hand: columns `sageContactId` and `partyId`, others are passed by. What is
 * wrong with a row concerns that row alone; the same file once more changes nothing.
 * @throws Problem 409 without a connection, 422 for a text that is no such CSV
 */
export async function importLinks(
  services: Services,
  { tenantId, userId }: SignedIn,
  text: string,
): Promise<LinksImported> {
  const { store, vendors, log } = services;
  if (!(await store.tenants.find(tenantId))?.connected) throw notConnected();
  if (text.trim() === '') throw noCsv('It is empty.');
  const told: LinksImported = { linked: 0, already: 0, skipped: 0, refused: [] };
  const refuse = (line: number, reason: string) => {
    if (told.refused.length < MOST_REASONS) told.refused.push({ line, reason });
  };
  let batch: (Pair & { line: number })[] = [];

  const flush = async () => {
    const at = vendors.pacerOf(tenantId, 'capsule').vendorNow();
    const ends = await linkByHand(store, tenantId, batch, 'csv', at);
    ends.forEach((end, index) => {
      if (end.end !== 'refused') told[end.end] += 1;
      else refuse(batch[index]?.line ?? 0, reasonOf(end));
    });
    batch = [];
  };

  for await (const { line, sageContactId, partyId, state } of rowsIn(text)) {
    if (state === EXCLUDED) told.skipped += 1;
    else if (sageContactId === '' || !/^[1-9][0-9]{0,14}$/.test(partyId))
      refuse(line, 'The row needs the id of a Sage contact and the number of a Capsule party.');
    else batch.push({ line, sageContactId, partyId: Number(partyId) });
    if (batch.length === BATCH) await flush();
  }
  if (batch.length > 0) await flush();
  told.refused.sort((a, b) => a.line - b.line);
  await createRecountImport({ store, log }).recountImport(tenantId);
  log.info({ tenantId, userId, linked: told.linked, refused: told.refused.length }, 'links imported');
  return told;
}

interface ReadRow {
  line: number;
  sageContactId: string;
  partyId: string;
  state: string;
}

async function* rowsIn(text: string): AsyncGenerator<ReadRow> {
  const parser = parse(text, {
    ...{ bom: true, columns: columnsOf, info: true, trim: true },
    ...{ skip_empty_lines: true, relax_column_count: true },
  });
  try {
    for await (const { record, info } of parser as AsyncIterable<Parsed>) {
      const { sageContactId = '', partyId = '', state = '' } = record;
      const values = { sageContactId: sageContactId.trim(), partyId: partyId.trim(), state: state.trim() };
      yield { line: info.lines, ...values };
    }
  } catch (error) {
    if (error instanceof Problem) throw error;
    if (String((error as { code?: unknown }).code).startsWith('CSV_')) throw noCsv((error as Error).message);
    throw error;
  }
}

interface Parsed {
  record: Partial<Record<string, string>>;
  info: { lines: number };
}

/** @throws Problem unless the two columns that count are there */
function columnsOf(header: string[]): string[] {
  const missing = ['sageContactId', 'partyId'].filter((name) => !header.includes(name));
  if (missing.length > 0) throw noCsv(`The first line names no column ${missing.join(' and ')}.`);
  return header;
}

function reasonOf({ why, detail }: Extract<HandLinkEnd, { end: 'refused' }>): string {
  switch (why) {
    case 'noParty':
      return 'Capsule has no such contact, or it has not been read yet.';
    case 'noSageContact':
      return 'Sage has no such contact, or it has not been read yet.';
    case 'notEligible':
      return 'The Sage contact is left out by a rule.';
    case 'taken':
      return detail
        ? `One of the two is linked otherwise: with ${detail}.`
        : 'One of the two is linked otherwise.';
    case 'creating':
      return 'A contact is being created for it at this moment.';
  }
}

const noCsv = (detail: string): Problem => new Problem(422, 'This is not a list of links', detail);

const notConnected = (): Problem =>
  new Problem(409, 'Nothing is connected', 'This Capsule account is not connected to Sage.', {
    action: CONNECT_SAGE,
  });
