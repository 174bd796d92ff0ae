import { type CapsuleAccount } from './account';
import { type ApiError, forbidden, invalid, notFound } from './errors';
import { FIELD_TYPES, type FieldDefinition } from './model';

type Input = Record<string, unknown>;

/** @throws ApiError 403 when the plan allows no more fields, 422 */
export function addDefinition(account: CapsuleAccount, input: Input): FieldDefinition {
  if (account.definitions.size >= account.quirks.customFieldLimit) {
    throw forbidden('custom field limit reached', 'access_denied');
  }
  if (input.name === undefined) throw refused('name', 'name is required');
  const definition = checked(account, input, {
    id: 0,
    name: '',
    description: null,
    type: 'text',
    tagId: null,
    captureRule: null,
    options: null,
    important: false,
    displayOrder: account.definitions.size + 1,
  });
  definition.id = account.nextId('definition');
  account.definitions.set(definition.id, definition);
  return definition;
}

/** The type stays. @throws ApiError 404, 422 */
export function updateDefinition(account: CapsuleAccount, id: number, input: Input): FieldDefinition {
  const before = definitionOf(account, id);
  const definition = checked(account, { ...input, type: before.type }, before);
  account.definitions.set(id, definition);
  return definition;
}

/** Takes the field's values off every party. @throws ApiError 404 */
export function deleteDefinition(account: CapsuleAccount, id: number): void {
  definitionOf(account, id);
  account.definitions.delete(id);
  for (const party of account.parties.all()) {
    const fields = party.fields.filter(({ definitionId }) => definitionId !== id);
    if (fields.length < party.fields.length) {
      account.parties.put({ ...party, fields }, account.clock.now(), 0);
    }
  }
}

export function definitionOf(account: CapsuleAccount, id: number): FieldDefinition {
  const definition = account.definitions.get(id);
  if (!definition) throw notFound('field definition not found');
  return definition;
}

const refused = (field: string, message: string): ApiError =>
  invalid({ message, resource: 'definition', field });

/** Applies what is sent onto `before`; other attributes are ignored. */
function checked(account: CapsuleAccount, input: Input, before: FieldDefinition): FieldDefinition {
  const type = FIELD_TYPES.find((known) => known === input.type);
  if (!type) throw refused('type', 'type is invalid');
  const next = { ...before, type };
  if (input.name !== undefined) next.name = checkedName(input.name);
  if (typeof input.description === 'string') next.description = input.description;
  if (input.captureRule === 'person' || input.captureRule === 'organisation') {
    next.captureRule = input.captureRule;
  }
  if (typeof input.important === 'boolean') next.important = input.important;
  if (Array.isArray(input.options)) next.options = input.options.map(String);
  if (type === 'list' && !next.options?.length) throw refused('options', 'options are required');
  if (input.tag != null) next.tagId = dataTagId(account, input.tag);
  return next;
}

function checkedName(name: unknown): string {
  if (typeof name !== 'string' || name.trim() === '') throw refused('name', 'name is required');
  if (name.length > 100) throw refused('name', 'name is too long');
  return name.trim();
}

/** By the id of an existing DataTag only: whether a name would do is not documented. */
function dataTagId(account: CapsuleAccount, reference: unknown): number {
  const id = typeof reference === 'object' && reference !== null && 'id' in reference ? reference.id : null;
  const tag = typeof id === 'number' ? account.tags.get(id) : undefined;
  if (!tag?.dataTag) throw refused('tag', 'data tag not found');
  return tag.id;
}
