import { type Collection, type Db } from 'mongodb';

/**
 * Up to where each side has been read, by that vendor's own clock, and when the last passes were. A watermark
 * moves only after everything before it is durable; each delta looks back by SYNC_OVERLAP behind it.
 */
export interface Watermarks {
  sageContacts: Date | null;
  sageDeleted: Date | null;
  capsuleParties: Date | null;
  capsuleDeleted: Date | null;
  /** By our clock: when the last full and deep sweep began that came to a complete end. */
  sweptAt: Date | null;
  deepSweptAt: Date | null;
  /** When any sweep last began, whatever became of it. */
  sweepTriedAt: Date | null;
  /** When any pass last came to a complete end. */
  passedAt: Date | null;
}

type WatermarkDocument = Partial<Watermarks> & { _id: string };

const NONE: Watermarks = {
  sageContacts: null,
  sageDeleted: null,
  capsuleParties: null,
  capsuleDeleted: null,
  sweptAt: null,
  deepSweptAt: null,
  sweepTriedAt: null,
  passedAt: null,
};

export function createWatermarkRepository(db: Db) {
  const watermarks: Collection<WatermarkDocument> = db.collection('watermarks');

  return {
    async get(tenant: string): Promise<Watermarks> {
      const document = await watermarks.findOne({ _id: tenant });
      if (!document) return NONE;
      const { _id, ...known } = document;
      return { ...NONE, ...known };
    },

    async advance(tenant: string, to: Partial<Watermarks>): Promise<void> {
      await watermarks.updateOne({ _id: tenant }, { $set: to }, { upsert: true });
    },

    /** Everything is to be read anew (R24: another business). */
    async forget(tenant: string): Promise<void> {
      await watermarks.deleteOne({ _id: tenant });
    },
  };
}
