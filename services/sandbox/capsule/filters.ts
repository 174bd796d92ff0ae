import { type CapsuleAccount } from './account';
import { invalid } from './errors';
import { displayName, type FieldDefinition, type Party } from './model';
import { tagNamed } from './tags';

type Matches = (party: Party) => boolean;
type Kind = 'string' | 'number' | 'boolean' | 'date';

interface Field {
  kind: Kind;
  /** All values that the condition may meet: a party has many e-mail addresses. */
  values(party: Party): (string | number | boolean)[];
}

/**
 * Compiles the body of `POST /parties/filters/results` (§4): conditions are ANDed, those of a nested group
 * ORed. `orderBy` is ignored: the model documents it, the ad-hoc endpoint is reported not to know it.
 * Texts compare as they are: the case rule of `name is` is unknown, and exact is the nastier reading.
 * @throws ApiError 422 such as `invalid field name`
 */
export function compileFilter(account: CapsuleAccount, body: unknown): Matches {
  const filter = property(property(body, 'filter'), 'conditions');
  if (!Array.isArray(filter)) throw invalid({ message: 'conditions is required', resource: 'filter' });
  const conditions = filter.map((condition) => compileOne(account, condition));
  return (party) => conditions.every((matches) => matches(party));
}

/**
 * `GET /parties/search`: words of the app's search box, in names, e-mail addresses, phone numbers and
 * postcodes (§4).
 */
export function compileSearch(q: string): Matches {
  const wanted = q.trim().toLowerCase();
  const digits = wanted.replace(/\D/g, '');
  const has = (text: string | null): boolean => text !== null && text.toLowerCase().includes(wanted);
  return (party) =>
    has(displayName(party)) ||
    party.emailAddresses.some(({ address }) => has(address)) ||
    party.addresses.some(({ zip, city }) => has(zip) || has(city)) ||
    (digits.length > 3 &&
      party.phoneNumbers.some(({ number }) => number.replace(/\D/g, '').includes(digits)));
}

function compileOne(account: CapsuleAccount, condition: unknown): Matches {
  const group = property(condition, 'conditions') ?? condition;
  if (Array.isArray(group)) {
    const inner = group.map((each) => compileOne(account, each));
    return (party) => inner.some((matches) => matches(party));
  }
  const name = property(condition, 'field');
  const field = typeof name === 'string' ? fieldNamed(account, name) : undefined;
  if (!field) throw invalid({ message: 'invalid field name', resource: 'filter', field: 'field' });
  const operator = property(condition, 'operator');
  const value = property(condition, 'value') ?? null;
  const test = typeof operator === 'string' ? operation(account, field.kind, operator, value) : undefined;
  if (!test) throw invalid({ message: 'invalid operator', resource: 'filter', field: 'operator' });
  return (party) => test(field.values(party));
}

const property = (of: unknown, name: string): unknown =>
  typeof of === 'object' && of !== null ? (of as Record<string, unknown>)[name] : undefined;

const texts = (values: (party: Party) => (string | null | undefined)[]): Field => ({
  kind: 'string',
  values: (party) => values(party).filter((value) => value != null),
});

const flag = (value: (party: Party) => boolean): Field => ({
  kind: 'boolean',
  values: (party) => [value(party)],
});

const time = (value: (party: Party) => number | null): Field => ({
  kind: 'date',
  values: (party) => [value(party)].filter((ms) => ms !== null),
});

const idOf = (value: (party: Party) => number | null): Field => ({
  kind: 'number',
  values: (party) => [value(party)].filter((id) => id !== null),
});

