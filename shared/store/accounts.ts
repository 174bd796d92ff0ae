import { type Collection, type Db } from 'mongodb';

/** What a Capsule account offers, read at the start of an import: titles, country names, our custom fields. */
export interface CapsuleAccount {
  titles: string[];
  /** Capsule's country names by ISO alpha-2 code. */
  countryNames: Record<string, string>;
  fields: { sageId: number | null; sageReference: number | null; tagId: number | null };
}

type AccountDocument = CapsuleAccount & { _id: string };

export function createAccountRepository(db: Db) {
  const accounts: Collection<AccountDocument> = db.collection('accounts');

  return {
    async save(tenant: string, account: CapsuleAccount): Promise<void> {
      await accounts.replaceOne({ _id: tenant }, account, { upsert: true });
    },

    /** @throws Error when the import has not read the account yet */
    async get(tenant: string): Promise<CapsuleAccount> {
      const account = await accounts.findOne({ _id: tenant });
      if (!account) throw new Error('the Capsule account has not been read yet');
      return { titles: account.titles, countryNames: account.countryNames, fields: account.fields };
    },
  };
}
