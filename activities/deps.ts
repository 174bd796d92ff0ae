import { ApplicationFailure } from '@temporalio/common';
import { type Logger } from '../shared/log';
import { type TokenKeeper } from '../shared/oauth/token-keeper';
import { type Connection, type Tenant } from '../shared/store/tenants';
import { type Store } from '../shared/store';
import { type Schedules } from '../shared/temporal/schedules';
import { type Vendors } from '../shared/vendors';

/** What activities work with; assembled by services/worker. */
export interface ActivityDeps {
  store: Store;
  vendors: Vendors;
  keeper: TokenKeeper;
  log: Logger;
  publicUrl: string;
  outcomeSettleMs: number;
  intervals: Intervals;
  schedules: Schedules;
}

/** Milliseconds. */
export interface Intervals {
  syncMs: number;
  sweepMs: number;
  deepSweepMs: number;
  overlapMs: number;
}

/** @throws ApplicationFailure `NotConnected` when the tenant is not connected: its work has ended, for good */
export async function connectedTenant(
  store: Store,
  tenantId: string,
): Promise<Tenant & { connection: Connection }> {
  const tenant = await store.tenants.find(tenantId);
  if (!tenant?.connected || !tenant.connection) {
    const message = `tenant ${tenantId} is not connected`;
    throw ApplicationFailure.create({ type: 'NotConnected', message, nonRetryable: true });
  }
  return { ...tenant, connection: tenant.connection };
}
