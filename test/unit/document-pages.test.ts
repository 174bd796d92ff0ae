import { walkPages } from '../../activities/document-pages';
import { type SagePage } from '../../shared/sage/client';

const page = (ids: string[], total: number, more: boolean, unreadable: string[] = []): SagePage<string> => ({
  ...{ rows: ids, unreadable, page: 1, total, more },
  date: new Date(total),
});

async function walk(pages: SagePage<string>[], from?: Parameters<typeof walkPages>[3]) {
  const stored: string[] = [];
  const reached: number[] = [];
  const walked = await walkPages(
    (number) => Promise.resolve(pages[number - (from?.page ?? 1)]!),
    (id) => id,
    (rows) => Promise.resolve(void stored.push(...rows)),
    from,
    (at) => reached.push(at.page),
  );
  return { ...walked, stored, reached };
}

describe('R27 a list of documents', () => {
  test('is complete when as many came as Sage counts', async () => {
    const { complete, stored, date, reached } = await walk([
      page(['a', 'b'], 3, true),
      page(['c'], 3, false),
    ]);
    expect([complete, stored.join(''), reached]).toEqual([true, 'abc', [3]]);
    expect(date).toEqual(new Date(3));
  });

  test.each([
    ['comes short', [page(['a'], 3, true), page(['b'], 3, false)]],
    ['gives a page twice', [page(['a', 'b'], 4, true), page(['a', 'b'], 4, false)]],
    ['shrinks on the way', [page(['a', 'b'], 4, true), page(['d'], 3, false)]],
    ['comes empty', [page([], 3, false)]],
  ])('that %s is not', async (_, pages) => {
    expect((await walk(pages)).complete).toBe(false);
  });

  test('in which a row slid to the next page is', async () => {
    const pages = [page(['a', 'b'], 3, true), page(['b', 'c', 'd'], 4, false)];
    expect((await walk(pages)).complete).toBe(true);
  });

  test('counts what cannot be read, and tells it', async () => {
    const { complete, unreadable } = await walk([page(['a'], 2, false, ['x'])]);
    expect([complete, unreadable]).toEqual([true, ['x']]);
  });

  test('goes on where it broke off, with the clock of its beginning', async () => {
    const from = { page: 2, rows: 2, date: new Date(7) };
    expect(await walk([page(['c'], 3, false)], from)).toMatchObject({ complete: true, date: new Date(7) });
  });

  test('tells a page only when it is stored, and fails when it cannot be', async () => {
    const reached: number[] = [];
    const broken = walkPages(
      () => Promise.resolve(page(['a'], 5, true)),
      (id) => id,
      () => Promise.reject(new Error('the store is away')),
      undefined,
      (at) => reached.push(at.page),
    );
    await expect(broken).rejects.toThrow('the store is away');
    expect(reached).toEqual([]);
  });
});
