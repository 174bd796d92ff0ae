import { z } from 'zod';
import 'zod-openapi';
import { ProblemDetails } from './schemas';

/** Shapes of the commands that are given for one Capsule contact, and of the links as CSV. */

const count = z.number().int().min(0);
const kind = z.enum(['CUSTOMER', 'VENDOR']);

export const PartyPath = z.object({
  partyId: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER).meta({ id: 'PartyId' }),
});

export const AddToSage = z
  .object({
    type: kind.default('CUSTOMER'),
    linkTo: z
      .string()
      .regex(/^[0-9A-Za-z-]{1,100}$/, 'is no id of a Sage contact')
      .optional()
      .meta({ description: 'Link to this Sage contact instead of creating one' }),
    force: z
      .boolean()
      .default(false)
      .meta({ description: 'Create although Sage has an unlinked contact of that name' }),
  })
  .meta({ id: 'AddToSage' });

export const AddedToSage = z
  .object({
    sageContactId: z.string(),
    url: z.string().nullable().meta({ description: 'Its page in Sage; null when Sage does not tell one' }),
    partyId: z.number().int().meta({ description: 'What was added: the organisation of a person' }),
    outcome: z.enum(['created', 'linked', 'already']),
  })
  .meta({ id: 'AddedToSage' });

export const SageCandidates = ProblemDetails.extend({
  code: z.literal('candidates'),
  partyId: z.number().int().meta({ description: 'What would be added: the organisation of a person' }),
  candidates: z.array(
    z.object({
      ...{ id: z.string(), name: z.string(), email: z.string(), postcode: z.string() },
      url: z.string().nullable(),
    }),
  ),
}).meta({ id: 'SageCandidates' });

export const UnlinkQuery = z.object({
  type: kind.optional().meta({ description: 'Left out: the links of both kinds' }),
});

export const Unlinked = z.object({ outcome: z.literal('unlinked') }).meta({ id: 'Unlinked' });

export const Pushed = z
  .object({ contacts: count, fields: count.meta({ description: 'How many values were written into Sage' }) })
  .meta({ id: 'Pushed' });

export const CommandState = z
  .object({
    id: z.string(),
    state: z.enum(['running', 'done', 'failed']),
    status: z.number().int().nullable().meta({ description: 'What the route would have answered with' }),
    result: z.unknown().meta({ description: 'The body of that answer; null unless done' }),
    problem: ProblemDetails.loose().nullable().meta({ description: 'Null unless failed' }),
  })
  .meta({ id: 'CommandState' });

export const LinksImported = z
  .object({
    linked: count,
    already: count.meta({ description: 'Rows that were linked just so before' }),
    skipped: count.meta({ description: 'Rows whose state says that the pair is unlinked' }),
    refused: z.array(
      z.object({ line: count.meta({ description: 'The header is line 1' }), reason: z.string() }),
    ),
  })
  .meta({ id: 'LinksImported' });

export type AddToSage = z.infer<typeof AddToSage>;
export type AddedToSage = z.infer<typeof AddedToSage>;
export type SageCandidates = z.infer<typeof SageCandidates>;
export type UnlinkQuery = z.infer<typeof UnlinkQuery>;
export type Unlinked = z.infer<typeof Unlinked>;
export type Pushed = z.infer<typeof Pushed>;
export type CommandState = z.infer<typeof CommandState>;
export type LinksImported = z.infer<typeof LinksImported>;
