import express, { type Express, type RequestHandler } from 'express';
import { type Payload, type PayloadCodec } from '@temporalio/common';
import { z } from 'zod';
import { SealError } from '../../shared/crypto';

/** Payloads as Temporal's UI and command line send them: bytes in base64. */
const Body = z.object({
  payloads: z
    .array(
      z.object({
        metadata: z.record(z.string(), z.base64()).default({}),
        data: z.base64().default(''),
      }),
    )
    .max(10_000),
});

/**
 * Opens sealed payloads for the Temporal UI, in the browser of an operator. Whoever reaches it can read histories:
 * it listens on loopback only, and answers browsers that come from the UI alone.
 * @param uiUrl where the Temporal UI stands
 */
export function createCodecServer(codec: PayloadCodec, uiUrl: string): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use(onlyFrom(new URL(uiUrl).origin), express.json({ limit: '10mb' }));
  app.post(
    '/encode',
    through((payloads) => codec.encode(payloads)),
  );
  app.post(
    '/decode',
    through((payloads) => codec.decode(payloads)),
  );
  return app;
}

function onlyFrom(origin: string): RequestHandler {
  return (req, res, next) => {
    const from = req.get('origin');
    if (from !== undefined && from !== origin) {
      res.status(403).json({ message: 'This origin may not read payloads.' });
      return;
    }
    res.set({
      'Access-Control-Allow-Origin': origin,
      'Access-Control-Allow-Headers': 'content-type, x-namespace, authorization',
      'Access-Control-Allow-Methods': 'POST, OPTIONS',
      Vary: 'Origin',
    });
    if (req.method === 'OPTIONS') res.sendStatus(204);
    else next();
  };
}

function through(work: (payloads: Payload[]) => Promise<Payload[]>): RequestHandler {
  return async (req, res) => {
    const body = Body.safeParse(req.body);
    if (!body.success) {
      res.status(400).json({ message: 'A list of payloads is expected.' });
      return;
    }
    try {
      const payloads = await work(body.data.payloads.map(fromJson));
      res.json({ payloads: payloads.map(toJson) });
    } catch (error) {
      if (!(error instanceof SealError)) throw error;
      res.status(422).json({ message: error.message });
    }
  };
}

const fromJson = ({ metadata, data }: z.infer<typeof Body>['payloads'][number]): Payload => ({
  metadata: Object.fromEntries(
    Object.entries(metadata).map(([name, value]) => [name, Buffer.from(value, 'base64')]),
  ),
  data: Buffer.from(data, 'base64'),
});

const toJson = ({ metadata, data }: Payload) => ({
  metadata: Object.fromEntries(
    Object.entries(metadata ?? {}).map(([name, value]) => [name, Buffer.from(value).toString('base64')]),
  ),
  data: Buffer.from(data ?? []).toString('base64'),
});
