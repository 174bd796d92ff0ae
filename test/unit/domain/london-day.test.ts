import fc from 'fast-check';
import {
  addDays,
  daysBetween,
  lastMonths,
  londonDay,
  msToLondonMidnight,
  nextLondonMidnight,
} from '../../../shared/domain/london-day';

describe('a day in London', () => {
  test.each([
    ['winter, last second', '2026-01-15T23:59:59Z', '2026-01-15', '2026-01-16T00:00:00Z'],
    ['winter, midnight itself', '2026-01-16T00:00:00Z', '2026-01-16', '2026-01-17T00:00:00Z'],
    ['summer, last second', '2026-07-01T22:59:59Z', '2026-07-01', '2026-07-01T23:00:00Z'],
    ['summer, midnight itself', '2026-07-01T23:00:00Z', '2026-07-02', '2026-07-02T23:00:00Z'],
    ['before the clocks go forward', '2026-03-28T23:59:59Z', '2026-03-28', '2026-03-29T00:00:00Z'],
    ['the day of 23 hours', '2026-03-29T00:00:00Z', '2026-03-29', '2026-03-29T23:00:00Z'],
    ['just after they went forward', '2026-03-29T01:00:00Z', '2026-03-29', '2026-03-29T23:00:00Z'],
    ['the day of 25 hours', '2026-10-24T23:00:00Z', '2026-10-25', '2026-10-26T00:00:00Z'],
    ['in the hour that comes twice', '2026-10-25T01:30:00Z', '2026-10-25', '2026-10-26T00:00:00Z'],
    ['leap day', '2028-02-28T12:00:00Z', '2028-02-28', '2028-02-29T00:00:00Z'],
    ['the end of a year', '2026-12-31T23:59:59Z', '2026-12-31', '2027-01-01T00:00:00Z'],
  ])('%s', (_, instant, day, midnight) => {
    expect(londonDay(new Date(instant))).toBe(day);
    expect(nextLondonMidnight(new Date(instant))).toEqual(new Date(midnight));
  });

  test('ends at the next midnight, not a millisecond earlier', () => {
    const instants = fc.date({
      min: new Date('2000-01-01'),
      max: new Date('2060-01-01'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(instants, (instant) => {
        const midnight = nextLondonMidnight(instant).getTime();
        expect(midnight).toBeGreaterThan(instant.getTime());
        expect(londonDay(new Date(midnight - 1))).toBe(londonDay(instant));
        expect(londonDay(new Date(midnight))).toBe(addDays(londonDay(instant), 1));
      }),
    );
  });
});

test.each([
  ['the day of 23 hours', '2026-03-29T00:00:00Z', 23],
  ['the day of 25 hours', '2026-10-24T23:00:00Z', 25],
  ['any other day', '2026-06-09T23:00:00Z', 24],
])('from midnight to midnight: %s', (_, midnight, hours) => {
  expect(msToLondonMidnight(new Date(midnight))).toBe(hours * 3_600_000);
});

test('days are counted across months and clock changes', () => {
  expect(daysBetween('2026-03-28', '2026-03-30')).toBe(2);
  expect(daysBetween('2026-03-01', '2026-02-27')).toBe(-2);
  expect(addDays('2026-10-24', 2)).toBe('2026-10-26');
});

test('months are counted back across the years', () => {
  expect(lastMonths('2026-02-28', 4)).toEqual(['2025-11', '2025-12', '2026-01', '2026-02']);
  expect(lastMonths('2026-12-31', 12)).toHaveLength(12);
  expect(lastMonths('2026-12-31', 12)[0]).toBe('2026-01');
});
