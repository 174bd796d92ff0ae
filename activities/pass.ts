import { type CapsuleClient } from '../shared/capsule/client';
import { type Priority } from '../shared/http/pacer';
import { type SageClient } from '../shared/sage/client';
import { type CapsuleAccount } from '../shared/store/accounts';
import { type Connection, type Tenant } from '../shared/store/tenants';
import { type ActivityDeps, connectedTenant } from './deps';

/** What the steps of a pass have in common. */

export interface PassInput {
  tenantId: string;
  /** `pass-<n>` */
  runId: string;
}

/** What a step has read, in few words: no contact is in it, for it stands in a history. */
export interface Findings {
  /** False when a listing could not be proven complete (R27): nothing is concluded from it. */
  complete: boolean;
  /** Up to where each side was read, by its vendor's clock (ISO 8601). */
  read: Partial<Record<ReadList, string>>;
  /** Name buckets of the Sage contacts that wait for a decision; null: too many to name, all are gone through. */
  buckets: number[] | null;
  /** Parties that may have to be pushed to Sage: their hints are in the store. */
  changed: number;
  /** Deletions that wait in the store. */
  deletions: number;
}

export type ReadList = 'sageContacts' | 'sageDeleted' | 'capsuleParties' | 'capsuleDeleted';

/** A history names no more buckets than this. */
const MOST_BUCKETS = 200;

export const bucketsOf = (buckets: ReadonlySet<number>): number[] | null =>
  buckets.size > MOST_BUCKETS ? null : [...buckets].sort((a, b) => a - b);

export interface Pass extends PassInput {
  deps: ActivityDeps;
  tenant: Tenant & { connection: Connection };
  account: CapsuleAccount;
  sage: SageClient;
  capsule: CapsuleClient;
}

/** @throws Error when the tenant is not connected */
export async function openPass(deps: ActivityDeps, input: PassInput): Promise<Pass> {
  const { store, vendors } = deps;
  const { tenantId } = input;
  const tenant = await connectedTenant(store, tenantId);
  const priority: Priority = 'bulk';
  return {
    ...input,
    ...{ deps, tenant, account: await store.accounts.get(tenantId) },
    sage: vendors.sage(tenantId, tenant.connection.businessId, priority),
    capsule: vendors.capsule(tenantId, priority),
  };
}
