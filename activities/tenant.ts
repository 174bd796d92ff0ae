import { type ImportCounts, type SyncPhase } from '../shared/domain/types';
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
}

export interface ImportView extends ImportCounts {
  step: ImportStep;
  waitingUntil: string | null;
}

export function createTenantActivities({ store }: ActivityDeps) {
  return {
    async readTenant(tenantId: string): Promise<TenantState> {
      const tenant = await store.tenants.find(tenantId);
      return {
        connected: tenant?.connected ?? false,
        connection: tenant?.connection?.number ?? 0,
        business: tenant?.connection?.businessName ?? '',
        imported: tenant?.import?.step === 'done',
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

    async reportProblem(tenantId: string, code: string, message: string): Promise<void> {
      await store.tenants.reportProblem(tenantId, { code, message, since: new Date() });
    },

    async clearProblem(tenantId: string, code: string): Promise<void> {
      await store.tenants.clearProblem(tenantId, code);
    },
  };
}
