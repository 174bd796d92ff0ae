import { Connection } from '@temporalio/client';
import { type Config, ConfigError, readConfig } from '../../shared/config';
import { createKeyring } from '../../shared/crypto';
import { SEARCH_ATTRIBUTES } from '../../shared/ids';
import { createLogger, type Logger } from '../../shared/log';
import { createStore } from '../../shared/store';
import { openDatabase } from '../../shared/store/database';
import { temporalConnectionOptions } from '../../shared/temporal/client';

/** Prepares store and Temporal. Changes nothing that is there already, so each deployment may run it. */
async function main(): Promise<void> {
  const config = readConfig();
  const log = createLogger('setup', config.logLevel);
  await createIndexes(config);
  log.info('indexes are in place');
  await addSearchAttributes(config, log);
}

async function createIndexes(config: Config): Promise<void> {
  const database = await openDatabase(config.mongo);
  try {
    await createStore(database.db, createKeyring(config.encryptionKeys)).createIndexes();
  } finally {
    await database.close();
  }
}

/** `IndexedValueType` of Temporal's API. */
const KEYWORD = 2;

async function addSearchAttributes({ temporal }: Config, log: Logger): Promise<void> {
  const connection = await Connection.connect(temporalConnectionOptions(temporal));
  try {
    const { customAttributes } = await connection.operatorService.listSearchAttributes({
      namespace: temporal.namespace,
    });
    const missing = Object.values(SEARCH_ATTRIBUTES).filter((name) => !customAttributes?.[name]);
    if (missing.length > 0) {
      await connection.operatorService.addSearchAttributes({
        namespace: temporal.namespace,
        searchAttributes: Object.fromEntries(missing.map((name) => [name, KEYWORD])),
      });
    }
    log.info({ added: missing }, 'search attributes are in place');
  } finally {
    await connection.close();
  }
}

main().catch((error: unknown) => {
  const text = error instanceof ConfigError ? error.message : String((error as Error).stack ?? error);
  process.stderr.write(`${text}\n`);
  process.exit(1);
});
