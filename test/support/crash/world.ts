import { type Db } from 'mongodb';
import { openDatabase } from '../../../shared/store/database';
import { type Company, connectCompany } from '../company';
import { type Death, onlyAsks } from './life';
import { endOf } from './end';
import { type Alive, createTemporal, type RunActivity } from './worker';

/** More than OUTCOME_SETTLE in tests, and than the vendors' lists lag. */
const UNNOTICED_MS = 10_000;

export interface World {
  company: Company;
  db: Db;
}

export interface Stage extends World {
  run: RunActivity;
  /** What the worker that lives now stands on. */
  alive: () => Promise<Alive>;
  /** Lets both vendors' clocks go on. */
  passTime: (ms: number) => void;
  /** Remembers what happened that does not always. */
  tell: (what: string) => void;
}

/** What is done in a world, by activities as a workflow would call them. */
export type Scene = (stage: Stage) => Promise<void>;

export type End = Awaited<ReturnType<typeof endOf>>;

export interface Played {
  end: End;
  /** The end after what comes soon by itself. */
  later: () => Promise<End>;
  died: boolean;
  told: string[];
  awaits: ReadonlyMap<string, number>;
}

interface Acts {
  before: Scene;
  scene: Scene;
  afterwards?: Scene;
}

/** A connected company in which the same scene can be played over and over again from the same beginning. */
export async function openWorld({ before, scene, afterwards }: Acts) {
  const company = await connectCompany({ sandbox: { contacts: 0, parties: 0, invoices: false } });
  const { sage, capsule } = company.sandbox;
  capsule.account.quirks.indexLagMs = 0;
  const database = await openDatabase(company.config.mongo);
  const { db } = database;
  let ahead = 0;
  const passTime = (ms: number) => {
    ahead += ms;
    for (const { clock } of [sage, capsule]) clock.advance(ms);
  };
  /** Collections that may no longer be as they were. */
  const changed = new Set(['leases']);

  let told: string[] = [];

  async function act(scene: Scene, death: Death | null) {
    const temporal = createTemporal(company, db, death, died);
    const { run, alive } = temporal;
    await scene({ company, db, run, alive, passTime, tell: (what) => told.push(what) });
    for (const name of temporal.called()) if (!onlyAsks(name)) changed.add(name.split('.')[0] ?? '');
    return temporal;
  }

  /** A dead worker is noticed after a while; by then what it held alone is free. */
  async function died(): Promise<void> {
    passTime(UNNOTICED_MS);
    await db.collection('leases').updateMany({}, { $set: { expiresAt: new Date() } });
  }

  await act(before, null);
  const beginning = {
    sage: structuredClone(sage.snapshot()),
    capsule: structuredClone(capsule.snapshot()),
    documents: await documentsOf(db),
  };

  async function restore(): Promise<void> {
    sage.restore(beginning.sage);
    capsule.restore(beginning.capsule);
    for (const { faults } of [sage, capsule]) faults.clear();
    passTime(-ahead);
    const names = [...changed].filter((name) => beginning.documents.has(name));
    await Promise.all(
      names.map(async (name) => {
        const documents = beginning.documents.get(name) ?? [];
        await db.collection(name).deleteMany({});
        if (documents.length > 0) await db.collection(name).insertMany(documents);
      }),
    );
    changed.clear();
    changed.add('leases');
  }

  return {
    async play(death: Death | null = null): Promise<Played> {
      await restore();
      told = [];
      const temporal = await act(scene, death);
      return {
        ...{ end: await endOf({ company, db }), told, died: temporal.hasDied(), awaits: temporal.awaits() },
        async later() {
          if (afterwards) await act(afterwards, null);
          return endOf({ company, db });
        },
      };
    },
    async close() {
      await database.close();
      await company.close();
    },
  };
}

/** Everything but grants: those that the vendors know stay the same. */
async function documentsOf(db: Db): Promise<Map<string, object[]>> {
  const collections = (await db.collections()).filter(({ collectionName }) => collectionName !== 'grants');
  const found = collections.map(async (one) => [one.collectionName, await one.find().toArray()] as const);
  return new Map(await Promise.all(found));
}
