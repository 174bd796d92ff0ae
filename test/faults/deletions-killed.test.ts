import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { type ActivityDeps, createActivities } from '../../activities';
import { activitySettings } from '../../services/worker/worker';
import { deletingIn, type Pair, preparing } from '../support/deleting';
import { type ImportedCompany, importCompany } from '../support/imported';
import { until } from '../support/until';

class Killed extends Error {}

/** The n-th call of the store or of a vendor is carried out, and then the worker is dead. */
function killedAt(deps: ActivityDeps, n: number): { deps: ActivityDeps; calls: () => number } {
  let calls = 0;
  const mortal = <T extends object>(target: T): T =>
    new Proxy(target, {
      get(object, name) {
        const value: unknown = Reflect.get(object, name);
        if (typeof value === 'object' && value !== null) return mortal(value);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]): unknown => {
          const result: unknown = Reflect.apply(value, object, args);
          if (!(result instanceof Promise)) return isClient(result) ? mortal(result) : result;
          calls += 1;
          const dies = calls >= n;
          return result.then((answer: unknown) => {
            if (dies) throw new Killed();
            return answer;
          });
        };
      },
    });
  const { store, vendors } = deps;
  return { deps: { ...deps, store: mortal(store), vendors: mortal(vendors) }, calls: () => calls };
}

const isClient = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && ('createParty' in value || 'createContact' in value);

/** More calls than the activities make for one deletion of each kind. */
const MOST_CALLS = 120;
const ROUNDS = 8;

describe('whenever the worker is killed while deletions are dealt with', () => {
  let company: ImportedCompany;
  const lost: Pair[] = [];
  const ended: Pair[] = [];
  const merged: (Pair & { winner: number })[] = [];
  const { pass, deleteParty, deleteContact, store, ...ask } = deletingIn(() => company);

  beforeAll(async () => {
    company = await importCompany((gateway) => {
      const { pair, party } = preparing(gateway);
      for (let i = 0; i < ROUNDS; i += 1) {
        lost.push(pair(`Lost ${word(i)} Ltd`));
        ended.push(pair(`Ended ${word(i)} Ltd`));
        merged.push({ ...pair(`Merged ${word(i)} Ltd`), winner: party(`Winner ${word(i)} Ltd`) });
      }
    });
  }, 60_000);
  afterAll(() => company.close());

  test('R18 R19 R21 each is done once in the end', async () => {
    const { services } = company.gateway;
    const deps: ActivityDeps = {
      ...{ ...services, schedules: {} as ActivityDeps['schedules'] },
      ...activitySettings(services.config),
    };
    const input = { tenantId: company.tenantId, runId: 'pass-0' };
    const apply = (alive: ActivityDeps): Promise<{ left: number }> =>
      new MockActivityEnvironment(undefined, { logger: new DefaultLogger('ERROR') }).run(() =>
        createActivities(alive).applyDeletions(input),
      );
    const due = new Set<number>();
    let kills = 0;
    for (let n = 1; n <= MOST_CALLS; n += 1) {
      const round = kills % ROUNDS;
      if (!due.has(round)) await deleteRound(round);
      due.add(round);
      const mortal = killedAt(deps, n);
      const end = await apply(mortal.deps).catch((error: unknown) => error);
      if (!(end instanceof Killed)) break;
      kills += 1;
    }
    expect(kills).toBeGreaterThan(20);
    await until(async () => (await apply(deps)).left === 0, 30_000);

    for (const i of due) {
      const { sageId } = lost[i] as Pair;
      expect(company.copies(sageId)).toBe(1);
      expect(ask.partiesNamed(`Lost ${word(i)} Ltd`)).toHaveLength(1);
      expect(await ask.link(sageId)).toMatchObject({ live: true, because: 'recreated', origin: 'linked' });
      const made = (await ask.history(sageId)).filter(({ action }) => action === 'created');
      expect(made).toHaveLength(1);
      expect(await ask.link((ended[i] as Pair).sageId)).toMatchObject({ ended: { why: 'sageDeleted' } });
      const { winner, sageId: moved } = merged[i] as (typeof merged)[0];
      expect(await ask.link(moved)).toMatchObject({ live: true, partyId: winner, because: 'merged' });
      expect((await ask.history(moved)).filter(({ action }) => action === 'moved')).toHaveLength(1);
    }
    expect(await pass()).toMatchObject({ counts: { capsule: { created: 0 } } });
  }, 120_000);

  async function deleteRound(i: number): Promise<void> {
    const { tenantId } = company;
    const [gone, end, merge] = [lost[i] as Pair, ended[i] as Pair, merged[i] as (typeof merged)[0]];
    company.gateway.sandbox.capsule.editParty(merge.winner, {
      websites: [{ service: 'URL', address: ask.marker(merge.sageId) }],
    });
    await pass();
    for (const id of [gone.partyId, merge.partyId]) deleteParty(id);
    deleteContact(end.sageId);
    await store().deletions.note(tenantId, 'capsule', [gone.partyId, merge.partyId], new Date());
    await store().deletions.note(tenantId, 'sage', [end.sageId], new Date());
  }
});

const word = (i: number): string => 'abcdefghijklmnopqrstuvwxyz'.charAt(i).repeat(4);
