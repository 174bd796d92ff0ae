import { type Collection, type Db } from 'mongodb';
import { type CapsuleParty, type SageContact } from '../domain/types';
import { contactId, type Vendor } from '../ids';
import { chunks, insertNew, insertOrReplace } from './bulk';
import { createNameWalk, type NameQuery } from './contact-names';
import { type Page } from './page';

/** Why a Sage contact is left out of the sync. */
export type Exclusion = 'system' | 'erased' | 'supplier' | 'ignored' | 'unlinked';

/** What matching needs beside the record itself; made by shared/domain/names. */
export interface MatchingKeys {
  /** Name key for equality (R6). */
  key: string;
  /** Where names that may match each other lie together, 0…65535. */
  bucket: number;
}

export interface MirroredSageContact extends MatchingKeys {
  record: SageContact;
  excluded: Exclusion | null;
}

export interface MirroredParty extends MatchingKeys {
  record: CapsuleParty;
  /** The Sage contact whose marker the party carries. */
  marker: string | null;
}

interface ContactDocument extends MatchingKeys {
  _id: string;
  tenant: string;
  vendor: Vendor;
  sourceId: string;
  /** Number of the listing that saw it last: what an older number carries is gone. */
  seen: number;
  /**
   * Why a Sage contact is left out, or the marker of a party; null: neither. One field, so that one index serves
   * what looks for either: each index costs the import a tenth of its time in the store.
   */
  group: string | null;
  record: SageContact | CapsuleParty;
}

/** By what a mirrored party may be recognised. */
export interface PartySigns {
  id: number;
  key: string;
  emails: string[];
  websites: string[];
}

