import { vendorEnvironment } from '../sandbox/environment';
import { type Home, keepSecrets } from './state';
import { type Ports } from './ports';
import { type Servers } from './servers';

export type Vendors = 'sandbox' | 'real';

/**
 * Which vendors the stack talks to: the real ones as soon as both have credentials.
 * @throws Error when one has credentials and the other has none
 */
export function vendorsOf(env: NodeJS.ProcessEnv): Vendors {
  const { SAGE_CLIENT_ID: sage, CAPSULE_CLIENT_ID: capsule } = env;
  if (Boolean(sage) === Boolean(capsule)) return sage ? 'real' : 'sandbox';
  const [there, missing] = sage ? ['SAGE', 'CAPSULE'] : ['CAPSULE', 'SAGE'];
  throw new Error(
    `${there}_CLIENT_ID is set and ${missing}_CLIENT_ID is not. Set the credentials of both vendors, or of none: ` +
      'then the sandboxes stand in for them.',
  );
}

export interface EnvironmentSource {
  /** Ours: what the user has set. It wins wherever it says something. */
  env: NodeJS.ProcessEnv;
  servers: Servers;
  ports: Ports;
  home: Home;
  vendors: Vendors;
}

/** The variables of design §3, of which the local stack itself needs these. */
export type PartEnvironment = NodeJS.ProcessEnv & {
  PUBLIC_URL: string;
  TEMPORAL_ADDRESS: string;
  MONGODB_URI: string;
};

/** The environment that all parts are started with. */
export function partEnvironment({ env, servers, ports, home, vendors }: EnvironmentSource): PartEnvironment {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const { temporal, store } = servers;
  const ownUi = temporal.kind === 'start' ? { TEMPORAL_UI_URL: `http://localhost:${ports.temporalUi}` } : {};
  return {
    PUBLIC_URL: `http://localhost:${ports.gateway}`,
    ...keepSecrets(home),
    ...ownUi,
    ...set,
    ...(vendors === 'sandbox' ? sandboxEnvironment(ports, home) : {}),
    PORT: String(ports.gateway),
    WORKER_HEALTH_PORT: String(ports.worker),
    TEMPORAL_ADDRESS: temporal.kind === 'given' ? temporal.address : `127.0.0.1:${ports.temporal}`,
    MONGODB_URI: store.kind === 'given' ? store.uri : `mongodb://127.0.0.1:${ports.store}`,
  };
}

/** Where the sandboxes listen and remember, and the variables that point the gateway and the worker at them. */
function sandboxEnvironment(ports: Ports, home: Home) {
  return {
    SANDBOX_SAGE_PORT: String(ports.sage),
    SANDBOX_CAPSULE_PORT: String(ports.capsule),
    SANDBOX_STATE_FILE: home.sandboxFile,
    ...vendorEnvironment(`http://localhost:${ports.sage}`, `http://localhost:${ports.capsule}`),
  };
}
