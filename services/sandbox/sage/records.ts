/**
 * What the Sage sandbox keeps, in Sage's own words. Times are milliseconds since the epoch, always whole
 * seconds; money is in the smallest unit of its currency.
 */
export interface Stamps {
  /** 32 hexadecimal digits without hyphens. */
  id: string;
  createdAt: number;
  updatedAt: number;
  /** Null while the record lives: deletions are soft. */
  deletedAt: number | null;
}

export type ContactType = 'CUSTOMER' | 'VENDOR';

export interface Contact extends Stamps {
  /** The number in the address of Sage's own page, which is not the id. */
  number: number;
  type: ContactType;
  name: string;
  reference: string | null;
  tax_number: string | null;
  notes: string | null;
  locale: string;
  source_guid: string | null;
  credit_limit: string | null;
  credit_days: number | null;
  credit_terms: string | null;
  credit_terms_and_conditions: string | null;
  registered_number: string | null;
  currency_id: string;
  bank_account_details: BankAccountDetails;
  main_address_id: string;
  delivery_address_id: string | null;
  main_contact_person_id: string;
  system: boolean;
  gdpr_obfuscated: boolean;
  is_active: boolean;
}

export interface BankAccountDetails {
  account_name: string | null;
  account_number: string | null;
  sort_code: string | null;
  bic: string | null;
  iban: string | null;
}

export interface AddressFields {
  address_type_id: string;
  name: string | null;
  address_line_1: string | null;
  address_line_2: string | null;
  city: string | null;
  region: string | null;
  postal_code: string | null;
  country_id: string | null;
}

export interface Address extends Stamps, AddressFields {
  contact_id: string;
  is_main_address: boolean;
}

export interface PersonFields {
  contact_person_type_ids: string[];
  name: string;
  job_title: string | null;
  telephone: string | null;
  mobile: string | null;
  email: string | null;
  fax: string | null;
}

export interface ContactPerson extends Stamps, PersonFields {
  /** Sage tells only the address; the contact is kept for ourselves. */
  contact_id: string;
  address_id: string;
  is_main_contact: boolean;
}

export type DocumentKind =
  | 'sales_invoice'
  | 'sales_credit_note'
  | 'sales_quote'
  | 'sales_estimate'
  | 'sales_quick_entry'
  | 'purchase_invoice'
  | 'purchase_credit_note';

export interface DocumentLine {
  description: string;
  quantity: number;
  unitPrice: number;
}

export interface SalesDocument extends Stamps {
  kind: DocumentKind;
  contact_id: string;
  /** As they were when the document was made. */
  contact_name: string;
  contact_reference: string | null;
  /** `SI-2`; a draft has none yet. */
  number: string | null;
  reference: string;
  /** `YYYY-MM-DD`. */
  date: string;
  /** Due date; of quotes and estimates the expiry date. */
  dueDate: string;
  currency_id: string;
  lines: DocumentLine[];
  net: number;
  tax: number;
  total: number;
  paid: number;
  lastPaid: string;
  status: string;
  sent: boolean;
  voidReason: string | null;
}

export interface ContactPayment extends Stamps {
  contact_id: string;
  /** `CUSTOMER_RECEIPT` or `VENDOR_PAYMENT`. */
  transaction_type_id: string;
  date: string;
  total: number;
  currency_id: string;
  reference: string;
  allocated: { documentId: string; amount: number }[];
}
