import { isVendorError } from '../shared/http/vendor-error';
import { type Failure } from '../shared/store/failures';
import { type AddWish, type ConnectedTenant, createAdder } from './adder';
import { reasonOf } from './add-tagged';
import { type ActivityDeps } from './deps';
import { createPusher } from './push-parties';

export interface SageRetried {
  linked: number;
  created: number;
  failed: number;
}

/**
 * Tries again what Sage refused (R26): edits that could not be pushed, and parties that could not be added.
 * What goes well is no longer set aside.
 */
export function createSageRetry(deps: ActivityDeps, tenant: ConnectedTenant) {
  const { store, vendors } = deps;
  const { id: tenantId } = tenant;
  const capsule = vendors.capsule(tenantId, 'interactive');

  return {
    /** @returns where each of them has got to; pushed ones count as linked */
    async retry(failures: readonly Failure[]): Promise<SageRetried> {
      const pushes = failures.filter(({ work }) => work === 'push');
      const adds = failures.filter(({ work }) => work === 'add');
      const told = { linked: 0, created: 0, failed: 0 };
      told.linked += await push(pushes.map(({ recordId }) => recordId));
      for (const failure of adds) {
        const end = await add(failure);
        if (end) told[end] += 1;
      }
      const keys = failures.map(({ side, recordId }) => ({ side, recordId }));
      told.failed = (await store.failures.among(tenantId, keys)).length;
      return told;
    },
  };

  /** @returns how many hold Capsule's values now */
  async function push(sageContactIds: readonly string[]): Promise<number> {
    const links = await store.links.bySageContacts(tenantId, sageContactIds);
    const live = new Set(links.map(({ sageContactId }) => sageContactId));
    // There is nothing left to push to.
    await store.failures.clear(
      tenantId,
      'sage',
      sageContactIds.filter((id) => !live.has(id)),
    );
    const reads = await capsule.getParties(links.map(({ partyId }) => partyId));
    const results = await createPusher(deps, tenant, '').push(reads, { links });
    return results.filter(({ end }) => end === 'same' || end === 'pushed').length;
  }

  async function add(failure: Failure): Promise<'linked' | 'created' | null> {
    const partyId = Number(failure.recordId);
    const adder = createAdder(deps, tenant, '');
    try {
      const outcome = await adder.add(await wishOf(partyId));
      const reason = reasonOf(outcome);
      if (reason === null) return outcome.outcome === 'created' ? 'created' : 'linked';
      const { attempts: _attempts, ...known } = failure;
      await store.failures.setAside(tenantId, [{ ...known, reason, failedAt: new Date() }]);
      return null;
    } catch (error) {
      // It is set aside again, with what is open.
      if (isVendorError(error, 'outcomeUnknown')) return null;
      throw error;
    }
  }

  /** One that may have been made already as a supplier is found out as that (R29). */
  async function wishOf(partyId: number): Promise<AddWish> {
    const [open] = await store.intents.openOf(tenantId, partyId);
    return { partyId, type: open?.kind ?? 'CUSTOMER', linkTo: null, force: false };
  }
}
