import { useStore } from '../support/database';

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 9, 0, second));
const COUNTS = { total: 9, done: 9, linked: 4, created: 3, review: 1, excluded: 1, failed: 0 };

describe('runs', () => {
  const { store } = useStore();
  const runs = () => store().runs;

  test('a run that was started is running', async () => {
    await runs().start('started', 'import-1', 'import', at(0));
    expect(await runs().find('started', 'import-1')).toEqual({
      ...{ id: 'import-1', kind: 'import', startedAt: at(0) },
      ...{ finishedAt: null, outcome: 'running', counts: null },
    });
    expect(await runs().find('started', 'import-2')).toBeNull();
  });

  test('a run that starts again keeps its start', async () => {
    await Promise.all([1, 2, 3].map((n) => runs().start('again', 'import-1', 'import', at(n))));
    const first = await runs().find('again', 'import-1');
    await runs().start('again', 'import-1', 'import', at(50));
    expect(await runs().find('again', 'import-1')).toEqual(first);
  });

  test('a finished run has its outcome and figures', async () => {
    await runs().start('finished', 'import-1', 'import', at(0));
    await runs().finish('finished', 'import-1', 'partial', COUNTS, at(9));
    expect(await runs().find('finished', 'import-1')).toMatchObject({
      ...{ outcome: 'partial', counts: COUNTS, startedAt: at(0), finishedAt: at(9) },
    });
  });

  test('runs of tenants whose ids begin alike are apart', async () => {
    for (const tenant of ['t', 't2', 't/x']) await runs().start(tenant, 'import-1', 'import', at(0));
    await runs().finish('t', 'import-1', 'complete', COUNTS, at(9));
    expect(await runs().find('t2', 'import-1')).toMatchObject({ outcome: 'running' });
    expect(await runs().find('t/x', 'import-1')).toMatchObject({ outcome: 'running' });
  });
});
