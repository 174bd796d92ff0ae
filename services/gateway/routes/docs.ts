import { Router } from 'express';
import { openApiDocument } from '../api/openapi';
import { renderApiDocs } from '../pages';

/** The API described to programs and to people. Made once: it depends on the address only. */
export function docsRoutes(publicUrl: string): Router {
  const document = openApiDocument(publicUrl);
  const page = renderApiDocs({ document });
  const routes = Router();
  routes.get('/openapi.json', (_req, res) => {
    res.json(document);
  });
  routes.get('/docs', (_req, res) => {
    res.send(page);
  });
  return routes;
}
