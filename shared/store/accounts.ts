import { type Collection, type Db } from 'mongodb';
import { type FiguresRule } from '../domain/record-figures';

/** What a Capsule account offers, read at the start of an import: titles, country names, our custom fields. */
export interface CapsuleAccount {
  titles: string[];
  /** Capsule's country names by ISO alpha-2 code. */
  countryNames: Record<string, string>;
  fields: { sageId: number | null; sageReference: number | null; tagId: number | null };
  /** Null until figures were to be written. */
  figures: FigureFields | null;
}

/** The custom fields in which figures stand, and by which rule they were last looked through. */
export interface FigureFields {
  rule: FiguresRule;
  /** Null where the account may not have them, or need not. */
  ids: { tagId: number; balance: number; overdue: number; invoices: number } | null;
  /** When the account last refused them. */
  refusedAt: Date | null;
}

type AccountDocument = Omit<CapsuleAccount, 'figures'> & { _id: string; figures?: FigureFields | null };

export function createAccountRepository(db: Db) {
  const accounts: Collection<AccountDocument> = db.collection('accounts');

  return {
    /** What the import has read; the fields of figures stay known. */
    async save(tenant: string, account: Omit<CapsuleAccount, 'figures'>): Promise<void> {
      await accounts.updateOne({ _id: tenant }, { $set: account }, { upsert: true });
    },

    async saveFigures(tenant: string, figures: FigureFields | null): Promise<void> {
      await accounts.updateOne({ _id: tenant }, { $set: { figures } });
    },

    /** @throws Error when the import has not read the account yet */
    async get(tenant: string): Promise<CapsuleAccount> {
      const account = await accounts.findOne({ _id: tenant });
      if (!account) throw new Error('the Capsule account has not been read yet');
      const { titles, countryNames, fields, figures = null } = account;
      return { titles, countryNames, fields, figures };
    },
  };
}
