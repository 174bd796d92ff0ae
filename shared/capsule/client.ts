import { z } from 'zod';
import { type CapsuleParty, type NewParty } from '../domain/types';
import { type Priority } from '../http/pacer';
import { readBody, readWritten } from '../http/read-body';
import { isVendorError } from '../http/vendor-error';
import { type VendorHttp, type VendorRequest, type VendorResponse } from '../http/vendor-http';
import { createPartyCalls, toOneParty } from './parties';
import { partyShape, type SageFields, toCreateBody, toParty } from './wire';

export { type PartyEdit, type PartyRead } from './wire';

/** One page of a list, and whether more follow. */
export interface CapsulePage {
  parties: CapsuleParty[];
  /** How many rows could not be understood: left out one by one, never a reason to stop (R26). */
  unreadable: number;
  /** URL of the next page (Link header, reference §4, A); null at the end. */
  next: string | null;
  /** Capsule's clock when it answered. */
  date: Date;
}

const PAGE_SIZE = 100;
/** Pages of a tag's parties that are read: a tag that a person puts on is on few. */
const TAGGED_PAGES = 5;
/** More pages than any account has: 500,000 deletions. */
const LAST_PAGE = 10_000;

/** The events of a party that REST hooks tell of (reference §5, A). */
export type PartyEvent = 'party/created' | 'party/updated' | 'party/deleted';

const named = z.object({ id: z.number(), name: z.string() });
const tag = z.object({ id: z.number(), name: z.string(), dataTag: z.boolean().nullish() });
const definition = z.object({
  id: z.number(),
  name: z.string(),
  type: z.string(),
  tag: z.object({ id: z.number(), name: z.string() }).nullish(),
});

const idList = z.object({ parties: z.array(z.object({ id: z.number() })) });

export type CapsuleClient = ReturnType<typeof createCapsuleClient>;

/**
 * Capsule's API in the words of the domain (reference capsule-api). Every method throws VendorError.
 * @param priority bulk work leaves the reserve of the quota to interactive work (R30)
 */
