import fc from 'fast-check';
import { duePass, lookBack, type PassHistory } from '../../../shared/domain/pass-plan';

const MINUTE = 60_000;
const NOW = new Date(Date.UTC(2026, 10, 22, 12));
const INTERVALS = { sweepMs: 60 * MINUTE, deepSweepMs: 24 * 60 * MINUTE };
const ago = (minutes: number) => new Date(NOW.getTime() - minutes * MINUTE);
const RECENT: PassHistory = { sweptAt: ago(5), deepSweptAt: ago(5), wantFull: false };

test.each<[string, Partial<PassHistory>, string]>([
  ['only changes, soon after a sweep', {}, 'incremental'],
  ['everything once an hour', { sweptAt: ago(60) }, 'sweep'],
  ['everything when a person asks', { wantFull: true }, 'sweep'],
  ['addresses and persons once a day', { deepSweptAt: ago(24 * 60) }, 'deep'],
  ['all of it when nothing was ever swept', { sweptAt: null, deepSweptAt: null }, 'deep'],
  ['everything after a deep sweep that was the last one', { sweptAt: null }, 'sweep'],
  ['everything when the clock was set back', { sweptAt: ago(-10) }, 'sweep'],
])('a pass reads %s', (_what, history, expected) => {
  expect(duePass({ ...RECENT, ...history }, INTERVALS, NOW)).toBe(expected);
});

test('a delta begins at a whole second, as far back as the overlap or a little further', () => {
  const times = fc.date({ min: ago(1e6), max: NOW, noInvalidDate: true });
  fc.assert(
    fc.property(times, fc.integer({ min: 0, max: 3_600_000 }), (watermark, overlapMs) => {
      const since = lookBack(watermark, overlapMs);
      const backMs = watermark.getTime() - Date.parse(since);
      expect(since).toMatch(/T\d\d:\d\d:\d\dZ$/);
      expect(backMs).toBeGreaterThanOrEqual(overlapMs);
      expect(backMs).toBeLessThan(overlapMs + 1_000);
    }),
  );
});

test('a delta never begins before time did', () => {
  expect(lookBack(new Date(1_000), 3_600_000)).toBe('1970-01-01T00:00:00Z');
});
