import { type Collection, type Db } from 'mongodb';
import { type ContactKind } from '../domain/types';
import { chunks, insertOrReplace } from './bulk';
import { type Page, pageOf } from './page';

export type ReviewReason = 'homonym' | 'near' | 'merged';

export interface ReviewCandidate {
  partyId: number;
  name: string;
  email: string;
  postcode: string;
}

/** A Sage contact that waits for a person's decision (R8, R9, R21). */
export interface Review {
  sageContactId: string;
  name: string;
  kind: ContactKind;
  why: ReviewReason;
  candidates: ReviewCandidate[];
  openedAt: Date;
}

export type ReviewDecision = 'link' | 'create' | 'ignore';

type ReviewDocument = Review & {
  _id: string;
  tenant: string;
  open: boolean;
  /** Set when a person has decided; the review is closed then. */
  decision?: ReviewDecision;
  decidedAt?: Date;
};

/** The review queue; one entry per Sage contact, its id is the contact's. */
export function createReviewRepository(db: Db) {
  const reviews: Collection<ReviewDocument> = db.collection('reviews');
  const idOf = (tenant: string, sageContactId: string) => `${tenant}/${sageContactId}`;

  return {
    async createIndexes(): Promise<void> {
      await reviews.createIndex({ tenant: 1, open: 1, _id: 1 }, { name: 'queue' });
    },

    async open(tenant: string, list: readonly Review[]): Promise<void> {
      await insertOrReplace(
        reviews,
        list.map((review) => ({
          _id: idOf(tenant, review.sageContactId),
          tenant,
          open: true,
          ...review,
        })),
      );
    },

    /** The review of a Sage contact, and what was decided; null when it never had one. */
    async find(
      tenant: string,
      sageContactId: string,
    ): Promise<{ review: Review; decided: ReviewDecision | null } | null> {
      const document = await reviews.findOne({ _id: idOf(tenant, sageContactId) });
      if (!document) return null;
      return { review: fromDocument(document), decided: document.open ? null : (document.decision ?? null) };
    },

    /**
     * Closes an open review by a person's decision.
     * @returns false when it was not open: somebody else was faster
     */
    async close(
      tenant: string,
      sageContactId: string,
      decision: ReviewDecision,
      decidedAt: Date,
    ): Promise<boolean> {
      const { modifiedCount } = await reviews.updateOne(
        { _id: idOf(tenant, sageContactId), open: true },
        { $set: { open: false, decision, decidedAt } },
      );
      return modifiedCount === 1;
    },

    /** Leaves Sage contacts out by a person's wish, also those that nobody was asked about. */
    async ignore(
      tenant: string,
      list: readonly Pick<Review, 'sageContactId' | 'name' | 'kind'>[],
      decidedAt: Date,
    ): Promise<void> {
      for (const { sageContactId, name, kind } of list) {
        const fresh = { tenant, sageContactId, name, kind, why: 'merged' as const, candidates: [] };
        await reviews.updateOne(
          { _id: idOf(tenant, sageContactId) },
          {
            $set: { open: false, decision: 'ignore', decidedAt },
            $setOnInsert: { ...fresh, openedAt: decidedAt },
          },
          { upsert: true },
        );
      }
    },

    /** Contacts that a person chose to leave out, by key. @param cursor of the page before */
    async pageIgnored(
      tenant: string,
      options: { cursor?: string | null; limit: number },
    ): Promise<Page<Review>> {
      const after = options.cursor ? { _id: { $gt: idOf(tenant, options.cursor) } } : {};
      const found = await reviews
        .find({ tenant, open: false, decision: 'ignore', ...after })
        .sort({ _id: 1 })
        .limit(options.limit + 1)
        .toArray();
      return pageOf(found.map(fromDocument), options.limit, ({ sageContactId }) => sageContactId);
    },

    /** Which of these Sage contacts wait for a decision, and which a person chose to leave out. */
    async among(
      tenant: string,
      sageContactIds: readonly string[],
    ): Promise<{ open: Set<string>; ignored: Set<string> }> {
      const ids = sageContactIds.map((id) => idOf(tenant, id));
      const found = (
        await Promise.all(chunks(ids, 100).map((part) => reviews.find({ _id: { $in: part } }).toArray()))
      ).flat();
      const idsOf = (list: ReviewDocument[]) => new Set(list.map(({ sageContactId }) => sageContactId));
      return {
        open: idsOf(found.filter(({ open }) => open)),
        ignored: idsOf(found.filter(({ open, decision }) => !open && decision === 'ignore')),
      };
    },

    /** Those of these Sage contacts whose open review began at or after a time. */
    async openedSince(tenant: string, sageContactIds: readonly string[], since: Date): Promise<string[]> {
      const ids = sageContactIds.map((id) => idOf(tenant, id));
      const found = await Promise.all(
        chunks(ids, 100).map((part) => reviews.find({ _id: { $in: part } }).toArray()),
      );
      return found
        .flat()
        .filter(({ open, openedAt }) => open && openedAt >= since)
        .map(({ sageContactId }) => sageContactId);
    },

    /** True when the tenant has or had any review: a first import need not look for them. */
    async any(tenant: string): Promise<boolean> {
      return (await reviews.findOne({ tenant }, { projection: { _id: 1 } })) !== null;
    },

    /** Drops the open reviews of these Sage contacts: what they asked has been answered otherwise. */
    async withdraw(tenant: string, sageContactIds: readonly string[]): Promise<void> {
      for (const part of chunks(sageContactIds)) {
        await reviews.deleteMany({ _id: { $in: part.map((id) => idOf(tenant, id)) } });
      }
    },

    /** @param why counts the open reviews of that reason only */
    countOpen: (tenant: string, why?: ReviewReason): Promise<number> =>
      reviews.countDocuments({ tenant, open: true, why }),

    /** A page of the open queue. @param cursor of the page before */
    async page(tenant: string, options: { cursor?: string | null; limit: number }): Promise<Page<Review>> {
      const after = options.cursor ? { _id: { $gt: idOf(tenant, options.cursor) } } : {};
      const found = await reviews
        .find({ tenant, open: true, ...after })
        .sort({ _id: 1 })
        .limit(options.limit + 1)
        .toArray();
      return pageOf(found.map(fromDocument), options.limit, ({ sageContactId }) => sageContactId);
    },
  };
}

function fromDocument(document: ReviewDocument): Review {
  const { sageContactId, name, kind, why, candidates, openedAt } = document;
  return { sageContactId, name, kind, why, candidates, openedAt };
}
