import {
  type CapsuleAddress,
  type CapsuleParty,
  type SageContact,
  type SyncedField,
  SYNCED_FIELDS,
  type SyncedFields,
} from './types';
import { splitTitle } from './name-words';
import { collapseSpaces, nameKey } from './names';

/**
 * What a Capsule party means in Sage's terms (product §2), what changed in it, and where the two sides differ.
 */

/**
 * Most characters that Sage takes (reference sage-api §4, A). Counted in UTF-16 units, of which there are never
 * fewer than characters: however Sage counts, it is not sent more than it takes.
 */
const LONGEST: Record<SyncedField, number> = {
  ...{ name: 100, email: 100, telephone: 50, mobile: 50 },
  ...{ line1: 50, line2: 50, city: 50, region: 50, postcode: 10, countryCode: 2 },
};

const STREET: readonly SyncedField[] = ['line1', 'line2'];
const REMOVABLE: readonly SyncedField[] = [...STREET, 'city', 'region', 'postcode'];

/** A value that cannot go to Sage as it is: it is set aside with the reason, never cut (R26). */
export interface FieldFault {
  field: SyncedField;
  /** In plain words. */
  reason: string;
}

export interface MappedParty {
  /** Fields that are absent are left alone in Sage. */
  fields: SyncedFields;
  faults: FieldFault[];
}

/**
 * @param countryCodes ISO alpha-2 by Capsule's name of the country; a name that is not in it is left out
 */
export function mapParty(party: CapsuleParty, countryCodes: ReadonlyMap<string, string>): MappedParty {
  const address = chooseAddress(party.addresses);
  const emails = party.emails.map(({ type, address }) => ({ type, value: collapseSpaces(address) }));
  const phones = party.phones.map(({ type, number }) => ({ type, value: collapseSpaces(number) }));
  const wanted: SyncedFields = {
    name: collapseSpaces(party.name),
    email: first(emails, ({ type }) => type === 'Work') || first(emails),
    // A phone of no type is one that people are called on.
    telephone: first(phones, ({ type }) => type !== 'Mobile' && type !== 'Fax'),
    mobile: first(phones, ({ type }) => type === 'Mobile'),
  };
  const faults: FieldFault[] = [];
  if (address) mapAddress(address, countryCodes, wanted, faults);
  if (wanted.name === '') faults.push({ field: 'name', reason: 'The contact has no name in Capsule.' });
  const fields: SyncedFields = {};
  for (const field of SYNCED_FIELDS) {
    const value = wanted[field];
    if (value === undefined || faults.some((fault) => fault.field === field)) continue;
    if (value.length <= LONGEST[field]) fields[field] = value;
    else faults.push({ field, reason: tooLong(field, value.length) });
  }
  return { fields, faults };
}

interface Row {
  type: string | null;
  value: string;
}

/** The first value of such a row; empty when there is none. */
function first(rows: readonly Row[], suits: (row: Row) => boolean = () => true): string {
  return rows.find((row) => row.value !== '' && suits(row))?.value ?? '';
}

/** Type Billing, else Office, else the first; an address without any text is none. */
function chooseAddress(addresses: readonly CapsuleAddress[]): CapsuleAddress | undefined {
  const filled = addresses.filter(({ street, city, state, zip, country }) =>
    [street, city, state, zip, country].some((text) => collapseSpaces(text) !== ''),
  );
  const of = (type: string) => filled.find((address) => address.type === type);
  return of('Billing') ?? of('Office') ?? filled[0];
}

function mapAddress(
  address: CapsuleAddress,
  countryCodes: ReadonlyMap<string, string>,
  fields: SyncedFields,
  faults: FieldFault[],
): void {
  const lines = wrapStreet(address.street, LONGEST.line1);
  if (lines) [fields.line1, fields.line2] = lines;
  else
    faults.push({
      field: 'line1',
      reason: `The street does not fit into the two lines of ${LONGEST.line1} characters that Sage has.`,
    });
  fields.city = collapseSpaces(address.city);
  fields.region = collapseSpaces(address.state);
  fields.postcode = collapseSpaces(address.zip);
  const country = collapseSpaces(address.country);
  const code = country === '' ? '' : codeOf(country, countryCodes);
  if (code !== undefined) fields.countryCode = code;
}

const folded = new WeakMap<ReadonlyMap<string, string>, ReadonlyMap<string, string>>();