/** The mirror of both sides' contacts: what matching and pages read. */
export function createContactRepository(db: Db) {
  const contacts: Collection<ContactDocument> = db.collection('contacts');
  /** Contacts that wait to be matched again, apart from the mirror: few, and no import pays for their index. */
  const rematches: Collection<{ _id: string; tenant: string }> = db.collection('rematches');
  const names = createNameWalk(contacts);

  const sageOf = (document: ContactDocument): MirroredSageContact => ({
    key: document.key,
    bucket: document.bucket,
    record: document.record as SageContact,
    excluded: (document.group ?? null) as Exclusion | null,
  });
  const partyOf = (document: ContactDocument): MirroredParty => ({
    key: document.key,
    bucket: document.bucket,
    record: document.record as CapsuleParty,
    marker: document.group ?? null,
  });

  /** Reads a bounded range of buckets: both sides' names that may match each other are all in it. */
  const inBuckets = (tenant: string, vendor: Vendor, from: number, to: number) =>
    contacts.find({ tenant, vendor, bucket: { $gte: from, $lt: to } }).toArray();

  return {
    async createIndexes(): Promise<void> {
      await names.createIndexes();
      await contacts.createIndex({ tenant: 1, vendor: 1, bucket: 1 }, { name: 'buckets' });
      await rematches.createIndex({ tenant: 1 }, { name: 'by_tenant' });
    },

    async saveSage(tenant: string, seen: number, list: readonly MirroredSageContact[]): Promise<void> {
      const documents = list.map(({ record, excluded, ...rest }) => ({
        _id: contactId(tenant, 'sage', record.id),
        tenant,
        vendor: 'sage' as const,
        sourceId: record.id,
        seen,
        ...rest,
        group: excluded,
        record,
      }));
      await insertOrReplace(contacts, documents);
    },

    async saveParties(tenant: string, seen: number, list: readonly MirroredParty[]): Promise<void> {
      const documents = list.map(({ record, marker, ...rest }) => ({
        _id: contactId(tenant, 'capsule', record.id),
        tenant,
        vendor: 'capsule' as const,
        sourceId: String(record.id),
        seen,
        ...rest,
        group: marker,
        record,
      }));
      await insertOrReplace(contacts, documents);
    },

    sageInBuckets: async (tenant: string, from: number, to: number): Promise<MirroredSageContact[]> =>
      (await inBuckets(tenant, 'sage', from, to)).map(sageOf),

    partiesInBuckets: async (tenant: string, from: number, to: number): Promise<MirroredParty[]> =>
      (await inBuckets(tenant, 'capsule', from, to)).map(partyOf),

    /** A page of Sage contacts by name, or of what a search finds. */
    async sageByName(tenant: string, query: NameQuery): Promise<Page<MirroredSageContact>> {
      const { items, nextCursor } = await names.page(tenant, 'sage', query);
      return { items: items.map(sageOf), nextCursor };
    },

    /** A page of parties without a marker by name, or of what a search finds among them. */
    async partiesByName(tenant: string, query: Omit<NameQuery, 'groups'>): Promise<Page<MirroredParty>> {
      const { items, nextCursor } = await names.page(tenant, 'capsule', { ...query, groups: [null] });
      return { items: items.map(partyOf), nextCursor };
    },

    async sageByIds(tenant: string, ids: readonly string[]): Promise<MirroredSageContact[]> {
      const keys = ids.map((id) => contactId(tenant, 'sage', id));
      const found = await Promise.all(
        chunks(keys, 100).map((part) => contacts.find({ _id: { $in: part } }).toArray()),
      );
      return found.flat().map(sageOf);
    },

    async partiesByIds(tenant: string, ids: readonly number[]): Promise<MirroredParty[]> {
      const keys = ids.map((id) => contactId(tenant, 'capsule', id));
      const found = await Promise.all(
        chunks(keys, 100).map((part) => contacts.find({ _id: { $in: part } }).toArray()),
      );
      return found.flat().map(partyOf);
    },

    /** Leaves Sage contacts out that a person chose to ignore; one left out by a rule keeps that reason. */
    async ignore(tenant: string, sageContactIds: readonly string[]): Promise<void> {
      for (const part of chunks(sageContactIds)) {
        await contacts.updateMany(
          { _id: { $in: part.map((id) => contactId(tenant, 'sage', id)) }, group: null },
          { $set: { group: 'ignored' } },
        );
      }
    },

    /** Leaves Sage contacts out whose link a person has ended: nothing but a person links them again. */
    async leaveUnlinked(tenant: string, sageContactIds: readonly string[]): Promise<void> {
      for (const part of chunks(sageContactIds)) {
        await contacts.updateMany(
          { _id: { $in: part.map((id) => contactId(tenant, 'sage', id)) }, group: null },
          { $set: { group: 'unlinked' } },
        );
      }
    },

    /** Takes Sage contacts back that a person had left out; what a rule leaves out stays so. */
    async takeBack(tenant: string, sageContactIds: readonly string[]): Promise<void> {
      for (const part of chunks(sageContactIds)) {
        await contacts.updateMany(
          {
            _id: { $in: part.map((id) => contactId(tenant, 'sage', id)) },
            group: { $in: ['ignored', 'unlinked'] },
          },
          { $set: { group: null } },
        );
      }
    },

    /** Asks that Sage contacts be matched again at the next pass, although they have not changed. */
    async askRematch(tenant: string, sageContactIds: readonly string[]): Promise<void> {
      await insertNew(
        rematches,
        sageContactIds.map((id) => ({ _id: contactId(tenant, 'sage', id), tenant })),
      );
    },

    /** Sage contacts that wait to be matched again; no more than the limit. */
    async toRematch(tenant: string, limit: number): Promise<MirroredSageContact[]> {
      const ids = (await rematches.find({ tenant }).limit(limit).toArray()).map(({ _id }) => _id);
      const found = await Promise.all(
        chunks(ids, 100).map((part) => contacts.find({ _id: { $in: part } }).toArray()),
      );
      return found.flat().map(sageOf);
    },

    async endRematch(tenant: string, sageContactIds: readonly string[]): Promise<void> {
      for (const part of chunks(sageContactIds, 100)) {
        await rematches.deleteMany({ _id: { $in: part.map((id) => contactId(tenant, 'sage', id)) } });
      }
    },

    /** Goes through all mirrored parties, in no order, with little of each. */
    async *partySigns(tenant: string): AsyncGenerator<PartySigns> {
      const projection = { sourceId: 1, key: 1, 'record.emails': 1, 'record.websites': 1 };
      for await (const { sourceId, key, record } of contacts.find(
        { tenant, vendor: 'capsule' },
        { projection },
      )) {
        const { emails, websites } = record as CapsuleParty;
        yield { id: Number(sourceId), key, emails: emails.map(({ address }) => address), websites };
      }
    },

    /** Forgets Sage contacts that Sage no longer has. */
    async forgetSage(tenant: string, ids: readonly string[]): Promise<void> {
      for (const part of chunks(ids)) {
        await contacts.deleteMany({ _id: { $in: part.map((id) => contactId(tenant, 'sage', id)) } });
      }
    },

    /** Forgets parties that Capsule no longer has. */
    async forgetParties(tenant: string, ids: readonly number[]): Promise<void> {
      for (const part of chunks(ids)) {
        await contacts.deleteMany({ _id: { $in: part.map((id) => contactId(tenant, 'capsule', id)) } });
      }
    },

    /** Ids of all that is mirrored of a side, in no order. */
    async *ids(tenant: string, vendor: Vendor): AsyncGenerator<string> {
      const found = contacts.find({ tenant, vendor }, { projection: { sourceId: 1 } });
      for await (const { sourceId } of found) yield sourceId;
    },

    /** Parties that carry the marker of one of these Sage contacts. */
    async partiesByMarker(tenant: string, sageContactIds: readonly string[]): Promise<MirroredParty[]> {
      const found = await Promise.all(
        chunks(sageContactIds, 100).map((part) =>
          contacts.find({ tenant, vendor: 'capsule', group: { $in: part } }).toArray(),
        ),
      );
      return found.flat().map(partyOf);
    },

    async hasMarkers(tenant: string): Promise<boolean> {
      const marked = { tenant, vendor: 'capsule', group: { $gt: '' } } as const;
      return (await contacts.findOne(marked, { projection: { _id: 1 } })) !== null;
    },

    /** Forgets what a complete listing did not see. */
    async forgetUnseen(tenant: string, vendor: Vendor, seen: number): Promise<number> {
      const { deletedCount } = await contacts.deleteMany({ tenant, vendor, seen: { $lt: seen } });
      return deletedCount;
    },

    /** How many different contacts a listing has seen. */
    countSeen: (tenant: string, vendor: Vendor, seen: number): Promise<number> =>
      contacts.countDocuments({ tenant, vendor, seen }),

    /** Sage contacts that were erased under the GDPR (R10): few. */
    async erased(tenant: string): Promise<Set<string>> {
      const erased = { tenant, vendor: 'sage', group: 'erased' } as const;
      const found = await contacts.find(erased, { projection: { sourceId: 1 } }).toArray();
      return new Set(found.map(({ sourceId }) => sourceId));
    },

    count: (tenant: string, vendor: Vendor): Promise<number> => contacts.countDocuments({ tenant, vendor }),

    countExcluded: (tenant: string): Promise<number> =>
      contacts.countDocuments({
        tenant,
        vendor: 'sage',
        group: { $in: ['system', 'erased', 'supplier', 'ignored', 'unlinked'] },
      }),
  };
}
