import { z } from 'zod';
import { type SageContact } from '../domain/types';
import { type Priority } from '../http/pacer';
import { readBody } from '../http/read-body';
import { VendorError } from '../http/vendor-error';
import {
  type VendorHttp,
  type VendorRequest,
  type VendorResponse,
  type VendorStream,
} from '../http/vendor-http';
import { createDocumentCalls } from './documents';
import {
  addressShape,
  type AddressRow,
  ATTRIBUTES,
  businessShape,
  contactShape,
  type ContactRow,
  personShape,
  type PersonRow,
  type SageBusiness,
  toAddressRow,
  toBusiness,
  toContactRow,
  toPersonRow,
} from './wire';

/** A page of a Sage list (reference §3). */
export interface SagePage<Row> {
  rows: Row[];
  /** Ids of rows that could not be understood: set aside one by one, never a reason to stop (R26). */
  unreadable: string[];
  /** Which page this really is: beyond the end Sage repeats the last one (A). */
  page: number;
  /** Rows of the whole list as Sage counts them. */
  total: number;
  /** False when neither `$next` nor `$total` promises another page. */
  more: boolean;
  date: Date;
}

const listShape = z.object({
  $items: z.array(z.unknown()),
  $page: z.number(),
  $total: z.number(),
  $next: z.string().nullish(),
});

/** Most rows that Sage gives in a page (A). */
export const SAGE_PAGE_SIZE = 200;

export type SageClient = ReturnType<typeof createSageClient>;

/**
 * Sage's API in the words of the domain. Every method throws VendorError.
 * @param businessId the X-Business of every call; null before a business is chosen
 */
export function createSageClient(http: VendorHttp, businessId: string | null, priority: Priority = 'bulk') {
  const business: Record<string, string> = businessId === null ? {} : { 'x-business': businessId };

  async function send(request: VendorRequest): Promise<VendorResponse> {
    return sameBusiness(await http.send({ priority, ...request, headers: business }));
  }

  async function stream(request: VendorRequest & { method: 'GET' }): Promise<VendorStream> {
    const headers = { ...request.headers, ...business };
    const answer = await http.stream({ priority, ...request, headers });
    try {
      return sameBusiness({ status: 200, ...answer });
    } catch (error) {
      answer.body.destroy();
      throw error;
    }
  }

  function sameBusiness<T extends { status: number; headers: VendorResponse['headers'] }>(response: T): T {
    const answered = response.headers['x-business'];
    // Without this check a changed lead business would silently mix two ledgers (reference §2, A).
    if (businessId !== null && typeof answered === 'string' && answered !== businessId) {
      throw new VendorError({
        kind: 'unavailable',
        vendor: 'sage',
        status: response.status,
        reason: 'it answered for another business than the one asked for',
      });
    }
    return response;
  }

  async function list<Wire, Row>(
    path: string,
    shape: z.ZodType<Wire>,
    toRow: (wire: Wire) => Row,
    page: number,
    query: VendorRequest['query'],
  ): Promise<SagePage<Row>> {
    const response = await send({
      method: 'GET',
      path,
      query: { ...query, page, items_per_page: SAGE_PAGE_SIZE },
    });
    const answer = readBody('sage', listShape, response);
    const seen = (answer.$page - 1) * SAGE_PAGE_SIZE + answer.$items.length;
    // Beyond the end Sage repeats the last page: its rows have been seen.
    const fresh = answer.$page === page ? answer.$items : [];
    const read = fresh.map((item) => ({ item, parsed: shape.safeParse(item) }));
    return {
      rows: read.flatMap(({ parsed }) => (parsed.success ? [toRow(parsed.data)] : [])),
      unreadable: read.flatMap(({ item, parsed }) => (parsed.success ? [] : [idOf(item)])),
      page: answer.$page,
      total: answer.$total,
      // `$next` isn't guaranteed to be populated (B), so both have to say that it ends.
      more: fresh.length > 0 && (answer.$next != null || seen < answer.$total),
      date: response.date,
    };
  }

  return {
    ...createDocumentCalls({ send, stream, list }),

    /** All businesses that the user can reach: names only, unpaged, hundreds for an accountant. */
    async listBusinesses(): Promise<{ id: string; name: string }[]> {
      const item = z.object({ id: z.string(), displayed_as: z.string() });
      const response = await http.send({ method: 'GET', path: '/businesses', priority });
      const { $items } = readBody('sage', z.object({ $items: z.array(item) }), response);
      return $items.map(({ id, displayed_as }) => ({ id, name: displayed_as }));
    },

    async getBusiness(id: string): Promise<SageBusiness> {
      const path = `/businesses/${encodeURIComponent(id)}`;
      return toBusiness(readBody('sage', businessShape, await http.send({ method: 'GET', path, priority })));
    },

    async getUser(): Promise<{ id: string; name: string; email: string }> {
      const shape = z.object({ id: z.string(), displayed_as: z.string(), email: z.string() });
      const user = readBody('sage', shape, await http.send({ method: 'GET', path: '/user', priority }));
      return { id: user.id, name: user.displayed_as, email: user.email };
    },

    /** Contacts with their address and person as ids only: lists leave nested details out (§3, B). */
    listContacts: (page: number): Promise<SagePage<ContactRow>> =>
      list('/contacts', contactShape, toContactRow, page, { attributes: ATTRIBUTES.contacts }),

    listAddresses: (page: number): Promise<SagePage<AddressRow>> =>
      list('/addresses', addressShape, toAddressRow, page, { attributes: ATTRIBUTES.addresses }),

    listPersons: (page: number): Promise<SagePage<PersonRow>> =>
      list('/contact_persons', personShape, toPersonRow, page, { attributes: ATTRIBUTES.persons }),

    /** One contact with everything, in one call. */
    async getContact(id: string): Promise<SageContact> {
      const response = await send({
        method: 'GET',
        path: `/contacts/${encodeURIComponent(id)}`,
        query: { nested_attributes: 'all' },
      });
      const nested = { main_address: addressShape.nullish(), main_contact_person: personShape.nullish() };
      const { main_address, main_contact_person } = readBody('sage', z.object(nested), response);
      return withDetails(
        toContactRow(readBody('sage', contactShape, response)),
        main_address ? toAddressRow(main_address) : null,
        main_contact_person ? toPersonRow(main_contact_person) : null,
      );
    },
  };
}

/** Joins a contact with its main address and main contact person. */
export function withDetails(
  { contact }: ContactRow,
  address: AddressRow | null,
  person: PersonRow | null,
): SageContact {
  return {
    ...contact,
    address: address?.address ?? null,
    email: person?.email ?? '',
    telephone: person?.telephone ?? '',
    mobile: person?.mobile ?? '',
    mainPersonName: person?.name ?? '',
  };
}

const idOf = (item: unknown): string =>
  z.object({ id: z.string() }).catch({ id: 'without id' }).parse(item).id;
