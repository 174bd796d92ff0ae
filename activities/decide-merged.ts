import { type SageContact } from '../shared/domain/types';
import { isVendorError } from '../shared/http/vendor-error';
import { type Link } from '../shared/store/links';
import { type Review } from '../shared/store/reviews';
import { type Connection, type Tenant } from '../shared/store/tenants';
import { createPartyCreator } from './create-parties';
import { type ReviewCommand, type ReviewOutcome, type ReviewRefusal } from './decide-review';
import { type ActivityDeps } from './deps';
import { dayInWords } from './deletion-words';
import { setKeepDeleted } from './ignored';
import { newLink } from './new-link';
import { settleCreates } from './settle';

interface Deciding {
  tenant: Tenant & { connection: Connection };
  command: ReviewCommand;
  review: Review;
  link: Link;
}

const refused = (why: ReviewRefusal, detail = ''): ReviewOutcome => ({ outcome: 'refused', why, detail });

/** Somebody else may change the link in between; each loses at most once to the other. */
const TRIES = 10;

/**
 * Carries out a person's decision on a contact whose party was deleted and may have been merged (R21): its link
 * lives on until then. It can be run again at any point.
 */
export function createMergedDecision(deps: ActivityDeps) {
  const { store, vendors } = deps;

  return async function decideMerged(deciding: Deciding): Promise<ReviewOutcome> {
    const { tenant, command, link } = deciding;
    if (command.decision === 'ignore') return leaveOut(deciding);
    const waitMs = await settle(tenant, command.sageContactId);
    if (waitMs > 0)
      return command.decision === 'create' ? { outcome: 'unsettled', waitMs } : refused('creating');
    const now = (await store.links.bySageContacts(tenant.id, [command.sageContactId]))[0];
    if (!now) return refused('decided');
    // A create that went before has come to its end, or somebody was faster.
    if (now.partyId !== link.partyId) return alreadyMoved(command, now);
    if (await isRestored(tenant.id, now)) {
      await store.reviews.withdraw(tenant.id, [command.sageContactId]);
      return { outcome: 'linked', partyId: now.partyId };
    }
    return command.decision === 'link' ? moveTo(deciding) : createAgain({ ...deciding, link: now });
  };

  async function leaveOut({ command, review, link }: Deciding): Promise<ReviewOutcome> {
    const { tenantId, sageContactId } = command;
    if (await isBeingCreated(tenantId, sageContactId)) return refused('creating');
    const at = new Date();
    // First: should this break off, the next pass ends the link.
    await setKeepDeleted(store, tenantId, sageContactId, true);
    // Before the link ends: whoever matches the contact meanwhile finds that it is left out.
    await store.reviews.close(tenantId, sageContactId, 'ignore', at);
    await store.contacts.ignore(tenantId, [sageContactId]);
    await store.journal.write(tenantId, [
      {
        ...{
          key: `ended/${sageContactId}/${link.partyId}`,
          at,
          run: '',
          side: 'capsule',
          action: 'unlinked',
        },
        ...{ sageContactId, partyId: link.partyId, fields: [] },
        why: `deleted in Capsule${dayOf(review)}; it is not to be brought back`,
      },
    ]);
    await store.links.end(tenantId, sageContactId, 'capsuleDeleted', at);
    return { outcome: 'ignored' };
  }

  async function moveTo({ command, review, tenant }: Deciding): Promise<ReviewOutcome> {
    const { tenantId, sageContactId } = command;
    const partyId = command.partyId ?? 0;
    const [[read], [contact], account] = await Promise.all([
      vendors.capsule(tenantId, 'interactive').getParties([partyId]),
      store.contacts.sageByIds(tenantId, [sageContactId]),
      store.accounts.get(tenantId),
    ]);
    if (!read) return refused('noParty');
    if (!contact) return refused('gone');
    for (let tries = 0; tries < TRIES; tries += 1) {
      const [link] = await store.links.bySageContacts(tenant.id, [sageContactId]);
      if (!link) return refused('decided');
      const making = { origin: link.origin, because: 'merged', run: '' } as const;
      const { agreed, differs } = newLink(contact.record, read.party, account, making);
      const rival = await rivalOf(tenantId, partyId, link.kind);
      if (rival) return refused('taken', rival);
      // First: an attempt that breaks off after the move finds nothing left to tell.
      await tellMoved(command, link.partyId, partyId, review);
      const end = await store.links.move(tenantId, link, {
        partyId,
        because: 'merged',
        run: '',
        agreed,
        differs,
      });
      if (end === 'taken') return refused('taken', await rivalOf(tenantId, partyId, link.kind));
      if (end === 'stale') continue;
      await store.reviews.close(tenantId, sageContactId, 'link', new Date());
      return { outcome: 'linked', partyId };
    }
    throw new Error(`the link of ${sageContactId} changes all the time`);
  }

  async function createAgain({ tenant, command, review, link }: Deciding): Promise<ReviewOutcome> {
    const { tenantId, sageContactId } = command;
    const contact = await readContact(tenant, sageContactId);
    if (!contact || contact.isErased) return refused('gone');
    const { partyId } = link;
    const announced = await store.links.beginRecreating(tenantId, sageContactId, {
      ...{ partyId, deletedAt: review.openedAt },
    });
    if (!announced) return refused('decided');
    const creator = createPartyCreator(deps, {
      ...{ tenantId, importNumber: tenant.connection.number, priority: 'interactive', run: '' },
      ...{ teamId: tenant.settings.defaultTeamId, account: await store.accounts.get(tenantId) },
    });
    const { made, refused: rejected } = await creator.create([contact]);
    const [party] = made;
    if (party) {
      await store.reviews.close(tenantId, sageContactId, 'create', new Date());
      return { outcome: 'created', partyId: party.party.id };
    }
    if (rejected.length === 0) return { outcome: 'unsettled', waitMs: deps.outcomeSettleMs };
    const [failure] = await store.failures.among(tenantId, [{ side: 'capsule', recordId: sageContactId }]);
    await store.failures.clear(tenantId, 'capsule', [sageContactId]);
    return refused('rejected', failure?.reason ?? '');
  }

  /** The same decision again, or another one that was faster. */
  async function alreadyMoved(
    { tenantId, sageContactId, decision, partyId }: ReviewCommand,
    link: Link,
  ): Promise<ReviewOutcome> {
    const as = link.because === 'recreated' ? 'create' : 'link';
    await store.reviews.close(tenantId, sageContactId, as, new Date());
    if (decision !== as || (as === 'link' && link.partyId !== partyId)) return refused('decided');
    return { outcome: as === 'create' ? 'created' : 'linked', partyId: link.partyId };
  }

  async function tellMoved(
    { tenantId, sageContactId }: ReviewCommand,
    from: number,
    partyId: number,
    review: Review,
  ): Promise<void> {
    await store.journal.write(tenantId, [
      {
        ...{ key: `moved/${from}/${partyId}/${sageContactId}`, at: new Date(), run: '', fields: [] },
        ...{ side: 'capsule', action: 'moved', sageContactId, partyId },
        why: `the contact linked before was deleted in Capsule${dayOf(review)}; a person linked this one`,
      },
    ]);
  }

  async function settle(
    { id, connection, settings }: Deciding['tenant'],
    sageContactId: string,
  ): Promise<number> {
    const intents = await store.intents.among(id, 'capsule', [sageContactId]);
    const by = {
      ...{ tenantId: id, importNumber: connection.number, priority: 'interactive' as const, run: '' },
      teamId: settings.defaultTeamId,
    };
    return (await settleCreates(deps, by, intents)).waitMs;
  }

  async function isBeingCreated(tenantId: string, sageContactId: string): Promise<boolean> {
    return (await store.intents.among(tenantId, 'capsule', [sageContactId])).length > 0;
  }

  /** An administrator of Capsule can bring back what was deleted. */
  async function isRestored(tenantId: string, { partyId }: Link): Promise<boolean> {
    return (await vendors.capsule(tenantId, 'interactive').getParties([partyId])).length > 0;
  }

  async function readContact(
    { id, connection }: Deciding['tenant'],
    sageContactId: string,
  ): Promise<SageContact | null> {
    try {
      return await vendors.sage(id, connection.businessId, 'interactive').getContact(sageContactId);
    } catch (error) {
      if (isVendorError(error, 'missing')) return null;
      throw error;
    }
  }

  async function rivalOf(tenantId: string, partyId: number, kind: Link['kind']): Promise<string> {
    const links = await store.links.byParties(tenantId, [partyId]);
    return links.find((link) => link.kind === kind)?.sageContactId ?? '';
  }
}

const dayOf = ({ openedAt }: Review): string => ` before ${dayInWords(openedAt)}`;
