import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import getPort from 'get-port';
import { MongoClient } from 'mongodb';
import { vendorEnvironment } from '../services/sandbox/environment';
import { type Plan, planOf } from './plan';
import { type Means, runPlan, type Verdict } from './run';
import { shrink } from './shrink';
import { Stack } from './stack';

/**
 * npm run campaign -- [--seed 1 --runs 20 | --seeds 3,8 --fresh 1 | --plan file.json --runs 1] [--switch marker-search]
 *
 * Random worlds, random people, random faults and kills, and then an independent judge (docs/reliability.md).
 */
const { values: options } = parseArgs({
  options: {
    seed: { type: 'string' },
    runs: { type: 'string' },
    seeds: { type: 'string' },
    fresh: { type: 'string', default: '0' },
    plan: { type: 'string' },
    switch: { type: 'string' },
    shrink: { type: 'boolean', default: true },
  },
  allowNegative: true,
});
const FAILURES = join('campaign', 'failures');
const say = (line: string) => process.stdout.write(`${line}\n`);

async function main(): Promise<void> {
  const plans = plansOf();
  const stack = new Stack();
  const failed: number[] = [];
  const seconds: number[] = [];
  const started = performance.now();
  let means: (Means & { close(): Promise<void> }) | null = null;
  try {
    means = await startAll(stack);
    say(
      `seeds ${plans.map(({ seed }) => seed).join(' ')}${options.switch ? `, broken on purpose: ${options.switch}` : ''}`,
    );
    for (const plan of plans) {
      const verdict = await runPlan(means, plan);
      seconds.push(verdict.seconds);
      report(plan, verdict);
      if (verdict.wrong.length === 0) continue;
      failed.push(plan.seed);
      await keepFailure(means, plan, verdict.wrong);
      if (options.switch) break;
    }
  } finally {
    await means?.close();
    await stack.close();
  }
  const hours = (performance.now() - started) / 3_600_000;
  const mean = seconds.reduce((sum, each) => sum + each, 0) / Math.max(seconds.length, 1);
  say(
    `${seconds.length} runs, ${failed.length} failed${failed.length > 0 ? ` (${failed.join(' ')})` : ''}, ` +
      `${mean.toFixed(1)} s each, ${Math.round(seconds.length / hours)} runs an hour`,
  );
  process.exitCode = failed.length > 0 ? 1 : 0;
}

function plansOf(): Plan[] {
  if (options.plan) {
    const { plan } = JSON.parse(readFileSync(options.plan, 'utf8')) as { plan: Plan };
    return Array.from({ length: Number(options.runs ?? 1) }, () => plan);
  }
  const fresh = () => randomInt(1, 1_000_000_000);
  const first = options.seed === undefined ? fresh() : Number(options.seed);
  const row = Array.from({ length: Number(options.runs ?? 10) }, (_, i) => first + i);
  const seeds = options.seeds?.split(',').map(Number) ?? row;
  return [...seeds, ...Array.from({ length: Number(options.fresh) }, fresh)].map(planOf);
}

function report({ seed, theme }: Plan, { wrong, seconds, struck }: Verdict): void {
  const end = wrong.length === 0 ? 'ok    ' : 'FAILED';
  say(
    `${String(seed).padStart(9)} ${theme.padEnd(8)}${seconds.toFixed(1).padStart(6)} s  ${end}  ${JSON.stringify(struck)}`,
  );
  wrong.forEach((line) => say(`    ${line}`));
}

/** The plan is kept as it failed, and as short as it can be made. */
async function keepFailure(means: Means, plan: Plan, wrong: string[]): Promise<void> {
  mkdirSync(FAILURES, { recursive: true });
  const name = `${plan.seed}${options.switch ? `-${options.switch}` : ''}`;
  const keep = (file: string, failure: object): void => {
    writeFileSync(join(FAILURES, file), `${JSON.stringify(failure, null, 2)}\n`);
    say(`    npm run campaign -- --plan ${join(FAILURES, file)}`);
  };
  keep(`${name}.json`, { wrong, plan });
  if (!options.shrink) return;
  const short = await shrink(plan, wrong, (shorter) => runPlan(means, shorter));
  say(`    shrunk from ${plan.steps.length} to ${short.plan.steps.length} steps in ${short.tries} runs`);
  keep(`${name}-short.json`, { wrong: short.wrong, plan: short.plan });
}

async function startAll(stack: Stack): Promise<Means & { close(): Promise<void> }> {
  await stack.startServers();
  const [port, sage, capsule] = [await getPort(), await getPort(), await getPort()];
  const env = environment(stack, { port, sage, capsule });
  await stack.runOnce('services/setup/main.ts', env);
  await stack.startOurs(env);
  const mongo = new MongoClient(stack.mongoUri);
  let client: Client | null = null;
  return {
    stack,
    publicUrl: env.PUBLIC_URL ?? '',
    ports: { sage, capsule },
    secrets: [
      env.SESSION_SECRET ?? '',
      env.SAGE_CLIENT_SECRET ?? '',
      env.ENCRYPTION_KEYS?.split(':')[1] ?? '',
    ],
    temporal: async () =>
      (client ??= new Client({ connection: await Connection.connect({ address: stack.temporalAddress }) })),
    db: () => mongo.db(env.MONGODB_DB),
    async close() {
      await Promise.all([mongo.close(), client?.connection.close()]);
    },
  };
}

/** Time is compressed here and in campaign/timeouts.ts, and nowhere else. */
function environment(
  stack: Stack,
  ports: { port: number; sage: number; capsule: number },
): Record<string, string> {
  return {
    NODE_ENV: 'test',
    PORT: String(ports.port),
    PUBLIC_URL: `http://localhost:${ports.port}`,
    TEMPORAL_ADDRESS: stack.temporalAddress,
    MONGODB_URI: stack.mongoUri,
    MONGODB_DB: `c_${randomUUID().replaceAll('-', '')}`,
    ...vendorEnvironment(`http://localhost:${ports.sage}`, `http://localhost:${ports.capsule}`),
    ENCRYPTION_KEYS: `campaign:${randomBytes(32).toString('base64')}`,
    SESSION_SECRET: randomBytes(32).toString('hex'),
    SAGE_REQUESTS_PER_MINUTE: '0',
    CAPSULE_REQUESTS_PER_HOUR: '0',
    SYNC_INTERVAL: '10s',
    SWEEP_INTERVAL: '20s',
    DEEP_SWEEP_INTERVAL: '1s',
    OUTCOME_SETTLE: '4s',
    LOG_LEVEL: 'info',
    ...(options.switch ? { BROKEN_ON_PURPOSE: options.switch } : {}),
  };
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
