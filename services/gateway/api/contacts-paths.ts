import { type z } from 'zod';
import { type ZodOpenApiPathsObject } from 'zod-openapi';
import { PartyPath } from './contact-command-schemas';
import * as schemas from './contacts-schemas';
import { ListQuery, ProblemDetails } from './schemas';

const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: ProblemDetails } },
});
const answered = (schema: z.ZodType) => ({
  '200': { description: 'As asked', content: { 'application/json': { schema } } },
  '401': problem('Nobody is signed in, or Capsule no longer knows them'),
  '422': problem('The request is not valid'),
});
const NONE = problem('There is no such contact, or Capsule does not show it to you');
const historyPage = ListQuery.pick({ cursor: true, limit: true });

/** The documentation of routes/contacts. */
export const contactPaths: ZodOpenApiPathsObject = {
  '/api/contacts': {
    get: {
      summary: 'Contacts with their state and its reason',
      requestParams: { query: schemas.ContactQuery },
      responses: answered(schemas.Contacts),
    },
  },
  '/api/contacts/{partyId}': {
    get: {
      summary: 'A Capsule contact: both records, and its history',
      requestParams: { path: PartyPath, query: historyPage },
      responses: { ...answered(schemas.ContactDetails), '404': NONE },
    },
  },
  '/api/sage-contacts/{sageContactId}': {
    get: {
      summary: 'A Sage contact, linked or not, with its history',
      requestParams: { path: schemas.SageContactPath, query: historyPage },
      responses: { ...answered(schemas.ContactDetails), '404': NONE },
    },
  },
};
