import { differences, labelOf } from '../shared/domain/synced-fields';
import { type SyncedField } from '../shared/domain/types';
import { hashOf } from '../shared/ids';
import { type Store } from '../shared/store';
import { type Failure } from '../shared/store/failures';
import { type JournalEntry } from '../shared/store/journal';
import { type PushJob, type PushOutcome } from './push-outcome';
import { type PusherTenant, type PushResult } from './push-parties';
import { openPushRun } from './push-run';
import { saveSageContacts } from './save-sage';

interface Keeping {
  store: Store;
  tenant: PusherTenant;
  /** Empty: none. */
  run: string;
  why?: string | undefined;
}

type Agreed = Extract<PushOutcome, { end: 'agreed' }>;
/** What of a contact is written in Sage. */
type Written = Pick<Agreed, 'job' | 'changes' | 'replaced'>;
type Settled = Exclude<PushOutcome, { end: 'later' }>;

/**
 * Keeps the values of Sage that are about to give way to Capsule's (R14). Before they do: nobody else knows them, while
 * what was merely edited in Capsule is told by the mirror as well.
 * @returns takes it back: Sage has refused Capsule's values, and holds its own
 */
export async function keepReplaced(keeping: Keeping, written: Written): Promise<() => Promise<void>> {
  const { store, tenant } = keeping;
  await writeHistory(keeping, [written], []);
  const keys = updatedLine(keeping, written, new Date()).map(({ key }) => key);
  return () => store.journal.withdraw(tenant.id, keys);
}

/** Tells the history of each contact what was written in Sage, and what could not be. */
async function writeHistory(
  keeping: Keeping,
  written: readonly Written[],
  settled: readonly Settled[],
): Promise<void> {
  const { store, tenant, run } = keeping;
  const now = new Date();
  const lines = [
    ...written.flatMap((one) => updatedLine(keeping, one, now)),
    ...settled.flatMap((one) => failedLine(keeping, one, now)),
  ];
  if (lines.length === 0) return;
  await openPushRun(store, tenant.id, run, now);
  await store.journal.write(tenant.id, lines);
}

/**
 * Makes durable what became of pushes. The history comes first and the agreement after the mirror: an attempt that
 * breaks off anywhere finds, when it is run again, what it still has to store.
 * @returns results, and the jobs whose links somebody else changed meanwhile: they are to be decided anew
 */
export async function keepPushes(
  keeping: Keeping,
  outcomes: readonly PushOutcome[],
): Promise<{ results: PushResult[]; stale: PushJob[] }> {
  const { store, tenant } = keeping;
  const settled = outcomes.filter((outcome): outcome is Settled => outcome.end !== 'later');
  if (settled.length === 0) return { results: [], stale: [] };
  const agreed = settled.filter((outcome) => outcome.end === 'agreed');
  const gone = settled.filter((outcome) => outcome.end === 'gone');
  const now = new Date();

  await Promise.all([
    writeHistory(keeping, agreed, []),
    store.deletions.note(tenant.id, 'sage', gone.map(idOf), now),
  ]);
  if (agreed.length > 0) {
    await saveSageContacts(
      store,
      { tenantId: tenant.id, importNumber: tenant.connection.number, settings: tenant.settings },
      agreed.map(({ after }) => after),
    );
  }
  const stale = new Set(await agree(keeping, agreed));
  const final = settled.filter(({ job }) => !stale.has(job));
  await Promise.all([saveDiffers(keeping, final), keepFailures(keeping, final, now)]);
  const results = final.map(resultOf);
  await count(keeping, results);
  return { results, stale: [...stale] };
}

/** Saves what both sides hold now. @returns the jobs whose links were changed by somebody else */
async function agree({ store, tenant }: Keeping, agreed: readonly Agreed[]): Promise<PushJob[]> {
  const saved = await Promise.all(
    agreed.map(async ({ job, after }) => {
      const { link, read, mapped } = job;
      const change = {
        agreed: { ...link.agreed, ...mapped.fields },
        differs: differences(read.party, mapped, after),
      };
      return (await store.links.update(tenant.id, link, change)) ? [] : [job];
    }),
  );
  return saved.flat();
}

/** An edit that needs no writing may still make or end a difference: an address that was removed, say (R13). */
async function saveDiffers({ store, tenant }: Keeping, settled: readonly Settled[]): Promise<void> {
  const moved = settled.flatMap(({ end, job }) => {
    const { link, read, mapped, known } = job;
    if (end !== 'same' || !known || known.excluded !== null) return [];
    const differs = differences(read.party, mapped, known.record);
    const same = differs.join() === link.differs.join();
    return same ? [] : [{ sageContactId: link.sageContactId, revision: link.revision, differs }];
  });
  await store.links.saveDiffers(tenant.id, moved);
}

