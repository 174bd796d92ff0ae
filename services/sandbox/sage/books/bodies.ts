import { z } from 'zod';

import { catalogued, type CatalogueName } from '../catalogue';
import { fault, Refusal } from '../refusal';

/** Limits of the specification (reference §4). `null` is taken as blank; unknown fields are passed over. */
const text = (most: number) => z.string().max(most).nullable().optional();
const oneOf = (name: CatalogueName) =>
  z.string().refine((id) => catalogued(name, id) !== null, { error: 'is not included in the list' });
const decimal = z
  .union([z.number(), z.string().regex(/^-?\d+(\.\d+)?$/)])
  .transform((value) => String(Number(value)).replace(/^(-?\d+)$/, '$1.0'))
  .nullable()
  .optional();

const emailAddress = z
  .string()
  .max(100)
  .regex(/^$|^[^\s@]+@[^\s@]+\.[^\s@]+$/, { error: 'Please enter a valid email address.' })
  .nullable()
  .optional();

const addressFields = {
  address_type_id: oneOf('address_types').optional(),
  name: text(50),
  address_line_1: text(50),
  address_line_2: text(50),
  city: text(50),
  region: text(50),
  postal_code: text(10),
  country_id: oneOf('countries').nullable().or(z.literal('')).optional(),
};

const personFields = {
  contact_person_type_ids: z.array(oneOf('contact_person_types')).optional(),
  name: text(50),
  job_title: text(50),
  telephone: text(50),
  mobile: text(50),
  email: emailAddress,
  fax: text(50),
};

const name = z
  .string()
  .max(100)
  .refine((value) => value.trim() !== '', { error: 'This field is required.' });
const reference = text(10);
const contactTypes = z
  .array(oneOf('contact_types'))
  .length(1, { error: 'Exactly one contact type is allowed.' });

const contactFields = {
  reference,
  tax_number: z
    .string()
    .max(255)
    .regex(/^$|^[A-Z]{2}[0-9A-Z]{2,13}$/i, { error: 'The VAT number is not valid.' })
    .nullable()
    .optional(),
  notes: text(4000),
  locale: text(10),
  source_guid: text(255),
  credit_limit: decimal,
  credit_days: z.number().int().min(0).max(365).nullable().optional(),
  credit_terms: text(50),
  credit_terms_and_conditions: text(2000),
  registered_number: text(255),
  currency_id: oneOf('currencies').optional(),
  bank_account_details: z
    .object({
      account_name: text(100),
      account_number: text(50),
      sort_code: text(20),
      bic: text(20),
      iban: text(50),
    })
    .optional(),
  main_address: z.object(addressFields).nullable().optional(),
  delivery_address: z.object(addressFields).nullable().optional(),
  main_contact_person: z.object(personFields).nullable().optional(),
};

/** Top-level `email` is not in the write schema: it is ignored, like any field that is not here. */
export const ContactForPost = z.object({ name, contact_type_ids: contactTypes, ...contactFields });
export const ContactForPut = z.object({
  name: name.optional(),
  contact_type_ids: contactTypes.optional(),
  ...contactFields,
});
export type ContactChanges = z.output<typeof ContactForPut>;
export type AddressInput = z.output<z.ZodObject<typeof addressFields>>;
export type PersonInput = z.output<z.ZodObject<typeof personFields>>;

const filled = (most: number) => z.string().min(1).max(most);

export const AddressForPost = z.object({
  ...addressFields,
  address_type_id: oneOf('address_types'),
  name: filled(50),
  is_main_address: z.boolean(),
  contact_id: z.string(),
});
export const AddressForPut = z.object({ ...addressFields, is_main_address: z.boolean().optional() });

export const PersonForPost = z.object({
  ...personFields,
  address_id: z.string(),
  name: filled(50),
  contact_person_type_ids: z.array(oneOf('contact_person_types')).min(1),
  is_main_contact: z.boolean().optional(),
});
export const PersonForPut = z.object({
  ...personFields,
  address_id: z.string().optional(),
  is_main_contact: z.boolean().optional(),
});

/**
 * @throws Refusal 422 with an entry for each field in error, `$source` being its dotted name
 */
export function parse<S extends z.ZodType>(schema: S, body: unknown): z.output<S> {
  const parsed = schema.safeParse(body, { error: plainMessage });
  if (parsed.success) return parsed.data;
  throw new Refusal(
    422,
    parsed.error.issues.map(({ path, message }) =>
      fault('RecordInvalid', message, path.filter((step) => typeof step === 'string').join('.') || 'base'),
    ),
  );
}

function plainMessage(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.input === undefined || issue.input === '') return 'This field is required.';
  if (issue.code === 'too_big' && issue.origin === 'string') {
    return `is too long (maximum is ${String(issue.maximum)} characters)`;
  }
  return issue.code === 'custom' ? undefined : 'is invalid';
}
