import { type Link } from '../shared/store/links';
import { type ReviewDecision } from '../shared/store/reviews';
import { type Connection, type Tenant } from '../shared/store/tenants';
import { createPartyCreator } from './create-parties';
import { createMergedDecision } from './decide-merged';
import { type ActivityDeps, connectedTenant } from './deps';
import { withHeartbeat } from './heartbeat';
import { newLink } from './new-link';
import { settleCreates } from './settle';

export interface ReviewCommand {
  tenantId: string;
  sageContactId: string;
  decision: ReviewDecision;
  /** The Capsule party to link to; null for the other decisions. */
  partyId: number | null;
}

export type ReviewOutcome =
  | { outcome: 'linked' | 'created'; partyId: number }
  | { outcome: 'ignored' }
  /** Capsule has not said whether it made the party (R29): ask again after the wait. */
  | { outcome: 'unsettled'; waitMs: number }
  | { outcome: 'refused'; why: ReviewRefusal; detail: string };

export type ReviewRefusal =
  /** There is no such review. */
  | 'noReview'
  /** It has been decided otherwise. */
  | 'decided'
  /** A create of this contact is under way, whose outcome nobody knows yet. */
  | 'creating'
  /** The chosen party is not known. */
  | 'noParty'
  /** The chosen party is linked with another Sage contact of that kind; `detail` is its id. */
  | 'taken'
  /** Sage no longer has the contact, or has erased it. */
  | 'gone'
  /** Capsule refuses the party; `detail` is its reason. */
  | 'rejected';

type Connected = Tenant & { connection: Connection };

const refused = (why: ReviewRefusal, detail = ''): ReviewOutcome => ({ outcome: 'refused', why, detail });

