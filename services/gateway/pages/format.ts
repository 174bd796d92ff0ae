/** Figures and times in words, as people in the United Kingdom write them. Pure: the caller gives `now`. */

const ZONE = 'Europe/London';
const figures = new Intl.NumberFormat('en-GB');
const clock = new Intl.DateTimeFormat('en-GB', { timeZone: ZONE, hour: '2-digit', minute: '2-digit' });
const dayOfYear = new Intl.DateTimeFormat('en-GB', { timeZone: ZONE, day: 'numeric', month: 'long' });
const dayAndYear = new Intl.DateTimeFormat('en-GB', {
  timeZone: ZONE,
  day: 'numeric',
  month: 'long',
  year: 'numeric',
});
/** `YYYY-MM-DD` in London: Swedish dates are written that way. */
const isoDay = new Intl.DateTimeFormat('sv-SE', { timeZone: ZONE });

const countries = new Intl.DisplayNames('en-GB', { type: 'region' });
const DAY_MS = 86_400_000;

/** `1234` → `1,234`. */
export const number = (value: number): string => figures.format(value);

/** `plural(1, 'contact')` → `1 contact`, `plural(1200, 'contact')` → `1,200 contacts`. */
export const plural = (count: number, noun: string, nouns = `${noun}s`): string =>
  `${number(count)} ${count === 1 ? noun : nouns}`;

/** `14:05`, in London. */
const timeOfDay = (instant: Date): string => clock.format(instant);

/** `22 November 2026`; the year is left out when it is the running one. */
function date(instant: Date, now: Date): string {
  const sameYear = isoDay.format(instant).slice(0, 4) === isoDay.format(now).slice(0, 4);
  return (sameYear ? dayOfYear : dayAndYear).format(instant);
}

/** `today at 14:05`, `yesterday at 14:05`, `tomorrow at 14:05`, else `22 November at 14:05`. */
export function moment(instant: Date, now: Date): string {
  const day = isoDay.format(instant);
  const isDay = (offset: number): boolean => day === isoDay.format(new Date(now.getTime() + offset * DAY_MS));
  if (isDay(0)) return `today at ${timeOfDay(instant)}`;
  if (isDay(-1)) return `yesterday at ${timeOfDay(instant)}`;
  if (isDay(1)) return `tomorrow at ${timeOfDay(instant)}`;
  return `${date(instant, now)} at ${timeOfDay(instant)}`;
}

const shortDays = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'UTC',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
});
const shortestDays = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', day: 'numeric', month: 'short' });

/** Of `2026-11-22`: `22 Nov`, with its year unless that is the one of `today`; a dash for none. */
export function shortDay(day: string, today: string): string {
  if (day === '') return '–';
  return (day.slice(0, 4) === today.slice(0, 4) ? shortestDays : shortDays).format(new Date(day));
}

/** For a sentence about today: `14:05`, and the day only where it is another one. */
export const clockTime = (instant: Date, now: Date): string => moment(instant, now).replace(/^today at /, '');

/** Country by its ISO code: `GB` → `United Kingdom`. A code that is none is shown as it is. */
export function country(code: string): string {
  return /^[A-Z]{2}$/.test(code) ? (countries.of(code) ?? code) : code;
}

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Whole days from now until then, never negative. */
export const daysUntil = (instant: Date, now: Date): number =>
  Math.max(0, Math.floor((instant.getTime() - now.getTime()) / DAY_MS));

/** `about 4 minutes left`. app.js says the same words; a test keeps the two together. */
export function remaining(seconds: number): string {
  if (seconds < 60) return 'less than a minute left';
  const minutes = Math.ceil(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  const parts = [];
  if (hours > 0) parts.push(plural(hours, 'hour'));
  if (rest > 0) parts.push(plural(rest, 'minute'));
  return `about ${parts.join(' ')} left`;
}

/** `3 minutes 12 seconds`; from an hour on without the seconds. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const parts = [];
  if (hours > 0) parts.push(plural(hours, 'hour'));
  if (minutes > 0) parts.push(plural(minutes, 'minute'));
  if (hours === 0 && (seconds % 60 > 0 || minutes === 0)) parts.push(plural(seconds % 60, 'second'));
  return parts.join(' ');
}

/** Whole percent, rounded down so that 100 means the end; 0 while the total is unknown. */
export const percent = (part: number, whole: number): number =>
  whole > 0 ? Math.min(100, Math.floor((part / whole) * 100)) : 0;
