import { type Deletion } from '../shared/store/deletions';
import { type JournalEntry } from '../shared/store/journal';
import { type Link, type LinkEnd } from '../shared/store/links';
import { type Applying } from './apply-deletions';
import { clearMarks } from './clear-marks';
import { dayInWords } from './deletion-words';
import { type LostCase } from './lost-links';

/** A record that stays locked for longer is left as it is; the failure tells why. */
const TRY_FOR_MS = 24 * 3600_000;

/**
 * Ends links (R18 with *Do not bring back*, R19, R20); they stay as tombstones.
 * @returns the contacts whose party is locked, and still names them
 */
export async function endLinks(applying: Applying, cases: readonly LostCase[]): Promise<Set<string>> {
  const locked = new Set<string>();
  for (const lost of cases) {
    if (lost.decision.do !== 'end') continue;
    if (lost.decision.why === 'sageDeleted') {
      if (!(await endDeletedInSage(applying, lost))) locked.add(lost.link.sageContactId);
    } else if (lost.contactDeleted) await end(applying, lost, 'capsuleDeleted', BOTH);
    else await endKeptAway(applying, lost);
  }
  return locked;
}

const BOTH = 'deleted in Capsule and in Sage: nothing comes back';

/**
 * R19: the link ends, the party stays, and what named the Sage contact on it is cleared.
 * @returns false when Capsule refused to clear it
 */
async function endDeletedInSage(applying: Applying, lost: LostCase): Promise<boolean> {
  const { deps, tenantId, runId, capsule, account } = applying;
  const { store } = deps;
  const { sageContactId, partyId } = lost.link;
  const [read] = await capsule.getParties([partyId]);
  let refused: string | null = null;
  if (read) {
    const marks = { sageContactId, other: await otherContact(applying, lost.link) };
    const key = `cleared/${partyId}/${sageContactId}`;
    const cleared = line(applying, lost.link, {
      ...{ key, action: 'updated', side: 'capsule' },
      why: 'its Sage fields were cleared, because the contact was deleted in Sage',
    });
    // First: an attempt that breaks off after the clearing finds nothing left to tell.
    let told = false;
    const tell = async () => {
      await store.journal.write(tenantId, [cleared]);
      told = true;
    };
    const outcome = await clearMarks(capsule, read, marks, account, deps.publicUrl, tell);
    const isCleared = 'cleared' in outcome && outcome.cleared;
    if (told && !isCleared) await store.journal.withdraw(tenantId, [key]);
    if ('refused' in outcome) refused = outcome.refused;
    else if (isCleared) {
      if (!marks.other) await store.figures.cleared(tenantId, [sageContactId]);
      await store.runs.add(tenantId, runId, 'capsule', { updated: 1 });
    }
  }
  await end(applying, lost, 'sageDeleted', 'deleted in Sage: the link ended, the Capsule contact stays');
  if (refused !== null) await setAside(applying, lost.link, refused);
  return refused === null;
}

/** R18 with *Do not bring back*, or a contact that is left out of the sync by now (R10). */
async function endKeptAway(applying: Applying, lost: LostCase): Promise<void> {
  const { deps, tenantId } = applying;
  const { sageContactId, kind, keepDeleted, agreed } = lost.link;
  const day = lost.partyDeleted ? `on ${dayInWords(lost.partyDeleted)}` : '';
  if (!keepDeleted) {
    const why = `deleted in Capsule ${day}; it is left out of the sync, so it was not created again`;
    return end(applying, lost, 'notRecreated', why);
  }
  // Before the link ends: whoever matches the contact meanwhile finds that it is left out.
  const [contact] = await deps.store.contacts.sageByIds(tenantId, [sageContactId]);
  const name = contact?.record.name ?? agreed.name ?? '';
  await deps.store.reviews.ignore(tenantId, [{ sageContactId, name, kind }], new Date());
  await deps.store.contacts.ignore(tenantId, [sageContactId]);
  await end(applying, lost, 'capsuleDeleted', `deleted in Capsule ${day}; it is not to be brought back`);
}

