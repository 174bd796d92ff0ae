import { type VNode } from 'preact';
import { type ApiDocument, type Schema } from './openapi';

/** Deeper levels, and schemas that hold themselves, are named and not unfolded. */
const MAX_DEPTH = 6;

interface SchemaProps {
  schema: Schema;
  api: ApiDocument;
  /** Names of the schemas that this one stands in. */
  inside?: string[];
}

/** A schema in words, with its properties as a nested list. */
export function SchemaView({ schema, api, inside = [] }: SchemaProps): VNode {
  const name = schema.$ref?.split('/').at(-1);
  const target = name === undefined ? schema : (api.components?.schemas?.[name] ?? {});
  const trail = [...inside, name ?? ''];
  const folded = trail.length > MAX_DEPTH || (name !== undefined && inside.includes(name));
  return (
    <>
      <span class="type">
        {name !== undefined && `${name}: `}
        {typeOf(target, api)}
      </span>
      {limitsOf(target).map((limit) => (
        <span key={limit} class="limit">
          {limit}
        </span>
      ))}
      {target.description && <p class="help">{target.description}</p>}
      {!folded && <Inner schema={target} api={api} inside={trail} />}
    </>
  );
}

/** What stands inside: properties of an object, of a list's items, of the alternatives. */
function Inner({ schema, api, inside }: Required<SchemaProps>): VNode | null {
  const parts = [...(schema.allOf ?? []), ...alternativesOf(schema).filter(hasInner)];
  const [only] = parts;
  // "Object or null" has one part to unfold: it needs no list of its own.
  if (parts.length === 1 && only && !only.$ref) return <Inner schema={only} api={api} inside={inside} />;
  if (parts.length > 0)
    return (
      <ul class="schema">
        {parts.map((part, at) => (
          <li key={at}>
            <SchemaView schema={part} api={api} inside={inside} />
          </li>
        ))}
      </ul>
    );
  if (schema.properties) return <Properties schema={schema} api={api} inside={inside} />;
  const element = schema.items ?? additionalOf(schema);
  if (!element || !hasInner(element)) return null;
  return (
    <ul class="schema">
      <li>
        {schema.items ? 'each: ' : 'by name: '}
        <SchemaView schema={element} api={api} inside={inside} />
      </li>
    </ul>
  );
}

function Properties({ schema, api, inside }: Required<SchemaProps>): VNode {
  const { properties = {}, required = [] } = schema;
  return (
    <ul class="schema">
      {Object.entries(properties).map(([name, property]) => (
        <li key={name}>
          <code>{name}</code> {!required.includes(name) && <span class="limit">optional</span>}{' '}
          <SchemaView schema={property} api={api} inside={inside} />
        </li>
      ))}
    </ul>
  );
}

const alternativesOf = (schema: Schema): Schema[] => schema.oneOf ?? schema.anyOf ?? [];

const additionalOf = ({ additionalProperties }: Schema): Schema | undefined =>
  typeof additionalProperties === 'object' ? additionalProperties : undefined;

/** Whether unfolding would show more than the type's name does. */
const hasInner = (schema: Schema): boolean =>
  Boolean(
    schema.$ref ?? schema.properties ?? schema.allOf ?? schema.items?.properties ?? schema.items?.$ref,
  ) || alternativesOf(schema).some(hasInner);

/** `string (date-time) or null`, `list of Contact`, `"review" or "create"`. */
function typeOf(schema: Schema, api: ApiDocument): string {
  if (schema.$ref) return schema.$ref.split('/').at(-1) ?? '';
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' or ');
  const alternatives = alternativesOf(schema);
  if (alternatives.length > 0) return alternatives.map((part) => typeOf(part, api)).join(' or ');
  if (schema.items) return `list of ${typeOf(schema.items, api)}`;
  const types = [schema.type ?? (schema.properties || schema.allOf ? 'object' : 'anything')].flat();
  const words = types.map((type) =>
    type === 'string' && schema.format ? `string (${schema.format})` : type,
  );
  return words.join(' or ');
}

function limitsOf({ minimum, maximum, minLength, maxLength, default: initial }: Schema): string[] {
  const limits = [];
  // Generators write the safe integers' ends as limits; they tell the reader nothing.
  const tells = (value: number | undefined): value is number =>
    value !== undefined && Math.abs(value) < Number.MAX_SAFE_INTEGER;
  if (tells(minimum)) limits.push(`from ${minimum}`);
  if (tells(maximum)) limits.push(`up to ${maximum}`);
  if (minLength !== undefined && minLength > 1) limits.push(`at least ${minLength} characters`);
  if (maxLength !== undefined) limits.push(`at most ${maxLength} characters`);
  if (initial !== undefined) limits.push(`default ${JSON.stringify(initial)}`);
  return limits;
}
