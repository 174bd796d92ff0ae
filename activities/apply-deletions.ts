import { type CapsuleClient } from '../shared/capsule/client';
import { type CapsuleAccount } from '../shared/store/accounts';
import { type Deletion } from '../shared/store/deletions';
import { type Link } from '../shared/store/links';
import { type Connection, type Tenant } from '../shared/store/tenants';
import { type ActivityDeps, connectedTenant } from './deps';
import { endLinks, retryClearing } from './end-links';
import { withHeartbeat } from './heartbeat';
import { type LostCase, lostCases, MOST_DELETIONS } from './lost-links';
import { moveLinks } from './move-links';
import { agreedTo, type DeletionsInput } from './plan-deletions';
import { recreateParties } from './recreate-parties';
import { settleCreates } from './settle';

/** What the steps of applying deletions have in common. */
export interface Applying {
  deps: ActivityDeps;
  tenantId: string;
  runId: string;
  tenant: Tenant & { connection: Connection };
  account: CapsuleAccount;
  capsule: CapsuleClient;
}

export function createApplyDeletions(deps: ActivityDeps) {
  const { store, vendors } = deps;

  return {
    /**
     * Carries out what the rules make of the deletions that wait (R18–R21); does nothing while a person is asked
     * about them (R28). Everything can be run again: what is unfinished stays noted.
     * @returns how many deletions wait on
     */
    async applyDeletions({ tenantId, runId }: DeletionsInput): Promise<{ left: number }> {
      const tenant = await connectedTenant(store, tenantId);
      return withHeartbeat<null, { left: number }>(async () => {
        const [notes, breaker] = await Promise.all([
          store.deletions.list(tenantId, MOST_DELETIONS),
          store.breakers.find(tenantId),
        ]);
        const agreed = agreedTo(notes, breaker);
        const asks = breaker !== null && breaker.decision === null;
        if (!asks && notes.length > 0) {
          const applying: Applying = {
            ...{ deps, tenantId, runId, tenant, account: await store.accounts.get(tenantId) },
            capsule: vendors.capsule(tenantId, 'bulk'),
          };
          await apply(applying, notes, agreed.length > 0 ? agreed : notes);
        }
        if (breaker && !asks) await forgetAnswered(tenantId);
        return { left: await store.deletions.count(tenantId) };
      });
    },
  };

  /** The answer holds for as long as something of what was asked about waits. */
  async function forgetAnswered(tenantId: string): Promise<void> {
    const breaker = await store.breakers.find(tenantId);
    const left = agreedTo(await store.deletions.list(tenantId, MOST_DELETIONS), breaker);
    if (left.length === 0) await store.breakers.forget(tenantId);
  }
}

/** @param due the deletions to deal with; of the others only is known that those records are gone */
async function apply(
  applying: Applying,
  notes: readonly Deletion[],
  due: readonly Deletion[],
): Promise<void> {
  const { deps, tenantId } = applying;
  const { store } = deps;
  await settleBegun(applying, due);
  const { alive, gone } = await lookUp(applying, due);
  const isDue = dueAmong(due);
  const cases = (await lostCases(deps, tenantId, notes, alive)).filter(isDue);

  await forgetContacts(applying, due);
  const locked = [...(await retryClearing(applying, due)), ...(await endLinks(applying, cases))];
  await moveLinks(applying, cases);
  await recreateParties(applying, cases);
  await store.contacts.forgetParties(tenantId, gone);
  await settle(applying, due, alive, locked);
}

/** A create that a crash or a lost answer left behind is not sent again before its end is known (R29). */
async function settleBegun(
  { deps, tenantId, runId, tenant }: Applying,
  due: readonly Deletion[],
): Promise<void> {
  const links = await deps.store.links.byParties(tenantId, partiesOf(due));
  const begun = links.filter(({ recreating }) => recreating).map(({ sageContactId }) => sageContactId);
  const intents = await deps.store.intents.among(tenantId, 'capsule', begun);
  const by = {
    ...{ tenantId, importNumber: tenant.connection.number, priority: 'bulk' as const, run: runId },
    teamId: tenant.settings.defaultTeamId,
  };
  await settleCreates(deps, by, intents);
}

/**
 * Reads the parties that are noted as deleted and still linked. One that can be read was restored: it keeps its
 * link, and nobody is asked about it any longer. Those about whom somebody is asked already, and that nobody has
 * seen since, are not read at each pass.
 */
async function lookUp(
  { deps: { store }, tenantId, capsule }: Applying,
  due: readonly Deletion[],
): Promise<{ alive: Set<number>; gone: number[] }> {
  const links = await store.links.byParties(tenantId, partiesOf(due));
  const ids = links.map(({ sageContactId }) => sageContactId);
  const parties = [...new Set(links.map(({ partyId }) => partyId))];
  const [{ open }, mirrored] = await Promise.all([
    store.reviews.among(tenantId, ids),
    store.contacts.partiesByIds(tenantId, parties),
  ]);
  const seen = new Set(mirrored.map(({ record }) => record.id));
  const asked = new Set(links.filter(({ sageContactId }) => open.has(sageContactId)).map(partyOf));
  const wanted = parties.filter((id) => seen.has(id) || !asked.has(id));
  const alive = new Set((await capsule.getParties(wanted)).map(({ party }) => party.id));
  const restored = links.filter(({ partyId }) => alive.has(partyId));
  await store.reviews.withdraw(
    tenantId,
    restored.map(({ sageContactId }) => sageContactId).filter((id) => open.has(id)),
  );
  return { alive, gone: wanted.filter((id) => !alive.has(id)) };
}

/** What Sage no longer has is neither matched, nor asked about, nor tried again. */
async function forgetContacts(
  { deps: { store }, tenantId }: Applying,
  due: readonly Deletion[],
): Promise<void> {
  const ids = due.filter(({ side }) => side === 'sage').map(({ recordId }) => recordId);
  await store.contacts.forgetSage(tenantId, ids);
  await store.reviews.withdraw(tenantId, ids);
}

/** Forgets the deletions that no live link is concerned by any longer, unless a locked record waits. */
async function settle(
  { deps: { store }, tenantId }: Applying,
  due: readonly Deletion[],
  alive: ReadonlySet<number>,
  locked: readonly string[],
): Promise<void> {
  const contacts = due.filter(({ side }) => side === 'sage').map(({ recordId }) => recordId);
  const [byParty, byContact] = await Promise.all([
    store.links.byParties(tenantId, partiesOf(due)),
    store.links.bySageContacts(tenantId, contacts),
  ]);
  const linked = new Set([
    ...byParty.filter(({ partyId }) => !alive.has(partyId)).map(({ partyId }) => `capsule/${partyId}`),
    ...byContact.map(({ sageContactId }) => `sage/${sageContactId}`),
    ...locked.map((id) => `sage/${id}`),
  ]);
  await store.deletions.settle(
    tenantId,
    due.filter(({ side, recordId }) => !linked.has(`${side}/${recordId}`)),
  );
}

function dueAmong(due: readonly Deletion[]): (lost: LostCase) => boolean {
  const keys = new Set(due.map(({ side, recordId }) => `${side}/${recordId}`));
  return ({ link }) => keys.has(`capsule/${link.partyId}`) || keys.has(`sage/${link.sageContactId}`);
}

const partyOf = ({ partyId }: Link): number => partyId;

const partiesOf = (notes: readonly Deletion[]): number[] =>
  notes.filter(({ side }) => side === 'capsule').map(({ recordId }) => Number(recordId));
