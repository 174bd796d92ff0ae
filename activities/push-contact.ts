import { isVendorError } from '../shared/http/vendor-error';
import { type ActivityDeps, connectedTenant } from './deps';
import { withHeartbeat } from './heartbeat';
import { createPusher } from './push-parties';

export interface PushCommand {
  tenantId: string;
  partyId: number;
}

export type PushOutcome =
  /** How many Sage contacts now hold Capsule's values, and how many fields were written. */
  | { outcome: 'pushed'; contacts: number; fields: number }
  | { outcome: 'refused'; why: 'notLinked' | 'noParty' | 'rejected'; detail: string };

export function createPushContact(deps: ActivityDeps) {
  const { store, vendors } = deps;

  return {
    /** Writes whatever differs into a party's Sage contacts (R13). Running it again changes nothing. */
    async pushContact({ tenantId, partyId }: PushCommand): Promise<PushOutcome> {
      const tenant = await connectedTenant(store, tenantId);
      return withHeartbeat<null, PushOutcome>(async () => {
        const links = await store.links.byParties(tenantId, [partyId]);
        if (links.length === 0) return { outcome: 'refused', why: 'notLinked', detail: '' };
        try {
          const read = await vendors.capsule(tenantId, 'interactive').getParty(partyId);
          const why = "A person pushed Capsule's values.";
          const results = await createPusher(deps, tenant, '').push([read], { force: true, links, why });
          const reasons = results.flatMap(({ end, reason }) =>
            end === 'gone' ? ['Sage no longer has this contact.'] : (reason ?? []),
          );
          if (reasons.length > 0)
            return { outcome: 'refused', why: 'rejected', detail: [...new Set(reasons)].join(' ') };
          const fields = results.reduce((sum, result) => sum + result.fields.length, 0);
          return { outcome: 'pushed', contacts: results.length, fields };
        } catch (error) {
          if (isVendorError(error, 'missing')) return { outcome: 'refused', why: 'noParty', detail: '' };
          throw error;
        }
      });
    },
  };
}
