import { json, type Request, type Response, Router } from 'express';
import { readDelivery } from '../../../shared/capsule/delivery';
import { hookGuessLimit } from '../http/security';
import { type HookIntake } from '../hook-intake';
import { type Services } from '../services';

/** A delivery carries whole parties, and as many as changed close together (reference capsule-api §5 Payload, A). */
const LARGEST = '5mb';
/** Far more than fit into a delivery of that size. */
const MOST_PARTIES = 10_000;

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
  /** Addresses that were found right; no more than there are connections. */
  const right = new Set<string>();
  const guesses = hookGuessLimit(({ path }) => right.has(path));
  /** Deliveries that come side by side share one look at the address. */
  const looks = new Map<string, Promise<boolean>>();

  function isKnown(tenantId: string, secret: string): Promise<boolean> {
    const key = `${tenantId}/${secret}`;
    const look =
      looks.get(key) ??
      lookUp(tenantId, secret).finally(() => {
        looks.delete(key);
      });
    looks.set(key, look);
    return look;
  }

  async function lookUp(tenantId: string, secret: string): Promise<boolean> {
    const [connection, tenant] = await Promise.all([
      store.hooks.connectionOf(tenantId, secret),
      store.tenants.find(tenantId),
    ]);
    return connection !== null && !!tenant?.connected && tenant.connection?.number === connection;
  }

  routes.post(
    '/hooks/capsule/:tenantId/:secret',
    guesses,
    async (req: Request<Address & Record<string, string>>, res: Response, next) => {
      // Before the body is read: strangers are not to cost anything. Unknown and disconnected look alike (R23).
      const { tenantId, secret } = req.params;
      const known = await isKnown(tenantId, secret);
      if (known) right.add(req.path);
      else right.delete(req.path);
      if (known) next();
      else res.sendStatus(404);
    },
    json({ limit: LARGEST, type: () => true }),
    async (req: Request<Address & Record<string, string>>, res: Response) => {
      const delivery = readDelivery(req.body, config.publicUrl);
      const parties = delivery.changed.length + delivery.presumed.length;
      if (parties > MOST_PARTIES) return res.sendStatus(413);
      if (parties > 0) await intake.take(req.params.tenantId, delivery);
      return res.sendStatus(200);
    },
  );

  return routes;
}
