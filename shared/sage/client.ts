import { z } from 'zod';
import { fieldsOfSage } from '../domain/synced-fields';
import { type SageContact, type SyncedFields } from '../domain/types';
import { type Priority } from '../http/pacer';
import { readBody, readWritten } from '../http/read-body';
import { isVendorError, VendorError } from '../http/vendor-error';
import {
  type VendorHttp,
  type VendorRequest,
  type VendorResponse,
  type VendorStream,
} from '../http/vendor-http';
import { createDocumentCalls } from './documents';
import {
  effective,
  type NewSageContact,
  rawContact,
  toCreateBody,
  toEditBody,
  withFields,
} from './contact-body';
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

export { type NewSageContact } from './contact-body';

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

const NESTED = { nested_attributes: 'all' } as const;
/** What was read of a contact counts as how it is for so long; later it is not written back. */
const FRESH_MS = 5_000;
/** How often a contact is read anew whose write had to wait. */
const ROUNDS = 3;
/** A contact with its nested objects; those that came as mere references have empty texts. */
const wholeShape = contactShape.extend({
  main_address: addressShape.nullish(),
  main_contact_person: personShape.nullish(),
});

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

  async function fetchContact(id: string): Promise<{ response: VendorResponse; contact: SageContact }> {
    const query = { ...NESTED, attributes: ATTRIBUTES.contacts };
    const response = await send({ method: 'GET', path: contactPath(id), query });
    const wire = readBody('sage', wholeShape, response);
    if (wire.deleted_at === '') return { response, contact: wholeContact(wire) };
    const reason = 'the contact has been deleted';
    throw new VendorError({ kind: 'missing', vendor: 'sage', status: response.status, reason });
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
    listContacts: (page: number, since?: string): Promise<SagePage<ContactRow>> =>
      list('/contacts', contactShape, toContactRow, page, {
        attributes: ATTRIBUTES.contacts,
        updated_or_created_since: wholeSeconds(since),
      }),

    /** Whether a changed address moves the contact's `updated_at` is unknown (§4, D). */
    listAddresses: (page: number, since?: string): Promise<SagePage<AddressRow>> =>
      list('/addresses', addressShape, toAddressRow, page, {
        attributes: ATTRIBUTES.addresses,
        updated_or_created_since: wholeSeconds(since),
      }),

    listPersons: (page: number, since?: string): Promise<SagePage<PersonRow>> =>
      list('/contact_persons', personShape, toPersonRow, page, {
        attributes: ATTRIBUTES.persons,
        updated_or_created_since: wholeSeconds(since),
      }),

    /** Contacts deleted at a time or later: Sage leaves out those of the very second it is asked for (§3, A). */
    listDeletedContacts: (page: number, since: string): Promise<SagePage<{ id: string }>> =>
      list('/contacts', z.object({ id: z.string() }), ({ id }) => ({ id }), page, {
        deleted_since: wholeSeconds(since, -1000),
      }),

    /**
     * Contacts that Sage finds by a name, the first page only. How it searches is not documented (§3, D): the
     * caller compares the names itself.
     */
    async findContactsByName(name: string): Promise<ContactRow[]> {
      const query = { attributes: ATTRIBUTES.contacts, search: name };
      const { rows } = await list('/contacts', contactShape, toContactRow, 1, query);
      return rows.filter(({ isDeleted }) => !isDeleted);
    },

    /** One contact with everything, in one call. @throws VendorError `missing` for a deleted one too */
    getContact: async (id: string): Promise<SageContact> => (await fetchContact(id)).contact,

    /**
     * Writes the changed fields and nothing else: reads the contact, then sends whatever nested object changes
     * complete (§4 Writes, D). No PUT when all is so already. What was read is sent within seconds, or read anew:
     * others may have written in the same object while a limit was waited for.
     * @param changes emptied = ""; absent = left alone
     * @param beforeWriting told what Sage holds, whenever something is about to be written
     * @throws VendorError `missing` when the contact is deleted, `rejected` for data that Sage refuses
     */
    async editContact(
      id: string,
      changes: SyncedFields,
      beforeWriting: (before: SageContact) => Promise<void> = () => Promise.resolve(),
    ): Promise<{ before: SageContact; after: SageContact }> {
      for (let round = 1; ; round += 1) {
        const { response, contact: before } = await fetchContact(id);
        if (before.isErased) throw erased(response);
        const fields = effective(changes, fieldsOfSage(before));
        if (Object.keys(fields).length === 0) return { before, after: before };
        const body = toEditBody(readBody('sage', rawContact, response), fields);
        await beforeWriting(before);
        const notAfter = Date.now() + FRESH_MS;
        try {
          const answer = await send({ method: 'PUT', path: contactPath(id), query: NESTED, body, notAfter });
          return { before, after: readWrittenContact(answer, withFields(before, fields)) };
        } catch (error) {
          // The text of this refusal is not known (§4, C): a contact deleted meanwhile says so when it is read.
          if (isVendorError(error, 'rejected')) await fetchContact(id);
          const tooLate = isVendorError(error, 'unavailable') && Date.now() > notAfter;
          if (!tooLate || round === ROUNDS) throw error;
        }
      }
    },

    /**
     * Creates a contact. Never two of a business at once: Sage forbids it (§4, A).
     * @param idempotencyId 32 hex digits; for seven days a repeat gives the same contact (A)
     */
    async createContact(draft: NewSageContact, idempotencyId: string): Promise<SageContact> {
      const body = toCreateBody(draft, idempotencyId);
      const response = await send({
        ...{ method: 'POST', path: '/contacts', query: NESTED, body, repeatable: true },
      });
      const { contact } = toContactRow(readWritten('sage', contactShape, response));
      const mainPersonName = draft.personName ?? '';
      const blank = { ...{ email: '', telephone: '', mobile: '', address: null }, mainPersonName };
      return readWrittenContact(response, withFields({ ...contact, ...blank }, draft.fields));
    },
  };
}

/** Joins a contact with its main address and main contact person. */
export function withDetails(
  { contact, email }: ContactRow,
  address: AddressRow | null,
  person: PersonRow | null,
): SageContact {
  return {
    ...contact,
    address: address?.address ?? null,
    email: person?.email ?? email,
    telephone: person?.telephone ?? '',
    mobile: person?.mobile ?? '',
    mainPersonName: person?.name ?? '',
  };
}

const contactPath = (id: string): string => `/contacts/${encodeURIComponent(id)}`;

function wholeContact(wire: z.infer<typeof wholeShape>): SageContact {
  const { main_address, main_contact_person } = wire;
  return withDetails(
    toContactRow(wire),
    main_address ? toAddressRow(main_address) : null,
    main_contact_person ? toPersonRow(main_contact_person) : null,
  );
}

/** The contact that a write answered with; what it tells by id only is taken from what was written. */
function readWrittenContact(response: VendorResponse, written: SageContact): SageContact {
  const wire = readWritten('sage', wholeShape, response);
  const isWhole = rawContact.safeParse(response.body).success;
  return isWhole ? wholeContact(wire) : { ...written, ...toContactRow(wire).contact };
}

function erased({ status }: VendorResponse): VendorError {
  const reason = 'the contact was erased under the GDPR';
  return new VendorError({ kind: 'rejected', vendor: 'sage', status, reason });
}

/** Sage keeps its times to the second. */
const wholeSeconds = (time: string | undefined, addMs = 0): string | undefined =>
  time && new Date(Date.parse(time) + addMs).toISOString().replace(/\.\d+Z$/, 'Z');

const idOf = (item: unknown): string =>
  z.object({ id: z.string() }).catch({ id: 'without id' }).parse(item).id;
