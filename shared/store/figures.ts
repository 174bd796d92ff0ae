import { type Collection, type Db } from 'mongodb';
import { type Debt, type ShownFigures } from '../domain/invoice-totals';
import { figuresId } from '../ids';
import { chunks, insertNew } from './bulk';

/** What a contact's documents come to, kept so that only what changed is written to Capsule. */
export interface ContactFigures {
  sageContactId: string;
  debts: Debt[];
  /**
   * What the documents explain of Sage's own balance; minor units of the base currency, as the next. The balance is the
   * sum of both.
   */
  explained: number;
  /** What the balance held beside the documents when it was read. */
  otherItems: number;
  /** When this contact alone was last asked for; null for never: the lists tell how fresh it is. */
  askedAt: Date | null;
  /** First due day that is not over: what is overdue changes when it is. Empty for none. */
  nextDue: string;
  /** What is to stand on the Capsule record. */
  shown: ShownFigures;
  /** What was last brought there; null for nothing yet. */
  onRecord: ShownFigures | null;
  /** On which record it stands, and how; null when on none. */
  writtenTo: WrittenTo | null;
  /** `shown` was changed and has not been written. */
  pending: boolean;
  /** Counts how often they were wanted: what somebody wants while they are written is not lost. */
  wants: number;
}

export interface WrittenTo {
  partyId: number;
  /** `link`: where the account has no custom fields, a website row leads to the contact's page. */
  as: 'fields' | 'link';
}

/** Figures that were read to be reckoned anew. */
export interface Reading {
  sageContactId: string;
  /** Counts the marks: one that comes while the figures are reckoned is not lost. */
  mark: number;
}

export type NewFigures = Pick<ContactFigures, 'sageContactId' | 'debts' | 'explained' | 'nextDue' | 'shown'>;

/** What comes of a balance. `mark` is that of the figures that were read; null: the contact had none. */
export type Told = Pick<ContactFigures, 'sageContactId' | 'otherItems' | 'shown'> &
  Partial<Pick<ContactFigures, 'askedAt'>> & { mark: number | null };

/** `wants` as it was when the figures were read. */
export type Written = Pick<ContactFigures, 'sageContactId' | 'onRecord' | 'writtenTo' | 'wants'>;

interface FiguresDocument extends ContactFigures, Reading {
  _id: string;
  tenant: string;
  /** A document of the contact has changed since the figures were reckoned. */
  stale: boolean;
}

const NONE = {
  ...{ debts: [], explained: 0, otherItems: 0, askedAt: null, nextDue: '' },
  ...{ shown: { balance: '', overdue: '' }, onRecord: null, writtenTo: null, pending: false, wants: 0 },
} satisfies Omit<ContactFigures, 'sageContactId'>;

/** So many are looked for by id as fast as whether there are any. */
const FEW = 5;

