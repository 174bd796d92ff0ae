import { type Collection, type Db } from 'mongodb';
import { type ContactKind, type SyncedField, type SyncedFields } from '../domain/types';
import { linkId } from '../ids';
import { chunks, insertNew } from './bulk';
import { isDuplicateKey } from './database';
import { createFiguresRepository } from './figures';
import { type Page, pageOf } from './page';

export type LinkOrigin = 'linked' | 'created' | 'added' | 'manual';

/** What spoke for a link when it was made: the first line of a contact's history. */
export type LinkReason =
  'marker' | 'name' | 'email' | 'postcode' | 'created' | 'added' | 'manual' | 'merged' | 'recreated' | 'csv';

/** Why a link ended. */
export type LinkEnd =
  /** R19: the Sage contact was deleted. */
  | 'sageDeleted'
  /** R18 with *Do not bring back*, or R20. */
  | 'capsuleDeleted'
  /** R18: the deleted party could not be made again, or may not by now. Another try makes a new link. */
  | 'notRecreated'
  /** By a person: neither record is matched or made again until it is linked by hand. */
  | 'unlinked'
  /** R10: the Sage contact was erased under the GDPR. */
  | 'erased'
  /** R24: the tenant was connected to another business. */
  | 'otherBusiness';

/** A Sage contact and the Capsule party that is the same customer. */
export interface Link {
  sageContactId: string;
  partyId: number;
  kind: ContactKind;
  origin: LinkOrigin;
  /** False once the link has ended: it stays as a tombstone. */
  live: boolean;
  createdAt: Date;
  because: LinkReason;
  /** Run that made it; empty when a person did. */
  run: string;
  /**
   * What Capsule held, in Sage's terms, when both sides were last brought together. A field of the party that
   * is another now was edited in Capsule and is pushed (R12); one that is the same is an echo or no change.
   */
  agreed: SyncedFields;
  /** Fields whose values differ between the two records (R13); empty: in sync. */
  differs: SyncedField[];
  /** Counts the changes of this link: whoever saves `agreed` names the one that was read. */
  revision: number;
  /** *Do not bring back* (R18): a party that is deleted in Capsule stays deleted. */
  keepDeleted: boolean;
  ended: { at: Date; why: LinkEnd } | null;
  /** R18: this party was deleted and is being made again; the link moves to the new one. */
  recreating?: Recreating;
}

export interface Recreating {
  partyId: number;
  deletedAt: Date;
}

/** What a new link starts with beside who is linked. */
export const NEW_LINK = {
  live: true,
  agreed: {},
  differs: [] as SyncedField[],
  revision: 0,
  keepDeleted: false,
  ended: null,
} as const satisfies Partial<Link>;

/** Ended because a person wished it so: the Sage contact is neither matched nor made again by itself. */
export const isLetGo = ({
  live,
  ended,
  keepDeleted,
}: Pick<Link, 'live' | 'ended' | 'keepDeleted'>): boolean =>
  !live && (ended?.why === 'unlinked' || (ended?.why === 'capsuleDeleted' && keepDeleted));

const BY_A_PERSON: ReadonlySet<LinkOrigin> = new Set(['manual', 'added']);

export const isByPerson = ({ origin }: Pick<Link, 'origin'>): boolean => BY_A_PERSON.has(origin);

/** `differing` says whether `differs` holds anything: the index counts and walks by it. */
type LinkDocument = Link & { _id: string; tenant: string; differing: boolean };

/**
 * Links. Whoever makes, moves or ends one has the contact's figures looked through: what stands on the Capsule record
 * follows the link. Two indexes carry the promise that nobody exists twice: one link per Sage contact (`_id`),
 * one live link per party and kind.
 */