export function createDecideReview(deps: ActivityDeps) {
  const { store } = deps;
  const decideMerged = createMergedDecision(deps);

  return {
    /**
     * Carries a person's decision out (R8, R9, R21). The link stands, or the contact is left out, before the review
     * closes; so it can be run again at any point. One at a time per contact: the workflow sees to it.
     */
    async decideReview(command: ReviewCommand): Promise<ReviewOutcome> {
      const { tenantId, sageContactId, decision } = command;
      const tenant = await connectedTenant(store, tenantId);
      const found = await store.reviews.find(tenantId, sageContactId);
      if (!found) return refused('noReview');
      if (found.review.why === 'merged' && found.decided === null) {
        const [link] = await store.links.bySageContacts(tenantId, [sageContactId]);
        const { review } = found;
        if (link) return withHeartbeat(() => decideMerged({ tenant, command, review, link }));
      }
      if (decision === 'ignore') return ignore(command, found.decided);
      return withHeartbeat<null, ReviewOutcome>(async () => {
        if (decision === 'create' && found.decided === null) {
          const waitMs = await settle(tenant, sageContactId);
          if (waitMs > 0) return { outcome: 'unsettled', waitMs };
        }
        const [link] = await store.links.bySageContacts(tenantId, [sageContactId]);
        if (link) return alreadyLinked(command, link, found.decided);
        if (found.decided !== null) return refused('decided');
        return decision === 'link' ? makeLink(command) : create(tenant, command);
      });
    },
  };

  async function ignore(
    { tenantId, sageContactId }: ReviewCommand,
    decided: ReviewDecision | null,
  ): Promise<ReviewOutcome> {
    if (decided === null) {
      const [link] = await store.links.bySageContacts(tenantId, [sageContactId]);
      if (link) return refused('decided');
      if (await isBeingCreated(tenantId, sageContactId)) return refused('creating');
      // Before the mirror: whoever mirrors the contact anew meanwhile finds the decision.
      await store.reviews.close(tenantId, sageContactId, 'ignore', new Date());
    } else if (decided !== 'ignore') return refused('decided');
    await store.contacts.ignore(tenantId, [sageContactId]);
    return { outcome: 'ignored' };
  }

  /** The same decision again, an attempt that broke off before its end, or somebody who was faster. */
  async function alreadyLinked(
    { tenantId, sageContactId, decision, partyId }: ReviewCommand,
    link: Link,
    decided: ReviewDecision | null,
  ): Promise<ReviewOutcome> {
    const isMade = link.because === 'created' || link.because === 'recreated';
    const as = isMade ? 'create' : 'link';
    if (decided === null) await store.reviews.close(tenantId, sageContactId, as, new Date());
    if (decision !== as || (decision === 'link' && link.partyId !== partyId)) return refused('decided');
    return { outcome: as === 'create' ? 'created' : 'linked', partyId: link.partyId };
  }

  async function makeLink(command: ReviewCommand): Promise<ReviewOutcome> {
    const { tenantId, sageContactId } = command;
    const partyId = command.partyId ?? 0;
    if (await isBeingCreated(tenantId, sageContactId)) return refused('creating');
    const [[party], [contact], account] = await Promise.all([
      store.contacts.partiesByIds(tenantId, [partyId]),
      store.contacts.sageByIds(tenantId, [sageContactId]),
      store.accounts.get(tenantId),
    ]);
    if (!party) return refused('noParty');
    if (!contact) return refused('gone');
    const making = { origin: 'manual', because: 'manual', run: '' } as const;
    const link = newLink(contact.record, party.record, account, making);
    const [clash] = await store.links.add(tenantId, [link]);
    if (clash) return refused('taken', await rivalOf(tenantId, clash));
    await store.reviews.close(tenantId, sageContactId, 'link', new Date());
    return { outcome: 'linked', partyId };
  }

  async function create(tenant: Connected, { sageContactId }: ReviewCommand): Promise<ReviewOutcome> {
    const { id: tenantId, connection, settings } = tenant;
    const [contact] = await store.contacts.sageByIds(tenantId, [sageContactId]);
    if (!contact || contact.record.isErased) return refused('gone');
    const creator = createPartyCreator(deps, {
      ...{ tenantId, importNumber: connection.number, priority: 'interactive', run: '' },
      ...{ teamId: settings.defaultTeamId, account: await store.accounts.get(tenantId) },
    });
    const { made, refused: rejected } = await creator.create([contact.record]);
    const [party] = made;
    if (party) {
      await store.reviews.close(tenantId, sageContactId, 'create', new Date());
      return { outcome: 'created', partyId: party.party.id };
    }
    if (rejected.length === 0) return { outcome: 'unsettled', waitMs: deps.outcomeSettleMs };
    return refused('rejected', await takeReason(tenantId, sageContactId));
  }

  /** A refusal is told to the person who asked, and the contact goes on waiting: it is not set aside as well. */
  async function takeReason(tenantId: string, recordId: string): Promise<string> {
    const [failure] = await store.failures.among(tenantId, [{ side: 'capsule', recordId }]);
    await store.failures.clear(tenantId, 'capsule', [recordId]);
    return failure?.reason ?? '';
  }

  /** @returns how long the outcome of a create that went before stays open; 0 when it is known */
  async function settle(
    { id: tenantId, connection, settings }: Connected,
    sageContactId: string,
  ): Promise<number> {
    const intents = await store.intents.among(tenantId, 'capsule', [sageContactId]);
    const by = {
      ...{ tenantId, importNumber: connection.number, priority: 'interactive' as const, run: '' },
      teamId: settings.defaultTeamId,
    };
    return (await settleCreates(deps, by, intents)).waitMs;
  }

  async function isBeingCreated(tenantId: string, sageContactId: string): Promise<boolean> {
    return (await store.intents.among(tenantId, 'capsule', [sageContactId])).length > 0;
  }

  /** The Sage contact that holds the link; its id only, for names do not belong in a history. */
  async function rivalOf(tenantId: string, { partyId, kind }: Link): Promise<string> {
    const links = await store.links.byParties(tenantId, [partyId]);
    return links.find((link) => link.kind === kind)?.sageContactId ?? '';
  }
}
