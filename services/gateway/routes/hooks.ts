import { json, type Request, type Response, Router } from 'express';
import { z } from 'zod';
import { sageContactOfMarker } from '../../../shared/ids';
import { type HookIntake } from '../hook-intake';
import { type Services } from '../services';

/** A delivery carries whole parties, and as many as changed close together (reference capsule-api §5 Payload, A). */
const LARGEST = '5mb';
/** Far more than fit into a delivery of that size. */
const MOST_IDS = 10_000;

interface Address {
  tenantId: string;
  secret: string;
}

/**
 * Where Capsule tells that parties have changed. No session, no cookie and no Origin: the secret in the address
 * is what lets it in. The body is a hint only; what has changed is read from Capsule itself.
 */
export function hookRoutes({ store, config }: Services, intake: HookIntake): Router {
  const routes = Router();

  routes.post(
    '/hooks/capsule/:tenantId/:secret',
    async (req: Request<Address & Record<string, string>>, res: Response, next) => {
      // Before the body is read: strangers are not to cost anything. Unknown and disconnected look alike (R23).
      const { tenantId, secret } = req.params;
      const [connection, tenant] = await Promise.all([
        store.hooks.connectionOf(tenantId, secret),
        store.tenants.find(tenantId),
      ]);
      const known = connection !== null && tenant?.connected && tenant.connection?.number === connection;
      if (known) next();
      else res.sendStatus(404);
    },
    json({ limit: LARGEST, type: () => true }),
    async (req: Request<Address & Record<string, string>>, res: Response) => {
      const partyIds = partyIdsOf(req.body, config.publicUrl);
      if (partyIds.length > MOST_IDS) return res.sendStatus(413);
      if (partyIds.length > 0) await intake.take(req.params.tenantId, partyIds);
      return res.sendStatus(200);
    },
  );

  return routes;
}

const id = z.union([
  z.int().positive(),
  z
    .string()
    .regex(/^[1-9][0-9]{0,14}$/)
    .transform(Number),
]);
/** The shape for `party/deleted` is shown nowhere (§5): a bare id is understood as well. */
const entry = z.union([
  z.object({ id, websites: z.unknown().optional() }),
  id.transform((bare) => ({ id: bare, websites: [] })),
]);
const delivery = z.object({
  event: z.unknown().optional(),
  payload: z.union([z.array(z.unknown()), z.unknown().transform((one) => [one])]),
});
const websites = z.array(z.object({ address: z.string() })).catch([]);

/**
 * Ids of the parties that a delivery names; what cannot be understood is passed over, and so is what a create of
 * ours brings back: it bears our marker, and nobody has edited it yet. An import makes thousands of them.
 */
export function partyIdsOf(body: unknown, publicUrl: string): number[] {
  const { data } = delivery.safeParse(body);
  const found = (data?.payload ?? []).flatMap((each) => entry.safeParse(each).data ?? []);
  const isOurs = (party: (typeof found)[number]) =>
    websites.parse(party.websites).some(({ address }) => sageContactOfMarker(publicUrl, address) !== null);
  const news = data?.event === 'party/created' ? found.filter((party) => !isOurs(party)) : found;
  return [...new Set(news.map((party) => party.id))];
}