/** Ends a link and tells so in the history and the figures; each once, however often it is run. */
export async function end(
  applying: Applying,
  lost: Pick<LostCase, 'link' | 'partyDeleted' | 'contactDeleted'>,
  why: LinkEnd,
  words: string,
): Promise<void> {
  const { deps, tenantId, runId } = applying;
  const { store } = deps;
  const { link, partyDeleted, contactDeleted } = lost;
  const key = `ended/${link.sageContactId}/${link.partyId}`;
  const side = contactDeleted ? 'sage' : 'capsule';
  // Before the link ends: an attempt that breaks off in between must not lose it.
  await store.journal.write(tenantId, [line(applying, link, { key, action: 'unlinked', side, why: words })]);
  if (!(await store.links.end(tenantId, link.sageContactId, why, new Date()))) return;
  await store.failures.clear(tenantId, 'sage', [link.sageContactId]);
  if (contactDeleted) await store.runs.add(tenantId, runId, 'sage', { deleted: 1 });
  if (partyDeleted) await store.runs.add(tenantId, runId, 'capsule', { deleted: 1 });
}

/**
 * Tries again to clear what a locked record still bears of contacts whose link has ended.
 * @returns the contacts whose party is still locked
 */
export async function retryClearing(applying: Applying, due: readonly Deletion[]): Promise<Set<string>> {
  const { deps, tenantId, capsule, account } = applying;
  const { store } = deps;
  const since = Date.now() - TRY_FOR_MS;
  const ids = due.filter(({ side, at }) => side === 'sage' && at.getTime() > since);
  const links = await store.links.withEnded(
    tenantId,
    ids.map(({ recordId }) => recordId),
  );
  const locked = new Set<string>();
  for (const link of links.filter(({ live, ended }) => !live && ended?.why === 'sageDeleted')) {
    const { sageContactId, partyId } = link;
    const [read] = await capsule.getParties([partyId]);
    const marks = { sageContactId, other: await otherContact(applying, link) };
    const outcome = read ? await clearMarks(capsule, read, marks, account, deps.publicUrl) : GONE;
    if ('refused' in outcome) {
      await setAside(applying, link, outcome.refused);
      locked.add(sageContactId);
    } else await store.failures.clear(tenantId, 'capsule', [sageContactId]);
  }
  return locked;
}

const GONE = { cleared: false };

/** R26: it alone is set aside; the link ends all the same. */
async function setAside(
  { deps: { store }, tenantId, runId }: Applying,
  { sageContactId, agreed }: Link,
  reason: string,
): Promise<void> {
  await store.failures.setAside(tenantId, [
    {
      ...{ side: 'capsule', recordId: sageContactId, work: 'clear', name: agreed.name ?? sageContactId },
      reason: `It was deleted in Sage, but Capsule refused to clear its Sage fields: ${reason}`,
      ...{ failedAt: new Date(), retryAt: null },
    },
  ]);
  await store.runs.add(tenantId, runId, 'capsule', { failed: 1 });
}

/** The other kind of contact that the party is linked to. */
async function otherContact(
  { deps: { store }, tenantId }: Applying,
  { sageContactId, partyId }: Link,
): Promise<{ id: string; reference: string } | null> {
  const links = await store.links.byParties(tenantId, [partyId]);
  const other = links.find((link) => link.sageContactId !== sageContactId);
  if (!other) return null;
  const [contact] = await store.contacts.sageByIds(tenantId, [other.sageContactId]);
  return { id: other.sageContactId, reference: contact?.record.reference ?? '' };
}

/** A line of the contact's history. */
export function line(
  { runId }: Pick<Applying, 'runId'>,
  { sageContactId, partyId }: Pick<Link, 'sageContactId' | 'partyId'>,
  entry: Pick<JournalEntry, 'key' | 'action' | 'side' | 'why'>,
): JournalEntry {
  return { at: new Date(), run: runId, sageContactId, partyId, fields: [], ...entry };
}
