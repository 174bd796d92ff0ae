import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { ApplicationFailure } from '@temporalio/common';
import { type Db } from 'mongodb';
import { type Activities, type ActivityDeps, createActivities } from '../../../activities';
import { activitySettings } from '../../../services/worker/worker';
import { createKeyring } from '../../../shared/crypto';
import { createCapsuleOauth } from '../../../shared/oauth/capsule';
import { createSageOauth } from '../../../shared/oauth/sage';
import { createTokenKeeper } from '../../../shared/oauth/token-keeper';
import { createStore } from '../../../shared/store';
import { createVendors } from '../../../shared/vendors';
import { toTemporalFailure } from '../../../shared/temporal/failures';
import { type Company } from '../company';
import { createLife, type Death, type Life } from './life';
import { mortalDatabase, mortalTokens, mortalVendor } from './mortal';

/** What a worker process stands on, and no more of it than its own life lasts. */
export function mortalCore({ config, log }: Pick<Company, 'config' | 'log'>, db: Db, life: Life) {
  const store = createStore(mortalDatabase(db, life), createKeyring(config.encryptionKeys));
  const oauth = {
    capsule: mortalVendor('Capsule', createCapsuleOauth(config.capsule), life),
    sage: mortalVendor('Sage', createSageOauth(config.sage), life),
  };
  const keeper = createTokenKeeper({ grants: store.grants, leases: store.leases, vendors: oauth, log });
  const vendors = createVendors(config, (grant) => mortalTokens(keeper.tokensOf(grant), life));
  return {
    ...{ store, oauth, keeper },
    vendors: {
      ...vendors,
      capsule: (...args: Parameters<typeof vendors.capsule>) =>
        mortalVendor('Capsule', vendors.capsule(...args), life),
      sage: (...args: Parameters<typeof vendors.sage>) => mortalVendor('Sage', vendors.sage(...args), life),
    },
  };
}

type Name = keyof Activities;

/** A process, and what it reaches the world by. */
export interface Alive {
  life: Life;
  core: ReturnType<typeof mortalCore>;
  activities: Activities;
}

/** Runs an activity as a workflow has it run: until it has an answer. */
export type RunActivity = <N extends Name>(
  name: N,
  ...args: Parameters<Activities[N]>
) => Promise<Awaited<ReturnType<Activities[N]>>>;

type Work = (...args: unknown[]) => Promise<unknown>;

/** Attempts of an activity that fails and may be tried again; no test takes more. */
const MOST_ATTEMPTS = 10;

/**
 * Temporal as activities know it: an attempt that gives no answer, because its worker is dead, or that fails, is
 * followed by another one, with the last heartbeat that the worker had sent.
 * @param died lets the time pass that it takes to notice
 */
export function createTemporal(company: Company, db: Db, death: Death | null, died: () => Promise<void>) {
  const first = born(createLife(death));
  const lives = [first];
  let replaced: Promise<Alive> | null = null;

  function born(life: Life): Alive {
    const { log, config } = company;
    const core = mortalCore(company, db, life);
    const schedules = {} as ActivityDeps['schedules'];
    return {
      life,
      core,
      activities: createActivities({ ...core, log, schedules, ...activitySettings(config) }),
    };
  }

  /** The place of a dead process is taken by another one, which lives on. */
  function alive(): Promise<Alive> {
    if (!first.life.isDead()) return Promise.resolve(first);
    replaced ??= (async () => {
      await first.life.atRest();
      await died();
      lives.push(born(createLife()));
      return lives.at(-1) ?? first;
    })();
    return replaced;
  }

  const run = async (name: Name, ...args: unknown[]): Promise<unknown> => {
    let heartbeatDetails: unknown = undefined;
    for (let attempt = 1; ; attempt += 1) {
      const process = await alive();
      const { life } = process;
      // A first attempt of some stays for more work: what follows a failure does the same, and does not.
      const info = { attempt: attempt + 1, heartbeatDetails };
      const environment = new MockActivityEnvironment(info, { logger: new DefaultLogger('ERROR') });
      environment.on('heartbeat', (details: unknown) => {
        if (!life.isDead()) heartbeatDetails = details && (JSON.parse(JSON.stringify(details)) as unknown);
      });
      try {
        const answer = await life.until(environment.run(() => (process.activities[name] as Work)(...args)));
        return await life.reach(`Temporal.completed ${name}`, () => Promise.resolve(answer));
      } catch (error) {
        if (life.isDead()) continue;
        if (attempt === MOST_ATTEMPTS || isFinal(error)) throw error;
        await died();
      }
    }
  };

  return {
    run: run as RunActivity,
    alive,
    /** Whether the worker has died. */
    hasDied: (): boolean => first.life.isDead(),
    /** Where the first worker could have died. */
    awaits: (): ReadonlyMap<string, number> => first.life.awaits(),
    /** Everything that any worker has called. */
    called: (): string[] => lives.flatMap(({ life }) => [...life.awaits().keys()]),
  };
}

function isFinal(error: unknown): boolean {
  const failure = toTemporalFailure(error);
  return failure instanceof ApplicationFailure && failure.nonRetryable === true;
}
