import {
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  setHandler,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import { type ImportView, type TenantState } from '../activities/tenant';
import { describeImport } from '../shared/domain/import-words';
import { type Bookkeeper, startBookkeeper } from './bookkeeper';
import { answerCommands } from './commands';
import { answerControls } from './controls';
import { failureType } from './failure-type';
import { createImporter } from './importing';
import { createLeaving } from './leaving';
import { connectedSignal, grantsRenewedSignal, statusQuery } from './messages';
import { stored } from './options';
import { type Pusher, startPusher } from './pusher';
import { createStanding, type Told } from './standing';
import { createUpkeep } from './upkeep';
import { createWaiting, isStop, type StopType } from './waiting';

export interface TenantSyncInput {
  tenantId: string;
  /** Events after which the history begins anew; left out: when the server suggests it. */
  maxHistory?: number;
  /** Milliseconds after which a day ends, for tests; left out: at midnight in London. */
  dayMs?: number;
  /** What the run before this one knew. */
  carried?: Carried;
}

interface Carried {
  told: Told;
  waitsFor: StopType | null;
  upkeepDueAt: number;
  /** The wish of a person for a pass that could not begin during the import. */
  passWanted: boolean;
  /** Parties that only signals named, and that are not in the store yet. */
  partyIds: number[];
  /** The documents of the business are still to be read for the first time. */
  booksDue: boolean;
}

const FRESH: Carried = {
  told: { phase: null, schedule: null },
  waitsFor: null,
  upkeepDueAt: 0,
  passWanted: false,
  partyIds: [],
  booksDue: false,
};

/** The details follow a running import: soon at first, then seldom, which keeps the history short. */
const FIRST_LOOK_MS = 2_000;
const LAST_LOOK_MS = 60_000;

/** Work that does not stop within this time is left behind: it finds the tenant disconnected, and its grants gone. */
const STOPPING = '20s';

/**
 * Lives as long as a tenant's connection. Imports once, then keeps both sides in step: edits of Capsule travel by
 * the pusher, what is owed by the bookkeeper, everything else by the passes of the tenant's schedule. What a person
 * has to mend is waited for.
 */
export async function tenantSyncWorkflow(input: TenantSyncInput): Promise<void> {
  const { tenantId, carried = FRESH } = input;
  let progress: ImportView | null = null;
  let connections = 0;
  let tenant: TenantState | null = null;

  const work = new CancellationScope();
  const standing = createStanding(tenantId, carried.told);
  const waiting = createWaiting(tenantId, standing, work, async () => {
    upkeep.hurry();
    await controls.catchUp();
  });
  const upkeep = createUpkeep(tenantId, standing, waiting, carried.upkeepDueAt);
  const importer = createImporter(tenantId, () => tenant?.connection ?? 0);
  const leaving = createLeaving(tenantId);
  let importScope: CancellationScope | null = null;
  let pusher: Pusher | null = null;
  let bookkeeper: Bookkeeper | null = null;
  /** What lives side by side. */
  let parts: Promise<'full'>[] = [];

  setHandler(statusQuery, () => ({
    ...{ phase: standing.phase(), details: standing.details(), import: progress },
  }));
  setHandler(grantsRenewedSignal, () => waiting.renewed());
  setHandler(connectedSignal, () => {
    connections += 1;
  });
  const commands = answerCommands(
    tenantId,
    () => standing.phase(),
    () => bookkeeper?.wake(),
  );
  const controls = answerControls(tenantId, standing, waiting, {
    ready: () => tenant !== null,
    passWanted: carried.passWanted,
    onPause: () => importScope?.cancel(),
    onResume: () => pusher?.wake(),
    pushed: () => pusher?.idle() ?? true,
  });

  tenant = await stored.readTenant(tenantId);
  if (tenant.connected) {
    const { paused, breaker, imported } = tenant;
    Object.assign(standing.conditions, { paused, breaker, imported });
    const living = work.run(live);
    const end = await Promise.race([living.catch(unlessLeft), condition(() => leaving.asked())]);
    if (end === 'full') return renew();
    await stop();
  }
  await end();

  /** Ends only when the history is to begin anew, or by a failure that nobody can mend. */
  async function live(): Promise<'full'> {
    if (carried.waitsFor) waiting.join(carried.waitsFor);
    const gate = {
      // Steady work would never let a history end.
      open: () => standing.open() && !isLong(),
      trouble: (error: unknown) => waiting.trouble(error),
      tagged: (partyIds: number[]) => commands.addTagged(partyIds),
    };
    pusher = startPusher(tenantId, gate, carried.partyIds);
    const books = {
      open: () => gate.open() && standing.conditions.imported,
      waitsFor: isStop,
      trouble: (error: unknown) => waiting.trouble(error),
    };
    bookkeeper = startBookkeeper(tenantId, books, { due: carried.booksDue, dayMs: input.dayMs });
    const full = condition(() => isLong() && isAtRest()).then(() => 'full' as const);
    parts = [full, keepInStep(), upkeep.daily(), pusher.done, ...bookkeeper.parts];
    return Promise.race(parts);
  }

  function isLong(): boolean {
    const { historyLength, continueAsNewSuggested } = workflowInfo();
    return continueAsNewSuggested || historyLength >= (input.maxHistory ?? Infinity);
  }

  /** Nothing is under way that a new history would cut in two, and no hint waits in memory alone. */
  function isAtRest(): boolean {
    return allHandlersFinished() && commands.idle() && standing.idle() && (pusher?.idle() ?? true);
  }

  async function keepInStep(): Promise<never> {
    if (tenant?.startAfresh) await standing.step('afresh', () => stored.startAfresh(tenantId));
    await upkeep.first();
    while (!(await isImported())) await importOnce();
    standing.conditions.imported = true;
    if (progress) standing.whenInStep(`Connected to ${tenant?.business}. ${describeImport(progress)}`);
    await standing.settle();
    if (!carried.told.schedule && progress) {
      // A later connection begins with a full pass, which reads the documents too.
      if (tenant?.connection === 1) bookkeeper?.begin();
      await controls.afterImport(tenant?.connection ?? 1);
    }
    return never();
  }

  async function isImported(): Promise<boolean> {
    progress = await standing.step('look', () => stored.readImport(tenantId));
    return progress?.step === 'done';
  }

  /** Returns when the import is done, or when what stopped it may have been mended. */
  async function importOnce(): Promise<void> {
    await condition(() => standing.open());
    await standing.settle();
    let running = true;
    const following = follow(() => running);
    // A cancelled workflow rejects it before the `finally` below can wait for it.
    following.catch(() => undefined);
    const scope = new CancellationScope();
    importScope = scope;
    try {
      await scope.run(() => importer.run());
    } catch (error) {
      // A pause cancels this scope alone.
      if (standing.conditions.paused && scope.consideredCancelled) return;
      await waiting.trouble(error);
    } finally {
      running = false;
      importScope = null;
      await following;
    }
  }

  /** Keeps the words in the Temporal UI, and the answer to the query, close to a running import. */
  async function follow(running: () => boolean): Promise<void> {
    for (let wait = FIRST_LOOK_MS; ; wait = Math.min(wait * 2, LAST_LOOK_MS)) {
      if (await condition(() => !running(), wait)) return;
      progress = await standing.step('look', () => stored.readImport(tenantId));
      if (progress && running()) standing.say(describeImport(progress));
    }
  }

  /** Returns when all work has ended, and not only been told to. */
  async function stop(): Promise<void> {
    work.cancel();
    await Promise.race([Promise.allSettled([...parts, standing.close()]), sleep(STOPPING)]);
  }

  /** Ends with the connection; goes on with the next one if there is one already. */
  async function end(): Promise<void> {
    for (;;) {
      const seen = connections;
      const now = await stored.readTenant(tenantId);
      if (now.leaving) {
        // One that an earlier run of this workflow left behind.
        if (!(await isImported())) await importer.cancel();
        await leaving.leave(now.leaving);
        continue;
      }
      leaving.ended();
      await condition(() => allHandlersFinished() || leaving.asked(), STOPPING);
      if (leaving.asked()) continue;
      if (now.connected) return renew({ carried: undefined });
      if (connections === seen) return standing.say('This tenant is not connected: nothing to do.');
    }
  }

  function renew(change: Partial<TenantSyncInput> = {}): Promise<never> {
    const next: Carried = {
      told: standing.told(),
      waitsFor: waiting.waitsFor(),
      upkeepDueAt: upkeep.dueAt(),
      passWanted: controls.passWanted(),
      partyIds: pusher?.carried() ?? [],
      booksDue: bookkeeper?.due() ?? false,
    };
    return continueAsNew<typeof tenantSyncWorkflow>({ ...input, carried: next, ...change });
  }
}

/** The tenant may be marked as disconnected before this workflow is told. */
function unlessLeft(error: unknown): 'left' {
  if (failureType(error) === 'NotConnected') return 'left';
  throw error;
}

/** For as long as the connection lasts. */
const never = (): Promise<never> => condition(() => false) as unknown as Promise<never>;
