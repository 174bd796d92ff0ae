import { acceptedCountry } from './countries';
import { invalid, type Issue, notFound } from './errors';
import { type Address, type EmailAddress, type PhoneNumber, type Row, type Website } from './model';

/** A row of addresses, phoneNumbers, emailAddresses or websites as it is sent. */
export type RowInput = { id?: number; _delete?: boolean } & Record<string, unknown>;

/** What a row of one kind looks like and how its attributes are read. `sent` holds only what was sent. */
interface RowKind<R extends Row> {
  resource: string;
  empty: R;
  types: readonly string[];
  apply(row: R, sent: RowInput, issues: Issue[]): R;
}

/**
 * §3 Update: a row without id is added, with id changed in the attributes sent, with `_delete` removed. The
 * array is never a replacement. Anything else in a row, `_destroy` among it, is ignored without a word,
 * though updatedAt moves.
 * @returns `current` itself when nothing was sent
 * @throws ApiError 404 for a row id that is not there (SOIL §24), 422 when it is no array
 */
export function mergeRows<R extends Row>(
  current: readonly R[],
  sent: unknown,
  kind: RowKind<R>,
  field: string,
  nextId: () => number,
  issues: Issue[],
): readonly R[] {
  if (sent === undefined) return current;
  if (!Array.isArray(sent)) throw invalid({ message: `${field} is invalid`, resource: 'party', field });
  if (sent.length === 0) return current;
  const rows = [...current];
  for (const entry of sent as RowInput[]) {
    if (entry.id === undefined) {
      rows.push({ ...read(kind, kind.empty, entry, issues), id: nextId() });
      continue;
    }
    const at = rows.findIndex(({ id }) => id === entry.id);
    if (at < 0) throw notFound();
    if (entry._delete === true) rows.splice(at, 1);
    else rows[at] = read(kind, rows[at]!, entry, issues);
  }
  return rows;
}

/**
 * A text attribute: null and blank clear, white space around it is dropped (unknown, nastier reading).
 * Pushes an issue and returns null for another type or too long a text.
 */
export function text(
  value: unknown,
  longest: number,
  at: { resource: string; field: string },
  issues: Issue[],
): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value !== 'string') {
    issues.push({ message: `${at.field} is invalid`, ...at });
    return null;
  }
  if (value.length > longest) {
    issues.push({ message: `${at.field} must be ${longest} characters or fewer`, ...at });
    return null;
  }
  return value.trim() || null;
}

export const addressRow: RowKind<Address> = {
  resource: 'address',
  empty: { id: 0, type: null, street: null, city: null, state: null, country: null, zip: null },
  types: ['Home', 'Postal', 'Office', 'Billing', 'Shipping'],
  apply: (row, sent, issues) => {
    const next = { ...row };
    for (const field of ['street', 'city', 'state', 'zip', 'country'] as const) {
      if (field in sent) next[field] = text(sent[field], 250, { resource: 'address', field }, issues);
    }
    if (sent.country !== undefined && next.country !== null) {
      next.country = acceptedCountry(next.country);
      if (next.country === null) {
        issues.push({ message: 'unknown country', resource: 'address', field: 'country' });
      }
    }
    return next;
  },
};

export const phoneRow: RowKind<PhoneNumber> = {
  resource: 'phoneNumber',
  empty: { id: 0, type: null, number: '' },
  types: ['Home', 'Work', 'Mobile', 'Fax', 'Direct'],
  apply: (row, sent, issues) => {
    const number = required(row.number, sent, 'number', 100, 'phoneNumber', issues);
    return { ...row, number };
  },
};

export const emailRow: RowKind<EmailAddress> = {
  resource: 'emailAddress',
  empty: { id: 0, type: null, address: '' },
  types: ['Home', 'Work'],
  apply: (row, sent, issues) => {
    const address = required(row.address, sent, 'address', 250, 'emailAddress', issues);
    if (address !== '' && !/^[^\s@]+@[^\s@]+$/.test(address)) {
      issues.push({ message: 'address is invalid', resource: 'emailAddress', field: 'address' });
    }
    return { ...row, address };
  },
};

/** The services that Capsule named in a 422 (§3 `websites`). */
const SERVICES = new Set(
  (
    'URL SKYPE TWITTER LINKED_IN FACEBOOK XING FEED GOOGLE_PLUS FLICKR GITHUB YOUTUBE INSTAGRAM PINTEREST ' +
    'TIKTOK THREADS BLUESKY SNAPCHAT'
  ).split(' '),
);

/** `address` is what is written; `url` is only ever read (§3). */
export const websiteRow: RowKind<Website> = {
  resource: 'website',
  empty: { id: 0, type: null, address: '', service: 'URL' },
  types: ['Home', 'Work'],
  apply: (row, sent, issues) => {
    const address = required(row.address, sent, 'address', 250, 'website', issues);
    const service = sent.service ?? row.service;
    if (typeof service === 'string' && SERVICES.has(service)) return { ...row, address, service };
    issues.push({ message: 'service is invalid', resource: 'website', field: 'service' });
    return row;
  },
};

function read<R extends Row>(kind: RowKind<R>, row: R, sent: RowInput, issues: Issue[]): R {
  const next = kind.apply(row, sent, issues);
  if (sent.type === undefined) return next;
  if (sent.type === null || (typeof sent.type === 'string' && kind.types.includes(sent.type))) {
    return { ...next, type: sent.type };
  }
  issues.push({ message: 'type is invalid', resource: kind.resource, field: 'type' });
  return next;
}

/** An attribute that a row cannot be without; not sent, a row keeps what it has. */
function required(
  current: string,
  sent: RowInput,
  field: string,
  longest: number,
  resource: string,
  issues: Issue[],
): string {
  if (!(field in sent) && current !== '') return current;
  const found = issues.length;
  const value = text(sent[field], longest, { resource, field }, issues);
  if (value === null && issues.length === found) {
    issues.push({ message: `${field} is required`, resource, field });
  }
  return value ?? '';
}
