import { type PartEnvironment, type Vendors } from './environment';
import { httpOk, storeReady, temporalReady } from './health';
import { ROOT } from './paths';
import { type Ports } from './ports';
import { type Servers, storeCommand, temporalCommand } from './servers';
import { type Home } from './state';
import { type Part } from './supervisor';

/** A part with what its line on the screen says. */
export interface ShownPart extends Part {
  shows: string;
}

export interface PartsSource {
  servers: Servers;
  ports: Ports;
  home: Home;
  vendors: Vendors;
  env: PartEnvironment;
}

/**
 * The parts in waves: each needs all waves before it. Servers and sandboxes; the setup, which makes indexes
 * and search attributes; gateway and worker.
 */
export function stackParts(source: PartsSource): ShownPart[][] {
  const { ports, env, vendors } = source;
  const script = (name: string) => [process.execPath, '--import', 'tsx', `services/${name}/main.ts`];
  const of = (name: string, shows: string, rest: Pick<Part, 'ready' | 'graceSeconds'>): ShownPart => ({
    name,
    command: script(name),
    cwd: ROOT,
    env,
    shows,
    ...rest,
  });
  const sage = `http://localhost:${ports.sage}`;
  const capsule = `http://localhost:${ports.capsule}`;
  const sandbox = of('sandbox', `${sage} Sage, ${capsule} Capsule`, {
    ready: async () =>
      (await httpOk(`${sage}/sandbox/conditions`)()) && (await httpOk(`${capsule}/sandbox/conditions`)()),
  });
  return [
    [temporalPart(source), storePart(source), ...(vendors === 'sandbox' ? [sandbox] : [])],
    [of('setup', 'indexes and search attributes are there', { ready: null })],
    [
      of('gateway', env.PUBLIC_URL, { ready: httpOk(`http://localhost:${ports.gateway}/readyz`) }),
      of('worker', `http://localhost:${ports.worker}/readyz`, {
        ready: httpOk(`http://127.0.0.1:${ports.worker}/readyz`),
        graceSeconds: 35,
      }),
    ],
  ];
}

function temporalPart({ servers: { temporal }, ports, home, env }: PartsSource): ShownPart {
  const ready = temporalReady(env.TEMPORAL_ADDRESS, env.TEMPORAL_NAMESPACE);
  if (temporal.kind === 'given')
    return { name: 'temporal', command: null, env, ready, shows: `${temporal.address} (yours)` };
  const command = temporalCommand(temporal.executable, {
    port: ports.temporal,
    uiPort: ports.temporalUi,
    file: home.temporalFile,
  });
  const shows = `http://localhost:${ports.temporalUi} UI, ${env.TEMPORAL_ADDRESS} (${temporal.from})`;
  return { name: 'temporal', command, env, ready, shows };
}

function storePart({ servers: { store }, ports, home, env }: PartsSource): ShownPart {
  const ready = storeReady(env.MONGODB_URI);
  if (store.kind === 'given')
    return { name: 'store', command: null, env, ready, shows: `${new URL(store.uri).host} (yours)` };
  const command = storeCommand(store, ports.store, home.storeFolder(store.product));
  return { name: 'store', command, env, ready, shows: `${env.MONGODB_URI} (${store.from})` };
}
