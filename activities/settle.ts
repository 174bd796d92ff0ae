import pMap from 'p-map';
import { isBroken } from '../shared/broken-on-purpose';
import { listAllParties } from '../shared/capsule/list-all-parties';
import { type CapsuleParty } from '../shared/domain/types';
import { type Priority } from '../shared/http/pacer';
import { type Store } from '../shared/store';
import { type Intent } from '../shared/store/intents';
import { assignFound } from './assign-party';
import { type ActivityDeps } from './deps';
import { linkMade } from './link-made';
import { mirrorParty } from './mirror-keys';

/** Our clock at the time of the intent against Capsule's at the time of the create. */
const CLOCK_SLACK_MS = 60_000;
const IN_FLIGHT = 4;

export interface SettleResult {
  /** Intents whose outcome is still open. */
  remaining: number;
  /** When the next of them can be decided; 0 when none remains. */
  waitMs: number;
}

export interface SettleTenant {
  tenantId: string;
  importNumber: number;
  priority: Priority;
  /** Id of the run that links are made by; empty when a person asked for it. */
  run: string;
  /** Team of the records that the sync makes (R7). */
  teamId: number | null;
}

/**
 * Finds out what became of creates whose answer was lost (R29): a party that carries the marker is adopted
 * at once; that none was made is concluded only from a complete listing that Capsule answered at least
 * OUTCOME_SETTLE after the create. Complete is one page, or pages that nothing shifted while they were read,
 * and only with every party readable.
 * Search and filters lag and are not used.
 * @param intents open ones, oldest first
 */
export async function settleCreates(
  { store, vendors, publicUrl, outcomeSettleMs, log }: ActivityDeps,
  { tenantId, importNumber, priority, run, teamId }: SettleTenant,
  intents: readonly Intent[],
): Promise<SettleResult> {
  const [oldest] = intents;
  if (!oldest) return { remaining: 0, waitMs: 0 };
  const found = new Map<string, CapsuleParty>();
  const wanted = new Set(intents.map(({ sourceId }) => sourceId));
  const since = new Date(oldest.at.getTime() - CLOCK_SLACK_MS).toISOString().replace(/\.\d+Z$/, 'Z');
  const capsule = vendors.capsule(tenantId, priority);
  const { startedAt, undisturbed, onePage, unreadable } = await listAllParties(
    capsule,
    { since },
    async (parties) => {
      const rows = parties.map((party) => mirrorParty(party, publicUrl));
      const ours = isBroken('marker-search')
        ? []
        : rows.filter(({ marker }) => marker !== null && wanted.has(marker));
      ours.forEach(({ marker, record }) => found.set(String(marker), record));
      await store.contacts.saveParties(tenantId, importNumber, ours);
    },
  );
  // Whoever made them may have died before they were assigned.
  const assign = async ([id, party]: [string, CapsuleParty]) => {
    const assigned = await assignFound(capsule, party, teamId);
    if (assigned === party) return;
    found.set(id, assigned);
    await store.contacts.saveParties(tenantId, importNumber, [mirrorParty(assigned, publicUrl)]);
  };
  await pMap([...found], assign, { concurrency: IN_FLIGHT });
  await adopt(store, tenantId, run, found);

  const missing = intents.filter(({ sourceId }) => !found.has(sourceId));
  const age = ({ at }: Intent) => startedAt.getTime() - at.getTime();
  const complete = (undisturbed || onePage) && unreadable === 0;
  const isNotMade = (intent: Intent) => complete && age(intent) >= outcomeSettleMs;
  const notMade = missing.filter(isNotMade);
  await store.intents.close(tenantId, 'capsule', [
    ...found.keys(),
    ...notMade.map(({ sourceId }) => sourceId),
  ]);
  log.info({ tenantId, adopted: found.size, notMade: notMade.length }, 'settled creates without an answer');

  const open = missing.filter((intent) => !isNotMade(intent));
  const waits = open.map((intent) => outcomeSettleMs - age(intent));
  return { remaining: open.length, waitMs: open.length > 0 ? Math.max(1_000, Math.max(...waits)) : 0 };
}

async function adopt(
  store: Store,
  tenantId: string,
  run: string,
  found: ReadonlyMap<string, CapsuleParty>,
): Promise<void> {
  if (found.size === 0) return;
  const [contacts, account] = await Promise.all([
    store.contacts.sageByIds(tenantId, [...found.keys()]),
    store.accounts.get(tenantId),
  ]);
  const made = contacts.flatMap(({ record: contact }) => {
    const party = found.get(contact.id);
    return party ? [{ contact, party }] : [];
  });
  await linkMade(store, { tenantId, account, run }, made);
}
