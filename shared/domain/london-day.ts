/**
 * Days of the calendar in London, where the books of a British business turn. Days are texts `YYYY-MM-DD`, which
 * compare as they lie in time; months are `YYYY-MM`.
 */

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

const londonFormat = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/London',
  ...{ year: 'numeric', month: '2-digit', day: '2-digit' },
});

/** The day that it is in London at an instant. */
export function londonDay(instant: Date): string {
  const parts = Object.fromEntries(
    londonFormat.formatToParts(instant).map(({ type, value }) => [type, value]),
  );
  return `${parts.year}-${parts.month}-${parts.day}`;
}

/** The instant at which the next day begins in London: 23 to 25 hours after the last such one. */
export function nextLondonMidnight(instant: Date): Date {
  const tomorrow = addDays(londonDay(instant), 1);
  const inWinter = Date.parse(tomorrow);
  const inSummer = inWinter - HOUR_MS;
  // Clocks change at one in the morning UTC, so that midnight itself comes once each day.
  return new Date(londonDay(new Date(inSummer)) === tomorrow ? inSummer : inWinter);
}

/** Milliseconds until the next day begins in London; never less than one. */
export const msToLondonMidnight = (now: Date): number =>
  Math.max(1, nextLondonMidnight(now).getTime() - now.getTime());

export const addDays = (day: string, days: number): string =>
  new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);

/** Whole days from one day to another; negative when `to` is earlier. */
export const daysBetween = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / DAY_MS;

/** The month of a day and the ones before it, oldest first. */
export function lastMonths(day: string, count: number): string[] {
  const [year = 0, month = 1] = day.split('-').map(Number);
  return Array.from({ length: count }, (_, index) =>
    new Date(Date.UTC(year, month - count + index, 1)).toISOString().slice(0, 7),
  );
}