export function createLinkRepository(db: Db) {
  const links: Collection<LinkDocument> = db.collection('links');
  const figures = createFiguresRepository(db);

  return {
    async createIndexes(): Promise<void> {
      await links.createIndex(
        { tenant: 1, partyId: 1, kind: 1 },
        { name: 'one_link_per_party_and_kind', unique: true, partialFilterExpression: { live: true } },
      );
      // Lookups by party: a partial index serves uniqueness, not every query.
      await links.createIndex({ tenant: 1, partyId: 1 }, { name: 'by_party' });
      await links.createIndex({ tenant: 1, differing: 1, _id: 1 }, { name: 'differing' });
      await links.createIndex(
        { tenant: 1, keepDeleted: 1, _id: 1 },
        { name: 'kept_deleted', partialFilterExpression: { keepDeleted: true } },
      );
    },

    /**
     * Makes links; one that had ended begins anew, and one that a person ended only by a person.
     * @returns those that were refused, because the contact or the party is linked otherwise already;
     * a link that exists just so counts as made
     */
    async add(tenant: string, list: readonly Link[]): Promise<Link[]> {
      const documents = list.map((link) => ({
        _id: linkId(tenant, link.sageContactId),
        tenant,
        ...link,
        differing: link.differs.length > 0,
      }));
      const known = await insertNew(links, documents);
      const revived = await revive(known);
      await figures.want(
        tenant,
        list.map(({ sageContactId }) => sageContactId),
      );
      if (known.length === 0) return [];
      const rest = known.filter(({ _id }) => !revived.has(_id));
      const existing = new Map(
        (
          await this.bySageContacts(
            tenant,
            rest.map(({ sageContactId }) => sageContactId),
          )
        ).map((link) => [link.sageContactId, link]),
      );
      return rest
        .filter(({ sageContactId, partyId }) => existing.get(sageContactId)?.partyId !== partyId)
        .map(fromDocument);
    },

    /** Live links of these Sage contacts. */
    async bySageContacts(tenant: string, sageContactIds: readonly string[]): Promise<Link[]> {
      return (await this.withEnded(tenant, sageContactIds)).filter(({ live }) => live);
    },

    /** Links of these Sage contacts, those that have ended included. */
    async withEnded(tenant: string, sageContactIds: readonly string[]): Promise<Link[]> {
      const ids = sageContactIds.map((id) => linkId(tenant, id));
      const found = await Promise.all(
        chunks(ids, 100).map((part) => links.find({ _id: { $in: part } }).toArray()),
      );
      return found.flat().map(fromDocument);
    },

    /** Live links of these parties. */
    async byParties(tenant: string, partyIds: readonly number[]): Promise<Link[]> {
      return (await this.byPartiesWithEnded(tenant, partyIds)).filter(({ live }) => live);
    },

    async byPartiesWithEnded(tenant: string, partyIds: readonly number[]): Promise<Link[]> {
      const found = await Promise.all(
        chunks(partyIds, 100).map((part) => links.find({ tenant, partyId: { $in: part } }).toArray()),
      );
      return found.flat().map(fromDocument);
    },

    /** All links of a tenant, ended ones included, by key. @param cursor the last Sage contact of the page before */
    async page(tenant: string, options: { cursor?: string | null; limit: number }): Promise<Page<Link>> {
      const found = await links
        .find({ _id: { $gt: linkId(tenant, options.cursor ?? ''), $lt: `${tenant}0` } })
        .sort({ _id: 1 })
        .limit(options.limit + 1)
        .toArray();
      return pageOf(found.map(fromDocument), options.limit, ({ sageContactId }) => sageContactId);
    },

    /**
     * Changes a live link, if nobody changed it since it was read.
     * @returns false when somebody did: read it again
     */
    async update(
      tenant: string,
      { sageContactId, revision }: Pick<Link, 'sageContactId' | 'revision'>,
      change: Partial<Pick<Link, 'agreed' | 'differs' | 'keepDeleted'>>,
    ): Promise<boolean> {
      const { modifiedCount } = await links.updateOne(
        { _id: linkId(tenant, sageContactId), live: true, revision },
        { $set: { ...change, ...differing(change.differs), revision: revision + 1 } },
      );
      return modifiedCount === 1;
    },

    /**
     * Notes what differs, many at once; says nothing of `agreed`, so the revision stays. A link that somebody
     * changed since it was read is left: whoever did knows better.
     */
    async saveDiffers(
      tenant: string,
      list: readonly Pick<Link, 'sageContactId' | 'revision' | 'differs'>[],
    ): Promise<void> {
      for (const part of chunks(list)) {
        await links.bulkWrite(
          part.map(({ sageContactId, revision, differs }) => ({
            updateOne: {
              filter: { _id: linkId(tenant, sageContactId), live: true, revision },
              update: { $set: { differs, ...differing(differs) } },
            },
          })),
          { ordered: false },
        );
      }
    },

    /**
     * Announces that the party of a live link is about to be made again (R18).
     * @returns false when the link has ended, or belongs to another party by now
     */
    async beginRecreating(tenant: string, sageContactId: string, recreating: Recreating): Promise<boolean> {
      const { matchedCount } = await links.updateOne(
        { _id: linkId(tenant, sageContactId), live: true, partyId: recreating.partyId },
        { $set: { recreating } },
      );
      return matchedCount === 1;
    },

    /**
     * Moves a live link to another party (R18, R21), if nobody changed it since it was read.
     * @returns `taken` when that party has a live link of the kind, `stale` when the link was changed meanwhile
     */
    async move(
      tenant: string,
      { sageContactId, revision }: Pick<Link, 'sageContactId' | 'revision'>,
      to: Pick<Link, 'partyId' | 'because' | 'run' | 'agreed' | 'differs'>,
    ): Promise<'moved' | 'taken' | 'stale'> {
      try {
        const { modifiedCount } = await links.updateOne(
          { _id: linkId(tenant, sageContactId), live: true, revision },
          {
            $set: { ...to, ...differing(to.differs), revision: revision + 1 },
            $unset: { recreating: '' },
          },
        );
        await figures.want(tenant, [sageContactId]);
        return modifiedCount === 1 ? 'moved' : 'stale';
      } catch (error) {
        if (isDuplicateKey(error)) return 'taken';
        throw error;
      }
    },

    /** Ends a live link; it stays as a tombstone. @returns false when it was not live */
    async end(tenant: string, sageContactId: string, why: LinkEnd, at: Date): Promise<boolean> {
      const { modifiedCount } = await links.updateOne(
        { _id: linkId(tenant, sageContactId), live: true },
        { $set: { live: false, ended: { at, why }, ...NO_DIFFERENCE }, $inc: { revision: 1 } },
      );
      await figures.want(tenant, [sageContactId]);
      return modifiedCount === 1;
    },

    /** Takes *Do not bring back* off a link that has ended by it: the contact may be linked and made again. */
    async mayBegin(tenant: string, sageContactId: string): Promise<void> {
      await links.updateOne(
        { _id: linkId(tenant, sageContactId), live: false, 'ended.why': 'capsuleDeleted' },
        { $set: { keepDeleted: false, 'ended.why': 'notRecreated' } },
      );
    },

    /** Ends all live links (R24: another business). */
    async endAll(tenant: string, why: LinkEnd, at: Date): Promise<number> {
      const { modifiedCount } = await links.updateMany(
        { tenant, partyId: { $gt: 0 }, live: true },
        { $set: { live: false, ended: { at, why }, ...NO_DIFFERENCE }, $inc: { revision: 1 } },
      );
      return modifiedCount;
    },

    /** Sage contacts of all live links, in no order. */
    async *liveIds(tenant: string): AsyncGenerator<string> {
      const live = links.find(
        { tenant, partyId: { $gt: 0 }, live: true },
        { projection: { sageContactId: 1 } },
      );
      for await (const { sageContactId } of live) yield sageContactId;
    },

    /** Live links marked *Do not bring back*, by key. @param cursor the last Sage contact of the page before */
    async pageKeptDeleted(
      tenant: string,
      options: { cursor?: string | null; limit: number },
    ): Promise<Page<Link>> {
      const found = await links
        .find({ tenant, keepDeleted: true, live: true, _id: { $gt: linkId(tenant, options.cursor ?? '') } })
        .sort({ _id: 1 })
        .limit(options.limit + 1)
        .toArray();
      return pageOf(found.map(fromDocument), options.limit, ({ sageContactId }) => sageContactId);
    },

    /** How many links hold values that differ (R13). */
    countDiffers: (tenant: string): Promise<number> => links.countDocuments({ tenant, differing: true }),

    /** Those links, by key. @param cursor the last Sage contact of the page before */
    async pageDiffers(
      tenant: string,
      options: { cursor?: string | null; limit: number },
    ): Promise<Page<Link>> {
      const found = await links
        .find({ tenant, differing: true, _id: { $gt: linkId(tenant, options.cursor ?? '') } })
        .sort({ _id: 1 })
        .limit(options.limit + 1)
        .toArray();
      return pageOf(found.map(fromDocument), options.limit, ({ sageContactId }) => sageContactId);
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

  /** Puts new links in the place of ended ones. @returns the ids for which that went well */
  async function revive(documents: readonly LinkDocument[]): Promise<Set<string>> {
    const revived = new Set<string>();
    for (const { _id, ...link } of documents) {
      try {
        // What a person took apart only a person puts together again.
        const parted = isByPerson(link) ? {} : { 'ended.why': { $ne: 'unlinked' as const } };
        const { modifiedCount } = await links.replaceOne({ _id, live: false, ...parted }, link);
        if (modifiedCount === 1) revived.add(_id);
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
      }
    }
    return revived;
  }
}

const NO_DIFFERENCE = { differs: [], differing: false };

/** What goes with `differs`; nothing where that stays. */
const differing = (differs: readonly SyncedField[] | undefined) =>
  differs === undefined ? {} : { differing: differs.length > 0 };

function fromDocument({ _id: _key, tenant: _tenant, differing: _differing, ...link }: LinkDocument): Link {
  return link;
}
