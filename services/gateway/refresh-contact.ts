import { type RefreshOutcome } from '../../activities/refresh-contact';
import { type RefreshInput } from '../../workflows/messages';
import { isTemporalAway } from '../../shared/temporal/client';
import { PATIENCE_MS, resultOf } from './command-answers';
import { ledgerLinks } from './contact-ledgers';
import { type Subject } from './contact-subject';
import { ALL_LISTS, outageOf } from './freshness';
import { Problem } from './http/problem';
import { type SignedIn } from './http/session';
import { type Services } from './services';

/** `late`: it goes on, and what is stored is shown meanwhile. */
export type Refreshed = 'refreshed' | 'unreached' | 'late' | 'nothing';

/**
 * Asks Sage for the documents and the balance of a contact.
 * @throws Problem when nothing is connected, or the connection has to be renewed
 */
export async function refreshContact(
  services: Services,
  who: SignedIn,
  subject: Subject,
): Promise<Refreshed> {
  const { temporal, log } = services;
  const { tenantId, userId } = who;
  const { partyId, links } = ledgerLinks(subject, who);
  if (links.length === 0) return 'nothing';
  const input: RefreshInput = { partyId };
  try {
    const answer = await temporal.command<RefreshOutcome>(
      tenantId,
      'refreshContactUpdate',
      input,
      PATIENCE_MS,
    );
    const { reached } = resultOf(answer);
    log.info({ tenantId, userId, partyId, reached }, 'asked Sage for a contact');
    await noteReach(services, tenantId, reached);
    return reached ? 'refreshed' : 'unreached';
  } catch (error) {
    if (isTemporalAway(error) || (error instanceof Problem && error.status === 504)) return 'late';
    throw error;
  }
}

/** Remembers whether Sage answered just now: pages say since when it does not. */
export async function noteReach(
  { store, now }: Pick<Services, 'store' | 'now'>,
  tenantId: string,
  reached: boolean,
): Promise<void> {
  const before = (await store.tenants.find(tenantId))?.sageOutage ?? null;
  if (reached) {
    if (before) await store.tenants.noteOutage(tenantId, null);
    return;
  }
  const readTimes = await store.documentLists.readTimes(tenantId, ALL_LISTS);
  const outage = outageOf(before, readTimes, now());
  if (outage !== before) await store.tenants.noteOutage(tenantId, outage);
}
