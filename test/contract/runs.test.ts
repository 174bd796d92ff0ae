import { NO_RUN_COUNTS, ofImport } from '../../shared/domain/run-counts';
import { useStore } from '../support/database';

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 9, 0, second));
const COUNTS = ofImport({
  ...{ total: 9, done: 9, linked: 4, created: 3, review: 1, excluded: 1, failed: 0 },
});

describe('runs', () => {
  const { store } = useStore();
  const runs = () => store().runs;

  test('a run that was started is running', async () => {
    await runs().start('started', 'import-1', 'import', at(0));
    expect(await runs().find('started', 'import-1')).toEqual({
      ...{ id: 'import-1', kind: 'import', deep: false, startedAt: at(0) },
      ...{ finishedAt: null, outcome: 'running', counts: NO_RUN_COUNTS },
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
    await runs().finish('finished', 'import-1', 'partial', at(9), COUNTS);
    expect(await runs().find('finished', 'import-1')).toMatchObject({
      ...{ outcome: 'partial', counts: COUNTS, startedAt: at(0), finishedAt: at(9) },
    });
  });

  test('runs of tenants whose ids begin alike are apart', async () => {
    for (const tenant of ['t', 't2', 't/x']) await runs().start(tenant, 'import-1', 'import', at(0));
    await runs().finish('t', 'import-1', 'complete', at(9), COUNTS);
    expect(await runs().find('t2', 'import-1')).toMatchObject({ outcome: 'running' });
    expect(await runs().find('t/x', 'import-1')).toMatchObject({ outcome: 'running' });
  });

  test('a run without an end of its own is complete at any time, and keeps its start and its figures', async () => {
    await runs().goOn('hour', 'push-1', 'push', at(0));
    await runs().add('hour', 'push-1', 'sage', { updated: 2 });
    await runs().goOn('hour', 'push-1', 'push', at(9));
    expect(await runs().find('hour', 'push-1')).toEqual({
      ...{
        id: 'push-1',
        kind: 'push',
        deep: false,
        startedAt: at(0),
        finishedAt: at(9),
        outcome: 'complete',
      },
      counts: { ...NO_RUN_COUNTS, sage: { ...NO_RUN_COUNTS.sage, updated: 2 } },
    });
  });

  test('figures add up, side by side', async () => {
    await runs().start('sums', 'push-1', 'push', at(0));
    await Promise.all([1, 2, 3].map((n) => runs().add('sums', 'push-1', 'sage', { updated: n, failed: 0 })));
    await runs().finish('sums', 'push-1', 'complete', at(9));
    const run = await runs().find('sums', 'push-1');
    expect(run?.counts).toEqual({ ...NO_RUN_COUNTS, sage: { ...NO_RUN_COUNTS.sage, updated: 6 } });
  });

  test('the newest run comes first, page by page', async () => {
    for (const n of [1, 3, 2]) await runs().start('pages', `pass-${n}`, 'incremental', at(n));
    const first = await runs().page('pages', { limit: 2 });
    expect(first.items.map(({ id }) => id)).toEqual(['pass-3', 'pass-2']);
    const { items, nextCursor } = await runs().page('pages', { limit: 2, cursor: first.nextCursor });
    expect({ ids: items.map(({ id }) => id), nextCursor }).toEqual({ ids: ['pass-1'], nextCursor: null });
  });
});
