import { type Config } from '../../shared/config';
import { type Logger } from '../../shared/log';
import { createTemporalClient, type TemporalClient } from '../../shared/temporal/client';
import { dataConverterOf } from '../../shared/temporal/payload-codec';
import { type Core, openCore } from '../core';

/** Everything that the gateway's routes work with. */
export interface Services extends Core {
  config: Config;
  log: Logger;
  temporal: TemporalClient;
  now: () => Date;
}

/**
 * Connects to the store, and to nothing else yet.
 * @param taskQueue another one than the workers' is for tests
 * @throws when the store cannot be reached
 */
export async function openServices(config: Config, log: Logger, taskQueue?: string): Promise<Services> {
  const core = await openCore(config, log);
  const temporal = createTemporalClient(config.temporal, taskQueue, dataConverterOf(config));
  return {
    ...{ ...core, config, log, temporal },
    now: () => new Date(),
    async close() {
      await Promise.all([temporal.close(), core.close()]);
    },
  };
}
