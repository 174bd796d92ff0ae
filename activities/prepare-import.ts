import { type CapsuleClient } from '../shared/capsule/client';
import { type CapsuleAccount } from '../shared/store/accounts';
import { ensureCustomFields } from './custom-fields';
import { type ActivityDeps, connectedTenant } from './deps';

const FIELDS = { sageId: 'Sage id', sageReference: 'Sage reference' } as const;

export interface ImportInput {
  tenantId: string;
  /** The tenant's connection that this import belongs to; also the number of its listing. */
  importNumber: number;
}

export function createPrepareImport({ store, vendors, log }: ActivityDeps) {
  return {
    /** Opens the import's figures and reads what the Capsule account offers: titles, countries, custom fields. */
    async prepareImport({ tenantId, importNumber }: ImportInput): Promise<void> {
      await connectedTenant(store, tenantId);
      const startedAt = new Date();
      await store.tenants.beginImport(tenantId, {
        ...{ total: 0, done: 0, linked: 0, created: 0, review: 0, excluded: 0, failed: 0 },
        ...{ step: 'preparing', startedAt, finishedAt: null, waitingUntil: null },
      });
      await store.runs.start(tenantId, `import-${importNumber}`, 'import', startedAt);
      const capsule = vendors.capsule(tenantId, 'bulk');
      const [titles, countryNames] = await Promise.all([capsule.listTitles(), capsule.listCountryNames()]);
      const fields = await ensureFields(capsule, (reason) => {
        log.warn(
          { tenantId, reason },
          'Capsule allows no custom fields: the website row alone marks our records',
        );
      });
      await store.accounts.save(tenantId, { titles, countryNames: Object.fromEntries(countryNames), fields });
      await store.tenants.updateImport(tenantId, { step: 'reading' });
    },
  };
}

/** Finds our custom fields or makes them, once per account; does without where plan or rights forbid them. */
async function ensureFields(
  capsule: CapsuleClient,
  onRefusal: (reason: string) => void,
): Promise<CapsuleAccount['fields']> {
  const found = await ensureCustomFields(capsule, Object.values(FIELDS));
  if ('refused' in found) {
    onRefusal(found.refused);
    return { sageId: null, sageReference: null, tagId: null };
  }
  const { tagId, ids } = found;
  return {
    sageId: ids[FIELDS.sageId] ?? null,
    sageReference: ids[FIELDS.sageReference] ?? null,
    tagId,
  };
}
