import { Router } from 'express';
import { openApiDocument } from '../api/openapi';
import { renderApiDocs } from '../pages';

/** The API described to programs and to people. Made once, when somebody asks: it depends on the address only. */
export function docsRoutes(publicUrl: string): Router {
  let made: ReturnType<typeof openApiDocument> | null = null;
  const document = () => (made ??= openApiDocument(publicUrl));
  const routes = Router();
  routes.get('/openapi.json', (_req, res) => {
    res.json(document());
  });
  routes.get('/docs', (_req, res) => {
    res.send(renderApiDocs({ document: document() }));
  });
  return routes;
}
