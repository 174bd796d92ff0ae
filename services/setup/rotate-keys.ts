import { ConfigError, readConfig } from '../../shared/config';
import { createKeyring } from '../../shared/crypto';
import { createLogger } from '../../shared/log';
import { createStore } from '../../shared/store';
import { openDatabase } from '../../shared/store/database';

/**
 * Seals every token and every hook's secret by the first of ENCRYPTION_KEYS, so that the older keys can go. Safe while everything runs,
 * and to run again. Ends with 1 when one is left that no key opens: its key must not go yet.
 */
async function main(): Promise<void> {
  const config = readConfig();
  const log = createLogger('rotate-keys', config.logLevel);
  const database = await openDatabase(config.mongo);
  try {
    const store = createStore(database.db, createKeyring(config.encryptionKeys));
    const results = [await store.grants.reseal(), await store.hooks.reseal()];
    const resealed = results.reduce((sum, result) => sum + result.resealed, 0);
    const unreadable = results.flatMap((result) => result.unreadable);
    log.info({ resealed, key: config.encryptionKeys[0]?.id }, 'all secrets are sealed by the first key');
    if (unreadable.length > 0) {
      log.error({ unreadable }, 'no key opens these: put the key back, or connect them again');
      process.exitCode = 1;
    }
  } finally {
    await database.close();
  }
}

main().catch((error: unknown) => {
  const text = error instanceof ConfigError ? error.message : String((error as Error).stack ?? error);
  process.stderr.write(`${text}\n`);
  process.exit(1);
});
