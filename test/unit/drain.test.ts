import { type Batch, drain, type DrainWork } from '../../activities/drain';
import { type Change } from '../../shared/store/changes';

/** Hints as the store keeps them, and what was done to them, in order. */
function hintsOf(partyIds: readonly number[], at = 0) {
  const waiting: Change[] = partyIds.map((partyId) => ({ partyId, token: 't', at: new Date(at) }));
  const done: number[] = [];
  const sent: number[][] = [];
  const add = (partyId: number, ms: number) => waiting.push({ partyId, token: 't', at: new Date(ms) });
  const batchOf = (hints: readonly Change[], more: Partial<Batch> = {}): Batch => ({
    ...{ hints, edited: true, handOver: [], error: null },
    store: () => {
      for (const { partyId } of hints) {
        done.push(partyId);
        waiting.splice(
          waiting.findIndex((hint) => hint.partyId === partyId),
          1,
        );
      }
      return Promise.resolve();
    },
    ...more,
  });
  const work: DrainWork = {
    lingers: false,
    sift: () => Promise.resolve(false),
    cancelled: () => false,
    next: (limit, from) =>
      Promise.resolve(waiting.filter(({ at: noted }) => from === null || noted >= from).slice(0, limit)),
    workOff: (hints) => {
      sent.push(hints.map(({ partyId }) => partyId));
      return Promise.resolve(batchOf(hints));
    },
  };
  return { work, waiting, done, sent, add, batchOf };
}

const ids = (count: number) => Array.from({ length: count }, (_, n) => n + 1);

describe('draining hints', () => {
  it('sends each once and stores all, however many share an instant', async () => {
    const { work, done, sent, waiting } = hintsOf(ids(750));
    expect(await drain(work)).toEqual({ more: true, handOver: [] });
    expect(sent.flat().sort((a, b) => a - b)).toEqual(ids(750));
    expect([done.length, waiting.length]).toEqual([750, 0]);
    expect(Math.max(...sent.map((part) => part.length))).toBe(100);
  });

  it('sends what comes while others are stored', async () => {
    const { work, sent, add, batchOf } = hintsOf([1]);
    const first = work.workOff;
    work.workOff = async (hints) => {
      await first(hints);
      const batch = batchOf(hints);
      return {
        ...batch,
        store: () => {
          if (hints[0]?.partyId === 1) add(2, 5);
          return batch.store();
        },
      };
    };
    await drain(work);
    expect(sent).toEqual([[1], [2]]);
  });

  it('finds what was noted earlier and written later, before all is stored', async () => {
    const { work, sent, add, batchOf } = hintsOf(ids(3), 10);
    const first = work.workOff;
    const stored: number[] = [];
    work.workOff = async (hints) => {
      if (sent.length === 0) add(4, 5);
      await first(hints);
      const batch = batchOf(hints);
      return { ...batch, store: () => batch.store().then(() => void stored.push(sent.length)) };
    };
    await drain(work);
    expect(sent).toEqual([[1, 2, 3], [4]]);
    expect(stored[0]).toBe(2);
  });

  it('stores what was sent before it fails', async () => {
    const { work, done, batchOf } = hintsOf(ids(150));
    const down = new Error('down');
    work.workOff = (hints) => Promise.resolve(batchOf(hints, hints.length < 100 ? { error: down } : {}));
    await expect(drain(work)).rejects.toThrow('down');
    expect(done.slice(0, 100)).toEqual(ids(100));
  });

  it('hands over at once, and begins nothing more', async () => {
    const { work, done, sent, batchOf } = hintsOf([...ids(500)]);
    work.workOff = (hints) => {
      sent.push(hints.map(({ partyId }) => partyId));
      return Promise.resolve(batchOf(hints, { handOver: [7] }));
    };
    expect(await drain(work)).toEqual({ more: true, handOver: [7] });
    expect(sent.length).toBeLessThanOrEqual(2);
    expect(done).toEqual(sent.flat());
  });

  it('ends when the work has ended', async () => {
    const { work } = hintsOf([1]);
    expect(await drain({ ...work, workOff: () => Promise.resolve(null) })).toEqual({
      ...{ more: false, handOver: [] },
    });
  });

  it('fails when the store fails, and not without being noticed', async () => {
    const { work, batchOf } = hintsOf(ids(300));
    work.workOff = (hints) =>
      Promise.resolve(batchOf(hints, { store: () => Promise.reject(new Error('store is away')) }));
    await expect(drain(work)).rejects.toThrow('store is away');
  });

  it('rests after echoes, ever longer, and reads them together', async () => {
    const { work, sent, add, batchOf } = hintsOf([1]);
    work.workOff = (hints) => {
      sent.push(hints.map(({ partyId }) => partyId));
      const next = 1 + sent.flat().length;
      if (next < 7) [0, 1].forEach((n) => add(next + n, next + n));
      return Promise.resolve(batchOf(hints, { edited: false }));
    };
    const began = Date.now();
    await drain({ ...work, lingers: true });
    expect(sent).toEqual([[1], [2, 3], [4, 5], [6, 7]]);
    expect(Date.now() - began).toBeGreaterThan(100 + 200 + 400);
  });

  it('does not stay when it is cancelled, and says that there may be more', async () => {
    const { work, sent } = hintsOf(ids(5));
    const cancelled = () => sent.length > 0;
    expect(await drain({ ...work, cancelled, lingers: true })).toEqual({ more: true, handOver: [] });
  });

  it('stays while presumed echoes wait, which come after everything else', async () => {
    const { work, sent } = hintsOf([1]);
    const order: string[] = [];
    let waiting = 3;
    const sift = () => {
      order.push(`sift after ${sent.length}`);
      waiting -= 1;
      return Promise.resolve(waiting > 0);
    };
    await drain({ ...work, sift, lingers: true });
    expect(order.slice(0, 3)).toEqual(['sift after 1', 'sift after 1', 'sift after 1']);
  });
});
