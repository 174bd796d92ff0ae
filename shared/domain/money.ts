/**
 * Money as whole numbers of a currency's smallest unit: pence, cents, yen. No binary fraction ever holds an
 * amount. Sums stay safe integers up to 90 trillion pounds; beyond that a RangeError is thrown, never rounded.
 */
export interface Money {
  /** ISO 4217, upper case. */
  currency: string;
  minor: number;
}

/** ISO 4217 minor units other than 2. Intl knows CLDR's habits instead, which drop the pence of some currencies. */
const PLACES: Record<number, string> = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF',
  3: 'BHD IQD JOD KWD LYD OMR TND',
  4: 'CLF UYW',
};
const PLACES_OF = new Map(
  Object.entries(PLACES).flatMap(([places, codes]) =>
    codes.split(' ').map((code) => [code, Number(places)] as const),
  ),
);

/** Decimal places of a currency (ISO 4217); 2 for one that is unknown. */
export const placesOf = (currency: string): number => PLACES_OF.get(currency) ?? 2;

const DECIMAL = /^(-?)(\d+)(?:\.(\d*))?$/;

/**
 * Reads a decimal as Sage writes it (reference sage-api §4, B): `2000.0`, `-5`, and for nothing at all an empty
 * text, the text `null`, or null.
 * @returns minor units, or null for nothing
 * @throws RangeError for what is no decimal, has more places than the currency, or is too large to be exact
 */
export function parseAmount(text: string | number | null | undefined, currency: string): number | null {
  const trimmed = String(text ?? '').trim();
  if (trimmed === '' || trimmed === 'null') return null;
  const [, sign, whole = '', fraction = ''] = DECIMAL.exec(trimmed) ?? [];
  const places = placesOf(currency);
  const kept = fraction.slice(0, places).padEnd(places, '0');
  const lost = fraction.slice(places);
  const minor = Number(whole + kept);
  if (sign === undefined || /[1-9]/.test(lost) || !Number.isSafeInteger(minor)) {
    throw new RangeError(`"${trimmed}" is no amount of ${currency}`);
  }
  return sign === '-' && minor !== 0 ? -minor : minor;
}

/**
 * The same for an amount that Sage has converted: places beyond the currency's are rounded, half away from zero.
 * @throws RangeError for what is no decimal, or too large to be exact
 */
export function parseConverted(text: string | number | null | undefined, currency: string): number | null {
  const trimmed = String(text ?? '').trim();
  const point = trimmed.indexOf('.');
  const end = point + 1 + placesOf(currency);
  if (!DECIMAL.test(trimmed) || point < 0 || trimmed.length <= end) return parseAmount(trimmed, currency);
  const kept = parseAmount(trimmed.slice(0, end), currency);
  if (kept === null || trimmed.charAt(end) < '5') return kept;
  return add(kept, trimmed.startsWith('-') ? -1 : 1);
}

/** As a decimal with the currency's places: `-1234.50`, `500` for yen. */
export function toDecimal({ currency, minor }: Money): string {
  const places = placesOf(currency);
  const digits = String(Math.abs(minor)).padStart(places + 1, '0');
  const whole = digits.slice(0, digits.length - places);
  const sign = minor < 0 ? '-' : '';
  return places === 0 ? `${sign}${whole}` : `${sign}${whole}.${digits.slice(-places)}`;
}

const formats = new Map<string, Intl.NumberFormat>();

/** For British readers: `£1,234.50`, `-€20.00`. A code that is none stands before the number. */
export function toText(money: Money): string {
  const { currency } = money;
  if (!/^[A-Z]{3}$/.test(currency)) return `${currency} ${toDecimal(money)}`.trim();
  let format = formats.get(currency);
  if (!format) {
    const places = placesOf(currency);
    const digits = { minimumFractionDigits: places, maximumFractionDigits: places };
    format = new Intl.NumberFormat('en-GB', { style: 'currency', currency, ...digits });
    formats.set(currency, format);
  }
  // A decimal text is formatted digit by digit: no float in between.
  return format.format(toDecimal(money) as Intl.StringNumericLiteral);
}

/** @throws RangeError when the sum could not be exact */
export function add(a: number, b: number): number {
  const sum = a + b;
  if (!Number.isSafeInteger(sum)) throw new RangeError(`${a} + ${b} is too large to be exact`);
  return sum;
}

/** Order in which people read currencies: pounds first, then by code. */
export function compareCurrencies(a: string, b: string): number {
  if (a === b) return 0;
  if (a === 'GBP' || b === 'GBP') return a === 'GBP' ? -1 : 1;
  return a < b ? -1 : 1;
}
