import { clearingTime } from '../../../shared/domain/clearing-time';

const now = new Date('2026-03-02T12:00:00Z');
const inMinutes = (minutes: number) => new Date(now.getTime() + minutes * 60_000);
const time = (records: number, quota: { used?: number; limit?: number; resetsAt?: Date | null } = {}) =>
  clearingTime({ records, used: 0, limit: 4_000, resetsAt: null, now, ...quota });

describe('R23 how long clearing takes', () => {
  test.each([
    ['nothing', 0, {}, 0],
    ['what fits into the window', 1_000, {}, 210],
    ['no limit known', 10_000, { limit: 0 }, 2_100],
    ['what waits for the window’s end first', 1_000, { used: 3_600, resetsAt: inMinutes(10) }, 600 + 210],
    ['a window that has ended is whole again', 1_000, { used: 4_000, resetsAt: inMinutes(-1) }, 210],
    ['several windows', 4_000, {}, 3_600 + 3_600 + 120],
  ])('%s', (_, records, quota, seconds) => {
    expect(time(records, quota)).toBe(seconds);
  });

  test('never grows shorter with more records', () => {
    const times = Array.from({ length: 50 }, (_, n) =>
      time(n * 400, { used: 1_000, resetsAt: inMinutes(30) }),
    );
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });
});
