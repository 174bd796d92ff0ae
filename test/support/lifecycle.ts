import { reconcileScheduleId, tenantSyncWorkflowId } from '../../shared/ids';
import { type ImportedCompany } from './imported';

export interface LifecycleStatus {
  phase: string;
  business: { name: string } | null;
  lastSync: string | null;
  nextSync: string | null;
  contacts: { inSync: number; differs: number };
  grants: { vendor: string; state: string }[];
  problems: { code: string; message: string; since: string }[];
}

/** What tests of connections ask and do, over an imported company. */
export function lifecycleOf(company: () => ImportedCompany) {
  const sandbox = () => company().gateway.sandbox;
  const store = () => company().gateway.services.store;
  const client = () => company().worker.client;

  return {
    sandbox,
    store,
    status: async () => (await company().admin.api<LifecycleStatus>('GET', '/api/status')).body,
    tenant: async () => {
      const tenant = await store().tenants.find(company().tenantId);
      if (!tenant) throw new Error('the tenant is gone');
      return tenant;
    },

    /** The end of the tenant's workflow, as Temporal tells it. */
    workflow: async () =>
      (await client().workflow.getHandle(tenantSyncWorkflowId(company().tenantId)).describe()).status.name,
    terminate: () => client().workflow.getHandle(tenantSyncWorkflowId(company().tenantId)).terminate(),

    /** The schedule of the passes; null when there is none. */
    async schedule() {
      try {
        const found = await client().schedule.getHandle(reconcileScheduleId(company().tenantId)).describe();
        return { paused: found.state.paused, note: found.state.note, fired: found.info.numActionsTaken };
      } catch {
        return null;
      }
    },

    hookAddresses: () =>
      sandbox()
        .capsule.hooks.all()
        .map(({ targetUrl }) => targetUrl),

    /** What a hook of Capsule brings for these parties. */
    hook: (address: string, ...ids: number[]) =>
      fetch(address, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ event: 'party/updated', payload: ids.map((id) => ({ id })) }),
      }),

    partyName: (id: number) => sandbox().capsule.account.parties.get(id)?.name,
    rename: (id: number, name: string) => sandbox().capsule.editParty(id, { name }),
    sageName: (id: string) => sandbox().sage.business().contact(id)?.name,

    /** Sage takes its permission back, as after a change of password. */
    killSageGrant: () => {
      sandbox().sage.revokeGrants();
      sandbox().sage.expireAccessTokens();
    },
    disconnect: (body?: object) =>
      company().admin.api<{ stopped: boolean; clearing: { records: number; etaSeconds: number } | null }>(
        ...(['DELETE', '/api/connection', body] as const),
      ),
  };
}
