import * as format from '../../../services/gateway/pages/format';
import { NOW } from './models';

describe('figures and times in words', () => {
  test.each([
    ['2026-11-22T14:05:00Z', 'today at 14:05'],
    ['2026-11-21T09:12:00Z', 'yesterday at 09:12'],
    ['2026-11-23T00:00:00Z', 'tomorrow at 00:00'],
    ['2026-06-01T12:00:00Z', '1 June at 13:00'],
    ['2025-12-31T23:59:00Z', '31 December 2025 at 23:59'],
  ])('%s is said in London time: %s', (instant, expected) => {
    expect(format.moment(new Date(instant), NOW)).toBe(expected);
  });

  test.each([
    [0, 'less than a minute left'],
    [61, 'about 2 minutes left'],
    [3600, 'about 1 hour left'],
    [5461, 'about 1 hour 32 minutes left'],
  ])('%i seconds are %s', (seconds, expected) => {
    expect(format.remaining(seconds)).toBe(expected);
  });

  test.each([
    [400, '0 seconds'],
    [61_000, '1 minute 1 second'],
    [120_000, '2 minutes'],
    [3_725_000, '1 hour 2 minutes'],
  ])('%i ms took %s', (ms, expected) => {
    expect(format.duration(ms)).toBe(expected);
  });

  test.each([
    [999, 1000, 99],
    [1000, 1000, 100],
    [3, 0, 0],
    [1001, 1000, 100],
  ])('%i of %i is %i percent', (part, whole, expected) => {
    expect(format.percent(part, whole)).toBe(expected);
  });

  test.each([
    ['GB', 'United Kingdom'],
    ['', ''],
    ['Eire', 'Eire'],
  ])('country %j is shown as %j', (code, expected) => {
    expect(format.country(code)).toBe(expected);
  });

  test('counts carry their noun', () => {
    expect(format.plural(1, 'contact')).toBe('1 contact');
    expect(format.plural(1200, 'business', 'businesses')).toBe('1,200 businesses');
  });
});
