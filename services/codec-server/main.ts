import { once } from 'node:events';
import { ConfigError, readConfig } from '../../shared/config';
import { createKeyring } from '../../shared/crypto';
import { createLogger } from '../../shared/log';
import { createPayloadCodec } from '../../shared/temporal/payload-codec';
import { createCodecServer } from './app';

/** The codec server, for the Temporal UI's "Remote Codec Endpoint". CODEC_PORT, 8234 unless told otherwise. */
async function main(): Promise<void> {
  const config = readConfig();
  const log = createLogger('codec-server', config.logLevel);
  const codec = createPayloadCodec(createKeyring(config.encryptionKeys));
  const port = Number(process.env.CODEC_PORT ?? 8234);
  const server = createCodecServer(codec, config.temporal.uiUrl).listen(port, '127.0.0.1');
  await once(server, 'listening');
  log.info({ port }, 'codec server is listening on loopback');
  await Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);
  server.close();
  server.closeAllConnections();
}

main().catch((error: unknown) => {
  const text = error instanceof ConfigError ? error.message : String((error as Error).stack ?? error);
  process.stderr.write(`${text}\n`);
  process.exit(1);
});
