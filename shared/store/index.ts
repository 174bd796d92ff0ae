import { type Db } from 'mongodb';
import { type Keyring } from '../crypto';
import { createAccountRepository } from './accounts';
import { createBreakerRepository } from './breakers';
import { createChangeRepository } from './changes';
import { createContactRepository } from './contacts';
import { createDeletionRepository } from './deletions';
import { createDocumentListRepository } from './document-lists';
import { createEchoRepository } from './echoes';
import { createFailureRepository } from './failures';
import { createFiguresRepository } from './figures';
import { createGrantRepository } from './grants';
import { createHookRepository } from './hooks';
import { createIntentRepository } from './intents';
import { createInvoiceRepository } from './invoices';
import { createJournalRepository } from './journal';
import { createLeaseRepository } from './leases';
import { createLinkRepository } from './links';
import { createOauthStateRepository } from './oauth-states';
import { createQuotaRepository } from './quotas';
import { createReviewRepository } from './reviews';
import { createRunRepository } from './runs';
import { createTenantRepository } from './tenants';
import { createWatermarkRepository } from './watermarks';
import { wholeTenantOf } from './whole-tenant';

export type Store = ReturnType<typeof createStore>;

/** All repositories over one database: one per collection, and no other way to the documents. */
export function createStore(db: Db, keyring: Keyring) {
  const repositories = {
    accounts: createAccountRepository(db),
    breakers: createBreakerRepository(db),
    changes: createChangeRepository(db),
    contacts: createContactRepository(db),
    deletions: createDeletionRepository(db),
    documentLists: createDocumentListRepository(db),
    echoes: createEchoRepository(db),
    failures: createFailureRepository(db),
    figures: createFiguresRepository(db),
    grants: createGrantRepository(db, keyring),
    hooks: createHookRepository(db, keyring),
    intents: createIntentRepository(db),
    invoices: createInvoiceRepository(db),
    journal: createJournalRepository(db),
    leases: createLeaseRepository(db),
    links: createLinkRepository(db),
    oauthStates: createOauthStateRepository(db, keyring),
    quotas: createQuotaRepository(db),
    reviews: createReviewRepository(db),
    runs: createRunRepository(db),
    tenants: createTenantRepository(db),
    watermarks: createWatermarkRepository(db),
  };

  return {
    ...repositories,
    ...wholeTenantOf(db),

    /** Safe to run at each deployment: an index that exists stays. */
    async createIndexes(): Promise<void> {
      for (const repository of Object.values(repositories)) {
        if ('createIndexes' in repository) await repository.createIndexes();
      }
    },

    /** @throws when the store does not answer */
    async ping(): Promise<void> {
      await db.command({ ping: 1 });
    },
  };
}
