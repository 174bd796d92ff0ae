import { z } from 'zod';
import 'zod-openapi';
import { HistoryLine } from './contacts-schemas';

/** Shapes of imports, passes and pushes. */

const instant = z.iso.datetime();
const count = z.number().int();
const side = z.object({
  ...{ linked: count, created: count, updated: count, deleted: count },
  skipped: count.meta({ description: 'Waits for a person, or is left out' }),
  failed: count,
});

export const Run = z
  .object({
    id: z.string(),
    kind: z.enum(['import', 'incremental', 'sweep', 'push', 'undo']),
    startedAt: instant,
    finishedAt: instant.nullable(),
    outcome: z.enum(['running', 'complete', 'partial', 'stopped']),
    counts: z.object({ capsule: side, sage: side }).meta({ description: 'What it did on each side' }),
  })
  .meta({ id: 'Run' });

export const Runs = z
  .object({
    items: z.array(Run),
    nextCursor: z.string().nullable().meta({ description: 'Hand it back as `cursor`; null at the end' }),
  })
  .meta({ id: 'Runs' });

export const RunContact = HistoryLine.omit({ run: true })
  .extend({ sageContactId: z.string().nullable(), partyId: z.number().int().nullable(), name: z.string() })
  .meta({ id: 'RunContact' });

export const RunDetails = Run.extend({
  contacts: z.object({ items: z.array(RunContact), nextCursor: z.string().nullable() }),
}).meta({ id: 'RunDetails' });

/** Run ids hold no slash. */
export const RunPath = z.object({ id: z.string().regex(/^[0-9A-Za-z-]{1,100}$/, 'is no id of a run') });

export type Run = z.infer<typeof Run>;