/** The filter's own vocabulary: `addedOn`, not `createdAt` (§4 filter names, B). */
function fieldNamed(account: CapsuleAccount, name: string): Field | undefined {
  const custom = /^(org\.)?custom:(\d+)$/.exec(name);
  const employer = (party: Party): Party | undefined =>
    party.organisationId === null ? undefined : account.parties.get(party.organisationId);
  if (custom) {
    const definition = account.definitions.get(Number(custom[2]));
    return definition && customField(definition, custom[1] ? employer : (party) => party);
  }
  const fields: Record<string, Field> = {
    id: idOf(({ id }) => id),
    name: { kind: 'string', values: (party) => [displayName(party)] },
    jobTitle: texts(({ jobTitle }) => [jobTitle]),
    email: texts(({ emailAddresses }) => emailAddresses.map(({ address }) => address)),
    phone: texts(({ phoneNumbers }) => phoneNumbers.map(({ number }) => number)),
    city: texts(({ addresses }) => addresses.map(({ city }) => city)),
    zip: texts(({ addresses }) => addresses.map(({ zip }) => zip)),
    state: texts(({ addresses }) => addresses.map(({ state }) => state)),
    country: texts(({ addresses }) => addresses.map(({ country }) => country)),
    type: texts(({ type }) => [type]),
    tag: { kind: 'number', values: ({ tagIds }) => [...tagIds] },
    owner: idOf(({ ownerId }) => ownerId),
    team: idOf(({ teamId }) => teamId),
    hasEmailAddress: flag(({ emailAddresses }) => emailAddresses.length > 0),
    hasPhoneNumber: flag(({ phoneNumbers }) => phoneNumbers.length > 0),
    hasAddress: flag(({ addresses }) => addresses.length > 0),
    hasPeople: flag(({ id }) => account.parties.peopleOf(id).length > 0),
    hasTags: flag(({ tagIds }) => tagIds.length > 0),
    addedOn: time(({ createdAt }) => createdAt),
    updatedOn: time(({ updatedAt }) => updatedAt),
    lastContactedOn: time(({ lastContactedAt }) => lastContactedAt),
    'org.name': texts((party) => [employer(party)?.name]),
    'org.tag': { kind: 'number', values: (party) => [...(employer(party)?.tagIds ?? [])] },
  };
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}

function customField(definition: FieldDefinition, on: (party: Party) => Party | undefined): Field {
  const kinds = { boolean: 'boolean', number: 'number', date: 'date' } as const;
  const kind = (kinds as Record<string, Kind>)[definition.type] ?? 'string';
  return {
    kind,
    values: (party) => {
      const found = on(party)?.fields.find(({ definitionId }) => definitionId === definition.id);
      if (!found) return [];
      if (kind === 'number') return [Number(found.value)];
      return kind === 'date' ? [Date.parse(String(found.value))] : [found.value];
    },
  };
}

const DAY = 86_400_000;

/** The test that an operator makes of a field's values, or undefined when the field has no such operator. */
function operation(
  account: CapsuleAccount,
  kind: Kind,
  operator: string,
  value: unknown,
): ((values: (string | number | boolean)[]) => boolean) | undefined {
  const wanted = comparable(account, kind, value);
  const any =
    (test: (value: string | number | boolean) => boolean) => (values: (string | number | boolean)[]) =>
      values.some(test);
  const is = (values: (string | number | boolean)[]): boolean =>
    wanted === null ? values.length === 0 : values.some((each) => same(kind, each, wanted));
  if (operator === 'is') return is;
  if (operator === 'is not') return (values) => !is(values);
  const now = account.clock.now();
  const days = Number(value) * DAY;
  const operators: Record<Kind, Record<string, (value: string | number | boolean) => boolean>> = {
    string: {
      'starts with': (each) => String(each).startsWith(String(wanted)),
      'ends with': (each) => String(each).endsWith(String(wanted)),
      contains: (each) => String(each).toLowerCase().includes(String(wanted).toLowerCase()),
    },
    number: {
      'is greater than': (each) => Number(each) > Number(wanted),
      'is less than': (each) => Number(each) < Number(wanted),
    },
    boolean: {},
    date: {
      'is after': (each) => Number(each) > Number(wanted),
      'is before': (each) => Number(each) < Number(wanted),
      'is older than': (each) => Number(each) < now - days,
      'is within last': (each) => Number(each) >= now - days && Number(each) <= now,
      'is within next': (each) => Number(each) <= now + days && Number(each) >= now,
    },
  };
  const test = operators[kind][operator];
  return test && any(test);
}

/** A date is a whole day to `is`; everything else compares exactly. */
const same = (kind: Kind, value: string | number | boolean, wanted: string | number | boolean): boolean =>
  kind === 'date' ? Math.floor(Number(value) / DAY) === Math.floor(Number(wanted) / DAY) : value === wanted;

/** The condition's value in the field's kind. A tag may be given by name (SOIL §15). */
function comparable(account: CapsuleAccount, kind: Kind, value: unknown): string | number | boolean | null {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return kind === 'string' ? String(value) : value;
  if (typeof value !== 'string') return null;
  if (kind === 'date') return Date.parse(value);
  if (kind !== 'number') return value;
  return /^\d+$/.test(value) ? Number(value) : (tagNamed(account, value)?.id ?? -1);
}
