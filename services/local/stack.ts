import { type PartEnvironment, type Vendors } from './environment';
import { stackParts, type ShownPart } from './parts';
import { type Ports } from './ports';
import { type Servers } from './servers';
import { type Home } from './state';
import { type Supervisor } from './supervisor';

/** A local stack before and after its start. */
export interface Stack {
  home: Home;
  ports: Ports;
  servers: Servers;
  vendors: Vendors;
  env: PartEnvironment;
}

/**
 * Starts all parts, telling each as it gets ready: its name, the time it took, and where it is.
 * @throws PartFailed or Stopped
 */
export async function startStack(
  stack: Stack,
  supervisor: Supervisor,
  say: (text: string) => void,
): Promise<void> {
  const waves = stackParts(stack);
  const width = Math.max(...waves.flat().map(({ name }) => name.length));
  for (const wave of waves) {
    await supervisor.startWave(wave, (name, ms) => say(line(wave, name, ms, width)));
  }
}

function line(wave: readonly ShownPart[], name: string, ms: number, width: number): string {
  const shows = wave.find((part) => part.name === name)?.shows ?? '';
  return `  ${name.padEnd(width)}  ${(ms / 1000).toFixed(1).padStart(5)} s  ${shows}`;
}

/** Where to look next. */
export function addresses({ vendors, ports, env, home, servers }: Stack): string {
  const own = servers.temporal.kind === 'start' || Boolean(env.TEMPORAL_UI_URL);
  const rows: [string, string][] = [
    [env.PUBLIC_URL, vendors === 'sandbox' ? 'settings page (sign in as alice)' : 'settings page'],
    ...(own ? [[env.TEMPORAL_UI_URL ?? '', 'Temporal UI'] as [string, string]] : []),
    ...(vendors === 'sandbox'
      ? ([
          [`http://localhost:${ports.sage}`, 'Sage sandbox: add, edit or delete a contact'],
          [`http://localhost:${ports.capsule}`, 'Capsule sandbox: the same from the other side'],
        ] as [string, string][])
      : []),
    [home.logs, 'logs, one for each part'],
  ];
  const width = Math.max(...rows.map(([where]) => where.length));
  return rows.map(([where, what]) => `  ${where.padEnd(width)}  ${what}`).join('\n');
}
