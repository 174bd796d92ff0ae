import { setTimeout as delay } from 'node:timers/promises';
import { type Client } from '@temporalio/client';
import { type Db } from 'mongodb';
import { startSandbox, type Sandbox } from '../services/sandbox';
import { readFault } from '../services/sandbox/kernel/fault-router';
import { type Fault } from '../services/sandbox/kernel/faults';
import { Browser } from '../services/local/browser';
import { readStatus, signIn } from '../services/local/demo-admin';
import { becomes } from '../services/local/health';
import { allowSage, type Away, chooseBusiness, connect, consentWhenAsked, disconnect } from './connection';
import { documentFacts, mirroredFacts } from './evidence-books';
import { contactFacts, type Evidence, findLeaks, partyFacts, storeFacts, writesOf } from './evidence';
import { judge } from './judge';
import { type Plan, type Side, type Step } from './plan';
import { People } from './people';
import { comeToRest, NotAtRest } from './quiet';
import { type Stack } from './stack';

export interface Means {
  stack: Stack;
  publicUrl: string;
  ports: { sage: number; capsule: number };
  secrets: readonly string[];
  temporal(): Promise<Client>;
  db(): Db;
}

export interface Verdict {
  /** What is wrong, a line each; empty: everything holds. */
  wrong: string[];
  seconds: number;
  /** How often each kind of fault struck, and what was killed. */
  struck: Record<string, number>;
}

const IMPORT_MS = 15_000;
let runs = 0;

/** Makes the world of a plan, does what it says, waits until nothing changes any more, and has it judged. */
export async function runPlan(means: Means, plan: Plan): Promise<Verdict> {
  const started = performance.now();
  // A tenant of its own for each run, also when a plan is run again.
  const seed = `campaign-${plan.seed}-${++runs}-${process.pid}`;
  await means.stack.allUp();
  const sandbox = await startSandbox({
    ...{ seed, contacts: 0, parties: 0, invoices: false, capsuleLimit: 0, hookRetryScale: 0.05 },
    ...{ sageClockSkewSeconds: plan.world.skew.sage, capsuleClockSkewSeconds: plan.world.skew.capsule },
    ...{ sagePort: means.ports.sage, capsulePort: means.ports.capsule },
  });
  sandbox.capsule.account.quirks.indexLagMs = 300;
  const tenantId = sandbox.capsule.account.tenant;
  const browser = new Browser();
  const people = new People({ sandbox, browser, publicUrl: means.publicUrl });
  const scene: Scene = {
    sandbox,
    browser,
    people,
    tenantId,
    faults: [],
    struck: {},
    ...{ revoked: new Set(), away: null },
  };
  try {
    people.settle(plan.world);
    const early = plan.steps.findIndex(({ do: what }) => what !== 'fault');
    await signInBoth(means, scene, plan);
    // What is to hit the import has to be there before it begins.
    await takeSteps(means, scene, plan.steps.slice(0, Math.max(early, 0)));
    await chooseBusiness(means, scene);
    await takeSteps(means, scene, plan.steps.slice(Math.max(early, 0)));
    const wrong = await settleAndJudge(means, scene, plan);
    return { wrong, seconds: (performance.now() - started) / 1000, struck: scene.struck };
  } finally {
    await forget(means, tenantId);
    await sandbox.close();
  }
}

export interface Scene {
  sandbox: Sandbox;
  browser: Browser;
  people: People;
  tenantId: string;
  faults: { side: Side; fault: Fault }[];
  struck: Record<string, number>;
  /** Whose permission a person has taken back. */
  revoked: Set<Side>;
  /** While nobody is connected. */
  away: Away | null;
}

async function signInBoth(means: Means, scene: Scene, { world }: Plan): Promise<void> {
  const { publicUrl } = means;
  const { browser } = scene;
  await signIn(browser, publicUrl);
  if (world.excludeSuppliers) {
    const settings = await browser.json<Record<string, unknown>>(`${publicUrl}/api/settings`);
    await browser.json(`${publicUrl}/api/settings`, { ...settings, excludeSuppliers: true }, 'PUT');
  }
  await allowSage(means, scene);
}

