import { useStore } from '../support/database';

const AT = new Date(Date.UTC(2026, 0, 1));
const LATER = new Date(Date.UTC(2026, 0, 2));

describe('noted deletions', () => {
  const { store } = useStore();
  const deletions = () => store().deletions;
  const keysOf = async (tenant: string) =>
    (await deletions().list(tenant, 100)).map(({ side, recordId }) => `${side}/${recordId}`);

  test('each is noted once, and keeps the time at which it was noted first', async () => {
    await deletions().note('once', 'capsule', [1, 2, 1], AT);
    await deletions().note('once', 'capsule', [2, 3], LATER);
    expect(await deletions().list('once', 100)).toEqual([
      { side: 'capsule', recordId: '1', at: AT, asked: null },
      { side: 'capsule', recordId: '2', at: AT, asked: null },
      { side: 'capsule', recordId: '3', at: LATER, asked: null },
    ]);
  });

  test('the same id on both sides is two records', async () => {
    await deletions().note('sides', 'capsule', [7], AT);
    await deletions().note('sides', 'sage', ['7'], LATER);
    await deletions().settle('sides', [{ side: 'capsule', recordId: '7' }]);
    expect(await keysOf('sides')).toEqual(['sage/7']);
    expect(await deletions().count('sides')).toBe(1);
  });

  test('what is settled may be noted again', async () => {
    await deletions().note('again', 'sage', ['a'], AT);
    await deletions().settle('again', [{ side: 'sage', recordId: 'a' }]);
    await deletions().note('again', 'sage', ['a'], LATER);
    expect(await deletions().list('again', 100)).toMatchObject([{ recordId: 'a', at: LATER }]);
  });

  test('R28 a new question is about these only, and a note that comes again leaves it be', async () => {
    await deletions().note('ask', 'sage', ['a', 'b', 'c'], AT);
    const of = (...ids: string[]) => ids.map((recordId) => ({ side: 'sage' as const, recordId }));
    await deletions().ask('ask', of('a', 'b'), 'pass-1');
    await deletions().ask('ask', of('b', 'c'), 'pass-2');
    await deletions().note('ask', 'sage', ['a', 'b', 'c'], LATER);
    const asked = (await deletions().list('ask', 100)).map(({ asked: run }) => run);
    expect(asked).toEqual([null, 'pass-2', 'pass-2']);
  });

  test('tenants know nothing of each other, even when one id begins with another', async () => {
    for (const tenant of ['t', 't2', 't/x']) await deletions().note(tenant, 'sage', ['a'], AT);
    await deletions().settle('t', [{ side: 'sage', recordId: 'a' }]);
    expect(await keysOf('t')).toEqual([]);
    expect(await keysOf('t2')).toEqual(['sage/a']);
    expect(await keysOf('t/x')).toEqual(['sage/a']);
  });

  test('hundreds are noted and settled at once, and the oldest are listed first', async () => {
    const ids = Array.from({ length: 700 }, (_, i) => i);
    await deletions().note('many', 'capsule', ids.slice(300), LATER);
    await deletions().note('many', 'capsule', ids, AT);
    const oldest = await deletions().list('many', 300);
    expect(oldest.every(({ at }) => at.getTime() === AT.getTime())).toBe(true);
    await deletions().settle('many', oldest);
    expect(await deletions().count('many')).toBe(400);
  });
});

describe('the question of a breaker', () => {
  const { store } = useStore();
  const QUESTION = { run: 'pass-1', at: AT, unlinks: 20, recreates: 5, links: 100 };

  test('R28 there is one at a time; a newer one forgets the answer to the older', async () => {
    await store().breakers.ask('one', QUESTION);
    expect(await store().breakers.goOn('one')).toBe(true);
    expect(await store().breakers.find('one')).toEqual({ ...QUESTION, decision: 'go-on' });
    await store().breakers.ask('one', { ...QUESTION, run: 'pass-2' });
    expect(await store().breakers.find('one')).toMatchObject({ run: 'pass-2', decision: null });
  });

  test('nobody answers what was not asked', async () => {
    expect(await store().breakers.goOn('none')).toBe(false);
    expect(await store().breakers.forget('none')).toBe(false);
    expect(await store().breakers.find('none')).toBeNull();
  });
});
