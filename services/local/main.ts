import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { makeCheckRoom } from './check-room';
import { partEnvironment, vendorsOf } from './environment';
import { LOCAL, ROOT } from './paths';
import { choosePorts, type Ports } from './ports';
import { provision, WAYS_OUT } from './provision';
import { checkSession, demoSession } from './session';
import { addresses, type Stack, startStack } from './stack';
import { forget, openHome, rememberedPorts, rememberPorts, takeFolder } from './state';
import { Stopped, Supervisor } from './supervisor';
import { MissingError } from './venv';

const USAGE = `npm start                 starts everything, connects the demo company and imports it
npm start -- --fresh      the same, forgetting what earlier starts have left
npm start -- --check      imports the demo company into a stack of its own, verifies it, stops`;

interface Options {
  fresh: boolean;
  check: boolean;
}

const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

async function main(): Promise<number> {
  const options = readOptions();
  if (!options) return 2;
  if (existsSync(join(ROOT, '.env'))) process.loadEnvFile(join(ROOT, '.env'));
  const home = openHome(options.check ? join(LOCAL, 'check') : LOCAL);
  const hold = await takeFolder(home, say);
  if (options.fresh || options.check) forget(home);
  const supervisor = new Supervisor(home.logs, hold.add);
  const cleanUp: (() => Promise<void>)[] = [];
  try {
    const work = options.check ? check(supervisor, home, cleanUp) : serve(supervisor, home, options);
    return await Promise.race([work, supervisor.failure, interrupted(options.check ? 1 : 0)]);
  } finally {
    await supervisor.stop();
    for (const step of cleanUp) await step();
    hold.giveBack();
  }
}

type HomeOf = ReturnType<typeof openHome>;

/** Runs until it is interrupted or a part dies. */
async function serve(supervisor: Supervisor, home: HomeOf, { fresh }: Options): Promise<number> {
  const vendors = vendorsOf(process.env);
  const stack = await prepare(home, process.env, vendors, fixedPorts(process.env));
  if (fresh && stack.servers.store.kind === 'given')
    say('--fresh leaves your own store at MONGODB_URI as it is.');
  await startStack(stack, supervisor, say);
  if (vendors === 'sandbox') await demoSession(stack, say);
  else say(`\n${addresses(stack)}\n\nThe vendors are the real ones: connect them on the settings page.`);
  return supervisor.failure;
}

/** Always the sandboxes, whatever credentials are set: a check never touches a real company. */
async function check(
  supervisor: Supervisor,
  home: HomeOf,
  cleanUp: (() => Promise<void>)[],
): Promise<number> {
  const env = withoutOwnAddresses(process.env);
  const servers = await provision({ env, say });
  const room = await makeCheckRoom(servers);
  cleanUp.push(() => room.leave());
  const stack = await prepare(home, { ...env, ...room.env }, 'sandbox', {});
  await startStack(stack, supervisor, say);
  const holds = await checkSession(stack, say);
  say(holds ? '\nEverything is accounted for.' : `\nNot everything is accounted for. Logs: ${home.logs}`);
  return holds ? 0 : 1;
}

async function prepare(
  home: HomeOf,
  env: NodeJS.ProcessEnv,
  vendors: Stack['vendors'],
  fixed: Partial<Ports>,
): Promise<Stack> {
  const servers = await provision({ env, say });
  const remembered = rememberedPorts(home);
  const ports = await choosePorts(remembered, fixed);
  warnOfMoves(remembered, ports);
  rememberPorts(home, ports);
  return { home, ports, servers, vendors, env: partEnvironment({ env, servers, ports, home, vendors }) };
}

/** The gateway's and the sandboxes' addresses are kept in records, so a change of them is worth a word. */
function warnOfMoves(before: Partial<Ports>, now: Ports): void {
  for (const name of ['gateway', 'sage', 'capsule'] as const) {
    if (before[name] !== undefined && before[name] !== now[name])
      say(
        `Port ${before[name]} is taken: the ${name} moves to ${now[name]}. Records made earlier name the old one.`,
      );
  }
}

function fixedPorts(env: NodeJS.ProcessEnv): Partial<Ports> {
  const asked = { gateway: env.PORT, sage: env.SANDBOX_SAGE_PORT, capsule: env.SANDBOX_CAPSULE_PORT };
  return Object.fromEntries(
    Object.entries(asked).flatMap(([name, port]) => (port ? [[name, Number(port)]] : [])),
  );
}

function withoutOwnAddresses(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const own = ['PORT', 'PUBLIC_URL', 'MONGODB_DB', 'TEMPORAL_NAMESPACE'];
  return Object.fromEntries(Object.entries(env).filter(([name]) => !own.includes(name)));
}

function readOptions(): Options | null {
  try {
    const { values } = parseArgs({
      options: {
        fresh: { type: 'boolean', default: false },
        check: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false, short: 'h' },
      },
    });
    if (!values.help) return values;
    say(USAGE);
    return null;
  } catch (error) {
    say(`${(error as Error).message}\n\n${USAGE}`);
    return null;
  }
}

/**
 * Resolves at the first Ctrl-C or SIGTERM. A later one ends us at once, and the guards end the parts; npm passes
 * signals on that the terminal has sent us already, so that one within a second is the same one.
 */
function interrupted(code: number): Promise<number> {
  return new Promise((resolve) => {
    let first: number | null = null;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => {
        if (first !== null && performance.now() - first > 1_000) process.exit(130);
        if (first === null) say('\nStopping…');
        first ??= performance.now();
        resolve(code);
      });
  });
}

// Whoever read our output may be gone (`npm start | head`): no reason to leave without cleaning up.
process.stdout.on('error', () => undefined);

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    if (!(error instanceof Stopped)) process.stderr.write(`\n${explain(error)}\n`);
    process.exit(1);
  },
);

/** Expected failures in words; only a fault of our own shows where it happened. */
function explain(error: unknown): string {
  if (error instanceof MissingError) return `${error.message}\n\n${WAYS_OUT}`;
  if (!(error instanceof Error)) return String(error);
  return error instanceof TypeError || error instanceof ReferenceError
    ? (error.stack ?? error.message)
    : error.message;
}