/** R26: sets aside what could not be carried over, and forgets what could be by now. */
async function keepFailures(keeping: Keeping, settled: readonly Settled[], now: Date): Promise<void> {
  const { store, tenant } = keeping;
  const keys = settled.map((one) => ({ side: 'sage' as const, recordId: idOf(one) }));
  const known = new Map((await store.failures.among(tenant.id, keys)).map((one) => [one.recordId, one]));
  const failed = settled.flatMap((one): Omit<Failure, 'attempts'>[] => {
    const reason = reasonOf(one);
    // Nothing was tried, and it is known: an echo is no further attempt.
    if (reason === null || (one.end === 'same' && known.get(idOf(one))?.reason === reason)) return [];
    return [
      {
        ...{ side: 'sage', recordId: idOf(one), work: 'push', name: one.job.read.party.name },
        ...{ reason, failedAt: now, retryAt: null },
      },
    ];
  });
  const cleared = settled.filter((one) => reasonOf(one) === null && known.get(idOf(one))?.work === 'push');
  // First the line, so that whoever sees the failure finds it told.
  await writeHistory(keeping, [], settled);
  await Promise.all([
    store.failures.setAside(tenant.id, failed),
    store.failures.clear(tenant.id, 'sage', cleared.map(idOf)),
  ]);
}

/** Adds to the figures of the run. */
async function count({ store, tenant, run }: Keeping, results: readonly PushResult[]): Promise<void> {
  const updated = results.filter(({ end }) => end === 'pushed').length;
  const failed = results.filter(({ reason }) => reason !== undefined).length;
  if (run === '' || updated + failed === 0) return;
  await store.runs.add(tenant.id, run, 'sage', { updated, failed });
}

function resultOf(outcome: Settled): PushResult {
  const { link } = outcome.job;
  const reason = reasonOf(outcome);
  const fields = outcome.end === 'agreed' ? outcome.changes.map(({ field }) => field) : [];
  const end = outcome.end === 'agreed' ? (fields.length > 0 ? 'pushed' : 'same') : outcome.end;
  return {
    ...{ partyId: link.partyId, sageContactId: link.sageContactId, fields },
    end: end === 'same' && reason !== null ? 'failed' : end,
    ...(reason === null ? {} : { reason }),
  };
}

/** Why something of the contact could not be carried over; null when all was. */
function reasonOf(outcome: Settled): string | null {
  if (outcome.end === 'gone') return null;
  if (outcome.end === 'failed') return outcome.reason;
  const { faults } = outcome.job.mapped;
  return faults.length === 0 ? null : faults.map(({ reason }) => reason).join(' ');
}

const idOf = ({ job }: { job: PushJob }): string => job.link.sageContactId;

function updatedLine({ run, why = 'Edited in Capsule.' }: Keeping, one: Written, at: Date): JournalEntry[] {
  const { job, changes, replaced } = one;
  if (changes.length === 0) return [];
  const { sageContactId, partyId, revision } = job.link;
  const values = JSON.stringify(changes.map(({ field, after }) => [field, after]));
  return [
    {
      key: `pushed/${sageContactId}/${revision}/${hashOf(values)}`,
      ...{ at, run, side: 'sage', action: 'updated', sageContactId, partyId, fields: changes },
      why: replaced.length === 0 ? why : `${why} ${lostIn(replaced)}`,
    },
  ];
}

/** R14: the value that Sage held stands in the line, before the new one. */
function lostIn(replaced: readonly SyncedField[]): string {
  const names = replaced.map(labelOf).join(', ');
  return `In Sage it had been edited as well (${names}): Capsule's value took the place of Sage's, which is kept here.`;
}

function failedLine({ run }: Keeping, one: Settled, at: Date): JournalEntry[] {
  const why = reasonOf(one);
  if (why === null) return [];
  const { sageContactId, partyId, revision } = one.job.link;
  // As it is once the rest is stored, which an attempt that broke off may have done.
  const stored = one.end === 'agreed' ? revision + 1 : revision;
  const key = `not-pushed/${sageContactId}/${stored}/${hashOf(why)}`;
  return [{ key, at, run, side: 'sage', action: 'failed', sageContactId, partyId, why, fields: [] }];
}
