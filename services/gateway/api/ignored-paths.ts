import { z } from 'zod';
import { type ZodOpenApiPathsObject } from 'zod-openapi';
import { Ignored, IgnoredId, IgnoredList } from './ignored-schemas';
import { ListQuery, ProblemDetails } from './schemas';

const json = (schema: z.ZodType) => ({ 'application/json': { schema } });
const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: ProblemDetails } },
});
const NOT_SIGNED_IN = problem('Nobody is signed in');
const NOT_ALLOWED = problem('Not an administrator, or the Origin is not ours');
const UNKNOWN = problem('There is no such Sage contact');
const requestParams = { path: z.object({ sageContactId: IgnoredId }) };

/** The routes of contacts that are not to be brought back. */
export const ignoredPaths: ZodOpenApiPathsObject = {
  '/api/ignored': {
    get: {
      summary: 'Contacts that are not to be brought back to Capsule, or are left out',
      requestParams: { query: ListQuery },
      responses: {
        '200': { description: 'As asked', content: json(IgnoredList) },
        '401': NOT_SIGNED_IN,
      },
    },
  },
  '/api/ignored/{sageContactId}': {
    put: {
      summary: 'Do not bring a contact back to Capsule; leave it out if it is not linked',
      requestParams,
      responses: {
        '200': { description: 'So it is now', content: json(Ignored) },
        '401': NOT_SIGNED_IN,
        '403': NOT_ALLOWED,
        '404': UNKNOWN,
      },
    },
    delete: {
      summary: 'Bring it back again; one that was left out is matched at the next pass',
      requestParams,
      responses: {
        '204': { description: 'So it is now' },
        '401': NOT_SIGNED_IN,
        '403': NOT_ALLOWED,
        '404': UNKNOWN,
      },
    },
  },
};
