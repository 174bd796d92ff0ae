import { type Request, type Response, Router } from 'express';

import { type Books } from '../books/books';
import { fault, invalid, Refusal } from '../refusal';
import { businessOf } from './access';
import { flag, listing, type Query } from './listing';
import { type Shape, show, type View, wantedOf } from './shape';

export interface Resource<T> {
  shape: Shape<T>;
  /** Wrapper of a body, as `contact`. */
  entity: string;
  select(books: Books, query: Query): readonly T[];
  find(books: Books, id: string): T;
  create?: (books: Books, body: unknown) => T;
  update?: (books: Books, id: string, body: unknown) => T;
  remove?: (books: Books, id: string) => void;
}

/** Lists, shows and writes one kind of record. Verbs that it has not are answered with 405. */
export function resourceRouter<T extends { id: string }>(resource: Resource<T>): Router {
  const { shape, entity, create, update, remove } = resource;
  const router = Router();
  const answered = (req: Request, res: Response, record: T): Record<string, unknown> =>
    show(shape, record, 'all', viewOf(req, res, true));
  const written = (req: Request, res: Response, status: number, write: (body: unknown) => T): void => {
    const body = unwrapped(req, entity);
    const result = booksOf(res).idempotency.once(body.idempotency_id, entity, () => ({
      status,
      body: answered(req, res, write(body)),
    }));
    res.status(result.status).json(result.body);
  };
  router.get('/', (req, res) => {
    const wanted = wantedOf(req.query.attributes, 'none');
    const view = viewOf(req, res, false);
    const records = resource.select(view.books, req.query);
    res.json(listing(shape.path, req.query, records, (record) => show(shape, record, wanted, view)));
  });
  router.get('/:id', (req, res) => {
    const record = resource.find(booksOf(res), req.params.id);
    res.json(show(shape, record, wantedOf(req.query.attributes, 'all'), viewOf(req, res, true)));
  });
  if (create) {
    router.post('/', (req, res) => {
      written(req, res, 201, (body) => create(booksOf(res), body));
    });
  }
  if (update) {
    router.put('/:id', (req, res) => {
      written(req, res, 200, (body) => update(booksOf(res), req.params.id, body));
    });
  }
  if (remove) {
    router.delete('/:id', (req, res) => {
      remove(booksOf(res), req.params.id);
      res.status(204).end();
    });
  }
  router.all(['/', '/:id'], () => {
    throw wrongVerb();
  });
  return router;
}

export const booksOf = (res: Response): Books => businessOf(res).books();

/** How this request wants its answer. */
export const viewOf = (req: Request, res: Response, single: boolean): View => ({
  books: booksOf(res),
  origin: res.locals.origin as string,
  // Only a single record is told with nested attributes; the guide says nothing of lists, the specification
  // does (reference §3, D). Nastier reading: a list passes them over.
  nested: single ? wantedOf(req.query.nested_attributes, 'none') : 'none',
  single,
  balance: flag(req.query, 'show_balance'),
});

/** @throws Refusal 422 when the body is not wrapped in the name of its entity (reference §4 Writes, B) */
export function unwrapped(req: Request, entity: string): Record<string, unknown> {
  const inner = (req.body as Record<string, unknown> | null | undefined)?.[entity];
  if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) {
    throw invalid(entity, 'This field is required.');
  }
  return inner as Record<string, unknown>;
}

const wrongVerb = (): Refusal =>
  new Refusal(405, [fault('MethodNotAllowed', 'This resource has no such method.')]);