export function createCapsuleClient(http: VendorHttp, priority: Priority = 'bulk') {
  const get = (path: string, query?: VendorRequest['query']) =>
    http.send({ method: 'GET', path, query, priority });

  const read = async <Wire>(path: string, shape: z.ZodType<Wire>, query?: VendorRequest['query']) =>
    readBody('capsule', shape, await get(path, query));

  async function deletedSince(since: string): Promise<{ ids: number[]; date: Date }> {
    let response = await get('/parties/deleted', { since });
    const { date } = response;
    const ids = readBody('capsule', idList, response).parties.map(({ id }) => id);
    for (let page = 2; page <= LAST_PAGE; page += 1) {
      const next = nextLink(response.headers.link);
      if (next === null) break;
      response = await get(next);
      ids.push(...readBody('capsule', idList, response).parties.map(({ id }) => id));
    }
    return { ids: [...new Set(ids)], date };
  }

  return {
    ...createPartyCalls({ read, send: (request) => http.send({ ...request, priority }) }),

    /** The account's shown name and web address (both can change). */
    async getSite(): Promise<{ subdomain: string; name: string; url: string }> {
      const site = z.object({ subdomain: z.string(), name: z.string(), url: z.string() });
      return (await read('/site', z.object({ site }))).site;
    },

    /** The user behind the token. The API tells no role. */
    async getCurrentUser(): Promise<{ id: number; name: string; username: string }> {
      const user = z.object({ id: z.number(), name: z.string(), username: z.string() });
      return (await read('/users/current', z.object({ user }))).user;
    },

    /** REST hooks of this app. Refused with `forbidden` unless the user is an administrator (R5). */
    async listHooks(): Promise<{ id: number; event: string; targetUrl: string }[]> {
      const hook = z.object({ id: z.number(), event: z.string(), targetUrl: z.string() });
      return (await read('/resthooks', z.object({ restHooks: z.array(hook) }))).restHooks;
    },

    /**
     * Subscribes a REST hook. Refused with `forbidden` unless the user is an administrator, with `rejected`
     * when the account's 20 are taken (reference §5, A/D). A repeat makes a second one: look at `listHooks` first.
     */
    async subscribeHook(event: PartyEvent, targetUrl: string, description: string): Promise<{ id: number }> {
      const body = { restHook: { event, targetUrl, description } };
      const response = await http.send({ method: 'POST', path: '/resthooks', body, priority });
      return readWritten('capsule', z.object({ restHook: z.object({ id: z.number() }) }), response).restHook;
    },

    /** Removes a REST hook; one that is gone already is fine. */
    async deleteHook(id: number): Promise<void> {
      try {
        await http.send({ method: 'DELETE', path: `/resthooks/${id}`, priority });
      } catch (error) {
        if (!isVendorError(error, 'missing')) throw error;
      }
    },

    async listTeams(): Promise<{ id: number; name: string }[]> {
      return (await read('/teams', z.object({ teams: z.array(named) }))).teams;
    },

    /** Titles that a person of this account may have; any other is refused with 422. */
    async listTitles(): Promise<string[]> {
      const title = z.union([z.string(), z.object({ name: z.string() }), z.object({ title: z.string() })]);
      const { titles } = await read('/titles', z.object({ titles: z.array(title) }));
      return titles.map((entry) =>
        typeof entry === 'string' ? entry : 'name' in entry ? entry.name : entry.title,
      );
    },

    /** Capsule's country names by ISO alpha-2 code; only these names are accepted (reference §3 Country, B). */
    async listCountryNames(): Promise<Map<string, string>> {
      const country = z.object({ name: z.string(), alpha2Code: z.string() });
      const { countries } = await read('/countries', z.object({ countries: z.array(country) }));
      return new Map(countries.map(({ name, alpha2Code }) => [alpha2Code.toUpperCase(), name]));
    },

    async listFieldDefinitions(): Promise<z.infer<typeof definition>[]> {
      const shape = z.object({ definitions: z.array(definition) });
      return (await read('/parties/fields/definitions', shape)).definitions;
    },

    /** Tags of parties; DataTags group custom fields. */
    async listTags(): Promise<z.infer<typeof tag>[]> {
      return (await read('/parties/tags', z.object({ tags: z.array(tag) }), { perPage: PAGE_SIZE })).tags;
    },

    async createDataTag(name: string): Promise<z.infer<typeof tag>> {
      const response = await http.send({
        method: 'POST',
        path: '/parties/tags',
        body: { tag: { name, dataTag: true } },
        priority,
      });
      return readWritten('capsule', z.object({ tag }), response).tag;
    },

    /** Makes a text field of parties under a DataTag. */
    async createFieldDefinition(name: string, tagId: number): Promise<z.infer<typeof definition>> {
      const response = await http.send({
        method: 'POST',
        path: '/parties/fields/definitions',
        body: { definition: { name, type: 'text', tag: { id: tagId } } },
        priority,
      });
      return readWritten('capsule', z.object({ definition }), response).definition;
    },

    /**
     * A page of all parties, or of those changed since a time (inclusive at whole seconds, C).
     * Order is not documented: pages may shift, so callers dedupe by id.
     * @param page the `next` of the page before
     */
    async listParties(page: string | null, since?: string): Promise<CapsulePage> {
      return toPage(await (page === null ? get('/parties', { perPage: PAGE_SIZE, since }) : get(page)));
    },

    /**
     * Ids of parties with a tag of this name; the first pages only. The search behind it lags behind writes by an
     * unknown time (reference §4, D). No tag of that name: none.
     */
    async listTagged(tagName: string): Promise<number[]> {
      const filter = { conditions: [{ field: 'tag', operator: 'is', value: tagName }] };
      const ids: number[] = [];
      for (let page = 1; page <= TAGGED_PAGES; page += 1) {
        const response = await http.send({
          ...{ method: 'POST', path: '/parties/filters/results', reads: true, body: { filter }, priority },
          query: { page, perPage: PAGE_SIZE },
        });
        ids.push(...readBody('capsule', idList, response).parties.map(({ id }) => id));
        if (nextLink(response.headers.link) === null) break;
      }
      return ids;
    },

    /** Ids of parties deleted since a time (required by the API). Restricted ones are no deletions (R18). */
    listDeleted: async (since: string): Promise<number[]> => (await deletedSince(since)).ids,

    /** The same with Capsule's clock when it answered: the `since` of the next time. */
    listDeletedSince: (since: string): Promise<{ ids: number[]; date: Date }> => deletedSince(since),

    /**
     * Creates a party. Capsule has no idempotency key: on `outcomeUnknown` look for the marker first (R29).
     * @param notAfter ms of our clock; later it is not sent any more (`unavailable`)
     */
    async createParty(
      party: NewParty,
      fields: SageFields,
      teamId: number | null,
      notAfter: number,
    ): Promise<CapsuleParty> {
      const body = toCreateBody(party, fields, teamId);
      return toOneParty(await http.send({ method: 'POST', path: '/parties', body, priority, notAfter }));
    },
  };
}

function toPage(response: VendorResponse): CapsulePage {
  const { parties } = readBody('capsule', z.object({ parties: z.array(z.unknown()) }), response);
  const read = parties.flatMap((party) => partyShape.safeParse(party).data ?? []);
  return {
    parties: read.map(toParty),
    unreadable: parties.length - read.length,
    next: nextLink(response.headers.link),
    date: response.date,
  };
}

/** The URL of `rel="next"` in a Link header. */
function nextLink(header: string | string[] | undefined): string | null {
  const links = Array.isArray(header) ? header.join(',') : (header ?? '');
  return /<([^>]+)>\s*;[^,]*rel="?next"?/.exec(links)?.[1] ?? null;
}
