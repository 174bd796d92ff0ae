import { z } from 'zod';
import 'zod-openapi';

/** Shapes of what concerns a connection as a whole: passes, pause, disconnecting, export and erasure. */

export const SyncWish = z
  .object({
    full: z
      .boolean()
      .default(false)
      .meta({ description: 'Compare everything, not only what changed since the last pass' }),
  })
  .meta({ id: 'SyncWish' });

export const SyncAccepted = z
  .object({ runId: z.string().meta({ description: 'The run that will cover it' }) })
  .meta({ id: 'SyncAccepted' });

export const DisconnectWish = z
  .object({
    clearFields: z
      .boolean()
      .default(false)
      .meta({ description: 'Take the Sage fields off the Capsule records as well; the links are kept' }),
  })
  .meta({ id: 'DisconnectWish' });

export const Disconnected = z
  .object({
    stopped: z.literal(true),
    clearing: z
      .object({
        records: z.number().int().min(0),
        etaSeconds: z.number().int().min(0).meta({ description: 'At the most' }),
      })
      .nullable()
      .meta({ description: 'Null when nothing is to be cleared; else it goes on by itself' }),
  })
  .meta({ id: 'Disconnected' });

export const Paused = z.object({ paused: z.boolean() }).meta({ id: 'Paused' });

export const BreakerDecision = z
  .object({
    decision: z
      .enum(['go-on', 'stop'])
      .meta({ description: 'go-on: carry out what was asked about; stop: do nothing of it' }),
  })
  .meta({ id: 'BreakerDecision' });

export const Erasure = z
  .object({ confirm: z.string().min(1).max(200).meta({ description: 'The name of the Capsule account' }) })
  .meta({ id: 'Erasure' });

export const Export = z
  .looseObject({
    exportedAt: z.iso.datetime(),
    tenants: z.array(z.looseObject({})),
    links: z.array(z.looseObject({})),
  })
  .meta({ id: 'Export', description: 'A list per collection; tokens and secrets are not among it' });

export type SyncAccepted = z.infer<typeof SyncAccepted>;
export type Disconnected = z.infer<typeof Disconnected>;
