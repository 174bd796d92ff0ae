const DAY = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'Europe/London' });

/** "3 March 2026", as it was in London. */
export const dayInWords = (at: Date): string => DAY.format(at);
