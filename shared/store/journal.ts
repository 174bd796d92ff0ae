import { type Collection, type Db } from 'mongodb';
import { type SyncedField } from '../domain/types';
import { type Vendor } from '../ids';
import { insertNew } from './bulk';
import { type Page, pageOf } from './page';

export type JournalAction =
  /** A link was made, moved or ended. */
  | 'linked'
  | 'moved'
  | 'unlinked'
  /** A record was made, changed or found deleted on `side`. */
  | 'created'
  | 'updated'
  | 'deleted'
  /** Something was not done, and why. */
  | 'skipped'
  | 'failed'
  /** A person's wish was taken down: *Do not bring back* and its undo, a decision. */
  | 'decided';

export interface FieldChange {
  field: SyncedField;
  before: string;
  after: string;
}

/** A line of a contact's history: what changed, on which side, when, why, by which run. */
export interface JournalEntry {
  /**
   * Tells this entry from all others of the tenant, the same when the work is run again: writing it twice
   * leaves one line.
   */
  key: string;
  at: Date;
  /** Empty when a person did it outside any run. */
  run: string;
  /** The side on which something changed. */
  side: Vendor;
  action: JournalAction;
  sageContactId: string | null;
  partyId: number | null;
  /** In a sentence for people, e.g. "edited in Capsule". */
  why: string;
  /** Before-values are kept, so that a run can be undone one day. */
  fields: FieldChange[];
}

type JournalDocument = JournalEntry & { _id: string; tenant: string; order: string };

/** The journal: append-only but for what was told ahead; a contact's history and a run's drill-down are two views of it. */
export function createJournalRepository(db: Db) {
  const journal: Collection<JournalDocument> = db.collection('journal');

  const page = async (
    filter: object,
    options: { cursor?: string | null; limit: number },
  ): Promise<Page<JournalEntry>> => {
    const before = options.cursor ? { order: { $lt: options.cursor } } : {};
    const found = await journal
      .find({ ...filter, ...before })
      .sort({ order: -1 })
      .limit(options.limit + 1)
      .toArray();
    const { items, nextCursor } = pageOf(found, options.limit, ({ order }) => order);
    return { items: items.map(fromDocument), nextCursor };
  };

  return {
    async createIndexes(): Promise<void> {
      await journal.createIndex({ tenant: 1, sageContactId: 1, order: -1 }, { name: 'by_sage_contact' });
      await journal.createIndex({ tenant: 1, partyId: 1, order: -1 }, { name: 'by_party' });
      await journal.createIndex({ tenant: 1, run: 1, order: -1 }, { name: 'by_run' });
    },

    async write(tenant: string, entries: readonly JournalEntry[]): Promise<void> {
      await insertNew(
        journal,
        entries.map((entry) => ({
          _id: `${tenant}/${entry.key}`,
          tenant,
          // Newest first by one key, also among entries of the same millisecond.
          order: `${entry.at.toISOString()}/${entry.key}`,
          ...entry,
        })),
      );
    },

    /** Takes back what was told ahead of something that did not happen. */
    async withdraw(tenant: string, keys: readonly string[]): Promise<void> {
      await journal.deleteMany({ _id: { $in: keys.map((key) => `${tenant}/${key}`) } });
    },

    /** Newest first. */
    ofSageContact: (
      tenant: string,
      sageContactId: string,
      options: { cursor?: string | null; limit: number },
    ) => page({ tenant, sageContactId }, options),

    ofParty: (tenant: string, partyId: number, options: { cursor?: string | null; limit: number }) =>
      page({ tenant, partyId }, options),

    ofRun: (tenant: string, run: string, options: { cursor?: string | null; limit: number }) =>
      page({ tenant, run }, options),
  };
}

function fromDocument({
  _id: _key,
  tenant: _tenant,
  order: _order,
  ...entry
}: JournalDocument): JournalEntry {
  return entry;
}
