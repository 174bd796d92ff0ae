import { z } from 'zod';
import { type ZodOpenApiPathsObject } from 'zod-openapi';
import * as schemas from './contact-command-schemas';
import { ProblemDetails } from './schemas';

const problem = (description: string, schema: z.ZodType = ProblemDetails) => ({
  description,
  content: { 'application/problem+json': { schema } },
});
const json = (schema: z.ZodType) => ({ 'application/json': { schema } });
const csv = { 'text/csv': { schema: z.string() } };

const REFUSALS = {
  '401': problem('Nobody is signed in'),
  '403': problem('Not allowed to this person, or the Origin is not ours'),
} as const;
const GOES_ON = problem('It takes longer than the answer can wait; the work goes on under `commandId`');
const requestParams = { path: schemas.PartyPath };

/** The documentation of routes/contact-commands. */
export const contactCommandPaths: ZodOpenApiPathsObject = {
  '/api/contacts/{partyId}/sage': {
    post: {
      summary: 'Add to Sage, or link by hand',
      requestParams,
      requestBody: { required: false, content: json(schemas.AddToSage) },
      responses: {
        '201': { description: 'In Sage now, and linked', content: json(schemas.AddedToSage) },
        '200': { description: 'It was linked already', content: json(schemas.AddedToSage) },
        '404': problem('There is no such contact'),
        '409': problem('Sage has unlinked contacts of that name', schemas.SageCandidates),
        '422': problem('Sage cannot take the contact, or the request is not valid'),
        '504': GOES_ON,
        ...REFUSALS,
      },
    },
    delete: {
      summary: 'Unlink; both records stay, and are not matched again',
      requestParams: { ...requestParams, query: schemas.UnlinkQuery },
      responses: {
        '200': { description: 'Unlinked', content: json(schemas.Unlinked) },
        '404': problem('It is not linked'),
        '504': GOES_ON,
        ...REFUSALS,
      },
    },
  },
  '/api/contacts/{partyId}/push': {
    post: {
      summary: "Push Capsule's values to Sage",
      requestParams,
      responses: {
        '200': { description: 'Sage holds them now', content: json(schemas.Pushed) },
        '404': problem('It is not linked, or there is no such contact'),
        '422': problem('Sage did not take all values'),
        '504': GOES_ON,
        ...REFUSALS,
      },
    },
  },
  '/api/commands/{id}': {
    get: {
      summary: 'What became of a command whose answer was a 504',
      requestParams: { path: z.object({ id: z.string().meta({ description: 'Its `commandId`' }) }) },
      responses: {
        '200': { description: 'As asked', content: json(schemas.CommandState) },
        '404': problem('There is no such command'),
        '401': REFUSALS['401'],
      },
    },
  },
  '/api/links.csv': {
    get: {
      summary: 'All links as CSV',
      responses: { '200': { description: 'One link a line', content: csv }, ...REFUSALS },
    },
    post: {
      summary: 'Link pairs by hand: columns sageContactId and partyId',
      requestBody: { required: true, content: csv },
      responses: {
        '200': { description: 'What became of the rows', content: json(schemas.LinksImported) },
        '409': problem('Nothing is connected'),
        '413': problem('The file is too large'),
        '415': problem('It is no text/csv'),
        '422': problem('It is no list of links'),
        ...REFUSALS,
      },
    },
  },
};
