import pMap from 'p-map';
import { isBroken } from '../shared/broken-on-purpose';
import { FIRST_PAGES, listAllContacts } from '../shared/sage/list-all-contacts';
import { type ContactRow } from '../shared/sage/wire';
import { type ActivityDeps } from './deps';
import { refreshDiffers } from './differs';
import { withHeartbeat } from './heartbeat';
import { noteGoneInSage, takeSageDeleted, walkContacts } from './list-changes';
import { bucketsOf, type Findings, openPass, type Pass, type PassInput } from './pass';
import {
  compareRows,
  readSingle,
  setAsideUnreadable,
  takeContacts,
  takeRows,
  takeSingles,
} from './take-sage';
import { rematchBuckets, undecidedBuckets } from './undecided';

/** How often a listing that cannot be proven complete is read again before the run is partial (R27). */
const LISTINGS = 2;
/** Contacts without details that a deep sweep reads one by one; more of them mean that a list was cut short. */
const MOST_INCOMPLETE = 150;
const ABSENT_AT_ONCE = 4;

export interface SweepInput extends PassInput {
  /** Addresses and contact persons as well. */
  deep: boolean;
}

interface Swept {
  /** Contacts with a live link when the sweep began. */
  linked: ReadonlySet<string>;
  complete: boolean;
  seen: Set<string>;
  changed: Set<string>;
  buckets: Set<number>;
}

export function createSweepSage(deps: ActivityDeps) {
  return {
    /**
     * Compares every Sage contact with the mirror: a call for each 200, thrice as many when deep. What is absent
     * from a complete listing is asked for by its id before it counts as deleted.
     */
    async sweepSage(input: SweepInput): Promise<Findings> {
      const pass = await openPass(deps, input);
      return withHeartbeat<null, Findings>(async () => {
        const deleted = await takeSageDeleted(pass);
        const linked = new Set<string>();
        for await (const id of deps.store.links.liveIds(input.tenantId)) linked.add(id);
        const swept = await sweep(pass, input.deep, linked);
        const absent =
          swept.complete || isBroken('completeness-proof')
            ? await takeAbsent(pass, swept, deleted)
            : { complete: false };
        const links = await deps.store.links.bySageContacts(input.tenantId, [...swept.changed]);
        await refreshDiffers(pass, links, { editedInSage: swept.changed });
        const date = deleted.date.toISOString();
        return {
          complete: deleted.complete && absent.complete,
          read: { sageContacts: date, sageDeleted: date },
          buckets: bucketsOf(new Set([...swept.buckets, ...(await rematchBuckets(pass))])),
          changed: 0,
          deletions: await deps.store.deletions.count(input.tenantId),
        };
      });
    },
  };
}

async function sweep(pass: Pass, deep: boolean, linked: ReadonlySet<string>): Promise<Swept> {
  // What was brought in from a listing that proves incomplete stays so.
  const found = { linked, changed: new Set<string>(), buckets: new Set<number>() };
  for (let listing = 1; ; listing += 1) {
    const begun: Swept = { ...found, complete: false, seen: new Set() };
    const swept = await (deep ? sweepDeep(pass, begun) : sweepRows(pass, begun));
    if (swept.complete || listing === LISTINGS) return swept;
    pass.deps.log.warn(
      { tenantId: pass.tenantId, seen: swept.seen.size },
      'Sage listed other than it counts',
    );
  }
}

async function sweepRows(pass: Pass, swept: Swept): Promise<Swept> {
  const stale: ContactRow[] = [];
  const { complete, seen, unreadable } = await walkContacts(pass, undefined, async (rows) => {
    const found = new Set(await compareRows(pass, rows));
    stale.push(...found);
    const same = rows.filter((row) => !found.has(row)).map(({ contact }) => contact.id);
    await addUndecided(pass, swept, same);
  });
  const taken = await takeRows(pass, stale);
  await setAsideUnreadable(pass, [...unreadable, ...taken.unreadable]);
  taken.changed.forEach((id) => swept.changed.add(id));
  await addUndecided(
    pass,
    swept,
    stale.map(({ contact }) => contact.id),
  );
  return { ...swept, complete, seen };
}

async function sweepDeep(pass: Pass, swept: Swept): Promise<Swept> {
  const { expected, unreadable, incomplete } = await listAllContacts(pass.sage, FIRST_PAGES, {
    async onContacts(contacts) {
      const changed = await takeContacts(pass, contacts);
      changed.forEach((id) => swept.changed.add(id));
      const ids = contacts.map(({ id }) => id);
      ids.forEach((id) => swept.seen.add(id));
      await addUndecided(pass, swept, ids);
    },
    onDurable: () => undefined,
    onTotal: () => Promise.resolve(),
  });
  unreadable.forEach((id) => swept.seen.add(id));
  await setAsideUnreadable(pass, unreadable);
  if (incomplete.length > MOST_INCOMPLETE) return swept;
  const ids = incomplete.map(({ contact }) => contact.id);
  const taken = await takeSingles(pass, ids);
  await setAsideUnreadable(pass, taken.unreadable);
  ids.forEach((id) => swept.seen.add(id));
  taken.changed.forEach((id) => swept.changed.add(id));
  await addUndecided(pass, swept, ids);
  swept.complete = swept.seen.size === expected;
  return swept;
}

async function addUndecided(pass: Pass, swept: Swept, ids: readonly string[]): Promise<void> {
  const { buckets, changed, linked } = swept;
  (await undecidedBuckets(pass, ids, changed, linked)).forEach((bucket) => buckets.add(bucket));
}

/**
 * Asks for what was known and is absent from a complete listing, one by one. A contact that is there all the same
 * and is older than the listing proves that Sage left it out.
 */
async function takeAbsent(
  pass: Pass,
  { linked, seen, changed, buckets }: Swept,
  deleted: { ids: ReadonlySet<string>; date: Date },
): Promise<{ complete: boolean }> {
  const known = await knownIds(pass, linked);
  const absent = [...known].filter((id) => !seen.has(id) && !deleted.ids.has(id));
  if (isBroken('completeness-proof')) {
    await noteGoneInSage(pass, absent);
    return { complete: true };
  }
  const found = await pMap(absent, (id) => readSingle(pass, id), { concurrency: ABSENT_AT_ONCE });
  await noteGoneInSage(
    pass,
    found.flatMap((single) => ('gone' in single ? [single.gone] : [])),
  );
  const there = found.flatMap((single) => ('contact' in single ? [single.contact] : []));
  (await takeContacts(pass, there)).forEach((id) => changed.add(id));
  const ids = there.map(({ id }) => id);
  (await undecidedBuckets(pass, ids, changed)).forEach((bucket) => buckets.add(bucket));
  const hidden = there.filter(({ createdAt }) => Date.parse(createdAt) < deleted.date.getTime());
  return { complete: hidden.length === 0 };
}

/** Ids of the Sage contacts that are mirrored, or linked and not mirrored (R24). */
async function knownIds(
  { deps: { store }, tenantId }: Pass,
  linked: ReadonlySet<string>,
): Promise<Set<string>> {
  const known = new Set(linked);
  for await (const id of store.contacts.ids(tenantId, 'sage')) known.add(id);
  return known;
}
