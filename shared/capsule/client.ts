import { z } from 'zod';
import { type CapsuleParty, type NewParty } from '../domain/types';
import { type Priority } from '../http/pacer';
import { type VendorHttp, type VendorRequest, type VendorResponse } from '../http/vendor-http';
import { partyShape, type SageFields, toCreateBody, toParty } from './wire';

/** One page of a list, and whether more follow. */
export interface CapsulePage {
  parties: CapsuleParty[];
  /** URL of the next page (Link header, reference §4, A); null at the end. */
  next: string | null;
  /** Capsule's clock when it answered. */
  date: Date;
}

const PAGE_SIZE = 100;

const named = z.object({ id: z.number(), name: z.string() });
const tag = z.object({ id: z.number(), name: z.string(), dataTag: z.boolean().nullish() });
const definition = z.object({
  id: z.number(),
  name: z.string(),
  type: z.string(),
  tag: z.object({ id: z.number(), name: z.string() }).nullish(),
});

export type CapsuleClient = ReturnType<typeof createCapsuleClient>;

/**
 * Capsule's API in the words of the domain (reference capsule-api). Every method throws VendorError.
 * @param priority bulk work leaves the reserve of the quota to interactive work (R30)
 */
export function createCapsuleClient(http: VendorHttp, priority: Priority = 'bulk') {
  const get = (path: string, query?: VendorRequest['query']) =>
    http.send({ method: 'GET', path, query, priority });

  return {
    /** The account's shown name and web address (both can change). */
    async getSite(): Promise<{ subdomain: string; name: string; url: string }> {
      const { body } = await get('/site');
      const site = z.object({ subdomain: z.string(), name: z.string(), url: z.string() });
      return z.object({ site }).parse(body).site;
    },

    /** The user behind the token. The API tells no role. */
    async getCurrentUser(): Promise<{ id: number; name: string; username: string }> {
      const { body } = await get('/users/current');
      const user = z.object({ id: z.number(), name: z.string(), username: z.string() });
      return z.object({ user }).parse(body).user;
    },

    /** REST hooks of this app. Refused with `forbidden` unless the user is an administrator (R5). */
    async listHooks(): Promise<{ id: number; event: string; targetUrl: string }[]> {
      const { body } = await get('/resthooks');
      const hook = z.object({ id: z.number(), event: z.string(), targetUrl: z.string() });
      return z.object({ restHooks: z.array(hook) }).parse(body).restHooks;
    },

    async listTeams(): Promise<{ id: number; name: string }[]> {
      const { body } = await get('/teams');
      return z.object({ teams: z.array(named) }).parse(body).teams;
    },

    /** Titles that a person of this account may have; any other is refused with 422. */
    async listTitles(): Promise<string[]> {
      const { body } = await get('/titles');
      const title = z.union([z.string(), z.object({ name: z.string() }), z.object({ title: z.string() })]);
      const { titles } = z.object({ titles: z.array(title) }).parse(body);
      return titles.map((entry) =>
        typeof entry === 'string' ? entry : 'name' in entry ? entry.name : entry.title,
      );
    },

    /** Capsule's country names by ISO alpha-2 code; only these names are accepted (reference §3 Country, B). */
    async listCountryNames(): Promise<Map<string, string>> {
      const { body } = await get('/countries');
      const country = z.object({ name: z.string(), alpha2Code: z.string() });
      const { countries } = z.object({ countries: z.array(country) }).parse(body);
      return new Map(countries.map(({ name, alpha2Code }) => [alpha2Code.toUpperCase(), name]));
    },

    async listFieldDefinitions(): Promise<z.infer<typeof definition>[]> {
      const { body } = await get('/parties/fields/definitions');
      return z.object({ definitions: z.array(definition) }).parse(body).definitions;
    },

    /** Tags of parties; DataTags group custom fields. */
    async listTags(): Promise<z.infer<typeof tag>[]> {
      const { body } = await get('/parties/tags', { perPage: PAGE_SIZE });
      return z.object({ tags: z.array(tag) }).parse(body).tags;
    },

    async createDataTag(name: string): Promise<z.infer<typeof tag>> {
      const { body } = await http.send({
        method: 'POST',
        path: '/parties/tags',
        body: { tag: { name, dataTag: true } },
        priority,
      });
      return z.object({ tag }).parse(body).tag;
    },

    /** Makes a text field of parties under a DataTag. */
    async createFieldDefinition(name: string, tagId: number): Promise<z.infer<typeof definition>> {
      const { body } = await http.send({
        method: 'POST',
        path: '/parties/fields/definitions',
        body: { definition: { name, type: 'text', tag: { id: tagId } } },
        priority,
      });
      return z.object({ definition }).parse(body).definition;
    },

    /**
     * A page of all parties, or of those changed since a time (inclusive at whole seconds, C).
     * Order is not documented: pages may shift, so callers dedupe by id.
     * @param page the `next` of the page before
     */
    async listParties(page: string | null, since?: string): Promise<CapsulePage> {
      return toPage(await (page === null ? get('/parties', { perPage: PAGE_SIZE, since }) : get(page)));
    },

    /** Ids of parties deleted since a time (required by the API). Restricted ones are no deletions (R18). */
    async listDeleted(since: string): Promise<number[]> {
      const { body } = await get('/parties/deleted', { since });
      const parties = z.array(z.object({ id: z.number() }));
      return z
        .object({ parties })
        .parse(body)
        .parties.map(({ id }) => id);
    },

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

    /** Sets owner and team together: one without the other may clear it (reference §3 Owner, B). */
    async assignParty(id: number, ownerId: number | null, teamId: number | null): Promise<CapsuleParty> {
      const party = {
        owner: ownerId === null ? null : { id: ownerId },
        team: teamId === null ? null : { id: teamId },
      };
      return toOneParty(
        await http.send({ method: 'PUT', path: `/parties/${id}`, body: { party }, priority }),
      );
    },
  };
}

function toPage(response: VendorResponse): CapsulePage {
  const { parties } = z.object({ parties: z.array(partyShape) }).parse(response.body);
  return { parties: parties.map(toParty), next: nextLink(response.headers.link), date: response.date };
}

function toOneParty(response: VendorResponse): CapsuleParty {
  return toParty(z.object({ party: partyShape }).parse(response.body).party);
}

/** The URL of `rel="next"` in a Link header. */
function nextLink(header: string | string[] | undefined): string | null {
  const links = Array.isArray(header) ? header.join(',') : (header ?? '');
  return /<([^>]+)>\s*;[^,]*rel="?next"?/.exec(links)?.[1] ?? null;
}
