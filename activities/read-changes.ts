import { type Link } from '../shared/store/links';
import { type ContactRow } from '../shared/sage/wire';
import { type ActivityDeps } from './deps';
import { refreshDiffers } from './differs';
import { withHeartbeat } from './heartbeat';
import { sinceOf, takeCapsuleDeleted, takeSageDeleted, walkContacts, walkPartyChanges } from './list-changes';
import { bucketsOf, type Findings, openPass, type Pass, type PassInput } from './pass';
import { noteTagged } from './tagged';
import { takeParties } from './take-parties';
import { setAsideUnreadable, compareRows, takeRows } from './take-sage';
import { rematchBuckets, undecidedBuckets } from './undecided';

export function createReadChanges(deps: ActivityDeps) {
  return {
    /**
     * Reads what changed on both sides since the last pass (R11–R13, R18, R19). Five calls when nothing did.
     * Everything read is durable when it returns; run again, it finds the same and writes nothing twice.
     */
    async readChanges(input: PassInput): Promise<Findings> {
      const pass = await openPass(deps, input);
      return withHeartbeat<null, Findings>(async () => {
        const sage = await readSage(pass);
        const capsule = await readCapsule(pass);
        const links = [...sage.links, ...capsule.links];
        await refreshDiffers(pass, links, { editedInSage: sage.changed });
        return {
          complete: sage.complete && capsule.complete,
          read: { ...sage.read, ...capsule.read },
          buckets: bucketsOf(new Set([...sage.buckets, ...(await rematchBuckets(pass))])),
          changed: capsule.hints,
          deletions: await deps.store.deletions.count(input.tenantId),
        };
      });
    },
  };
}

async function readSage(pass: Pass) {
  const { deps, tenantId } = pass;
  const since = await sinceOf(pass, 'sageContacts');
  const stale: ContactRow[] = [];
  const { complete, startedAt, seen, unreadable } = await walkContacts(pass, since, async (rows) => {
    stale.push(...(await compareRows(pass, rows)));
  });
  const taken = await takeRows(pass, stale);
  await setAsideUnreadable(pass, [...unreadable, ...taken.unreadable]);
  const deleted = await takeSageDeleted(pass);
  const changed = new Set(taken.changed);
  return {
    complete: complete && deleted.complete,
    read: { sageContacts: startedAt.toISOString(), sageDeleted: deleted.date.toISOString() },
    changed,
    links: await deps.store.links.bySageContacts(tenantId, [...seen]),
    buckets: await undecidedBuckets(pass, [...seen], changed),
  };
}

async function readCapsule(pass: Pass) {
  const links: Link[] = [];
  let hints = 0;
  const { date, complete } = await walkPartyChanges(
    pass,
    await sinceOf(pass, 'capsuleParties'),
    async (parties) => {
      const taken = await takeParties(pass, parties);
      links.push(...taken.links);
      hints += taken.changed;
    },
  );
  const deleted = await takeCapsuleDeleted(pass);
  hints += await noteTagged(pass);
  return {
    ...{ complete, links, hints },
    read: { capsuleParties: date.toISOString(), capsuleDeleted: deleted.toISOString() },
  };
}
