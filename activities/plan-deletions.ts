import { breakerTrips, describeBreaker, type PassEffect } from '../shared/domain/breaker';
import { type Breaker } from '../shared/store/breakers';
import { type Deletion } from '../shared/store/deletions';
import { type Store } from '../shared/store';
import { type ActivityDeps, connectedTenant } from './deps';
import { withHeartbeat } from './heartbeat';
import { type LostCase, lostCases, MOST_DELETIONS } from './lost-links';

export interface DeletionsInput {
  tenantId: string;
  /** `pass-<n>` */
  runId: string;
}

export type DeletionPlan = { outcome: 'clear' } | ({ outcome: 'breaker'; links: number } & PassEffect);

export interface BreakerDecision {
  tenantId: string;
  decision: 'go-on' | 'stop';
}

const PROBLEM = 'breaker';
/** Names that help people to recognise what happened. */
const NAMES = 5;
/** Parties that are looked up before a person is asked: many that were deleted by mistake are restored by then. */
const MOST_LOOKED_UP = 2_000;

export function createPlanDeletions(deps: ActivityDeps) {
  const { store, vendors, log } = deps;

  return {
    /**
     * Judges the deletions that wait (R28). Asks a person when too many links would end, or parties be made
     * again; what a person has agreed to goes through, and nothing beside it in the same pass.
     */
    async planDeletions({ tenantId, runId }: DeletionsInput): Promise<DeletionPlan> {
      await connectedTenant(store, tenantId);
      return withHeartbeat<null, DeletionPlan>(async () => {
        const notes = await store.deletions.list(tenantId, MOST_DELETIONS);
        const breaker = await store.breakers.find(tenantId);
        if (agreedTo(notes, breaker).length > 0) return { outcome: 'clear' };
        const links = await countLive(store, tenantId);
        const effect = effectOf(await lostCases(deps, tenantId, notes, new Set()));
        const trips = breakerTrips(effect, links);
        const asked = trips ? await lookAgain(tenantId, runId, notes, links) : null;
        if (asked) return { outcome: 'breaker', ...asked, links };
        if (breaker) await calm(tenantId);
        return { outcome: 'clear' };
      });
    },

    /**
     * R28: carries out what a person decided. To go on lets exactly the deletions go that were asked about, at
     * the next pass; to stop does nothing of it, and the next pass asks again.
     */
    async decideBreaker({ tenantId, decision }: BreakerDecision): Promise<void> {
      if (decision === 'go-on') {
        await store.breakers.goOn(tenantId);
        await store.tenants.clearProblem(tenantId, PROBLEM);
      } else await calm(tenantId);
      log.info({ tenantId, decision }, 'breaker decided');
    },
  };

  /** @returns null when fewer are gone than it seemed */
  async function lookAgain(
    tenantId: string,
    runId: string,
    notes: readonly Deletion[],
    links: number,
  ): Promise<PassEffect | null> {
    const ids = notes.filter(({ side }) => side === 'capsule').map(({ recordId }) => Number(recordId));
    const found = await vendors.capsule(tenantId, 'bulk').getParties(ids.slice(0, MOST_LOOKED_UP));
    const cases = await lostCases(deps, tenantId, notes, new Set(found.map(({ party }) => party.id)));
    const effect = effectOf(cases);
    if (!breakerTrips(effect, links)) return null;
    // Before the question is open: an answer must find what it is about.
    await store.deletions.ask(tenantId, notes, runId);
    await store.breakers.ask(tenantId, { run: runId, at: new Date(), ...effect, links });
    const message = describeBreaker(effect, links, await namesOf(tenantId, cases.filter(isAffected)));
    await store.tenants.reportProblem(tenantId, { code: PROBLEM, message, since: new Date() });
    log.warn({ tenantId, runId, ...effect, links }, 'too many deletions: a person is asked');
    return effect;
  }

  async function namesOf(tenantId: string, cases: readonly LostCase[]): Promise<string[]> {
    const ids = cases.slice(0, NAMES).map(({ link }) => link.sageContactId);
    const contacts = await store.contacts.sageByIds(tenantId, ids);
    return contacts.map(({ record }) => record.name).sort();
  }

  async function calm(tenantId: string): Promise<void> {
    await store.breakers.forget(tenantId);
    await store.tenants.clearProblem(tenantId, PROBLEM);
  }
}

/** The deletions that a person has agreed to; none while nobody was asked, or has answered. */
export const agreedTo = (notes: readonly Deletion[], breaker: Breaker | null): Deletion[] =>
  breaker?.decision === 'go-on' ? notes.filter(({ asked }) => asked === breaker.run) : [];

const isAffected = ({ decision }: LostCase): boolean =>
  decision.do === 'end' || decision.do === 'recreate' || decision.do === 'follow';

function effectOf(cases: readonly LostCase[]): PassEffect {
  const unlinks = cases.filter(({ decision }) => decision.do === 'end').length;
  return { unlinks, recreates: cases.filter(isAffected).length - unlinks };
}

async function countLive(store: Store, tenantId: string): Promise<number> {
  const counts = await store.links.countByOrigin(tenantId);
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
