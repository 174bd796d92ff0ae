import pMap from 'p-map';
import { type ActivityDeps, connectedTenant } from './deps';
import { createPartyCreator } from './create-parties';
import { type Heartbeat, withHeartbeat } from './heartbeat';
import { type Known, matchRange, type RangeCounts } from './match-range';
import { createProgress } from './progress';
import { type ImportInput } from './prepare-import';

/** Name buckets are 0…65535 (shared/domain/names). */
const BUCKETS = 65_536;
/** Sage contacts of a range on average: enough for batched reads and writes, few enough to forget soon. */
const RANGE_SIZE = 200;
/** Ranges in work at once: while one is read or stored, another keeps the vendor busy. */
const RANGES_AT_ONCE = 3;

interface Cursor {
  /** All ranges before this one are done. */
  next: number;
  counts: RangeCounts;
}

export interface MatchResult {
  /** Contacts whose create has no known outcome: settle them, then match again (R29). */
  unsettled: number;
}

const NOTHING: RangeCounts = { linked: 0, created: 0, review: 0, excluded: 0, failed: 0, unsettled: 0 };

export function createMatchContacts(deps: ActivityDeps) {
  const { store } = deps;

  return {
    /** Links, creates or queues every Sage contact of the mirror (R6–R10). Running it again changes nothing. */
    async matchContacts({ tenantId, importNumber }: ImportInput): Promise<MatchResult> {
      const tenant = await connectedTenant(store, tenantId);
      const [account, sageContacts, known] = await Promise.all([
        store.accounts.get(tenantId),
        store.contacts.count(tenantId, 'sage'),
        whatIsKnown(tenantId),
      ]);
      const { create } = createPartyCreator(deps, {
        ...{ tenantId, importNumber, account, run: `import-${importNumber}` },
        ...{ teamId: tenant.settings.defaultTeamId, priority: 'bulk' },
      });
      const ranges = Math.max(1, Math.ceil(sageContacts / RANGE_SIZE));
      const bound = (range: number) => Math.floor((range * BUCKETS) / ranges);
      const progress = createProgress(deps, tenantId);

      return withHeartbeat<Cursor, MatchResult>(async (heartbeat) => {
        const tally = createTally(heartbeat, (counts) => progress.show(counts));
        const run = `import-${importNumber}`;
        const context = { store, tenantId, settings: tenant.settings, account, run, known, create };
        await untilFirstFailure(range(tally.next, ranges), RANGES_AT_ONCE, async (index) => {
          tally.done(index, await matchRange(context, bound(index), bound(index + 1)));
        });
        await progress.flush();
        return { unsettled: tally.total().unsettled };
      });
    },
  };

  async function whatIsKnown(tenantId: string): Promise<Known> {
    const [links, markers, reviews, failures] = await Promise.all([
      store.links.any(tenantId),
      store.contacts.hasMarkers(tenantId),
      store.reviews.any(tenantId),
      store.failures.count(tenantId),
    ]);
    return { links, markers, reviews, failures: failures > 0 };
  }
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);

/**
 * Works through a list, some at once. After a failure nothing new is begun, but what is under way comes to its
 * end first: an attempt that left creates running would meet its own intents in the next one.
 */
async function untilFirstFailure(
  list: readonly number[],
  concurrency: number,
  work: (item: number) => Promise<void>,
): Promise<void> {
  let failure: { error: unknown } | null = null;
  await pMap(
    list,
    async (item) => {
      if (failure) return;
      await work(item).catch((error: unknown) => (failure ??= { error }));
    },
    { concurrency },
  );
  if (failure) throw (failure as { error: unknown }).error;
}

/** Adds up ranges that end in any order, and tells Temporal how far all are done without a gap. */
function createTally(heartbeat: Heartbeat<Cursor>, show: (counts: RangeCounts) => void) {
  let { next, counts } = heartbeat.resumed ?? { next: 0, counts: NOTHING };
  const ahead = new Map<number, RangeCounts>();

  const total = (): RangeCounts => [...ahead.values()].reduce(add, counts);
  return {
    next,
    total,
    done(range: number, result: RangeCounts): void {
      ahead.set(range, result);
      for (let found = ahead.get(next); found; found = ahead.get(next)) {
        counts = add(counts, found);
        ahead.delete(next);
        next += 1;
      }
      show(total());
      heartbeat.reached({ next, counts });
    },
  };
}

function add(a: RangeCounts, b: RangeCounts): RangeCounts {
  return {
    linked: a.linked + b.linked,
    created: a.created + b.created,
    review: a.review + b.review,
    excluded: a.excluded + b.excluded,
    failed: a.failed + b.failed,
    unsettled: a.unsettled + b.unsettled,
  };
}
