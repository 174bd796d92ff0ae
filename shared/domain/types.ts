/**
 * The words of the domain. Vendor wire shapes end in shared/capsule and shared/sage; from there on
 * everything speaks in these types.
 */

/** Sage allows one type per contact: a firm that buys and sells is two Sage contacts. */
export type ContactKind = 'CUSTOMER' | 'VENDOR';

export interface SageAddress {
  line1: string;
  line2: string;
  city: string;
  region: string;
  postcode: string;
  /** ISO 3166 alpha-2, upper case; empty when Sage has none. */
  countryCode: string;
}

/** A Sage contact as far as the sync reads it. Absent texts are empty strings. */
export interface SageContact {
  id: string;
  kind: ContactKind;
  name: string;
  reference: string;
  email: string;
  telephone: string;
  mobile: string;
  /** Name of the main contact person; Sage fills in "Main Contact" where nobody was named. */
  mainPersonName: string;
  address: SageAddress | null;
  /** One of Sage's own two HMRC contacts. */
  isSystem: boolean;
  /** Erased under the GDPR: excluded for good. */
  isErased: boolean;
  /** ISO 8601 UTC, whole seconds. */
  createdAt: string;
  updatedAt: string;
  /** Sage's own page of the contact, when Sage tells it. */
  url: string;
}

export interface CapsuleAddress {
  id: number;
  type: string | null;
  street: string;
  city: string;
  state: string;
  zip: string;
  /** Capsule's English country name; empty when none. */
  country: string;
}

/** A Capsule party as far as the sync reads it. */
export interface CapsuleParty {
  id: number;
  type: 'person' | 'organisation';
  /** Organisation name, or "First Last" of a person without the title. */
  name: string;
  title: string;
  firstName: string;
  lastName: string;
  organisationId: number | null;
  emails: { type: string | null; address: string }[];
  phones: { type: string | null; number: string }[];
  addresses: CapsuleAddress[];
  /** Website addresses; the marker of the sync is one of them. */
  websites: string[];
  ownerId: number | null;
  teamId: number | null;
  createdAt: string;
  updatedAt: string;
}

/** A party that the sync is about to create in Capsule (R7). Empty texts are left out of the request. */
export interface NewParty {
  type: 'person' | 'organisation';
  name: string;
  title: string;
  firstName: string;
  lastName: string;
  email: string;
  telephone: string;
  mobile: string;
  address: { street: string; city: string; state: string; zip: string; country: string } | null;
  /** Website row that marks the record as ours (see markerUrl). */
  marker: string;
  sageContactId: string;
  sageReference: string;
}

/** The five settings of a tenant (settings page, `/api/settings`). */
export interface TenantSettings {
  defaultTeamId: number | null;
  excludeSuppliers: boolean;
  nearMatches: 'review' | 'create';
  invoiceFields: boolean;
  supplierFiguresForAll: boolean;
}

export type SyncPhase =
  'disconnected' | 'importing' | 'active' | 'paused' | 'reconnect' | 'lapsed' | 'breaker';

/** Running figures of an import: linked + created + review + excluded + failed ends equal to total. */
export interface ImportCounts {
  total: number;
  done: number;
  linked: number;
  created: number;
  review: number;
  excluded: number;
  failed: number;
}

/** What the sync keeps equal, in Sage's terms (product §2); Capsule is the master of each. */
export const SYNCED_FIELDS = [
  'name',
  'email',
  'telephone',
  'mobile',
  'line1',
  'line2',
  'city',
  'region',
  'postcode',
  'countryCode',
] as const;

export type SyncedField = (typeof SYNCED_FIELDS)[number];

/** A value per field; an absent field is one that nothing can be said about. Empty means emptied. */
export type SyncedFields = Partial<Record<SyncedField, string>>;
