import { type Request, type Response, Router } from 'express';

import { type Books } from '../books/books';
import { createDocument, createPayment, documentOf, voidDocument } from '../books/documents';
import { type DocumentKind, type SalesDocument } from '../records';
import { CONTACT_PAYMENT, DOCUMENT_PATHS, documentShape } from './document-shapes';
import { changedOf, flag, parameter, type Query, sorted } from './listing';
import { documentPdf } from './pdf';
import { booksOf, resourceRouter, viewOf } from './resource';
import { show, time } from './shape';

/** A router for each kind of document, with the path at which it stands. */
export const documentRouters = (): [path: string, router: Router][] =>
  (Object.keys(DOCUMENT_PATHS) as DocumentKind[]).map((kind) => [
    DOCUMENT_PATHS[kind],
    documentsRouter(kind),
  ]);

function documentsRouter(kind: DocumentKind): Router {
  const router = Router();
  router.get('/:id', (req, res, next) => {
    if (req.accepts(['application/json', 'application/pdf']) !== 'application/pdf') {
      next();
      return;
    }
    sendPdf(req, res, documentOf(booksOf(res), kind, req.params.id));
  });
  router.delete('/:id', (req, res) => {
    const books = booksOf(res);
    const inBody = (req.body as { void_reason?: unknown } | undefined)?.void_reason;
    const reason = parameter(req.query, 'void_reason') ?? (typeof inBody === 'string' ? inBody : null);
    const voided = voidDocument(books, kind, req.params.id, reason);
    if (!voided) return void res.status(204).end();
    const document = documentOf(books, kind, req.params.id);
    res.json(show(documentShape(kind), document, 'all', viewOf(req, res, true)));
  });
  router.use(
    resourceRouter({
      shape: documentShape(kind),
      entity: kind,
      select: (books, query) => selectDocuments(books, kind, query),
      find: (books, id) => documentOf(books, kind, id),
      create: (books, body) => createDocument(books, kind, body),
    }),
  );
  return router;
}

export const paymentsRouter = (): Router =>
  resourceRouter({
    shape: CONTACT_PAYMENT,
    entity: 'contact_payment',
    select: (books, query) => changedOf(books.payments, query, { contactId: parameter(query, 'contact_id') }),
    find: (books, id) => books.live(books.payments, id),
    create: createPayment,
  });

function selectDocuments(books: Books, kind: DocumentKind, query: Query): readonly SalesDocument[] {
  const contactId = parameter(query, 'contact_id');
  const status = parameter(query, 'status_id');
  const from = parameter(query, 'from_date')?.slice(0, 10);
  const to = parameter(query, 'to_date')?.slice(0, 10);
  const search = parameter(query, 'search')?.toLowerCase();
  const chosen = changedOf(books.documents, query, { contactId, kind }).filter(
    (document) =>
      document.kind === kind &&
      (!status || document.status === status) &&
      (!from || document.date >= from) &&
      (!to || document.date <= to) &&
      (!search || `${document.reference}\n${document.contact_name}`.toLowerCase().includes(search)),
  );
  return sorted(chosen, query, {
    created_at: ({ createdAt }) => createdAt,
    updated_at: ({ updatedAt }) => updatedAt,
    date: ({ date }) => date,
    [kind === 'sales_quote' ? 'expiry_date' : 'due_date']: ({ dueDate }) => dueDate,
  });
}

/** Reading the PDF marks a document as sent, unless told otherwise (reference §5, A). */
function sendPdf(req: Request, res: Response, document: SalesDocument): void {
  if (parameter(req.query, 'mark_as_sent') === null || flag(req.query, 'mark_as_sent')) {
    if (!document.sent) booksOf(res).touch(document);
    document.sent = true;
  }
  res.type('application/pdf').send(documentPdf(document, time(document.createdAt)));
}
