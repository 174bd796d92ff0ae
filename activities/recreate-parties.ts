import pMap from 'p-map';
import { type SageContact } from '../shared/domain/types';
import { isVendorError } from '../shared/http/vendor-error';
import { type SageClient } from '../shared/sage/client';
import { type Applying } from './apply-deletions';
import { createPartyCreator } from './create-parties';
import { dayInWords } from './deletion-words';
import { end } from './end-links';
import { type LostCase } from './lost-links';
import { newLink } from './new-link';
import { saveSageContacts } from './save-sage';

/** Contacts read from Sage at once. */
const READS = 4;

/**
 * R18: creates deleted parties again, each exactly once (R29), and moves their links to the new ones. One whose
 * outcome is not known stays noted: the next pass finds out.
 */
export async function recreateParties(applying: Applying, cases: readonly LostCase[]): Promise<void> {
  const { deps, tenantId, runId, tenant, account } = applying;
  const leaders = cases.filter(({ decision }) => decision.do === 'recreate');
  if (leaders.length > 0) {
    const contacts = await announce(applying, leaders);
    const creator = createPartyCreator(deps, {
      ...{ tenantId, importNumber: tenant.connection.number, account, run: runId },
      ...{ teamId: tenant.settings.defaultTeamId, priority: 'bulk' },
    });
    const { refused } = await creator.create(contacts);
    await endRefused(applying, leaders, refused);
  }
  await follow(applying, cases);
}

/** Reads the contacts anew from Sage, and announces on each link that its party is being made. */
async function announce(applying: Applying, leaders: readonly LostCase[]): Promise<SageContact[]> {
  const { deps, tenantId, tenant } = applying;
  const { store, vendors } = deps;
  const sage = vendors.sage(tenantId, tenant.connection.businessId, 'bulk');
  const reads = await pMap(
    leaders,
    async (lost) => ({ lost, contact: await readContact(sage, lost.link.sageContactId) }),
    { concurrency: READS },
  );
  const contacts: SageContact[] = [];
  for (const { lost, contact } of reads) {
    const { sageContactId, partyId } = lost.link;
    if (contact === null) {
      const words = 'deleted in Capsule and in Sage: nothing comes back';
      await end(applying, { ...lost, contactDeleted: new Date() }, 'capsuleDeleted', words);
    } else if (contact.isErased) {
      await end(applying, lost, 'erased', 'deleted in Capsule, erased in Sage: nothing comes back');
    } else {
      const deletedAt = lost.partyDeleted ?? new Date();
      if (await store.links.beginRecreating(tenantId, sageContactId, { partyId, deletedAt }))
        contacts.push(contact);
    }
  }
  const saving = { tenantId, importNumber: tenant.connection.number, settings: tenant.settings };
  await saveSageContacts(store, saving, contacts);
  return contacts;
}

/** @returns null when Sage has no such contact. @throws VendorError when Sage takes no requests now */
async function readContact(sage: SageClient, id: string): Promise<SageContact | null> {
  try {
    return await sage.getContact(id);
  } catch (error) {
    if (isVendorError(error, 'missing')) return null;
    throw error;
  }
}

/** R26: set aside as at an import; *Retry* decides on it anew, without a link in the way. */
async function endRefused(
  applying: Applying,
  leaders: readonly LostCase[],
  refused: readonly SageContact[],
): Promise<void> {
  const ids = new Set(refused.map(({ id }) => id));
  for (const lost of leaders.filter(({ link }) => ids.has(link.sageContactId))) {
    const day = lost.partyDeleted ? ` on ${dayInWords(lost.partyDeleted)}` : '';
    const words = `deleted in Capsule${day}; Capsule refused to create it again`;
    await end(applying, lost, 'notRecreated', words);
    await applying.deps.store.runs.add(applying.tenantId, applying.runId, 'capsule', { failed: 1 });
  }
}

/** The other contact of a deleted party joins the one that was made for its leader. */
async function follow(applying: Applying, cases: readonly LostCase[]): Promise<void> {
  const { deps, tenantId, runId, account } = applying;
  const { store } = deps;
  for (const { link, decision } of cases) {
    if (decision.do !== 'follow') continue;
    const [leader] = await store.links.bySageContacts(tenantId, [decision.leader]);
    if (!leader || leader.partyId === link.partyId) continue;
    const [[party], [contact]] = await Promise.all([
      store.contacts.partiesByIds(tenantId, [leader.partyId]),
      store.contacts.sageByIds(tenantId, [link.sageContactId]),
    ]);
    if (!party || !contact) continue;
    const making = { origin: link.origin, because: 'recreated', run: runId } as const;
    const { agreed, differs } = newLink(contact.record, party.record, account, making);
    const to = { partyId: leader.partyId, because: making.because, run: runId, agreed, differs };
    const { sageContactId } = link;
    // First: an attempt that breaks off after the move finds nothing left to tell.
    await store.journal.write(tenantId, [
      {
        ...{ key: `recreated/${leader.partyId}/${sageContactId}`, at: new Date(), run: runId, fields: [] },
        ...{ side: 'capsule', action: 'moved', sageContactId, partyId: leader.partyId },
        why: 'was deleted in Capsule; linked in Sage, so it was created again',
      },
    ]);
    if ((await store.links.move(tenantId, link, to)) === 'moved')
      await store.runs.add(tenantId, runId, 'capsule', { linked: 1 });
  }
}
