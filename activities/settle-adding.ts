import { isVendorError } from '../shared/http/vendor-error';
import { type SageIntent } from '../shared/store/sage-intents';
import { createAdder, type ConnectedTenant } from './adder';
import { type AddRefusal } from './add-to-sage';
import { type ActivityDeps } from './deps';

/**
 * Brings creates in Sage to their end whose own command has ended without it, as when somebody disconnected
 * meanwhile (R23): the same is sent once more under the same id (R29). One that is younger than OUTCOME_SETTLE is
 * left to its command; where both are at it, they send the same. Where nobody is left to be added it ends.
 * @returns how many creates in Sage are still open
 */
export async function settleAdding(deps: ActivityDeps, tenant: ConnectedTenant): Promise<number> {
  const { store, vendors, outcomeSettleMs, log } = deps;
  const now = vendors.pacerOf(tenant.id, 'sage').vendorNow().getTime();
  const open = await store.intents.openInSage(tenant.id);
  const left = open.filter(({ at }) => now - at.getTime() >= outcomeSettleMs);
  if (left.length === 0) return open.length;
  const adder = createAdder(deps, tenant, '');
  for (const intent of left) {
    const { partyId, kind } = intent;
    try {
      const outcome = await adder.add({ partyId, type: kind, linkTo: null, force: false });
      if (outcome.outcome === 'refused' && NOBODY_TO_ADD.has(outcome.why)) await giveUp(intent);
    } catch (error) {
      if (!isVendorError(error, 'outcomeUnknown')) throw error;
      log.info({ tenantId: tenant.id, partyId }, 'Sage does not say yet whether it made a contact');
    }
  }
  return (await store.intents.openInSage(tenant.id)).length;

  /** What Sage has made nevertheless shows by now, and is matched as any new contact. */
  async function giveUp(intent: SageIntent): Promise<void> {
    await store.intents.end(tenant.id, intent);
    await store.failures.clear(tenant.id, 'sage', [String(intent.partyId)]);
  }
}

/** The party was deleted meanwhile, or suppliers are left out now: nothing more is sent for it. */
const NOBODY_TO_ADD: ReadonlySet<AddRefusal> = new Set(['noParty', 'suppliersLeftOut']);
