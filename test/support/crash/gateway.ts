import { type AddressInfo } from 'node:net';
import { createGateway } from '../../../services/gateway/app';
import { type TemporalClient } from '../../../shared/temporal/client';
import { type Company } from '../company';
import { mortalVendor } from './mortal';
import { type Alive } from './worker';

/** A gateway that lives as long as its process; it reaches Temporal as `Workflow`. */
export async function openMortalGateway(
  { life, core }: Pick<Alive, 'life' | 'core'>,
  { config, log }: Pick<Company, 'config' | 'log'>,
  temporal: TemporalClient,
) {
  const gateway = createGateway({
    ...{ ...core, config, log, now: () => new Date() },
    temporal: mortalVendor('Workflow', temporal, life),
    close: () => Promise.resolve(),
  });
  const server = gateway.app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close(): Promise<void> {
      gateway.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
