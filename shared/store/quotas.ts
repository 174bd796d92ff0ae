import { type Collection, type Db } from 'mongodb';
import { type Vendor } from '../ids';

/** How much of a vendor's limit a tenant has used, as last seen by a worker (R30). */
export interface Quota {
  vendor: Vendor;
  used: number;
  /** 0: no limit known. */
  limit: number;
  resetsAt: Date | null;
  /** Set while work waits for this limit. */
  waitingUntil: Date | null;
}

type QuotaDocument = Quota & { _id: string; tenant: string };

/** The limits' ledger that the status page shows; pacing itself lives with the requests. */
export function createQuotaRepository(db: Db) {
  const quotas: Collection<QuotaDocument> = db.collection('quota');
  const vendors: readonly Vendor[] = ['capsule', 'sage'];

  return {
    async save(tenant: string, quota: Quota): Promise<void> {
      const _id = `${tenant}/${quota.vendor}`;
      await quotas.replaceOne({ _id }, { tenant, ...quota }, { upsert: true });
    },

    async list(tenant: string): Promise<Quota[]> {
      const found = await quotas
        .find({ _id: { $in: vendors.map((vendor) => `${tenant}/${vendor}`) } })
        .toArray();
      return found.map(({ vendor, used, limit, resetsAt, waitingUntil }) => ({
        vendor,
        used,
        limit,
        resetsAt,
        waitingUntil,
      }));
    },
  };
}
