import { type Failure } from '../../shared/store/failures';
import { useStore, walk } from '../support/database';

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 9, 0, second));

const failure = (recordId: string, more: Partial<Failure> = {}): Omit<Failure, 'attempts'> => ({
  ...{ side: 'capsule', recordId, work: 'create', name: `Firm ${recordId}`, reason: 'name is required' },
  ...{ failedAt: at(0), retryAt: null },
  ...more,
});
const ids = (count: number) => Array.from({ length: count }, (_, i) => `s${String(i).padStart(3, '0')}`);

describe('R26 failures', () => {
  const { store } = useStore();
  const failures = () => store().failures;
  const setAside = (tenant: string, list: string[], more: Partial<Failure> = {}) =>
    failures().setAside(
      tenant,
      list.map((id) => failure(id, more)),
    );
  const walked = async (tenant: string, limit: number) =>
    (await walk((cursor) => failures().page(tenant, { cursor, limit }))).flat();

  test('come back whole, with their first attempt', async () => {
    await setAside('whole', ['s1'], { retryAt: at(50) });
    const expected = { ...failure('s1', { retryAt: at(50) }), attempts: 1 };
    expect(await failures().page('whole', { limit: 10 })).toEqual({ items: [expected], nextCursor: null });
  });

  test('count their attempts and keep the newest reason', async () => {
    await setAside('again', ['s1', 's2']);
    await setAside('again', ['s1'], { reason: 'unknown country', failedAt: at(9) });
    expect(await walked('again', 10)).toMatchObject([
      { recordId: 's1', attempts: 2, reason: 'unknown country', failedAt: at(9) },
      { recordId: 's2', attempts: 1, reason: 'name is required' },
    ]);
  });

  test('lose no attempt when ten fail at once', async () => {
    await Promise.all(Array.from({ length: 10 }, () => setAside('at once', ['s1'])));
    expect(await walked('at once', 10)).toMatchObject([{ recordId: 's1', attempts: 10 }]);
  });

  test('are walked in pages over both sides without loss or repetition', async () => {
    await setAside('walk', ids(15));
    await setAside('walk', ids(10), { side: 'sage' });
    const keys = (await walked('walk', 10)).map(({ side, recordId }) => `${side}/${recordId}`);
    expect(keys).toEqual([...ids(15).map((id) => `capsule/${id}`), ...ids(10).map((id) => `sage/${id}`)]);
  });

  test('end with a full page without a cursor', async () => {
    await setAside('even', ids(10));
    expect(await failures().page('even', { limit: 10 })).toMatchObject({ nextCursor: null });
    expect(await failures().page('even', { limit: 9 })).toMatchObject({ nextCursor: 'capsule/s008' });
  });

  test('are cleared by side and record', async () => {
    await setAside('clear', ids(600));
    await setAside('clear', ['s000'], { side: 'sage' });
    await failures().clear('clear', 'capsule', [...ids(599), 'never failed']);
    expect(await walked('clear', 10)).toMatchObject([
      { side: 'capsule', recordId: 's599' },
      { side: 'sage', recordId: 's000' },
    ]);
  });

  test('are found by side and record', async () => {
    await setAside('some', ['s1', 's2']);
    await setAside('some', ['s1'], { side: 'sage' });
    const keys = [
      { side: 'sage' as const, recordId: 's1' },
      { side: 'sage' as const, recordId: 's2' },
    ];
    expect(await failures().among('some', keys)).toMatchObject([{ side: 'sage', recordId: 's1' }]);
  });

  test('are counted together and by side', async () => {
    await setAside('count', ids(3));
    await setAside('count', ids(2), { side: 'sage' });
    expect(await failures().count('count')).toBe(5);
    expect(await failures().count('count', 'capsule')).toBe(3);
    expect(await failures().count('count', 'sage')).toBe(2);
  });

  test('of tenants whose ids begin alike are apart', async () => {
    for (const tenant of ['t', 't2', 't/x']) await setAside(tenant, ids(tenant.length));
    await failures().clear('t2', 'capsule', ['s000']);
    for (const [tenant, expected] of [
      ['t', ids(1)],
      ['t2', ['s001']],
      ['t/x', ids(3)],
    ] as const) {
      expect((await walked(tenant, 1)).map(({ recordId }) => recordId)).toEqual(expected);
      expect(await failures().count(tenant)).toBe(expected.length);
    }
  });
});
