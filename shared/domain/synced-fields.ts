import {
  type CapsuleAddress,
  type CapsuleParty,
  type SageContact,
  type SyncedField,
  SYNCED_FIELDS,
  type SyncedFields,
} from './types';
import { collapseSpaces } from './names';

/**
 * What a Capsule party means in Sage's terms (product §2), what changed in it, and where the two sides differ.
 */

/** Most characters that Sage takes (reference sage-api §4, A). */
const LONGEST: Record<SyncedField, number> = {
  ...{ name: 100, email: 100, telephone: 50, mobile: 50 },
  ...{ line1: 50, line2: 50, city: 50, region: 50, postcode: 10, countryCode: 2 },
};

const ADDRESS: readonly SyncedField[] = ['line1', 'line2', 'city', 'region', 'postcode', 'countryCode'];

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
  const email = party.emails.find(({ type }) => type === 'Work') ?? party.emails[0];
  const mobile = party.phones.find(({ type }) => type === 'Mobile');
  const telephone = party.phones.find((phone) => phone.type !== 'Mobile' && phone.type !== 'Fax');
  const wanted: SyncedFields = {
    name: collapseSpaces(party.name),
    email: email?.address.trim() ?? '',
    telephone: telephone?.number.trim() ?? '',
    mobile: mobile?.number.trim() ?? '',
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

/** Type Billing, else Office, else the first; an address without any text is none. */
function chooseAddress(addresses: readonly CapsuleAddress[]): CapsuleAddress | undefined {
  const filled = addresses.filter(({ street, city, state, zip, country }) =>
    [street, city, state, zip, country].some((text) => text.trim() !== ''),
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
  const country = address.country.trim();
  const code = country === '' ? '' : countryCodes.get(country);
  if (code !== undefined) fields.countryCode = code;
}

/** Two lines, wrapped at words; null when it does not fit. */
export function wrapStreet(street: string, width: number): [string, string] | null {
  const lines = street.split(/\r?\n/).map(collapseSpaces).filter(Boolean);
  if (lines.length <= 2 && lines.every((line) => line.length <= width))
    return [lines[0] ?? '', lines[1] ?? ''];
  const words = lines.join(', ').split(' ');
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

/** The fields that were edited in Capsule since both sides were last brought together (R12). */
export function changedFields(agreed: SyncedFields, now: SyncedFields): SyncedField[] {
  return SYNCED_FIELDS.filter((field) => now[field] !== undefined && now[field] !== agreed[field]);
}

/**
 * Where the two records differ (R13): what a push would change, and an address that Capsule does not have.
 * A title in front of a person's name in Sage is no difference.
 */
export function differences(party: CapsuleParty, mapped: MappedParty, contact: SageContact): SyncedField[] {
  const sage = fieldsOfSage(contact);
  const hasAddress = ADDRESS.some((field) => mapped.fields[field] !== undefined);
  return SYNCED_FIELDS.filter((field) => {
    const wanted = mapped.fields[field];
    if (wanted === undefined) {
      const removed = ADDRESS.includes(field) && !hasAddress && party.addresses.length === 0;
      return removed && field !== 'countryCode' && sage[field] !== '';
    }
    if (field === 'name' && party.title && sage.name === `${party.title} ${wanted}`) return false;
    return wanted !== collapseSpaces(sage[field]);
  });
}

const LABELS: Record<SyncedField, string> = {
  ...{ name: 'name', email: 'e-mail address', telephone: 'phone number', mobile: 'mobile number' },
  ...{ line1: 'first address line', line2: 'second address line', city: 'town or city' },
  ...{ region: 'county or region', postcode: 'postcode', countryCode: 'country' },
};

/** The field as people call it. */
export const labelOf = (field: SyncedField): string => LABELS[field];

const tooLong = (field: SyncedField, length: number): string =>
  `The ${LABELS[field]} has ${length} characters; Sage takes ${LONGEST[field]} at most.`;
