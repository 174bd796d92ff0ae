import { type Collection, type Db, type Document } from 'mongodb';

/** What concerns all collections at once: a tenant's export, its end, and the end of what a business left. */

type Keyed = Document & { _id: string };

/**
 * What an export shows, in this order: everything but tokens, secrets and what only machines need (grants, OAuth
 * states, hooks, leases).
 */
const EXPORTED = [
  ...['tenants', 'accounts', 'links', 'contacts', 'reviews', 'failures', 'runs', 'journal'],
  ...['intents', 'sageIntents', 'changes', 'deletions', 'breakers', 'watermarks', 'quota', 'invoices'],
  'figures',
] as const;

/** What is known of a Sage business alone, beside the mirror of its contacts and their figures (R24). */
const OF_A_BUSINESS = [
  ...['reviews', 'failures', 'changes', 'echoes', 'deletions', 'breakers', 'watermarks'],
  ...['invoices', 'documentLists', 'rematches'],
];

export function wholeTenantOf(db: Db) {
  const collection = (name: string): Collection<Keyed> => db.collection<Keyed>(name);

  return {
    /**
     * Erases every document of a tenant, in collections that are added one day as well; the tenant itself
     * last, so that an erasure that broke off can be repeated (R32).
     * @returns how many documents went
     */
    async eraseTenant(tenant: string): Promise<number> {
      const names = (await db.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name);
      const others = names.filter((name) => name !== 'tenants' && !name.startsWith('system.'));
      let erased = 0;
      for (const name of [...others, 'tenants']) {
        for (const filter of belongingTo(tenant, name)) {
          erased += (await collection(name).deleteMany(filter)).deletedCount;
        }
      }
      return erased;
    },

    /** Everything of a tenant, collection by collection, read as it is walked through. No tokens (R32). */
    exportTenant: (tenant: string): { name: string; documents: AsyncIterable<object> }[] =>
      EXPORTED.map((name) => ({
        name,
        documents: collection(name).find(ownKeys(tenant)).sort({ _id: 1 }),
      })),

    /** Forgets what is known of the connected business; links and history are not touched (R24). */
    async forgetBusiness(tenant: string): Promise<void> {
      await collection('contacts').deleteMany({ _id: beginsWith(`${tenant}/sage/`) });
      await collection('intents').deleteMany({ _id: beginsWith(`${tenant}/capsule/`) });
      // Creates in Sage: the numbers that were used up there stay so.
      await collection('sageIntents').updateMany(
        { _id: beginsWith(`${tenant}/sage/`), open: true },
        { $set: { open: false, fields: {} }, $inc: { epoch: 1 } },
      );
      for (const name of OF_A_BUSINESS) await collection(name).deleteMany(ownKeys(tenant));
    },
  };
}

/** All keys are the tenant's id, or begin with it and a slash; leases hold it in the middle. */
const ownKeys = (tenant: string) => ({ $or: [{ _id: tenant }, { _id: beginsWith(`${tenant}/`) }] });

function belongingTo(tenant: string, name: string): Document[] {
  if (name === 'leases') return [{ _id: new RegExp(`(^|/)${escaped(tenant)}(/|$)`) }];
  if (name === 'oauthStates') return [{ tenantId: tenant }];
  return [{ _id: tenant }, { _id: beginsWith(`${tenant}/`) }, { tenant }, { tenantId: tenant }];
}

/** By the beginning of the key, which is indexed; the last character of the prefix is a slash, "0" follows it. */
const beginsWith = (prefix: string) => ({ $gte: prefix, $lt: `${prefix.slice(0, -1)}0` });

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
