import { type Readable } from 'node:stream';
import { z } from 'zod';
import { type DocumentKind, isPurchase, isQuote, type SageDocument } from '../domain/invoices';
import { readBody } from '../http/read-body';
import { VendorError } from '../http/vendor-error';
import { type VendorRequest, type VendorResponse, type VendorStream } from '../http/vendor-http';
import { type SagePage } from './client';
import { balanceShape, documentAttributes, documentShape } from './document-wire';

export interface DocumentQuery {
  /** Changed or made at or after this instant of Sage's clock. */
  since?: Date;
  /** Sage's status id. */
  status?: string;
  contactId?: string;
  /** First and last `date`, `YYYY-MM-DD`. */
  from?: string;
  to?: string;
}

export interface ContactBalance {
  contactId: string;
  /** Minor units of the base currency; null where Sage tells none. */
  balance: number | null;
}

export interface Pdf {
  /** Bytes, when Sage tells; the body is to be read to its end or destroyed. */
  length: number | null;
  body: Readable;
}

const PATHS: Record<DocumentKind, string> = {
  sales_invoice: '/sales_invoices',
  sales_credit_note: '/sales_credit_notes',
  sales_quote: '/sales_quotes',
  sales_estimate: '/sales_estimates',
  purchase_invoice: '/purchase_invoices',
  purchase_credit_note: '/purchase_credit_notes',
};

/** Quotes and estimates have no `deleted_since` (§5, A): one that was deleted is missed by a whole listing only. */
export const tellsDeletions = (kind: DocumentKind): boolean => !isQuote(kind);

/** Sage prints what a business sends to its customers; a purchase is somebody else's paper. */
export const hasPdf = (kind: DocumentKind): boolean => !isPurchase(kind);

/** The rest of the client, as far as documents need it. */
interface Calls {
  send: (request: VendorRequest) => Promise<VendorResponse>;
  stream: (request: VendorRequest & { method: 'GET' }) => Promise<VendorStream>;
  list: <Wire, Row>(
    path: string,
    shape: z.ZodType<Wire>,
    toRow: (wire: Wire) => Row,
    page: number,
    query: VendorRequest['query'],
  ) => Promise<SagePage<Row>>;
}

/** The part of the Sage client that reads documents and balances (reference sage-api §5). */
export function createDocumentCalls({ send, stream, list }: Calls) {
  return {
    /** A page of 200. Oldest first where Sage can sort, so that what is made meanwhile comes last. */
    listDocuments: (
      kind: DocumentKind,
      page: number,
      query: DocumentQuery = {},
    ): Promise<SagePage<SageDocument>> =>
      list(PATHS[kind], documentShape(kind), (row) => row, page, {
        attributes: documentAttributes(kind),
        updated_or_created_since: query.since && isoSeconds(query.since),
        status_id: query.status,
        contact_id: query.contactId,
        from_date: query.from,
        to_date: query.to,
        // Estimates alone cannot be sorted (A).
        sort: kind === 'sales_estimate' ? undefined : 'created_at:asc',
      }),

    /** Ids of what was deleted at or after an instant: Sage leaves the instant itself out (§3, A), so ask a second earlier. */
    listDeletedDocuments: (kind: DocumentKind, page: number, since: Date): Promise<SagePage<string>> =>
      list(PATHS[kind], z.object({ id: z.string() }), ({ id }) => id, page, {
        deleted_since: isoSeconds(new Date(since.getTime() - 1_000)),
      }),

    async getDocument(kind: DocumentKind, id: string): Promise<SageDocument> {
      const path = `${PATHS[kind]}/${encodeURIComponent(id)}`;
      const response = await send({
        method: 'GET',
        path,
        // Without it Sage marks an invoice as sent: certainly for a PDF, and nothing rules it out here (§5, A).
        query: { attributes: documentAttributes(kind), ...(hasPdf(kind) ? { mark_as_sent: false } : {}) },
      });
      return readBody('sage', documentShape(kind), response);
    },

    /** Balances of all contacts, in one list. */
    listBalances: (page: number): Promise<SagePage<ContactBalance>> =>
      list('/contacts', balanceShape, (row) => row, page, { attributes: 'balance', show_balance: true }),

    async getBalance(contactId: string): Promise<number | null> {
      const path = `/contacts/${encodeURIComponent(contactId)}`;
      const query = { attributes: 'balance', show_balance: true };
      return readBody('sage', balanceShape, await send({ method: 'GET', path, query })).balance;
    },

    /** The document as Sage prints it, passed through; it is never marked as sent by that. */
    async streamPdf(kind: DocumentKind, id: string): Promise<Pdf> {
      const { headers, body } = await stream({
        method: 'GET',
        path: `${PATHS[kind]}/${encodeURIComponent(id)}`,
        query: { mark_as_sent: false },
        headers: { accept: 'application/pdf' },
      });
      if (!String(headers['content-type']).startsWith('application/pdf')) {
        body.destroy();
        throw new VendorError({
          ...{ kind: 'unavailable', vendor: 'sage', status: 200 },
          reason: 'it sent something else than a PDF',
        });
      }
      const length = Number(headers['content-length'] ?? NaN);
      return { length: Number.isFinite(length) ? length : null, body };
    },
  };
}

const isoSeconds = (instant: Date): string => `${instant.toISOString().slice(0, 19)}Z`;
