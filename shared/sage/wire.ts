import { z } from 'zod';
import { type ContactKind, type SageAddress, type SageContact } from '../domain/types';

/** Sage's wire shapes (reference sage-api §3–4, A/B). They do not leave this folder. Empty texts come as "" or null. */

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');
const flag = z
  .boolean()
  .nullish()
  .transform((value) => value ?? false);
const stub = z.object({ id: z.string() }).nullish();

export const contactShape = z.object({
  id: z.string(),
  name: text,
  displayed_as: text,
  reference: text,
  contact_types: z.array(z.object({ id: z.string() })).nullish(),
  main_address: stub,
  main_contact_person: stub,
  /** Mirrors the main contact person's (B). */
  email: text,
  /** Absent on live records (B). */
  deleted_at: text,
  system: flag,
  gdpr_obfuscated: flag,
  links: z.array(z.object({ href: text, rel: text, type: text })).nullish(),
  created_at: text,
  updated_at: text,
});

export const addressShape = z.object({
  id: z.string(),
  address_line_1: text,
  address_line_2: text,
  city: text,
  region: text,
  postal_code: text,
  country: stub,
  is_main_address: z.boolean().nullish(),
});

export const personShape = z.object({
  id: z.string(),
  name: text,
  telephone: text,
  mobile: text,
  email: text,
  is_main_contact: z.boolean().nullish(),
});

/** The attributes that the sync asks for; `all` is slow and breaks on large books (§3, A/B). */
export const ATTRIBUTES = {
  contacts:
    'name,reference,email,contact_types,main_address,main_contact_person,system,gdpr_obfuscated,links,' +
    'created_at,updated_at,deleted_at',
  addresses: 'address_line_1,address_line_2,city,region,postal_code,country,is_main_address',
  persons: 'name,telephone,mobile,email,is_main_contact',
} as const;

/** A row of the contacts list: its address and person are known by id only. */
export interface ContactRow {
  contact: Omit<SageContact, 'email' | 'telephone' | 'mobile' | 'mainPersonName' | 'address'>;
  /** As the list tells it, mirroring the person's (§4, B): empty says nothing by itself. */
  email: string;
  /** Deletion is soft: whether a list or a read by id can show such a record is unknown (§4, C/D). */
  isDeleted: boolean;
  addressId: string | null;
  personId: string | null;
}
export interface AddressRow {
  id: string;
  /** False only when Sage says that it is not the main one. */
  mayBeMain: boolean;
  address: SageAddress;
}
export interface PersonRow {
  id: string;
  mayBeMain: boolean;
  name: string;
  email: string;
  telephone: string;
  mobile: string;
}

export function toContactRow(wire: z.infer<typeof contactShape>): ContactRow {
  return {
    contact: {
      id: wire.id,
      kind: kindOf(wire.contact_types),
      name: wire.name || wire.displayed_as,
      reference: wire.reference,
      isSystem: wire.system,
      isErased: wire.gdpr_obfuscated,
      createdAt: wire.created_at,
      updatedAt: wire.updated_at,
      url: wire.links?.find(({ rel, type }) => rel === 'alternate' && type === 'text/html')?.href ?? '',
    },
    email: wire.email,
    isDeleted: wire.deleted_at !== '',
    addressId: wire.main_address?.id ?? null,
    personId: wire.main_contact_person?.id ?? null,
  };
}

/** Exactly one type is allowed, although Sage sends an array (§4, A). */
function kindOf(types: { id: string }[] | null | undefined): ContactKind {
  return types?.[0]?.id === 'VENDOR' ? 'VENDOR' : 'CUSTOMER';
}

export function toAddressRow(wire: z.infer<typeof addressShape>): AddressRow {
  return {
    id: wire.id,
    mayBeMain: wire.is_main_address !== false,
    address: {
      line1: wire.address_line_1,
      line2: wire.address_line_2,
      city: wire.city,
      region: wire.region,
      postcode: wire.postal_code,
      countryCode: wire.country?.id.toUpperCase() ?? '',
    },
  };
}

export function toPersonRow(wire: z.infer<typeof personShape>): PersonRow {
  const { id, name, telephone, mobile, email } = wire;
  return { id, name, telephone, mobile, email, mayBeMain: wire.is_main_contact !== false };
}

export const businessShape = z.object({
  id: z.string(),
  name: text,
  displayed_as: text,
  country: z.object({ id: z.string(), displayed_as: text }).nullish(),
  subscriptions: z
    .array(z.object({ id: z.string(), displayed_as: text, active: flag, status: text }))
    .nullish()
    .transform((list) => list ?? []),
});

/** A Sage business as far as R2 and R3 read it. */
export interface SageBusiness {
  id: string;
  name: string;
  /** ISO alpha-2, upper case; empty when Sage tells none. */
  countryCode: string;
  countryName: string;
  subscriptions: { id: string; name: string; active: boolean; status: string }[];
}

export function toBusiness(wire: z.infer<typeof businessShape>): SageBusiness {
  return {
    id: wire.id,
    name: wire.name || wire.displayed_as,
    countryCode: wire.country?.id.toUpperCase() ?? '',
    countryName: wire.country?.displayed_as ?? '',
    subscriptions: wire.subscriptions.map(({ id, displayed_as, active, status }) => ({
      id,
      name: displayed_as,
      active,
      status,
    })),
  };
}
