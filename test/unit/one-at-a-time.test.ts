import { OneAtATime } from '../../workflows/one-at-a-time';

/** A piece of work that ends when it is told to. */
function work(log: string[], name: string) {
  let end: (error?: Error) => void = () => undefined;
  const run = () =>
    new Promise<string>((resolve, reject) => {
      log.push(`begin ${name}`);
      end = (error) => {
        log.push(`end ${name}`);
        if (error) reject(error);
        else resolve(name);
      };
    });
  return { run, end: (error?: Error) => end(error) };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('work by key', () => {
  test('of one key runs in the order asked for, after a failure too', async () => {
    const log: string[] = [];
    const queue = new OneAtATime();
    const [a, b] = [work(log, 'a'), work(log, 'b')];
    const first = queue.run('x', a.run);
    const second = queue.run('x', b.run);
    await settled();
    expect(log).toEqual(['begin a']);
    a.end(new Error('broken'));
    await expect(first).rejects.toThrow('broken');
    await settled();
    b.end();
    expect(await second).toBe('b');
    expect(log).toEqual(['begin a', 'end a', 'begin b', 'end b']);
  });

  test('of different keys runs side by side, and it is idle when all has ended', async () => {
    const log: string[] = [];
    const queue = new OneAtATime();
    const [a, b] = [work(log, 'a'), work(log, 'b')];
    const all = Promise.all([queue.run('x', a.run), queue.run('y', b.run)]);
    await settled();
    expect(log).toEqual(['begin a', 'begin b']);
    expect(queue.idle).toBe(false);
    a.end();
    b.end();
    await all;
    await settled();
    expect(queue.idle).toBe(true);
  });
});