async function takeSteps(means: Means, scene: Scene, steps: readonly Step[]): Promise<void> {
  const { stack, publicUrl } = means;
  const { browser, people, sandbox } = scene;
  for (const step of steps) {
    await delay(step.after);
    switch (step.do) {
      case 'fault':
        scene.faults.push({ side: step.side, fault: readFault(step.fault) });
        setFaults(scene);
        break;
      case 'calm':
        calm(scene);
        break;
      case 'kill':
        count(scene, `kill ${step.part}`);
        stack.kill(step.part);
        break;
      case 'imported': {
        const ended = async () => (await readStatus(browser, publicUrl)).phase !== 'importing';
        await becomes(ended, { timeoutMs: IMPORT_MS, everyMs: 100 });
        break;
      }
      case 'disconnect':
        count(scene, 'disconnect');
        await disconnect(means, scene, step.clearFields);
        break;
      case 'connect':
        await connect(means, scene);
        break;
      case 'consent':
        await consentWhenAsked(means, scene);
        break;
      case 'setClock':
        count(scene, 'clock set');
        sandbox[step.side].clock.advance(step.seconds * 1_000);
        break;
      case 'edit':
      case 'addParty':
      case 'addContact':
      case 'delete':
      case 'tag':
      case 'addToSage':
      case 'unlink':
      case 'push':
      case 'linkTo':
      case 'decide':
      case 'pass':
      case 'enter':
      case 'pay':
      case 'void':
        people.do(step);
    }
  }
}

/** The dials are set anew with what they have not done yet, in the order of the plan. */
function setFaults({ sandbox, faults }: Scene): void {
  const last = faults[faults.length - 1];
  if (last) sandbox[last.side].faults.failNext({ times: 1, ...last.fault });
}

function calm(scene: Scene): void {
  for (const side of ['sage', 'capsule'] as const) {
    const { faults } = scene.sandbox[side];
    const strikes = faults.strikes();
    for (const [how, times] of Object.entries(strikes)) count(scene, how, times);
    if (strikes['revoked-grant']) scene.revoked.add(side);
    faults.clear();
  }
}

function count({ struck }: Scene, what: string, times = 1): void {
  struck[what] = (struck[what] ?? 0) + times;
}

async function settleAndJudge(means: Means, scene: Scene, plan: Plan): Promise<string[]> {
  calm(scene);
  await means.stack.allUp();
  await scene.people.answered();
  try {
    const { grantsDied } = await comeToRest(means, scene);
    return judge(await gather(means, scene, plan, grantsDied));
  } catch (error) {
    if (!(error instanceof NotAtRest)) throw error;
    return [`it does not come to rest: ${error.message}`];
  }
}

async function gather(means: Means, scene: Scene, plan: Plan, grantsDied: Side[]): Promise<Evidence> {
  const { sandbox, people, tenantId, browser, revoked } = scene;
  const { publicUrl, stack } = means;
  const temporal = await means.temporal();
  const { phase, problems } = await browser.json<{ phase: string; problems: { code: string }[] }>(
    `${publicUrl}/api/status`,
  );
  const secrets = [...means.secrets, ...tokensOf(sandbox)];
  return {
    ...{ publicUrl, excludeSuppliers: plan.world.excludeSuppliers },
    ...{ grantsDied, revoked: [...revoked] },
    ...{ documents: documentFacts(sandbox), mirrored: await mirroredFacts(means.db(), tenantId) },
    today: new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/London' }).format(),
    ...{ parties: partyFacts(sandbox, publicUrl), contacts: contactFacts(sandbox) },
    ...(await storeFacts(means.db(), tenantId)),
    ...{ writes: writesOf(sandbox), deeds: people.deeds },
    ...{ phase, problems: problems.map(({ code }) => code) },
    leaks: await findLeaks({ logs: stack.logs(), temporal, tenantId }, secrets),
  };
}

/** Of Sage's tokens the sandbox keeps digests only: their first letters, which are all the same, will do. */
function tokensOf({ capsule }: Sandbox): string[] {
  const { grants } = capsule.snapshot() as {
    grants: { grants: { refreshToken: string }[]; accessTokens: { accessToken: string }[] };
  };
  const own = [...grants.grants.map((g) => g.refreshToken), ...grants.accessTokens.map((t) => t.accessToken)];
  return [...own, Buffer.from('{"alg":"RS512"').toString('base64url').slice(0, 18)];
}

/** Nothing of a run goes on beside the next one. */
async function forget(means: Means, tenantId: string): Promise<void> {
  const client = await means.temporal();
  await client.schedule
    .getHandle(`reconcile/${tenantId}`)
    .delete()
    .catch(() => undefined);
  const query = `TenantId = "${tenantId}" AND ExecutionStatus = "Running"`;
  for await (const { workflowId } of client.workflow.list({ query })) {
    await client.workflow
      .getHandle(workflowId)
      .terminate('the run is over')
      .catch(() => undefined);
  }
}
