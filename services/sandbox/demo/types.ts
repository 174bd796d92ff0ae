/** Plain records of the demo company. Money is in the smallest unit (pence, cents). */
export interface DemoCompany {
  contacts: DemoContact[];
  parties: DemoParty[];
  documents: DemoDocument[];
}

export interface DemoOptions {
  seed: string;
  /** Sage contacts besides the two system ones, which are always there. */
  contacts: number;
  /** Capsule parties in all. */
  parties: number;
  /** demo: every case that an import meets; none: no name in common; all: each contact has its one party. */
  overlap: 'demo' | 'none' | 'all';
  /** A number: so many for each contact. */
  invoices: boolean | number;
  /** Milliseconds since the epoch; dates count back from it. */
  now: number;
}

export type DemoKind = 'CUSTOMER' | 'VENDOR';
export type DemoCurrency = 'GBP' | 'EUR' | 'USD';

/** A Sage contact. Absent texts are empty. */
export interface DemoContact {
  /** The case that this contact plays, such as `homonym-email`; for tests and for people who wonder. */
  plan: string;
  kind: DemoKind;
  name: string;
  /** At most 10 characters, unique; empty on some. */
  reference: string;
  email: string;
  telephone: string;
  mobile: string;
  /** Empty: Sage fills in "Main Contact". */
  mainPersonName: string;
  address: DemoAddress | null;
  currency: DemoCurrency;
  system: boolean;
  /** Erased under the GDPR. */
  erased: boolean;
  inactive: boolean;
  createdDaysAgo: number;
}

export interface DemoAddress {
  line1: string;
  line2: string;
  city: string;
  region: string;
  postcode: string;
  /** ISO 3166 alpha-2. */
  countryCode: string;
}

/** A Capsule party. */
export interface DemoParty {
  type: 'person' | 'organisation';
  title?: string;
  firstName?: string;
  lastName?: string;
  /** Of an organisation. */
  name?: string;
  email?: string;
  phone?: string;
  mobile?: string;
  address?: {
    street: string;
    city: string;
    state: string;
    zip: string;
    /** Capsule's English name. */
    country: string;
    type: 'Office' | 'Billing' | 'Home' | 'Postal';
  };
  /** The organisation that a person belongs to; it stands before the person in the list. */
  organisationName?: string;
  ownerless?: boolean;
  createdDaysAgo: number;
}

export type DemoDocumentKind =
  | 'sales_invoice'
  | 'sales_credit_note'
  | 'sales_quote'
  | 'sales_estimate'
  | 'sales_quick_entry'
  | 'purchase_invoice'
  | 'purchase_credit_note';

export interface DemoDocument {
  kind: DemoDocumentKind;
  /** Index into `contacts`. */
  contact: number;
  /** Sage's status id, as `UNPAID`. */
  status: string;
  /** `YYYY-MM-DD`. */
  date: string;
  /** Due date, of a quote or estimate its expiry. */
  dueDate: string;
  currency: DemoCurrency;
  lines: { description: string; quantity: number; unitPrice: number }[];
  /** What has been paid of the total, tax included. */
  paid: number;
  reference: string;
  sent: boolean;
  voidReason: string;
}
