import { type ImportCounts, type SyncPhase } from '../shared/domain/types';
import { grantId } from '../shared/ids';
import { type GrantInfo } from '../shared/store/grants';
import { type ImportStep } from '../shared/store/tenants';
import { type ActivityDeps } from './deps';

/** What the tenant's workflow needs to know when it starts, or goes on. */
export interface TenantState {
  connected: boolean;
  /** Number of the connection, from 1. */
  connection: number;
  /** Name of the connected Sage business, for people who read the workflow's details. */
  business: string;
  imported: boolean;
  /** The operator's pause. */
  paused: boolean;
  /** R28: a pass waits for a decision. */
  breaker: boolean;
  /** R24: what is known of another business is in the way. */
  startAfresh: boolean;
  /** A disconnect that has not come to its end (R23). */
  leaving: { erase: boolean } | null;
}

export interface ImportView extends ImportCounts {
  step: ImportStep;
  waitingUntil: string | null;
}

export function createTenantActivities({ store }: ActivityDeps) {
  return {
    async readTenant(tenantId: string): Promise<TenantState> {
      const [tenant, breaker] = await Promise.all([
        store.tenants.find(tenantId),
        store.breakers.find(tenantId),
      ]);
      return {
        connected: tenant?.connected ?? false,
        connection: tenant?.connection?.number ?? 0,
        business: tenant?.connection?.businessName ?? '',
        imported: tenant?.import?.step === 'done',
        paused: tenant?.paused ?? false,
        breaker: breaker !== null && breaker.decision === null,
        startAfresh: tenant?.startAfresh ?? false,
        leaving: tenant?.leaving ? { erase: tenant.leaving.erase } : null,
      };
    },

    async readImport(tenantId: string): Promise<ImportView | null> {
      const tenant = await store.tenants.find(tenantId);
      if (!tenant?.import) return null;
      const { total, done, linked, created, review, excluded, failed, step, waitingUntil } = tenant.import;
      return {
        ...{ total, done, linked, created, review, excluded, failed, step },
        waitingUntil: waitingUntil?.toISOString() ?? null,
      };
    },

    async setPhase(tenantId: string, phase: SyncPhase): Promise<void> {
      await store.tenants.setPhase(tenantId, phase);
    },

    async setPaused(tenantId: string, paused: boolean): Promise<void> {
      await store.tenants.setPaused(tenantId, paused);
    },

    /** Tells people what only one of them can end, and who (R25). */
    async reportStop(tenantId: string, type: StopType): Promise<void> {
      const tenant = await store.tenants.find(tenantId);
      const problem =
        type === 'SubscriptionLapsed'
          ? { code: 'lapsed', message: lapsed(tenant?.connection?.businessName ?? 'the business') }
          : { code: 'reconnect', message: ended((await syncGrants(tenantId)).find(isDead)) };
      await store.tenants.reportProblem(tenantId, { ...problem, since: new Date() });
    },

    /**
     * Whether it is worth trying again although nobody has told us of a renewal: not while the store itself
     * knows that a grant is dead.
     */
    async mayGoOn(tenantId: string, type: StopType): Promise<boolean> {
      return type === 'SubscriptionLapsed' || !(await syncGrants(tenantId)).some(isDead);
    },

    async reportProblem(tenantId: string, code: string, message: string): Promise<void> {
      await store.tenants.reportProblem(tenantId, { code, message, since: new Date() });
    },

    async clearProblem(tenantId: string, code: string): Promise<void> {
      await store.tenants.clearProblem(tenantId, code);
    },
  };
  async function syncGrants(tenantId: string): Promise<(GrantInfo | null)[]> {
    return Promise.all(
      (['sage', 'capsule'] as const).map((vendor) => store.grants.describe(grantId(tenantId, vendor))),
    );
  }
}

type StopType = 'AuthorisationRevoked' | 'SubscriptionLapsed';

const isDead = (grant: GrantInfo | null): boolean => grant === null || grant.state === 'dead';

function ended(grant: GrantInfo | null | undefined): string {
  const nothingLost = 'An administrator has to connect again; nothing is lost until then.';
  if (!grant) return `The permission to work with Sage or Capsule has ended. ${nothingLost}`;
  const vendor = grant.vendor === 'sage' ? 'Sage' : 'Capsule';
  return `${vendor} no longer accepts the permission that ${grant.userName} gave. ${nothingLost}`;
}

const lapsed = (business: string): string =>
  `The Sage subscription of ${business} is not active. The sync tries again every day and goes on once it is renewed; nobody has to connect again.`;
