import { proxyActivities } from '@temporalio/workflow';
import { type Activities } from '../activities';

/**
 * Time limits and retries by meaning. Retries have no last attempt: a company's sync waits out an outage, and
 * what no retry can mend (a dead grant, a lapsed subscription) comes back as a failure that is not retried.
 */

/** One small step on our own store. */
export const stored = proxyActivities<Activities>({
  startToCloseTimeout: '30s',
  retry: { initialInterval: '500ms', maximumInterval: '30s' },
});

/** A few requests to a vendor. */
export const brief = proxyActivities<Activities>({
  startToCloseTimeout: '5m',
  retry: { initialInterval: '1s', maximumInterval: '2m' },
});

/**
 * A whole listing or matching of one tenant: hours when a vendor's limit is low. The heartbeat finds a dead
 * worker in seconds, its cursor lets the next one go on. Bulk work stands behind what a person waits for, and
 * tenants take turns.
 */
export const bulk = (tenantId: string) =>
  proxyActivities<Activities>({
    startToCloseTimeout: '7 days',
    heartbeatTimeout: '15s',
    retry: { initialInterval: '1s', maximumInterval: '2m' },
    priority: { priorityKey: 4, fairnessKey: tenantId },
  });

/**
 * Reading documents and balances: given up after a while, for they are not to hold up contacts. The next pass tries
 * again.
 */
export const books = (tenantId: string) =>
  proxyActivities<Activities>({
    startToCloseTimeout: '7 days',
    heartbeatTimeout: '15s',
    retry: { initialInterval: '1s', maximumInterval: '1m', maximumAttempts: 6 },
    priority: { priorityKey: 4, fairnessKey: tenantId },
  });

/**
 * Figures on their way to Capsule records: behind everything else. Whoever disconnects waits until none is written any
 * more: they may be about to be cleared.
 */
export const writing = (tenantId: string) =>
  proxyActivities<Activities>({
    startToCloseTimeout: '1 day',
    heartbeatTimeout: '15s',
    cancellationType: 'WAIT_CANCELLATION_COMPLETED',
    retry: { initialInterval: '1s', maximumInterval: '2m' },
    priority: { priorityKey: 5, fairnessKey: tenantId },
  });

/**
 * What a person asked for and may wait for: ahead of everything else. A worker that died is found in seconds.
 * After a day without success the command fails and can be given again.
 */
export const command = (tenantId: string) =>
  proxyActivities<Activities>({
    scheduleToCloseTimeout: '1 day',
    startToCloseTimeout: '2 hours',
    heartbeatTimeout: '15s',
    retry: { initialInterval: '1s', maximumInterval: '2m' },
    priority: { priorityKey: 1, fairnessKey: tenantId },
  });

/** A person looks at a page and wants it fresher: tried for a moment, then what is stored has to do. */
export const glance = (tenantId: string) =>
  proxyActivities<Activities>({
    scheduleToCloseTimeout: '90s',
    heartbeatTimeout: '15s',
    retry: { initialInterval: '500ms', maximumAttempts: 2 },
    priority: { priorityKey: 1, fairnessKey: tenantId },
  });

/**
 * A step of disconnecting at a vendor: tried for a moment, then given up. Disconnecting has to end also while a
 * vendor is down, and a person waits for it (R23).
 */
export const farewell = proxyActivities<Activities>({
  startToCloseTimeout: '12s',
  retry: { initialInterval: '300ms', maximumAttempts: 2 },
});

/** What may take hours after a disconnect, at the vendor's limit, and is given up at the end. */
export const clearing = (tenantId: string) =>
  proxyActivities<Activities>({
    scheduleToCloseTimeout: '7 days',
    startToCloseTimeout: '7 days',
    heartbeatTimeout: '15s',
    retry: { initialInterval: '1s', maximumInterval: '2m', maximumAttempts: 100 },
    priority: { priorityKey: 5, fairnessKey: tenantId },
  });

/**
 * Edits on their way to Sage: ahead of bulk work like a command, but without a last attempt, as an outage is
 * waited out. An activity stays for less than a minute unless a vendor's limit holds it back.
 */
export const pushing = (tenantId: string) =>
  proxyActivities<Activities>({
    startToCloseTimeout: '1 hour',
    heartbeatTimeout: '15s',
    retry: { initialInterval: '1s', maximumInterval: '30s' },
    priority: { priorityKey: 1, fairnessKey: tenantId },
  });