function codeOf(country: string, countryCodes: ReadonlyMap<string, string>): string | undefined {
  const exact = countryCodes.get(country);
  if (exact !== undefined) return exact;
  let byKey = folded.get(countryCodes);
  if (!byKey) {
    byKey = new Map([...countryCodes].map(([name, code]) => [nameKey(name), code]));
    folded.set(countryCodes, byKey);
  }
  return byKey.get(nameKey(country));
}

/**
 * Two lines. They stay as they are where they fit; more or longer ones are joined by commas and wrapped at words.
 * @returns null when that does not fit
 */
export function wrapStreet(street: string, width: number): [string, string] | null {
  const lines = street
    .split(/[\r\n]+/)
    .map(collapseSpaces)
    .filter(Boolean);
  if (lines.length <= 2 && lines.every((line) => line.length <= width))
    return [lines[0] ?? '', lines[1] ?? ''];
  const words = lines
    .map((line, index) => (index < lines.length - 1 ? line.replace(/[\s,]+$/, '') : line))
    .filter(Boolean)
    .join(', ')
    .split(' ');
  const wrapped: [string, string] = ['', ''];
  let at: 0 | 1 = 0;
  for (const word of words) {
    const longer = wrapped[at] === '' ? word : `${wrapped[at]} ${word}`;
    if (longer.length <= width) wrapped[at] = longer;
    else if (at === 0 && word.length <= width) {
      at = 1;
      wrapped[1] = word;
    } else return null;
  }
  return wrapped;
}

/** What Sage holds of the synced fields. */
export function fieldsOfSage(contact: SageContact): Record<SyncedField, string> {
  const { name, email, telephone, mobile, address } = contact;
  return {
    ...{ name, email, telephone, mobile },
    ...{ line1: address?.line1 ?? '', line2: address?.line2 ?? '', city: address?.city ?? '' },
    ...{ region: address?.region ?? '', postcode: address?.postcode ?? '' },
    countryCode: address?.countryCode ?? '',
  };
}

/**
 * The fields that were edited in Capsule since both sides were last brought together (R12). The two lines of a
 * street are one field there, so they change together: a new street is never mixed with a line of the old one.
 * A country that was never told is not emptied by an address that comes without one.
 */
export function changedFields(agreed: SyncedFields, now: SyncedFields): SyncedField[] {
  const changed = (field: SyncedField): boolean => {
    const before = agreed[field] ?? (field === 'countryCode' ? '' : undefined);
    return now[field] !== undefined && now[field] !== before;
  };
  const street = STREET.some(changed);
  return SYNCED_FIELDS.filter((field) => (STREET.includes(field) ? street : changed(field)));
}

/**
 * Where the two records differ (R13): what a push would change, and an address that Capsule does not have. No
 * difference: a title in front of a person's name in Sage, and on which of the two lines a street stands.
 */
export function differences(party: CapsuleParty, mapped: MappedParty, contact: SageContact): SyncedField[] {
  const sage = fieldsOfSage(contact);
  const noAddress = chooseAddress(party.addresses) === undefined;
  const sameStreet = linesOf(mapped.fields) === linesOf(sage);
  return SYNCED_FIELDS.filter((field) => {
    const [given, held] = [mapped.fields[field], tidy(sage[field])];
    // A country alone is no address.
    if (given === undefined) return noAddress && REMOVABLE.includes(field) && held !== '';
    if (STREET.includes(field) && sameStreet) return false;
    const wanted = tidy(given);
    if (field === 'name' && party.type === 'person' && splitTitle(held).rest === wanted) return false;
    return wanted !== held;
  });
}

/** White space and the composition of accents make no difference. */
const tidy = (text: string): string => collapseSpaces(text).normalize('NFC');

const linesOf = (fields: SyncedFields): string =>
  STREET.map((field) => tidy(fields[field] ?? ''))
    .filter(Boolean)
    .join('\n');

const LABELS: Record<SyncedField, string> = {
  ...{ name: 'name', email: 'e-mail address', telephone: 'phone number', mobile: 'mobile number' },
  ...{ line1: 'first address line', line2: 'second address line', city: 'town or city' },
  ...{ region: 'county or region', postcode: 'postcode', countryCode: 'country' },
};

/** The field as people call it. */
export const labelOf = (field: SyncedField): string => LABELS[field];

const tooLong = (field: SyncedField, length: number): string =>
  `The ${LABELS[field]} has ${length} characters; Sage takes ${LONGEST[field]} at most.`;
