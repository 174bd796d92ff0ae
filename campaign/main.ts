import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import getPort from 'get-port';
import { MongoClient } from 'mongodb';
import { planOf } from './plan';
import { type Means, runPlan } from './run';
import { Stack } from './stack';

/**
 * npm run campaign -- --seed 1 --runs 20 [--switch marker-search]
 *
 * Random worlds, random people, random faults and kills, and then an independent judge (docs/reliability.md).
 */
const { values: options } = parseArgs({
  options: {
    seed: { type: 'string' },
    runs: { type: 'string', default: '10' },
    switch: { type: 'string' },
  },
});
const say = (line: string) => process.stdout.write(`${line}\n`);

async function main(): Promise<void> {
  const first = options.seed === undefined ? randomInt(1, 1_000_000_000) : Number(options.seed);
  const runs = Number(options.runs);
  const stack = new Stack();
  const started = performance.now();
  let failed = 0;
  let done = 0;
  try {
    const means = await startAll(stack);
    say(
      `seeds ${first} to ${first + runs - 1}${options.switch ? `, broken on purpose: ${options.switch}` : ''}`,
    );
    for (let seed = first; seed < first + runs; seed += 1) {
      const plan = planOf(seed);
      const { wrong, seconds, struck } = await runPlan(means, plan);
      done += 1;
      say(
        `${seed} ${plan.theme.padEnd(8)} ${seconds.toFixed(1).padStart(5)} s  ${wrong.length === 0 ? 'ok' : 'FAILED'}  ${JSON.stringify(struck)}`,
      );
      if (wrong.length === 0) continue;
      failed += 1;
      wrong.forEach((line) => say(`    ${line}`));
      say(`    plan: ${keep(seed, { wrong, plan })}`);
      if (options.switch) break;
    }
  } finally {
    await stack.close();
  }
  const hours = (performance.now() - started) / 3_600_000;
  say(`${done} runs, ${failed} failed, ${Math.round(done / hours)} runs an hour`);
  process.exitCode = failed > 0 ? 1 : 0;
}

async function startAll(stack: Stack): Promise<Means> {
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
  };
}

/** Time is compressed here and in campaign/timeouts.ts, and nowhere else. */
function environment(
  stack: Stack,
  ports: { port: number; sage: number; capsule: number },
): Record<string, string> {
  const sageUrl = `http://localhost:${ports.sage}`;
  const capsuleUrl = `http://localhost:${ports.capsule}`;
  return {
    NODE_ENV: 'test',
    PORT: String(ports.port),
    PUBLIC_URL: `http://localhost:${ports.port}`,
    TEMPORAL_ADDRESS: stack.temporalAddress,
    MONGODB_URI: stack.mongoUri,
    MONGODB_DB: `c_${randomUUID().replaceAll('-', '')}`,
    SAGE_CLIENT_ID: 'sandbox-sage-client',
    SAGE_CLIENT_SECRET: 'sandbox-sage-secret',
    SAGE_AUTHORIZE_URL: `${sageUrl}/oauth2/auth/central`,
    SAGE_TOKEN_URL: `${sageUrl}/token`,
    SAGE_REVOKE_URL: `${sageUrl}/revoke`,
    SAGE_API_URL: `${sageUrl}/v3.1`,
    CAPSULE_CLIENT_ID: 'sandbox-capsule-client',
    CAPSULE_CLIENT_SECRET: 'sandbox-capsule-secret',
    CAPSULE_AUTHORIZE_URL: `${capsuleUrl}/oauth/authorise`,
    CAPSULE_TOKEN_URL: `${capsuleUrl}/oauth/token`,
    CAPSULE_REVOKE_URL: `${capsuleUrl}/oauth/revoke`,
    CAPSULE_USERINFO_URL: `${capsuleUrl}/oauth/userinfo`,
    CAPSULE_API_URL: `${capsuleUrl}/api/v2`,
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

function keep(seed: number, failure: object): string {
  const folder = join('campaign', 'failures');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${seed}${options.switch ? `-${options.switch}` : ''}.json`);
  writeFileSync(file, `${JSON.stringify(failure, null, 2)}\n`);
  return file;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
