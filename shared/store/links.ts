import { type Collection, type Db } from 'mongodb';
import { type ContactKind } from '../domain/types';
import { linkId } from '../ids';
import { chunks, insertNew } from './bulk';

export type LinkOrigin = 'linked' | 'created' | 'added' | 'manual';

/** A Sage contact and the Capsule party that is the same customer. */
export interface Link {
  sageContactId: string;
  partyId: number;
  kind: ContactKind;
  origin: LinkOrigin;
  /** False once the link has ended: it stays as a tombstone. */
  live: boolean;
  createdAt: Date;
}

type LinkDocument = Link & { _id: string; tenant: string };

/**
 * Links. Two indexes carry the promise that nobody exists twice: one link per Sage contact (`_id`),
 * one live link per party and kind.
 */
export function createLinkRepository(db: Db) {
  const links: Collection<LinkDocument> = db.collection('links');

  return {
    async createIndexes(): Promise<void> {
      await links.createIndex(
        { tenant: 1, partyId: 1, kind: 1 },
        { name: 'one_link_per_party_and_kind', unique: true, partialFilterExpression: { live: true } },
      );
      // Lookups by party: a partial index serves uniqueness, not every query.
      await links.createIndex({ tenant: 1, partyId: 1 }, { name: 'by_party' });
    },

    /**
     * Makes links.
     * @returns those that were refused, because the contact or the party is linked otherwise already;
     * a link that exists just so counts as made
     */
    async add(tenant: string, list: readonly Link[]): Promise<Link[]> {
      const documents = list.map((link) => ({ _id: linkId(tenant, link.sageContactId), tenant, ...link }));
      const known = await insertNew(links, documents);
      if (known.length === 0) return [];
      const existing = new Map(
        (
          await this.bySageContacts(
            tenant,
            known.map(({ sageContactId }) => sageContactId),
          )
        ).map((link) => [link.sageContactId, link]),
      );
      return known
        .filter(({ sageContactId, partyId }) => existing.get(sageContactId)?.partyId !== partyId)
        .map(fromDocument);
    },

    async bySageContacts(tenant: string, sageContactIds: readonly string[]): Promise<Link[]> {
      const ids = sageContactIds.map((id) => linkId(tenant, id));
      const found = await Promise.all(
        chunks(ids, 100).map((part) => links.find({ _id: { $in: part }, live: true }).toArray()),
      );
      return found.flat().map(fromDocument);
    },

    async byParties(tenant: string, partyIds: readonly number[]): Promise<Link[]> {
      const found = await Promise.all(
        chunks(partyIds, 100).map((part) => links.find({ tenant, partyId: { $in: part } }).toArray()),
      );
      return found
        .flat()
        .filter(({ live }) => live)
        .map(fromDocument);
    },

    /** True when the tenant has any link at all: a first import need not look for them. */
    async any(tenant: string): Promise<boolean> {
      return (await links.findOne({ tenant, partyId: { $gt: 0 } }, { projection: { _id: 1 } })) !== null;
    },

    async countByOrigin(tenant: string): Promise<Record<LinkOrigin, number>> {
      const rows = await links
        .aggregate<{ _id: LinkOrigin; count: number }>([
          { $match: { tenant, live: true } },
          { $group: { _id: '$origin', count: { $sum: 1 } } },
        ])
        .toArray();
      const counts = { linked: 0, created: 0, added: 0, manual: 0 };
      for (const { _id, count } of rows) counts[_id] = count;
      return counts;
    },
  };
}

function fromDocument({ sageContactId, partyId, kind, origin, live, createdAt }: LinkDocument): Link {
  return { sageContactId, partyId, kind, origin, live, createdAt };
}
