/**
 * What the Capsule sandbox stores. Records are replaced, never changed in place, so that a hook payload or
 * the lagging search index can keep an older one. Times are milliseconds since the epoch, whole seconds.
 */
export type PartyType = 'person' | 'organisation';

export interface Row {
  id: number;
  type: string | null;
}

export interface Address extends Row {
  street: string | null;
  city: string | null;
  state: string | null;
  country: string | null;
  zip: string | null;
}

export interface PhoneNumber extends Row {
  number: string;
}

export interface EmailAddress extends Row {
  address: string;
}

export interface Website extends Row {
  address: string;
  service: string;
}

/** A custom field's value on a party. Numbers are kept as the text that is read back (§3, SOIL §22). */
export interface FieldValue {
  id: number;
  definitionId: number;
  value: string | true;
}

export interface Party {
  id: number;
  type: PartyType;
  title: string | null;
  firstName: string | null;
  lastName: string | null;
  jobTitle: string | null;
  /** Of an organisation. */
  name: string | null;
  about: string | null;
  organisationId: number | null;
  ownerId: number | null;
  teamId: number | null;
  addresses: readonly Address[];
  phoneNumbers: readonly PhoneNumber[];
  emailAddresses: readonly EmailAddress[];
  websites: readonly Website[];
  tagIds: readonly number[];
  fields: readonly FieldValue[];
  createdAt: number;
  updatedAt: number;
  lastContactedAt: number | null;
}

export interface User {
  id: number;
  username: string;
  name: string;
  email: string;
  /** The API never tells this (§2); it decides who may manage hooks and custom fields. */
  administrator: boolean;
}

export interface Team {
  id: number;
  name: string;
  memberIds: readonly number[];
}

export interface Tag {
  id: number;
  name: string;
  description: string | null;
  dataTag: boolean;
}

export const FIELD_TYPES = ['text', 'date', 'list', 'boolean', 'number', 'link'] as const;

export interface FieldDefinition {
  id: number;
  name: string;
  description: string | null;
  type: (typeof FIELD_TYPES)[number];
  /** The DataTag that the field belongs to. */
  tagId: number | null;
  captureRule: PartyType | null;
  options: readonly string[] | null;
  important: boolean;
  displayOrder: number;
}

export type PartyEvent = 'party/created' | 'party/updated' | 'party/deleted';

/** "First Last" of a person (without the title), the name of an organisation. */
export function displayName({ type, name, firstName, lastName }: Party): string {
  if (type === 'organisation') return name ?? '';
  return firstName && lastName ? `${firstName} ${lastName}` : (firstName ?? lastName ?? '');
}
