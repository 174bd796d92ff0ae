import { z } from 'zod';
import 'zod-openapi';
import { SYNCED_FIELDS } from '../../../shared/domain/types';
import { CONTACT_STATES } from '../contact-state';
import { ListQuery } from './schemas';

/** Shapes of contacts with their state and history. */

const instant = z.iso.datetime().meta({ description: 'ISO 8601, UTC' });
const state = z.enum(CONTACT_STATES);
const field = z.enum(SYNCED_FIELDS);

export const Contact = z
  .object({
    id: z.string(),
    partyId: z.number().int().nullable(),
    sageContactId: z.string().nullable(),
    name: z.string(),
    kind: z.enum(['CUSTOMER', 'VENDOR']).nullable().meta({ description: 'Null: not in Sage' }),
    origin: z
      .enum(['linked', 'created', 'added', 'manual'])
      .nullable()
      .meta({ description: 'Null: not linked' }),
    state,
    reason: z.string().meta({ description: 'Why it is in this state, in a sentence' }),
    links: z
      .object({ capsule: z.string().nullable(), sage: z.string().nullable() })
      .meta({ description: 'Its pages at the vendors' }),
    updatedAt: instant.nullable().meta({ description: 'When it was last changed in Sage' }),
  })
  .meta({ id: 'Contact' });

export const Contacts = z
  .object({
    items: z.array(Contact),
    nextCursor: z.string().nullable().meta({ description: 'Hand it back as `cursor`; null at the end' }),
  })
  .meta({ id: 'Contacts' });

export const HistoryLine = z
  .object({
    at: instant,
    run: z.string().meta({ description: 'Empty when a person did it' }),
    side: z.enum(['capsule', 'sage']).meta({ description: 'Where something changed' }),
    action: z.enum([
      'linked',
      'moved',
      'unlinked',
      'created',
      'updated',
      'deleted',
      'skipped',
      'failed',
      'decided',
    ]),
    why: z.string(),
    fields: z.array(z.object({ field, before: z.string(), after: z.string() })),
  })
  .meta({ id: 'HistoryLine' });

export const ContactDetails = Contact.extend({
  fields: z
    .array(
      z.object({
        field,
        label: z.string(),
        capsule: z.string().nullable(),
        sage: z.string().nullable(),
        differs: z.boolean(),
      }),
    )
    .meta({ description: 'What is kept equal, as each side holds it, in the terms of Sage' }),
  others: z.array(Contact).meta({ description: 'Its other Sage contact: one may be customer and supplier' }),
  history: z.object({ items: z.array(HistoryLine), nextCursor: z.string().nullable() }),
}).meta({ id: 'ContactDetails' });

export const ContactQuery = ListQuery.extend({
  state: state.optional(),
  q: z
    .string()
    .max(100)
    .default('')
    .meta({ description: 'Beginning of a word of the name, or an e-mail address, reference or postcode' }),
});

export const SageContactPath = z.object({
  sageContactId: z.string().regex(/^[0-9A-Za-z-]{1,100}$/, 'is no id of a Sage contact'),
});

export type Contact = z.infer<typeof Contact>;
export type HistoryLine = z.infer<typeof HistoryLine>;
export type ContactDetails = z.infer<typeof ContactDetails>;
