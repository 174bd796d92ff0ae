import { createServer } from 'node:http';
import { once } from 'node:events';
import { ConfigError, readConfig, type Config } from '../../shared/config';
import { createLogger, type Logger } from '../../shared/log';
import { createGateway } from './app';
import { openServices } from './services';

/** How long answers under way may take when the gateway is told to stop. */
const GRACE_MS = 5_000;

async function main(config: Config, log: Logger): Promise<void> {
  const services = await openServices(config, log);
  const gateway = createGateway(services);
  const server = createServer(gateway.app).listen(config.port);
  await once(server, 'listening');
  log.info({ port: config.port, publicUrl: config.publicUrl }, 'gateway is listening');

  await Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);
  log.info('gateway stops');
  gateway.close();
  const closed = once(server, 'close');
  server.close();
  setTimeout(() => server.closeAllConnections(), GRACE_MS).unref();
  await closed;
  await services.close();
}

function readConfigOrExit(): Config {
  try {
    return readConfig();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(error.message);
    process.exit(1);
  }
}

const config = readConfigOrExit();
const log = createLogger('gateway', config.logLevel);
main(config, log).catch((err: unknown) => {
  log.fatal({ err }, 'gateway cannot run');
  process.exitCode = 1;
  // A port or a connection may still be open.
  setTimeout(() => process.exit(1), 1_000).unref();
});
