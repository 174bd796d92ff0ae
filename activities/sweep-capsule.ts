import { listAllParties, type PartyCursor } from '../shared/capsule/list-all-parties';
import { type ActivityDeps } from './deps';
import { refreshDiffers } from './differs';
import { withHeartbeat } from './heartbeat';
import { takeCapsuleDeleted } from './list-changes';
import { type Findings, openPass, type Pass } from './pass';
import { type SweepInput } from './sweep-sage';
import { noteTagged } from './tagged';
import { takeParties } from './take-parties';

/** Parties that are asked for one by one, ten a call; more that are absent mean that the listing was cut short. */
const MOST_ABSENT = 200;

interface Absent {
  tooMany: boolean;
  /** How many were there all the same. */
  slipped: number;
  changed: number;
}

const NOTHING_ABSENT: Absent = { tooMany: false, slipped: 0, changed: 0 };

export function createSweepCapsule(deps: ActivityDeps) {
  return {
    /**
     * Compares every party with the mirror: a call for each 100. Run again after a crash it goes on where it was.
     * A deep sweep compares every link's two records anew, another one those of parties that changed.
     */
    async sweepCapsule(input: SweepInput): Promise<Findings> {
      const pass = await openPass(deps, input);
      return withHeartbeat<PartyCursor, Findings>(async ({ resumed, reached }) => {
        const seen = new Set<number>();
        let hints = 0;
        const listing = await listAllParties(pass.capsule, { resumed }, async (parties, cursor) => {
          const taken = await takeParties(pass, parties);
          const due = taken.links.filter(({ partyId }) => input.deep || taken.news.has(partyId));
          await refreshDiffers(pass, due, taken);
          parties.forEach(({ id }) => seen.add(id));
          hints += taken.changed;
          reached(cursor);
        });
        if (listing.unreadable > 0) await reportUnreadable(pass, listing.unreadable);
        const deleted = await takeCapsuleDeleted(pass);
        // What pages before a crash have shown is not known any more: then nothing is said of what is absent.
        const absent = resumed ? NOTHING_ABSENT : await takeAbsent(pass, seen);
        const tagged = await noteTagged(pass);
        return {
          // What others did meanwhile makes single parties slip from page to page.
          complete: !absent.tooMany && (absent.slipped === 0 || !listing.undisturbed),
          read: { capsuleParties: listing.startedAt.toISOString(), capsuleDeleted: deleted.toISOString() },
          buckets: [],
          changed: hints + absent.changed + tagged,
          deletions: await deps.store.deletions.count(input.tenantId),
        };
      });
    },
  };
}

/**
 * Asks for the parties that were known and did not come. That one is not given means nothing (R18): only an
 * unlinked one is forgotten, so that nobody is linked to it. One that is given was left out of the listing.
 */
async function takeAbsent(pass: Pass, seen: ReadonlySet<number>): Promise<Absent> {
  const { deps, tenantId, capsule } = pass;
  const { store } = deps;
  const absent = await absentIds(pass, seen);
  if (absent.length > MOST_ABSENT) return { ...NOTHING_ABSENT, tooMany: true };
  const given = (await capsule.getParties(absent)).map(({ party }) => party);
  const { links, changed, ...taken } = await takeParties(pass, given);
  await refreshDiffers(pass, links, taken);

  const there = new Set(given.map(({ id }) => id));
  const gone = absent.filter((id) => !there.has(id));
  const linked = new Set((await store.links.byParties(tenantId, gone)).map(({ partyId }) => partyId));
  await store.contacts.forgetParties(
    tenantId,
    gone.filter((id) => !linked.has(id)),
  );
  return { tooMany: false, slipped: given.length, changed };
}

async function absentIds({ deps: { store }, tenantId }: Pass, seen: ReadonlySet<number>): Promise<number[]> {
  const absent: number[] = [];
  for await (const id of store.contacts.ids(tenantId, 'capsule'))
    if (!seen.has(Number(id))) absent.push(Number(id));
  return absent;
}

/** They cannot be matched, so that their Sage contacts may be created beside them. */
async function reportUnreadable({ deps: { store }, tenantId }: Pass, count: number): Promise<void> {
  await store.tenants.reportProblem(tenantId, {
    code: 'capsule-unreadable',
    message: `${count} Capsule contacts came in a form that could not be read. Look for doubles of them.`,
    since: new Date(),
  });
}