/** Figures: one document per Sage contact that has, or had, something to tell. */
export function createFiguresRepository(db: Db) {
  const figures: Collection<FiguresDocument> = db.collection('figures');

  const newDocument = (tenant: string, sageContactId: string) => ({
    ...{ _id: figuresId(tenant, sageContactId), tenant, sageContactId, mark: 0, stale: false },
    ...NONE,
  });

  return {
    async createIndexes(): Promise<void> {
      await figures.createIndex({ tenant: 1, stale: 1 }, { name: 'stale' });
      await figures.createIndex({ tenant: 1, pending: 1 }, { name: 'pending' });
      await figures.createIndex({ tenant: 1, nextDue: 1 }, { name: 'next_due' });
    },

    async get(tenant: string, sageContactIds: readonly string[]): Promise<(ContactFigures & Reading)[]> {
      const ids = sageContactIds.map((id) => figuresId(tenant, id));
      const found = await Promise.all(
        chunks(ids, 100).map((part) => figures.find({ _id: { $in: part } }).toArray()),
      );
      return found.flat().map(readingOf);
    },

    /** Notes, before documents of contacts are written, that their figures have to be reckoned anew. */
    async markStale(tenant: string, sageContactIds: readonly string[]): Promise<void> {
      for (const part of chunks(sageContactIds)) {
        await figures.bulkWrite(
          part.map((sageContactId) => {
            const { mark: _mark, stale: _stale, _id, ...fresh } = newDocument(tenant, sageContactId);
            const update = { $set: { stale: true }, $inc: { mark: 1 }, $setOnInsert: fresh };
            return { updateOne: { filter: { _id }, update, upsert: true } };
          }),
          { ordered: false },
        );
      }
    },

    async stale(tenant: string, limit: number): Promise<(ContactFigures & Reading)[]> {
      const found = await figures.find({ tenant, stale: true }).limit(limit).toArray();
      return found.map(readingOf);
    },

    /** Contacts of which something falls overdue with the end of a day before `today`. */
    async dueBefore(tenant: string, today: string, limit: number): Promise<string[]> {
      const found = await figures
        .find({ tenant, nextDue: { $gt: '', $lt: today } })
        .limit(limit)
        .toArray();
      return found.map(({ sageContactId }) => sageContactId);
    },

    /** Saves figures that were reckoned anew, unless a document changed once more meanwhile. */
    async save(tenant: string, list: readonly (NewFigures & Reading)[]): Promise<void> {
      for (const part of chunks(list)) {
        await figures.bulkWrite(
          part.map(({ sageContactId, mark, ...reckoned }) => ({
            updateOne: {
              filter: { _id: figuresId(tenant, sageContactId), mark },
              update: [{ $set: { ...literal(reckoned), stale: false } }, PENDING],
            },
          })),
          { ordered: false },
        );
      }
    },

    /** Makes figures of contacts that have none. @returns those that have some, to be saved over them */
    async insert(tenant: string, list: readonly NewFigures[]): Promise<NewFigures[]> {
      const documents = list.map((reckoned) => ({
        ...newDocument(tenant, reckoned.sageContactId),
        ...reckoned,
        pending: reckoned.shown.balance !== '',
      }));
      const known = new Set((await insertNew(figures, documents)).map(({ sageContactId }) => sageContactId));
      return list.filter(({ sageContactId }) => known.has(sageContactId));
    },

    /**
     * Saves balances and what comes of them, for contacts that have figures or get them now. Figures that were
     * marked since they were read, or are about to be reckoned, keep what they have until the next time.
     */
    async saveBalances(tenant: string, list: readonly Told[]): Promise<void> {
      await insertNew(
        figures,
        list
          .filter(({ mark }) => mark === null)
          .map(({ sageContactId }) => newDocument(tenant, sageContactId)),
      );
      for (const part of chunks(list)) {
        await figures.bulkWrite(
          part.map(({ sageContactId, mark, ...told }) => ({
            updateOne: {
              filter: { _id: figuresId(tenant, sageContactId), mark: mark ?? 0, stale: false },
              update: [{ $set: literal(told) }, PENDING],
            },
          })),
          { ordered: false },
        );
      }
    },

    /** Figures that are to be written to Capsule. */
    async pending(tenant: string, limit: number): Promise<ContactFigures[]> {
      return (await figures.find({ tenant, pending: true }).limit(limit).toArray()).map(fromDocument);
    },

    /** Whether figures wait to be written. */
    async anyPending(tenant: string): Promise<boolean> {
      return (await figures.findOne({ tenant, pending: true }, { projection: { _id: 1 } })) !== null;
    },

    /** Notes what has been brought to the records, and to which. What changed meanwhile stays pending. */
    async written(tenant: string, list: readonly Written[]): Promise<void> {
      for (const part of chunks(list)) {
        await figures.bulkWrite(
          part.map(({ sageContactId, wants, ...written }) => ({
            updateOne: {
              filter: { _id: figuresId(tenant, sageContactId) },
              update: [{ $set: literal(written) }, stillPending(wants)],
            },
          })),
          { ordered: false },
        );
      }
    },

    /** Notes that records bear nothing of these contacts any more; what they come to is to be written anew. */
    async cleared(tenant: string, sageContactIds: readonly string[]): Promise<void> {
      for (const part of chunks(sageContactIds)) {
        const ids = part.map((id) => figuresId(tenant, id));
        const none = { onRecord: null, writtenTo: null, pending: true };
        await figures.updateMany({ _id: { $in: ids } }, { $set: none, $inc: { wants: 1 } });
      }
    },

    /** Empties the figures of contacts that are erased (R10); what their records bear is then cleared. */
    async empty(tenant: string, sageContactIds: readonly string[]): Promise<void> {
      for (const part of chunks(sageContactIds)) {
        const ids = part.map((id) => figuresId(tenant, id));
        const { onRecord: _onRecord, writtenTo: _writtenTo, wants: _wants, ...nothing } = NONE;
        const emptied = { $set: { ...nothing, stale: false, pending: true }, $inc: { mark: 1, wants: 1 } };
        await figures.updateMany({ _id: { $in: ids } }, emptied);
      }
    },

    /** Leaves figures alone that a record did not take, until they change or somebody wants them. */
    async setAside(
      tenant: string,
      list: readonly Pick<ContactFigures, 'sageContactId' | 'wants'>[],
    ): Promise<void> {
      for (const part of chunks(list)) {
        await figures.bulkWrite(
          part.map(({ sageContactId, wants }) => ({
            updateOne: {
              filter: { _id: figuresId(tenant, sageContactId), wants },
              update: { $set: { pending: false } },
            },
          })),
          { ordered: false },
        );
      }
    },

    /** Has figures looked through once more: the contacts were linked, moved or unlinked, or somebody tries again. */
    async want(tenant: string, sageContactIds: readonly string[]): Promise<void> {
      // An import links thousands before there are any.
      if (sageContactIds.length > FEW && !(await figures.findOne({ tenant }, { projection: { _id: 1 } })))
        return;
      for (const part of chunks(sageContactIds)) {
        const ids = part.map((id) => figuresId(tenant, id));
        await figures.updateMany({ _id: { $in: ids } }, WANT);
      }
    },

    /** Forgets where figures stand: the fields are no longer there. */
    async forgetRecords(tenant: string): Promise<void> {
      const none = { onRecord: null, writtenTo: null, pending: true };
      await figures.updateMany({ tenant, writtenTo: { $ne: null } }, { $set: none, $inc: { wants: 1 } });
    },

    /** Has everything looked through once more: what is to stand on the records follows another rule now. */
    async wantAll(tenant: string): Promise<void> {
      const told = { $or: [{ 'shown.balance': { $ne: '' } }, { writtenTo: { $ne: null } }] };
      await figures.updateMany({ tenant, ...told }, WANT);
    },

    /** Another business is connected (R24): what stands on records of the one before is to be taken off them. */
    async endBusiness(tenant: string): Promise<void> {
      await figures.deleteMany({ tenant, writtenTo: null });
      const { onRecord: _onRecord, writtenTo: _writtenTo, wants: _wants, ...nothing } = NONE;
      const emptied = { $set: { ...nothing, stale: false, pending: true }, $inc: { mark: 1, wants: 1 } };
      await figures.updateMany({ tenant }, emptied);
    },

    async forget(tenant: string, sageContactIds: readonly string[]): Promise<void> {
      for (const part of chunks(sageContactIds)) {
        await figures.deleteMany({ _id: { $in: part.map((id) => figuresId(tenant, id)) } });
      }
    },
  };
}

/** Nothing on the record counts as two empty texts. */
const PENDING = {
  $set: {
    pending: { $ne: ['$shown', { $ifNull: ['$onRecord', { balance: '', overdue: '' }] }] },
  },
};

const WANT = { $set: { pending: true }, $inc: { wants: 1 } };

/** The same, unless somebody has wanted them since they were read. */
const stillPending = (wants: number) => ({
  $set: { pending: { $or: [PENDING.$set.pending, { $ne: ['$wants', wants] }] } },
});

/** In a pipeline, a text that begins with a dollar sign would be a field. */
const literal = (values: object) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { $literal: value as unknown }]));

function fromDocument(document: FiguresDocument): ContactFigures {
  const { _id, tenant: _tenant, stale: _stale, mark: _mark, ...rest } = document;
  return rest;
}

const readingOf = (document: FiguresDocument): ContactFigures & Reading => ({
  ...fromDocument(document),
  mark: document.mark,
});
