import { type ZodOpenApiPathsObject } from 'zod-openapi';
import * as schemas from './runs-schemas';
import { ListQuery, ProblemDetails } from './schemas';

const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: ProblemDetails } },
});

/** The documentation of routes/runs. */
export const runPaths: ZodOpenApiPathsObject = {
  '/api/runs': {
    get: {
      summary: 'Imports, passes and pushes, newest first',
      requestParams: { query: ListQuery },
      responses: {
        '200': { description: 'As asked', content: { 'application/json': { schema: schemas.Runs } } },
        '401': problem('Nobody is signed in'),
        '422': problem('The request is not valid'),
      },
    },
  },
  '/api/runs/{id}': {
    get: {
      summary: 'What a run did, contact by contact',
      requestParams: { path: schemas.RunPath, query: ListQuery },
      responses: {
        '200': { description: 'As asked', content: { 'application/json': { schema: schemas.RunDetails } } },
        '401': problem('Nobody is signed in'),
        '404': problem('There is no such run'),
      },
    },
  },
};
