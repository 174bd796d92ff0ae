import { z } from 'zod';
import 'zod-openapi';

/** Shapes of *Do not bring back* (R18) and of contacts that are left out by a person. */

export const Ignored = z
  .object({
    id: z.string().meta({ description: 'Of the Sage contact' }),
    sageContactId: z.string(),
    name: z.string(),
    kind: z.enum(['CUSTOMER', 'VENDOR']),
    linked: z.boolean().meta({
      description: 'true: linked now, and not created again once deleted in Capsule; false: left out',
    }),
    partyId: z.number().int().nullable().meta({ description: 'The linked Capsule contact' }),
  })
  .meta({ id: 'Ignored' });

export const IgnoredList = z
  .object({
    items: z.array(Ignored),
    nextCursor: z.string().nullable().meta({ description: 'Hand it back as `cursor`; null at the end' }),
  })
  .meta({ id: 'IgnoredList' });

/** Of a Sage contact, as the lists tell it. */
export const IgnoredId = z.string().min(1).max(100);

export type Ignored = z.infer<typeof Ignored>;
