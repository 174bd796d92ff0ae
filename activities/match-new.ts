import { type SideCounts } from '../shared/domain/run-counts';
import { type JournalAction, type JournalEntry } from '../shared/store/journal';
import { type Link, type LinkReason } from '../shared/store/links';
import { type ActivityDeps } from './deps';
import { createPartyCreator } from './create-parties';
import { withHeartbeat } from './heartbeat';
import { matchRange, type RangeContext } from './match-range';
import { openPass, type Pass, type PassInput } from './pass';
import { settleCreates, type SettleResult } from './settle';
import { settleAdding } from './settle-adding';
import { endRematch } from './undecided';

const BUCKETS = 65_536;
/** Where all buckets are gone through, so many lie in a range at most: a few contacts each. */
const RANGE = 256;
/** Open intents that a pass looks after; more than one crash can leave behind. */
const MOST_INTENTS = 1_000;

export interface MatchNewInput extends PassInput {
  /** Null: all. */
  buckets: number[] | null;
}

export interface MatchedNew {
  /** What the pass did in Capsule so far, all its rounds together. */
  counts: Partial<SideCounts>;
  /** Contacts whose create has no known outcome: settle them, then match again (R29). */
  unsettled: number;
}

interface Cursor {
  /** Ranges before this one are done. */
  next: number;
  counts: Required<Pick<SideCounts, 'linked' | 'created' | 'skipped' | 'failed'>>;
  unsettled: number;
}

const NOTHING: Cursor = { next: 0, counts: { linked: 0, created: 0, skipped: 0, failed: 0 }, unsettled: 0 };

export function createMatchNew(deps: ActivityDeps) {
  const { store } = deps;

  return {
    /**
     * Links, creates or queues the Sage contacts of some name buckets that nobody has decided on (R11, by R6–R9).
     * Whole buckets are decided, since all names that may match each other are in one. Run again it changes nothing.
     */
    async matchNew(input: MatchNewInput): Promise<MatchedNew> {
      const pass = await openPass(deps, input);
      const run = await store.runs.find(input.tenantId, input.runId);
      const context = contextOf(pass);
      const ranges = input.buckets ? input.buckets.map((bucket) => [bucket, bucket + 1] as const) : ALL;
      return withHeartbeat<Cursor, MatchedNew>(async ({ resumed, reached }) => {
        let state = resumed ?? NOTHING;
        for (const [from, to] of ranges.slice(state.next)) {
          const { unsettled } = await matchRange(context, from, to);
          const done = await tell(pass, from, to, run?.startedAt ?? new Date(0));
          state = {
            next: state.next + 1,
            counts: add(state.counts, done),
            unsettled: state.unsettled + unsettled,
          };
          reached(state);
        }
        if (state.unsettled === 0) await endRematch(pass, matchedBy(input.buckets));
        return { counts: state.counts, unsettled: state.unsettled };
      });
    },

    /** Brings creates in Sage to an end that nobody is at any more, also where no contact waits for that (R29). */
    async endAdding(input: PassInput): Promise<void> {
      const { tenant } = await openPass(deps, input);
      await withHeartbeat<null, number>(() => settleAdding(deps, tenant));
    },

    /** Finds out what became of the creates of a pass whose answer was lost (R29). */
    async settleNew(input: PassInput): Promise<SettleResult> {
      const { tenantId, runId, tenant } = await openPass(deps, input);
      const intents = await store.intents.list(tenantId, 'capsule', MOST_INTENTS);
      const by = {
        ...{ tenantId, importNumber: tenant.connection.number, run: runId, priority: 'bulk' as const },
        teamId: tenant.settings.defaultTeamId,
      };
      return withHeartbeat<null, SettleResult>(async () => {
        await settleAdding(deps, tenant);
        return settleCreates(deps, by, intents);
      });
    },
  };

  function contextOf({ tenantId, runId, tenant, account }: Pass): RangeContext {
    const { create } = createPartyCreator(deps, {
      ...{ tenantId, importNumber: tenant.connection.number, account, run: runId },
      ...{ teamId: tenant.settings.defaultTeamId, priority: 'bulk' },
    });
    const known = { links: true, markers: true, reviews: true, failures: true };
    return { store, tenantId, settings: tenant.settings, account, run: runId, known, create };
  }
}

const matchedBy = (buckets: readonly number[] | null) => (bucket: number) =>
  buckets === null || buckets.includes(bucket);

const ALL = Array.from(
  { length: BUCKETS / RANGE },
  (_, index) => [index * RANGE, (index + 1) * RANGE] as const,
);

/**
 * Counts what this pass did to the contacts of a range, and writes it into their history: from the store, so that
 * an attempt that broke off is counted with the one that ends.
 */
async function tell(
  { deps: { store }, tenantId, runId }: Pass,
  from: number,
  to: number,
  startedAt: Date,
): Promise<Cursor['counts']> {
  const contacts = await store.contacts.sageInBuckets(tenantId, from, to);
  const ids = contacts.map(({ record }) => record.id);
  const [links, opened, failures] = await Promise.all([
    store.links.bySageContacts(tenantId, ids),
    store.reviews.openedSince(tenantId, ids, startedAt),
    store.failures.among(
      tenantId,
      ids.map((recordId) => ({ side: 'capsule' as const, recordId })),
    ),
  ]);
  // What became of deletions (R18, R21) has been told already.
  const ours = links.filter(({ run, because }) => run === runId && !OF_DELETIONS.has(because));
  const linked = new Set(links.map(({ sageContactId }) => sageContactId));
  const reviews = opened.filter((id) => !linked.has(id));
  const failed = failures.filter(({ failedAt }) => failedAt >= startedAt);
  const entry = (action: JournalAction, sageContactId: string, why: string): JournalEntry => ({
    ...{ key: `${runId}/${action}/${sageContactId}`, at: new Date(), run: runId, side: 'capsule', action },
    ...{ sageContactId, partyId: null, why, fields: [] },
  });
  const made = ({ sageContactId, partyId, origin, because, createdAt: at }: Link): JournalEntry => ({
    ...entry(origin === 'created' ? 'created' : 'linked', sageContactId, WHY[because] ?? 'linked'),
    ...{ partyId, at },
  });
  await store.journal.write(tenantId, [
    ...ours.map(made),
    ...reviews.map((id) => entry('skipped', id, 'waits in the review queue: no party is certainly the same')),
    ...failed.map(({ recordId, reason }) => entry('failed', recordId, reason)),
  ]);
  const created = ours.filter(({ origin }) => origin === 'created').length;
  return {
    linked: ours.length - created,
    created,
    skipped: reviews.length,
    failed: failed.length,
  };
}

const OF_DELETIONS: ReadonlySet<string> = new Set<Link['because']>(['recreated', 'merged']);

/** Why a pass links or makes a record. */
const WHY: Partial<Record<LinkReason, string>> = {
  created: 'new in Sage, and no contact in Capsule had its name',
  marker: 'new in Sage; the Capsule contact bears its mark',
  name: 'new in Sage; both have the same name',
  email: 'new in Sage; of several with this name, only these two have the same e-mail address',
  postcode: 'new in Sage; of several with this name, only these two have the same postcode',
};

function add(a: Cursor['counts'], b: Cursor['counts']): Cursor['counts'] {
  return {
    linked: a.linked + b.linked,
    created: a.created + b.created,
    skipped: a.skipped + b.skipped,
    failed: a.failed + b.failed,
  };
}
