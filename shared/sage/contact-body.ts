import { z } from 'zod';
import {
  type ContactKind,
  type SageContact,
  SYNCED_FIELDS,
  type SyncedField,
  type SyncedFields,
} from '../domain/types';

/**
 * Bodies of POST and PUT /contacts (reference sage-api §4 Writes). Whether a nested object of a PUT is merged or
 * replaced is unknown (D), so whichever is sent is sent complete.
 */

/** A contact that is about to be created in Sage (R15). */
export interface NewSageContact {
  kind: ContactKind;
  /** Empty and absent ones are left out. */
  fields: SyncedFields;
  /** Where it comes from: the party's id. */
  sourceGuid: string;
  /** Name of the main contact person; without one Sage calls it "Main Contact" (B). */
  personName?: string;
}

const ADDRESS = {
  ...{ line1: 'address_line_1', line2: 'address_line_2', city: 'city', region: 'region' },
  ...{ postcode: 'postal_code', countryCode: 'country_id' },
} as const;
const PERSON = { email: 'email', telephone: 'telephone', mobile: 'mobile' } as const;

/** Fields of a nested object that are written as they are read. */
const ADDRESS_TEXTS = ['name', 'address_line_1', 'address_line_2', 'city', 'region', 'postal_code'] as const;
const PERSON_TEXTS = ['name', 'job_title', 'telephone', 'mobile', 'email', 'fax'] as const;

const reference = z.looseObject({ id: z.string() }).nullish();
const text = z.string().nullable();
const kept = z.string().nullish();

/**
 * A contact as it was read for an edit. Strict where something is copied: an address that came as a mere
 * reference must not be written back as an empty one.
 */
export const rawContact = z.object({
  name: kept,
  main_address: z
    .object({
      ...{ name: kept, address_type: reference, country: reference },
      ...{ address_line_1: text, address_line_2: text, city: text, region: text, postal_code: text },
    })
    .nullish(),
  main_contact_person: z
    .object({
      ...{ name: kept, job_title: kept, fax: kept, telephone: text, mobile: text, email: text },
      contact_person_types: z.array(z.looseObject({ id: z.string() })).nullish(),
    })
    .nullish(),
});

type RawContact = z.infer<typeof rawContact>;
type Body = Record<string, unknown>;

/** The fields of `changes` that are not so already. */
export function effective(changes: SyncedFields, now: Record<SyncedField, string>): SyncedFields {
  const given = SYNCED_FIELDS.flatMap((field) => {
    const value = changes[field];
    return value === undefined || value === now[field] ? [] : [[field, value] as const];
  });
  return Object.fromEntries(given);
}

/** Body of a PUT: `name` always (C), and the nested objects in which something changes. Emptied = "". */
export function toEditBody(raw: RawContact, changes: SyncedFields): { contact: Body } {
  const address = inVendorsNames(ADDRESS, changes);
  const person = inVendorsNames(PERSON, changes);
  return {
    contact: {
      name: changes.name ?? raw.name ?? undefined,
      ...(isEmpty(address) ? {} : { main_address: { ...wholeAddress(raw.main_address), ...address } }),
      ...(isEmpty(person)
        ? {}
        : { main_contact_person: { ...wholePerson(raw.main_contact_person), ...person } }),
    },
  };
}

/** Body of a POST; a repeat with the same id gives the first result for seven days (§4 Idempotency, A). */
export function toCreateBody(draft: NewSageContact, idempotencyId: string): { contact: Body } {
  const { kind, fields, sourceGuid, personName } = draft;
  const filled = Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== ''),
  ) as SyncedFields;
  const address = inVendorsNames(ADDRESS, filled);
  const person = { ...(personName ? { name: personName } : {}), ...inVendorsNames(PERSON, filled) };
  return {
    contact: {
      ...{ name: filled.name, contact_type_ids: [kind], source_guid: sourceGuid },
      ...(isEmpty(address) ? {} : { main_address: { address_type_id: ADDRESS_TYPES[kind], ...address } }),
      ...(isEmpty(person)
        ? {}
        : { main_contact_person: { contact_person_type_ids: ['ACCOUNTS'], ...person } }),
      idempotency_id: idempotencyId,
    },
  };
}

const ADDRESS_TYPES: Record<ContactKind, string> = { CUSTOMER: 'ACCOUNTS', VENDOR: 'PURCHASING' };

/** What the contact looks like once the fields are written, for an answer that tells nested objects by id only. */
export function withFields(contact: SageContact, fields: SyncedFields): SageContact {
  const { name, email, telephone, mobile, ...address } = fields;
  const blank = { line1: '', line2: '', city: '', region: '', postcode: '', countryCode: '' };
  return {
    ...contact,
    name: name ?? contact.name,
    email: email ?? contact.email,
    telephone: telephone ?? contact.telephone,
    mobile: mobile ?? contact.mobile,
    address: isEmpty(address) ? contact.address : { ...blank, ...contact.address, ...address },
  };
}

function wholeAddress(raw: RawContact['main_address']): Body {
  return {
    ...present(raw, ADDRESS_TEXTS),
    ...(raw?.address_type ? { address_type_id: raw.address_type.id } : {}),
    ...(raw?.country ? { country_id: raw.country.id } : {}),
  };
}

function wholePerson(raw: RawContact['main_contact_person']): Body {
  const types = raw?.contact_person_types?.map(({ id }) => id) ?? [];
  return {
    ...present(raw, PERSON_TEXTS),
    ...(types.length > 0 ? { contact_person_type_ids: types } : {}),
  };
}

/** The texts that are there. What is null stays null by being left out; how Sage takes a null is unknown (D). */
function present<Name extends string>(
  raw: Partial<Record<Name, string | null>> | null | undefined,
  names: readonly Name[],
): Body {
  return Object.fromEntries(names.flatMap((name) => (raw?.[name] == null ? [] : [[name, raw[name]]])));
}

function inVendorsNames(names: Partial<Record<SyncedField, string>>, fields: SyncedFields): Body {
  const entries = SYNCED_FIELDS.flatMap((field) => {
    const name = names[field];
    return name === undefined || fields[field] === undefined ? [] : [[name, fields[field]]];
  });
  return Object.fromEntries(entries) as Body;
}

const isEmpty = (values: object): boolean => Object.keys(values).length === 0;
