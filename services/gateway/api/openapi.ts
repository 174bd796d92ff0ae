import { z } from 'zod';
import { createDocument, type ZodOpenApiOperationObject } from 'zod-openapi';
import { disconnecting, lifecyclePaths } from './lifecycle-paths';
import { ignoredPaths } from './ignored-paths';
import { contactCommandPaths } from './contact-command-paths';
import { contactPaths } from './contacts-paths';
import { invoicePaths } from './invoices-paths';
import { runPaths } from './runs-paths';
import * as schemas from './schemas';

const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: schemas.ProblemDetails } },
});
const json = (schema: z.ZodType) => ({ 'application/json': { schema } });

const REFUSALS = {
  '401': problem('Nobody is signed in'),
  '403': problem('Not an administrator, or the Origin is not ours'),
} as const;

const GOES_ON = problem('It takes longer than the answer can wait; the work goes on');

const reading = (summary: string, schema: z.ZodType): ZodOpenApiOperationObject => ({
  summary,
  responses: { '200': { description: 'As asked', content: json(schema) }, '401': REFUSALS['401'] },
});

const listing = (summary: string, schema: z.ZodType): ZodOpenApiOperationObject => ({
  ...reading(summary, schema),
  requestParams: { query: schemas.ListQuery },
});

/**
 * The OpenAPI document of the routes that exist, for `/openapi.json` and `/docs`.
 * @param publicUrl the server that it names
 */
export function openApiDocument(publicUrl: string): object {
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'capsule-sage-sync',
      version: '1',
      description:
        'Keeps the customers of a Capsule account and a Sage business in step. Sign in by the browser at /connect/capsule; the session is a cookie. Requests that change something need the header Origin.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: publicUrl }],
    security: [{ session: [] }],
    components: {
      securitySchemes: {
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: publicUrl.startsWith('https:') ? '__Host-session' : 'session',
        },
      },
    },
    paths: {
      ...contactCommandPaths,
      ...contactPaths,
      ...invoicePaths,
      ...runPaths,
      ...ignoredPaths,
      ...lifecyclePaths,
      '/api/status': { get: reading('Where the sync stands', schemas.Status) },
      '/api/events': {
        get: {
          summary: 'The status as server-sent events, whenever it changes',
          responses: {
            '200': {
              description: 'Messages whose data is the JSON of /api/status',
              content: { 'text/event-stream': { schema: schemas.Status } },
            },
            '401': REFUSALS['401'],
          },
        },
      },
      '/api/businesses': {
        get: {
          ...reading('The Sage businesses that can be chosen', schemas.Businesses),
          responses: {
            '200': { description: 'As asked', content: json(schemas.Businesses) },
            '409': problem('Sage is not connected yet'),
            ...REFUSALS,
          },
        },
      },
      '/api/connection': {
        delete: disconnecting,
        post: {
          summary: 'Connect a business; the import starts by itself',
          requestBody: { required: true, content: json(schemas.ConnectionWish) },
          responses: {
            '202': { description: 'Connected, the import starts', content: json(schemas.ConnectionStarted) },
            '409': problem('Taken, busy, or a different business than before that was not confirmed'),
            '422': problem('The business cannot be connected, or the request is not valid'),
            ...REFUSALS,
          },
        },
      },
      '/api/settings': {
        get: reading('The settings', schemas.Settings),
        put: {
          summary: 'Change settings; what is left out stays',
          requestBody: { required: true, content: json(schemas.SettingsChange) },
          responses: {
            '200': { description: 'As they are now', content: json(schemas.Settings) },
            '422': problem('The request is not valid'),
            ...REFUSALS,
          },
        },
      },
      '/api/reviews': { get: listing('Contacts that wait for a decision', schemas.Reviews) },
      '/api/reviews/{id}': {
        post: {
          summary: 'Decide on a contact: link it, create it, or leave it out',
          requestParams: { path: z.object({ id: schemas.Review.shape.id }) },
          requestBody: { required: true, content: json(schemas.ReviewDecision) },
          responses: {
            '200': { description: 'Done', content: json(schemas.ReviewDecided) },
            '202': { description: 'Accepted; it goes on by itself', content: json(schemas.ReviewDecided) },
            '404': problem('There is no such review'),
            '409': problem(
              'Decided otherwise, or the party is linked or not known; the detail names what is in the way',
            ),
            '422': problem('Capsule refuses the contact, or the request is not valid'),
            '504': GOES_ON,
            ...REFUSALS,
          },
        },
      },
      '/api/failures': { get: listing('Records that were set aside', schemas.Failures) },
      '/api/failures/retry': {
        post: {
          summary: 'Try records that were set aside again',
          requestBody: { required: false, content: json(schemas.FailuresToRetry) },
          responses: {
            '202': { description: 'Tried again', content: json(schemas.FailuresRetried) },
            '409': problem('Not connected, or the import still runs'),
            '422': problem('The request is not valid'),
            '504': GOES_ON,
            ...REFUSALS,
          },
        },
      },
    },
  });
}
