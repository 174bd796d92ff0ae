import { recordPart } from '../shared/domain/record-figures';
import { type CapsuleClient } from '../shared/capsule/client';
import { type FigureFields } from '../shared/store/accounts';
import { type ContactFigures, type Written } from '../shared/store/figures';
import { type Link } from '../shared/store/links';
import { type ActivityDeps } from './deps';
import { type FigureRecord, type RecordEnd, writeRecords } from './record-writer';

export interface Bringing {
  deps: Pick<ActivityDeps, 'store' | 'publicUrl' | 'log'>;
  tenantId: string;
  capsule: CapsuleClient;
  fields: FigureFields;
}

/**
 * Brings a batch of figures to the records of their links, and takes them off records that they have left.
 * @returns whether any record refused
 */
export async function bringFigures(
  bringing: Bringing,
  batch: readonly ContactFigures[],
): Promise<{ refused: boolean }> {
  const { capsule, fields, deps } = bringing;
  const { records, all, linkOf } = await recordsOf(bringing, batch);
  const ends = await writeRecords({ capsule, fields, publicUrl: deps.publicUrl }, records);
  const outcomes = all.map((figures) => {
    const link = linkOf.get(figures.sageContactId);
    const partyId = link?.partyId ?? figures.writtenTo?.partyId;
    return { figures, link, end: partyId === undefined ? 'done' : (ends.get(partyId) ?? 'done') };
  });
  await keep(bringing, outcomes);
  return { refused: outcomes.some(({ end }) => typeof end === 'object') };
}

interface Outcome {
  figures: ContactFigures;
  link: Link | undefined;
  end: RecordEnd;
}

/** The records that a batch concerns: those to which its contacts are linked, and those on which it stands. */
async function recordsOf(
  { deps: { store }, tenantId }: Bringing,
  batch: readonly ContactFigures[],
): Promise<{ records: FigureRecord[]; all: ContactFigures[]; linkOf: ReadonlyMap<string, Link> }> {
  const ids = batch.map(({ sageContactId }) => sageContactId);
  const own = await store.links.bySageContacts(tenantId, ids);
  const partyIds = [
    ...new Set([
      ...own.map(({ partyId }) => partyId),
      ...batch.flatMap(({ writtenTo }) => writtenTo?.partyId ?? []),
    ]),
  ];
  const links = await store.links.byPartiesWithEnded(tenantId, partyIds);
  const others = links.map(({ sageContactId }) => sageContactId).filter((id) => !ids.includes(id));
  const all = [...batch, ...(await store.figures.get(tenantId, [...new Set(others)]))];
  const known = new Map(all.map((figures) => [figures.sageContactId, figures]));
  const live = links.filter((link) => link.live);
  const records = partyIds.map((partyId): FigureRecord => {
    const linked = live
      .filter((link) => link.partyId === partyId)
      .sort((a, b) => (a.kind === b.kind ? 0 : a.kind === 'CUSTOMER' ? -1 : 1))
      .flatMap((link) => {
        const figures = known.get(link.sageContactId);
        return figures ? [{ figures, link }] : [];
      });
    const bearers = all.filter(({ writtenTo }) => writtenTo?.partyId === partyId);
    const made = links.some((link) => link.partyId === partyId && link.origin === 'created');
    return { partyId, linked, bearers, made };
  });
  return { records, all, linkOf: new Map(live.map((link) => [link.sageContactId, link])) };
}

async function keep(
  { deps: { store, log }, tenantId, fields }: Bringing,
  outcomes: readonly Outcome[],
): Promise<void> {
  const as = fields.ids ? 'fields' : 'link';
  const written = outcomes.flatMap(({ figures, link, end }): Written[] => {
    const { sageContactId, shown, wants } = figures;
    // A record that is gone is dealt with by the passes: a link that moves has its figures looked through again.
    if (typeof end === 'object' || (end === 'gone' && link)) return [];
    const stands = link && recordPart(link.kind, shown, fields.rule);
    const writtenTo = stands ? ({ partyId: link.partyId, as } as const) : null;
    return [{ sageContactId, wants, onRecord: shown, writtenTo }];
  });
  await store.figures.written(tenantId, written);
  const done = new Set(written.map(({ sageContactId }) => sageContactId));
  await store.figures.setAside(
    tenantId,
    outcomes.flatMap(({ figures }) => (done.has(figures.sageContactId) ? [] : [figures])),
  );
  await forgetErased(
    store,
    tenantId,
    outcomes.filter(({ link, figures }) => !link && done.has(figures.sageContactId)),
  );
  const refused = outcomes.filter(({ end }) => typeof end === 'object');
  if (refused.length > 0) log.info({ tenantId, refused: refused.length }, 'records refused figures');
  await tellFailures(store, tenantId, refused);
  await clearFailures(store, tenantId, [...done]);
}

type Store = ActivityDeps['store'];

/** R10: of contacts that were erased nothing is kept, once their records are cleared. */
async function forgetErased(store: Store, tenantId: string, outcomes: readonly Outcome[]): Promise<void> {
  if (outcomes.length === 0) return;
  const ids = outcomes.map(({ figures }) => figures.sageContactId);
  const erased = (await store.contacts.sageByIds(tenantId, ids)).filter(
    ({ excluded }) => excluded === 'erased',
  );
  await store.figures.forget(
    tenantId,
    erased.map(({ record }) => record.id),
  );
}

/** R26: each alone; it is tried again when the figures change, or when somebody asks. */
async function tellFailures(store: Store, tenantId: string, refused: readonly Outcome[]): Promise<void> {
  await store.failures.setAside(
    tenantId,
    refused.flatMap(({ figures: { sageContactId }, link, end }) =>
      typeof end === 'object'
        ? [
            {
              ...{ side: 'capsule' as const, recordId: sageContactId, work: 'figures' as const },
              name: link?.agreed.name ?? sageContactId,
              reason: `Capsule refused to take what this contact owes: ${end.refused}`,
              ...{ failedAt: new Date(), retryAt: null },
            },
          ]
        : [],
    ),
  );
}

async function clearFailures(store: Store, tenantId: string, ids: readonly string[]): Promise<void> {
  const keys = ids.map((recordId) => ({ side: 'capsule' as const, recordId }));
  const known = (await store.failures.among(tenantId, keys)).filter(({ work }) => work === 'figures');
  await store.failures.clear(
    tenantId,
    'capsule',
    known.map(({ recordId }) => recordId),
  );
}
