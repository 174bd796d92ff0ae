import { type CapsuleClient } from '../shared/capsule/client';
import { isVendorError } from '../shared/http/vendor-error';
import { type CapsuleAccount } from '../shared/store/accounts';
import { type ActivityDeps, connectedTenant } from './deps';

/** The DataTag under which our custom fields lie on a Capsule record. */
const DATA_TAG = 'Sage';
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
  try {
    const known = await capsule.listFieldDefinitions();
    const tags = await capsule.listTags();
    const { id: tagId } =
      tags.find(({ name, dataTag }) => dataTag && name === DATA_TAG) ??
      (await capsule.createDataTag(DATA_TAG));
    const ensure = async (name: string): Promise<number> => {
      const field = known.find((definition) => definition.name === name && definition.tag?.id === tagId);
      return (field ?? (await capsule.createFieldDefinition(name, tagId))).id;
    };
    return {
      sageId: await ensure(FIELDS.sageId),
      sageReference: await ensure(FIELDS.sageReference),
      tagId,
    };
  } catch (error) {
    if (!isVendorError(error, 'forbidden', 'rejected', 'missing')) throw error;
    onRefusal(error.reason);
    return { sageId: null, sageReference: null, tagId: null };
  }
}
