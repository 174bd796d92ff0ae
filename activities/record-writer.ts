import pMap from 'p-map';
import { type CapsuleClient, type PartyEdit } from '../shared/capsule/client';
import { type ShownFigures } from '../shared/domain/invoice-totals';
import { recordPart, recordTexts } from '../shared/domain/record-figures';
import { isVendorError } from '../shared/http/vendor-error';
import { markerUrl } from '../shared/ids';
import { type FigureFields } from '../shared/store/accounts';
import { type ContactFigures } from '../shared/store/figures';
import { type Link } from '../shared/store/links';

/** Records that are written at once. */
const WRITES_AT_ONCE = 4;

/** What became of a record; a text is the vendor's reason for refusing it. */
export type RecordEnd = 'done' | 'gone' | { refused: string };

/** A Capsule record: whose figures are to stand on it, and whose stand there already. */
export interface FigureRecord {
  partyId: number;
  linked: { figures: ContactFigures; link: Link }[];
  bearers: ContactFigures[];
  /** The sync made the record: the DataTag holds more than figures, and our address stays on it. */
  made: boolean;
}

interface Writing {
  capsule: CapsuleClient;
  fields: FigureFields;
  publicUrl: string;
}

/** Writes figures to records where anything changes, one PUT for each. @throws VendorError when Capsule takes no requests */
export async function writeRecords(
  writing: Writing,
  records: readonly FigureRecord[],
): Promise<Map<number, RecordEnd>> {
  const ends = await pMap(records, (record) => writeRecord(writing, record), { concurrency: WRITES_AT_ONCE });
  return new Map(records.map(({ partyId }, index) => [partyId, ends[index] ?? 'done']));
}

async function writeRecord(writing: Writing, record: FigureRecord): Promise<RecordEnd> {
  try {
    const edit = { ...(await rowsEdit(writing, record)), ...fieldsEdit(writing, record) };
    if (Object.values(edit).some((list) => list.length > 0))
      await writing.capsule.editParty(record.partyId, edit);
    return 'done';
  } catch (error) {
    if (isVendorError(error, 'missing')) return 'gone';
    if (!isVendorError(error, 'rejected', 'forbidden', 'conflict')) throw error;
    return { refused: error.reason };
  }
}

function fieldsEdit({ fields: { ids, rule }, publicUrl }: Writing, record: FigureRecord): PartyEdit {
  if (!ids) return {};
  const { partyId, linked, bearers, made } = record;
  const present = bearers
    .filter(({ writtenTo }) => writtenTo?.as === 'fields')
    .map(({ sageContactId, onRecord }) => [sageContactId, onRecord] as const);
  const due = linked.flatMap(({ figures, link }) => {
    const part = recordPart(link.kind, figures.shown, rule);
    return part ? [{ part, key: [figures.sageContactId, figures.shown] as const }] : [];
  });
  if (
    isSame(
      present,
      due.map(({ key }) => key),
    )
  )
    return {};
  const texts = recordTexts(due.map(({ part }) => part));
  if (!texts) {
    const clearFields = [ids.balance, ids.overdue, ids.invoices];
    return { clearFields, removeTagIds: made ? [] : [ids.tagId] };
  }
  return {
    addTagIds: [ids.tagId],
    fields: [
      { id: ids.balance, value: texts.balance },
      { id: ids.overdue, value: texts.overdue },
      { id: ids.invoices, value: `${publicUrl}/contacts/${partyId}` },
    ],
  };
}

type Standing = readonly (readonly [sageContactId: string, shown: ShownFigures | null])[];

function isSame(present: Standing, due: Standing): boolean {
  const inOrder = (list: Standing) => [...list].sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(inOrder(present)) === JSON.stringify(inOrder(due));
}

/** Where the account has no custom fields, a website row leads to the contact's page. */
async function rowsEdit(
  { capsule, fields: { ids, rule }, publicUrl }: Writing,
  { partyId, linked, bearers, made }: FigureRecord,
): Promise<PartyEdit> {
  // Its marker leads there.
  if (made) return {};
  const borne = bearers.filter(({ writtenTo }) => writtenTo?.as === 'link').map((one) => one.sageContactId);
  const due = linked.find(({ figures, link }) => recordPart(link.kind, figures.shown, rule));
  const wanted = ids ? undefined : due?.figures.sageContactId;
  const unwanted = borne.filter((id) => id !== wanted);
  if (unwanted.length === 0 && (wanted === undefined || borne.includes(wanted))) return {};
  const rows = await capsule.listWebsiteRows(partyId);
  const addressOf = (id: string) => markerUrl(publicUrl, id);
  const removed = new Set(unwanted.map(addressOf));
  const there = wanted === undefined || rows.some(({ address }) => address === addressOf(wanted));
  return {
    addWebsites: there ? [] : [addressOf(wanted)],
    removeWebsites: rows.filter(({ address }) => removed.has(address)).map(({ id }) => id),
  };
}
