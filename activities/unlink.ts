import { type ContactKind } from '../shared/domain/types';
import { type Link } from '../shared/store/links';
import { type ActivityDeps, connectedTenant } from './deps';

export interface UnlinkCommand {
  tenantId: string;
  partyId: number;
  /** Of a party that is customer and supplier, this one link; null: all. */
  type: ContactKind | null;
}

export type UnlinkOutcome = { outcome: 'unlinked' } | { outcome: 'refused'; why: 'notLinked' };

export function createUnlink({ store }: ActivityDeps) {
  return {
    /**
     * Ends a party's links for good: both records stay, and neither is matched or made again until a person
     * links it. Running it again changes nothing.
     */
    async unlink({ tenantId, partyId, type }: UnlinkCommand): Promise<UnlinkOutcome> {
      await connectedTenant(store, tenantId);
      const links = (await store.links.byPartiesWithEnded(tenantId, [partyId])).filter(
        ({ kind, live, ended }) => (type === null || kind === type) && (live || ended?.why === 'unlinked'),
      );
      if (links.length === 0) return { outcome: 'refused', why: 'notLinked' };
      for (const link of links) await part(tenantId, link);
      return { outcome: 'unlinked' };
    },
  };

  async function part(tenantId: string, { sageContactId, partyId, createdAt }: Link): Promise<void> {
    const at = new Date();
    // First the link: whoever mirrors the contact meanwhile finds the tombstone.
    await store.links.end(tenantId, sageContactId, 'unlinked', at);
    await store.contacts.leaveUnlinked(tenantId, [sageContactId]);
    await store.failures.clear(tenantId, 'sage', [sageContactId]);
    await store.journal.write(tenantId, [
      {
        key: `unlinked/${sageContactId}/${createdAt.getTime()}`,
        ...{ at, run: '', side: 'sage', action: 'unlinked', sageContactId, partyId, fields: [] },
        why: 'Unlinked by a person. Both records stay as they are.',
      },
    ]);
  }
}
