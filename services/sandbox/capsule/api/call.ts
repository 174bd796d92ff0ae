import { type CapsuleAccount } from '../account';
import { type ApiError, invalid } from '../errors';
import { type RestHooks } from '../hooks';
import { type User } from '../model';
import { type PageOf } from '../party-store';

/** One API request after authentication. */
export interface Call {
  account: CapsuleAccount;
  hooks: RestHooks;
  user: User;
  clientId: string;
  /** Values of the `:names` in the route. */
  params: Record<string, string>;
  /** The last value of each parameter. */
  query: Record<string, string | undefined>;
  body: unknown;
  /** Full URL of the API, `http://localhost:PORT/api/v2`. */
  base: string;
  /** Below `base`, without a slash in front. */
  path: string;
}

export interface Answer {
  status: number;
  /** Absent on 202 and 204. */
  body?: unknown;
  headers?: Record<string, string>;
}

export const ok = (body: unknown): Answer => ({ status: 200, body });

/** 201 with the address of what was made (§3 Create). */
export const created = (call: Call, path: string, body: unknown): Answer => ({
  status: 201,
  body,
  headers: { Location: `${call.base}/${path}` },
});

export const NO_CONTENT: Answer = { status: 204 };

export interface Paging {
  page: number;
  perPage: number;
}

/** `page` from 1, `perPage` 1–100, 50 when absent (§4). @throws ApiError 422 beyond them (nastier than clamping) */
export function pagingOf(call: Call): Paging {
  const read = (name: string, absent: number, most: number): number => {
    const value = call.query[name] === undefined ? absent : Number(call.query[name]);
    if (!Number.isInteger(value) || value < 1 || value > most) {
      throw invalid({ message: `${name} must be between 1 and ${most}`, field: name });
    }
    return value;
  };
  return { page: read('page', 1, 1_000_000), perPage: read('perPage', 50, 100) };
}

/** A list with `Link` (full URLs, parameters kept) and the undocumented `X-Pagination-Has-More` (§4 Paging). */
export function listed(call: Call, key: string, { page }: Paging, found: PageOf<unknown>): Answer {
  const links: string[] = [];
  if (found.hasMore) links.push(`<${pageUrl(call, page + 1)}>; rel="next"`);
  if (page > 1) links.push(`<${pageUrl(call, page - 1)}>; rel="prev"`);
  return {
    status: 200,
    body: { [key]: found.items },
    headers: {
      'X-Pagination-Has-More': String(found.hasMore),
      ...(links.length > 0 ? { Link: links.join(', ') } : {}),
    },
  };
}

/** A page of something small enough to be at hand as a whole. */
export function pageOf<T>(items: readonly T[], { page, perPage }: Paging): PageOf<T> {
  const from = (page - 1) * perPage;
  return { items: items.slice(from, from + perPage), hasMore: items.length > from + perPage };
}

/** The wrapped object of a request body. @throws ApiError 422 without it */
export function wrapped(call: Call, key: string): Record<string, unknown> {
  const inner = (call.body as Record<string, unknown> | undefined)?.[key];
  if (typeof inner === 'object' && inner !== null) return inner as Record<string, unknown>;
  throw invalid({ message: `${key} is required` });
}

/** Milliseconds of `?since=`; undefined without it. @throws ApiError 422 when it is no date */
export function sinceOf(call: Call): number | undefined {
  const { since } = call.query;
  if (since === undefined || since === '') return undefined;
  const at = Date.parse(since);
  if (Number.isNaN(at)) throw unreadableSince();
  return at;
}

const unreadableSince = (): ApiError => invalid({ message: 'since is invalid', field: 'since' });

function pageUrl(call: Call, page: number): string {
  const parameters = new URLSearchParams(call.query as Record<string, string>);
  parameters.set('page', String(page));
  return `${call.base}/${call.path}?${parameters.toString()}`;
}
