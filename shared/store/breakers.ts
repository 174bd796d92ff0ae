import { type Collection, type Db } from 'mongodb';

/** A pass that stopped because it would have unlinked or made again too many (R28), and what a person said. */
export interface Breaker {
  /** Run that stopped; the deletions it asked about bear its id. */
  run: string;
  at: Date;
  /** How many links would have ended, and how many parties been made again. */
  unlinks: number;
  recreates: number;
  /** Live links of the tenant at that time. */
  links: number;
  decision: 'go-on' | null;
}

type BreakerDocument = Breaker & { _id: string };

/** At most one open question per tenant. */
export function createBreakerRepository(db: Db) {
  const breakers: Collection<BreakerDocument> = db.collection('breakers');

  return {
    async find(tenant: string): Promise<Breaker | null> {
      const document = await breakers.findOne({ _id: tenant });
      if (!document) return null;
      const { _id: _key, ...breaker } = document;
      return breaker;
    },

    /** Asks; an earlier question, and what was answered to it, is forgotten. */
    async ask(tenant: string, breaker: Omit<Breaker, 'decision'>): Promise<void> {
      await breakers.replaceOne({ _id: tenant }, { ...breaker, decision: null }, { upsert: true });
    },

    /** @returns false when no such question is open */
    async goOn(tenant: string): Promise<boolean> {
      const { matchedCount } = await breakers.updateOne({ _id: tenant }, { $set: { decision: 'go-on' } });
      return matchedCount === 1;
    },

    /** @returns false when there was nothing to forget */
    async forget(tenant: string): Promise<boolean> {
      const { deletedCount } = await breakers.deleteOne({ _id: tenant });
      return deletedCount === 1;
    },
  };
}
