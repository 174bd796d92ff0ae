import { type PartyRead } from '../shared/capsule/client';
import { type CapsuleParty } from '../shared/domain/types';
import { type ReviewCandidate } from '../shared/store/reviews';
import { type Applying } from './apply-deletions';
import { dayInWords } from './deletion-words';
import { line } from './end-links';
import { type LostCase } from './lost-links';
import { newLink } from './new-link';

/** R21: moves links to the parties into which theirs were merged, and asks a person where that is not certain. */
export async function moveLinks(applying: Applying, cases: readonly LostCase[]): Promise<void> {
  const { capsule } = applying;
  const targets = cases.flatMap(({ decision }) => (decision.do === 'move' ? [decision.partyId] : []));
  const reads = new Map((await capsule.getParties(targets)).map((read) => [read.party.id, read]));
  for (const lost of cases) {
    const { decision } = lost;
    if (decision.do === 'review') await ask(applying, lost, decision.partyIds);
    if (decision.do !== 'move') continue;
    const read = reads.get(decision.partyId);
    // It is there by the mirror, and cannot be read: nothing is certain then.
    if (!read || !(await move(applying, lost, read))) await ask(applying, lost, [decision.partyId]);
  }
}

/** @returns false when the party is linked otherwise by now; a link that somebody changed waits for the next pass */
async function move(applying: Applying, lost: LostCase, { party }: PartyRead): Promise<boolean> {
  const { deps, tenantId, runId, account } = applying;
  const { store } = deps;
  const { link } = lost;
  const [contact] = await store.contacts.sageByIds(tenantId, [link.sageContactId]);
  if (!contact) return true;
  const making = { origin: link.origin, because: 'merged', run: runId } as const;
  const { agreed, differs } = newLink(contact.record, party, account, making);
  const to = { partyId: party.id, because: making.because, run: runId, agreed, differs };
  const held = await store.links.byParties(tenantId, [party.id]);
  if (held.some(({ kind }) => kind === link.kind)) return false;
  // First: an attempt that breaks off after the move finds nothing left to tell.
  const day = lost.partyDeleted ? ` on ${dayInWords(lost.partyDeleted)}` : '';
  const { sageContactId, partyId } = link;
  await store.journal.write(tenantId, [
    line(applying, link, {
      ...{ key: `deleted/${partyId}/${sageContactId}`, action: 'deleted', side: 'capsule' },
      why: `deleted in Capsule${day}`,
    }),
    line(
      applying,
      { sageContactId, partyId: party.id },
      {
        ...{ key: `moved/${party.id}/${sageContactId}`, action: 'moved', side: 'capsule' },
        why: `the contact linked before was deleted in Capsule${day}, and was merged into this one`,
      },
    ),
  ]);
  const end = await store.links.move(tenantId, link, to);
  if (end === 'moved') await store.runs.add(tenantId, runId, 'capsule', { linked: 1, deleted: 1 });
  return end !== 'taken';
}

async function ask(applying: Applying, lost: LostCase, partyIds: readonly number[]): Promise<void> {
  const { deps, tenantId, runId } = applying;
  const { store } = deps;
  const { sageContactId, partyId, kind, agreed } = lost.link;
  const [[contact], mirrored] = await Promise.all([
    store.contacts.sageByIds(tenantId, [sageContactId]),
    store.contacts.partiesByIds(tenantId, partyIds),
  ]);
  const records = new Map(mirrored.map(({ record }) => [record.id, record]));
  const day = lost.partyDeleted ? ` on ${dayInWords(lost.partyDeleted)}` : '';
  await store.journal.write(tenantId, [
    line(applying, lost.link, {
      ...{ key: `merged/${partyId}/${sageContactId}`, action: 'skipped', side: 'capsule' },
      why: `deleted in Capsule${day}; it may have been merged with another contact, so a person has to decide`,
    }),
  ]);
  await store.reviews.open(tenantId, [
    {
      ...{ sageContactId, kind, why: 'merged', openedAt: new Date() },
      name: contact?.record.name ?? agreed.name ?? '',
      candidates: partyIds.flatMap((id) => toCandidate(records.get(id))),
    },
  ]);
  await store.runs.add(tenantId, runId, 'capsule', { skipped: 1 });
}

const toCandidate = (party: CapsuleParty | undefined): ReviewCandidate[] =>
  party
    ? [
        {
          ...{ partyId: party.id, name: party.name },
          ...{ email: party.emails[0]?.address ?? '', postcode: party.addresses[0]?.zip ?? '' },
        },
      ]
    : [];
