import { gather } from '../../../services/gateway/gather';

/** Writes that end when they are told to. */
function writes() {
  const begun: { key: string; items: readonly number[]; end: (error?: Error) => void }[] = [];
  const take = gather<number>(
    (key, items) =>
      new Promise((resolve, reject) => {
        const end = (error?: Error) => {
          if (error) reject(error);
          else resolve();
        };
        begun.push({ key, items, end });
      }),
  );
  return { begun, take };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('writes that come together', () => {
  test('what comes while one is under way goes together with the next', async () => {
    const { begun, take } = writes();
    const first = take('acme', 1);
    await settled();
    const rest = [take('acme', 2), take('acme', 3)];
    await settled();
    expect(begun.map(({ items }) => items)).toEqual([[1]]);
    begun[0]?.end();
    await first;
    await settled();
    expect(begun.map(({ items }) => items)).toEqual([[1], [2, 3]]);
    begun[1]?.end();
    await Promise.all(rest);
  });

  test('a failure is told to those whose items it carried, and to nobody else', async () => {
    const { begun, take } = writes();
    const first = take('acme', 1);
    await settled();
    const second = take('acme', 2);
    begun[0]?.end(new Error('the store is away'));
    await expect(first).rejects.toThrow('the store is away');
    await settled();
    begun[1]?.end();
    await expect(second).resolves.toBeUndefined();
  });

  test('one key does not wait for another', async () => {
    const { begun, take } = writes();
    const all = [take('acme', 1), take('other', 2)];
    await settled();
    expect(begun.map(({ key }) => key)).toEqual(['acme', 'other']);
    begun.forEach(({ end }) => {
      end();
    });
    await Promise.all(all);
  });
});
