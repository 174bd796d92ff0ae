import { SEARCH_ATTRIBUTES } from '../../shared/ids';

/** Where the two servers come from (design §2: given, else found on the PATH, else our own). */
export type TemporalServer =
  { kind: 'given'; address: string } | { kind: 'start'; executable: string; from: string };
export type StoreServer =
  | { kind: 'given'; uri: string }
  | { kind: 'start'; product: 'mongod' | 'secantusdb'; executable: string; from: string };

export interface Servers {
  temporal: TemporalServer;
  store: StoreServer;
}

export interface TemporalLaunch {
  port: number;
  /** Null: no web UI. */
  uiPort: number | null;
  /** SQLite file; null: in memory. */
  file: string | null;
}

/**
 * Command line of the Temporal dev server. With `synchronous=off` the file costs little, and only a crash of
 * the operating system can lose data; a killed server does not.
 */
export function temporalCommand(executable: string, { port, uiPort, file }: TemporalLaunch): string[] {
  const ui = uiPort === null ? ['--headless'] : ['--ui-port', String(uiPort), '--ui-disable-news-fetch'];
  const storage = file === null ? [] : ['--db-filename', file, '--sqlite-pragma', 'synchronous=off'];
  const attributes = Object.values(SEARCH_ATTRIBUTES).flatMap((name) => [
    '--search-attribute',
    `${name}=Keyword`,
  ]);
  const start = ['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port), '--log-level', 'error'];
  return [executable, ...start, ...ui, ...storage, ...attributes];
}

/**
 * Command line of the store. SecantusDB without `--sync-on-commit` loses acknowledged writes when killed.
 * @param folder exists and belongs to one process only
 */
export function storeCommand(
  server: Extract<StoreServer, { kind: 'start' }>,
  port: number,
  folder: string,
): string[] {
  if (server.product === 'mongod')
    return [server.executable, '--dbpath', folder, '--port', String(port), '--bind_ip', '127.0.0.1'];
  const place = ['--host', '127.0.0.1', '--port', String(port), '--storage-path', folder];
  return [server.executable, ...place, '--log-level', 'WARNING', '--sync-on-commit'];
}
