/**
 * Every id and name that two parts of the system must agree on. Pure: workflows import it too.
 */

export type Vendor = 'capsule' | 'sage';

/** The one Temporal task queue that workers poll. */
export const TASK_QUEUE = 'tenant-sync';

/** Typed search attributes (Keyword) that operators filter by in the Temporal UI. */
export const SEARCH_ATTRIBUTES = { tenantId: 'TenantId', syncPhase: 'SyncPhase' } as const;

export const tenantSyncWorkflowId = (tenantId: string): string => `tenant-sync/${tenantId}`;

/** @param connection counts the tenant's connections from 1; each connection imports once. */
export const importWorkflowId = (tenantId: string, connection: number): string =>
  `tenant-sync/${tenantId}/import/${connection}`;

export const reconcileScheduleId = (tenantId: string): string => `reconcile/${tenantId}`;

/** Temporal appends the time at which a pass is due: `reconcile/<tenantId>-<time>`. */
export const reconcileWorkflowId = (tenantId: string): string => `reconcile/${tenantId}`;

/** The same for ever, 0…2³²−1: FNV-1a over the UTF-16 units. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** `_id` of a grant: the tenant's own for a vendor. */
export const grantId = (tenantId: string, vendor: Vendor): string => `${tenantId}/${vendor}`;

/** `_id` of the grant of somebody who signed in with Capsule but whose grant does not carry the sync. */
export const userGrantId = (tenantId: string, userId: number): string => `${tenantId}/capsule/${userId}`;

/** `_id` of a Sage grant that waits for its business to be chosen. */
export const pendingSageGrantId = (tenantId: string): string => `${tenantId}/sage/pending`;

export const linkId = (tenantId: string, sageContactId: string): string => `${tenantId}/${sageContactId}`;

/** `_id` of a mirrored contact. */
export const contactId = (tenantId: string, vendor: Vendor, sourceId: string | number): string =>
  `${tenantId}/${vendor}/${sourceId}`;

/** `_id` of a mirrored document. */
export const invoiceId = (tenantId: string, sageId: string): string => `${tenantId}/${sageId}`;

/** `_id` of what a Sage contact's documents come to. */
export const figuresId = (tenantId: string, sageContactId: string): string => `${tenantId}/${sageContactId}`;

/** `_id` of an intent: the write-ahead of a create on `side` for the record `sourceId` of the other side. */
export const intentId = (tenantId: string, side: Vendor, sourceId: string | number): string =>
  `${tenantId}/${side}/${sourceId}`;

/**
 * The address that stands on each Capsule record which we made, and the marker by which we find it again.
 * It is known before the party has an id.
 */
export const markerUrl = (publicUrl: string, sageContactId: string): string =>
  `${publicUrl}/s/${sageContactId}`;

/** The Sage contact that a website address marks, or null when the address is none of ours. */
export function sageContactOfMarker(publicUrl: string, address: string): string | null {
  const prefix = `${publicUrl}/s/`;
  if (!address.toLowerCase().startsWith(prefix.toLowerCase())) return null;
  const id = address.slice(prefix.length);
  return /^[0-9a-z-]+$/i.test(id) ? id : null;
}
