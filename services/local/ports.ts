import getPort, { portNumbers } from 'get-port';

/** Where each part listens. `worker` is the worker's health port. */
export interface Ports {
  gateway: number;
  temporal: number;
  temporalUi: number;
  store: number;
  sage: number;
  capsule: number;
  worker: number;
}

export const DEFAULT_PORTS: Ports = {
  gateway: 3000,
  temporal: 7233,
  temporalUi: 8233,
  store: 27017,
  sage: 4010,
  capsule: 4020,
  worker: 9090,
};

const NEXT = 100;

/**
 * A free port for each part: the one of the last start, else the default, else the next one above it.
 * @param fixed ports that were asked for by name; they are taken as they are
 * @throws Error when a fixed port is taken
 */
export async function choosePorts(remembered: Partial<Ports>, fixed: Partial<Ports> = {}): Promise<Ports> {
  const chosen = { ...DEFAULT_PORTS };
  const used = new Set<number>();
  for (const name of Object.keys(DEFAULT_PORTS) as (keyof Ports)[]) {
    const wanted = fixed[name];
    const candidates =
      wanted === undefined
        ? [
            remembered[name] ?? DEFAULT_PORTS[name],
            ...portNumbers(DEFAULT_PORTS[name], DEFAULT_PORTS[name] + NEXT),
          ]
        : [wanted];
    const port = await getPort({ port: candidates, exclude: used });
    if (wanted !== undefined && port !== wanted)
      throw new Error(`Port ${wanted}, asked for as the ${name}'s, is taken by another program.`);
    used.add(port);
    chosen[name] = port;
  }
  return chosen;
}
