import { type CapsuleAccount } from './account';
import { invalid, type Issue, notFound } from './errors';
import { type FieldDefinition, type FieldValue } from './model';

/**
 * Applies sent custom field values (§3 Update, Custom fields): only listed ones are touched, null clears,
 * except a boolean, which is cleared by false. The field's DataTag is not attached by it (SOIL §23).
 * @returns `current` itself when nothing was sent
 * @throws ApiError 404 for a row id that is not there
 */
export function draftFields(
  account: CapsuleAccount,
  current: readonly FieldValue[],
  sent: unknown,
  issues: Issue[],
): readonly FieldValue[] {
  if (sent === undefined) return current;
  if (!Array.isArray(sent))
    throw invalid({ message: 'fields is invalid', resource: 'party', field: 'fields' });
  if (sent.length === 0) return current;
  let fields = [...current];
  for (const entry of sent as Record<string, unknown>[]) {
    const definition = definitionFor(account, fields, entry, issues);
    if (!definition) continue;
    const row = fields.find(({ definitionId }) => definitionId === definition.id);
    const value = entry._delete === true ? null : stored(definition, entry.value, issues);
    if (value === null) fields = fields.filter((other) => other !== row);
    else if (row) fields = fields.map((other) => (other === row ? { ...row, value } : other));
    else fields.push({ id: account.nextId('row'), definitionId: definition.id, value });
  }
  return fields;
}

/** By the definition's id, or by the id of a value's row. */
function definitionFor(
  account: CapsuleAccount,
  fields: readonly FieldValue[],
  entry: Record<string, unknown>,
  issues: Issue[],
): FieldDefinition | null {
  if (typeof entry.id === 'number') {
    const row = fields.find(({ id }) => id === entry.id);
    if (!row) throw notFound();
    return account.definitions.get(row.definitionId) ?? null;
  }
  const wanted = entry.definition;
  const id = typeof wanted === 'object' && wanted !== null && 'id' in wanted ? wanted.id : undefined;
  const definition = typeof id === 'number' ? account.definitions.get(id) : undefined;
  if (!definition) {
    issues.push({ message: 'field definition not found', resource: 'field', field: 'definition' });
  }
  return definition ?? null;
}

/** What is kept of a value; null = no value. Numbers are kept, and read back, as text (SOIL §22). */
function stored(definition: FieldDefinition, value: unknown, issues: Issue[]): string | true | null {
  const refuse = (): null => {
    issues.push({ message: 'invalid type for field', resource: 'field', field: 'value' });
    return null;
  };
  if (definition.type === 'boolean') {
    if (value === true) return true;
    return value === false ? null : refuse();
  }
  if (value === null || value === '') return null;
  switch (definition.type) {
    case 'number':
      return (typeof value === 'number' || typeof value === 'string') && Number.isFinite(Number(value))
        ? String(value)
        : refuse();
    case 'date':
      return typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value) ? value : refuse();
    case 'list':
      return typeof value === 'string' && definition.options?.includes(value) ? value : refuse();
    case 'text':
    case 'link':
      return typeof value === 'string' && value.length <= 250 ? value : refuse();
  }
}
