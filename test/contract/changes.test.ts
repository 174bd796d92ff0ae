import { useStore } from '../support/database';

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 9, 0, second));

describe('R12 hints that a party may have changed', () => {
  const { store } = useStore();
  const changes = () => store().changes;
  const waiting = async (tenant: string) =>
    (await changes().next(tenant, 1_000)).map(({ partyId }) => partyId);

  test('come oldest first, as many as are asked for', async () => {
    await changes().note('order', [3], at(3));
    await changes().note('order', [1], at(1));
    await changes().note('order', [2], at(2));
    expect((await changes().next('order', 2)).map(({ partyId }) => partyId)).toEqual([1, 2]);
    expect(await changes().count('order')).toBe(3);
  });

  test('of one party are one, which keeps its place', async () => {
    await changes().note('same', [1, 1], at(1));
    await changes().note('same', [2], at(2));
    await changes().note('same', [1], at(3));
    expect(await changes().next('same', 10)).toMatchObject([{ partyId: 1, at: at(1) }, { partyId: 2 }]);
  });

  test('that were handed over together lie in one document, and go one by one', async () => {
    await changes().note('together', [7], at(2));
    await changes().handOver('together', [1, 2, 3, 4, 5, 7], at(1));
    await changes().handOver('together', [8], at(3));
    expect(await changes().count('together')).toBe(3);
    expect((await waiting('together')).sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 7, 8]);
    await changes().done('together', (await changes().next('together', 100)).slice(0, 4));
    expect(await waiting('together')).toEqual([5, 7, 8]);
    await changes().done('together', await changes().next('together', 100));
    expect(await waiting('together')).toEqual([7]);
    await changes().done('together', await changes().next('together', 100));
    expect(await changes().count('together')).toBe(0);
  });

  test('are forgotten once they are worked off', async () => {
    await changes().note('done', [1, 2, 3], at(1));
    await changes().done('done', await changes().next('done', 2));
    expect(await waiting('done')).toHaveLength(1);
    await changes().done('done', []);
    expect(await waiting('done')).toHaveLength(1);
  });

  test('stay when they came again while they were worked off', async () => {
    await changes().note('renewed', [1, 2], at(1));
    const taken = await changes().next('renewed', 10);
    await changes().note('renewed', [2], at(2));
    await changes().done('renewed', taken);
    expect(await waiting('renewed')).toEqual([2]);
  });

  test('are lost to nobody when thirty hooks of one party come at once', async () => {
    await Promise.all(Array.from({ length: 30 }, (_, i) => changes().note('race', [1, 2 + (i % 3)], at(i))));
    expect((await waiting('race')).sort()).toEqual([1, 2, 3, 4]);
  });

  test('are taken down by the thousand', async () => {
    const ids = Array.from({ length: 1_200 }, (_, i) => i + 1);
    await changes().note('many', ids, at(1));
    expect(await changes().count('many')).toBe(1_200);
    await changes().done('many', await changes().next('many', 1_200));
    expect(await changes().count('many')).toBe(0);
  });

  test('of tenants whose ids begin alike are apart', async () => {
    for (const tenant of ['t', 't2', 't/x']) await changes().note(tenant, [tenant.length], at(1));
    await changes().done('t2', await changes().next('t', 10));
    expect(await waiting('t2')).toEqual([2]);
    expect(await waiting('t/x')).toEqual([3]);
  });
});
