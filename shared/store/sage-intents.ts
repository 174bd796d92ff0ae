import { type Collection, type Db } from 'mongodb';
import { type ContactKind, type SyncedFields } from '../domain/types';
import { intentId } from '../ids';
import { isDuplicateKey } from './database';

/**
 * The write-ahead of a create in Sage (R29). Unlike one in Capsule it outlives its end: the epoch tells
 * which idempotency ids are used up.
 */
export interface SageIntent {
  partyId: number;
  kind: ContactKind;
  epoch: number;
  /** What is sent, the same at each repetition. */
  fields: SyncedFields;
  /** Where a contact of that name lies (shared/domain/names). */
  bucket: number;
  /** When it was meant to be sent at first, by Sage's clock. */
  at: Date;
}

export type SageIntentKey = Pick<SageIntent, 'partyId' | 'kind'>;

type SageIntentDocument = SageIntent & { _id: string; tenant: string; side: 'sage'; open: boolean };

/** Somebody else may open or end it in between; each loses at most once to the other. */
const TRIES = 10;

/**
 * The part of the intents' repository that creates in Sage have to themselves. A collection of their own: they are
 * few and looked for by an index, which would slow the thousands of creates in Capsule.
 */
export function sageIntentsOf(db: Db) {
  const intents: Collection<SageIntentDocument> = db.collection('sageIntents');
  const idOf = (tenant: string, { partyId, kind }: SageIntentKey) =>
    intentId(tenant, 'sage', `${partyId}-${kind}`);

  return {
    async createIndexes(): Promise<void> {
      await intents.createIndex(
        { tenant: 1, open: 1 },
        { name: 'open', partialFilterExpression: { open: true } },
      );
    },

    /**
     * Opens the intent of a create. One that is open already stays as it is: its outcome is not known yet, and
     * the same is to be sent again.
     */
    async begin(tenant: string, wanted: Omit<SageIntent, 'epoch'>): Promise<SageIntent> {
      const _id = idOf(tenant, wanted);
      for (let tries = 0; tries < TRIES; tries += 1) {
        const known = await intents.findOne({ _id });
        if (known?.open) return fromDocument(known);
        const fresh = { ...wanted, epoch: known?.epoch ?? 0 };
        const document = { _id, tenant, side: 'sage' as const, open: true, ...fresh };
        if (known) {
          const { modifiedCount } = await intents.replaceOne(
            { _id, open: false, epoch: known.epoch },
            document,
          );
          if (modifiedCount === 1) return fresh;
        } else if (await inserted(document)) return fresh;
      }
      throw new Error(`the intent of party ${wanted.partyId} is opened and ended all the time`);
    },

    /** The open intents among these, of either kind. */
    async openOf(tenant: string, partyId: number): Promise<SageIntent[]> {
      const keys = [idOf(tenant, { partyId, kind: 'CUSTOMER' }), idOf(tenant, { partyId, kind: 'VENDOR' })];
      return (await intents.find({ _id: { $in: keys }, open: true }).toArray()).map(fromDocument);
    },

    /** All open intents of a tenant; they are few. */
    async openInSage(tenant: string): Promise<SageIntent[]> {
      return (await intents.find({ tenant, open: true }).toArray()).map(fromDocument);
    },

    /**
     * The end of a create is known: it was made and linked, or certainly not made. Its id is used up. Does
     * nothing to an intent of another epoch.
     */
    async end(tenant: string, { epoch, ...key }: SageIntentKey & Pick<SageIntent, 'epoch'>): Promise<void> {
      await intents.updateOne(
        { _id: idOf(tenant, key), open: true, epoch },
        { $set: { open: false, epoch: epoch + 1, fields: {} } },
      );
    },
  };

  async function inserted(document: SageIntentDocument): Promise<boolean> {
    try {
      await intents.insertOne(document);
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }
}

function fromDocument({ partyId, kind, epoch, fields, bucket, at }: SageIntentDocument): SageIntent {
  return { partyId, kind, epoch, fields, bucket, at };
}
