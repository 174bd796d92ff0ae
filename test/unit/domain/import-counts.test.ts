import { etaSeconds, isBalanced, NO_COUNTS } from '../../../shared/domain/import-counts';

const START = Date.UTC(2026, 0, 1);
const eta = (done: number, total: number, seconds: number, waitSeconds?: number) =>
  etaSeconds({
    done,
    total,
    startedAtMs: START,
    nowMs: START + seconds * 1000,
    waitingUntilMs: waitSeconds === undefined ? null : START + (seconds + waitSeconds) * 1000,
  });

describe('import counts', () => {
  it('are balanced when every contact of the total has become something', () => {
    const all = { ...NO_COUNTS, total: 15, linked: 1, created: 2, review: 3, excluded: 4, failed: 5 };
    expect(isBalanced(all)).toBe(true);
    expect(isBalanced({ ...all, review: 2 })).toBe(false);
    expect(isBalanced(NO_COUNTS)).toBe(true);
  });
});

describe('R30 the time that is left', () => {
  it.each([
    ['half way', eta(50, 100, 10), 10],
    ['nothing done', eta(0, 100, 10), null],
    ['nothing known', eta(0, 0, 10), null],
    ['all done', eta(100, 100, 10), 0],
    ['more than all done', eta(101, 100, 10), 0],
    ['waiting for a limit', eta(50, 100, 10, 30), 40],
    ['a wait that is over', eta(50, 100, 10, -30), 10],
    ['a part of a second', eta(99, 100, 10), 1],
    ['no time passed', eta(50, 100, 0), 0],
  ])('is told for %s', (_when, seconds, expected) => {
    expect(seconds).toBe(expected);
  });
});
