import { z } from 'zod';
import { type ZodOpenApiPathsObject } from 'zod-openapi';
import * as schemas from './lifecycle-schemas';
import { ProblemDetails } from './schemas';

const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: ProblemDetails } },
});
const json = (schema: z.ZodType) => ({ 'application/json': { schema } });

const REFUSALS = {
  '401': problem('Nobody is signed in'),
  '403': problem('Not an administrator, or the Origin is not ours'),
} as const;

const CONFLICT = problem('Not connected, or something else has to be done first: `code` says what');
const GOES_ON = problem('It takes longer than the answer can wait; the work goes on');

const asked = (summary: string, schema: z.ZodType) => ({
  summary,
  responses: {
    '200': { description: 'Done', content: json(schema) },
    ...{ '409': CONFLICT, '504': GOES_ON, ...REFUSALS },
  },
});

/** The part of the OpenAPI document that is about a connection as a whole. */
export const lifecyclePaths: ZodOpenApiPathsObject = {
  '/api/sync': {
    post: {
      summary: 'A pass now; one that is under way is followed by the next',
      requestBody: { required: false, content: json(schemas.SyncWish) },
      responses: {
        '202': { description: 'It will be covered by this run', content: json(schemas.SyncAccepted) },
        ...{ '409': CONFLICT, '504': GOES_ON, ...REFUSALS },
      },
    },
  },
  '/api/pause': { post: asked('Let edits and passes wait', schemas.Paused) },
  '/api/resume': { post: asked('Let them go on', schemas.Paused) },
  '/api/breaker': {
    post: {
      ...asked('Decide on a pass that would have changed unusually many contacts', schemas.BreakerDecision),
      requestBody: { required: true, content: json(schemas.BreakerDecision) },
    },
  },
  '/api/export': {
    get: {
      summary: 'Everything that is kept of this account, without tokens',
      responses: { '200': { description: 'A file', content: json(schemas.Export) }, ...REFUSALS },
    },
  },
  '/api/tenant': {
    delete: {
      summary: 'Disconnect, and erase everything that is kept of this account',
      requestBody: { required: true, content: json(schemas.Erasure) },
      responses: {
        '200': { description: 'Erased', content: json(z.object({ erased: z.literal(true) })) },
        ...{ '422': problem('The name is not the name of the account'), '504': GOES_ON, ...REFUSALS },
      },
    },
  },
};

/** DELETE /api/connection */
export const disconnecting = {
  summary: 'Disconnect: answers when work has stopped; links are kept',
  requestBody: { required: false, content: json(schemas.DisconnectWish) },
  responses: {
    '200': { description: 'Work has stopped', content: json(schemas.Disconnected) },
    ...{ '504': GOES_ON, ...REFUSALS },
  },
};
