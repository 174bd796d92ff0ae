import { type CapsuleClient } from '../shared/capsule/client';
import { isVendorError } from '../shared/http/vendor-error';

/** The DataTag under which our custom fields lie on a Capsule record. */
const DATA_TAG = 'Sage';

/** Ids of the DataTag and of its fields, by their names. */
export interface CustomFields {
  tagId: number;
  ids: Record<string, number>;
}

/**
 * Finds custom fields by their names under our DataTag, or makes them: once per account, also when it connects again.
 * @returns the vendor's reason where plan or rights forbid them
 */
export async function ensureCustomFields(
  capsule: CapsuleClient,
  names: readonly string[],
): Promise<CustomFields | { refused: string }> {
  try {
    const known = await capsule.listFieldDefinitions();
    const tags = await capsule.listTags();
    const { id: tagId } =
      tags.find(({ name, dataTag }) => dataTag && name === DATA_TAG) ??
      (await capsule.createDataTag(DATA_TAG));
    const ids: Record<string, number> = {};
    for (const name of names) {
      const field = known.find((definition) => definition.name === name && definition.tag?.id === tagId);
      ids[name] = (field ?? (await capsule.createFieldDefinition(name, tagId))).id;
    }
    return { tagId, ids };
  } catch (error) {
    if (!isVendorError(error, 'forbidden', 'rejected', 'missing')) throw error;
    return { refused: error.reason };
  }
}
