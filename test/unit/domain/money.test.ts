import fc from 'fast-check';
import {
  add,
  compareCurrencies,
  parseAmount,
  parseConverted,
  placesOf,
  toDecimal,
  toText,
} from '../../../shared/domain/money';

describe('an amount of Sage', () => {
  test.each([
    ['2000.0', 'GBP', 200_000],
    ['6011.4', 'GBP', 601_140],
    ['0.0', 'EUR', 0],
    ['-0.0', 'EUR', 0],
    ['-12.34', 'USD', -1234],
    ['7', 'GBP', 700],
    ['7.', 'GBP', 700],
    ['12.3400', 'GBP', 1234],
    ['500.0', 'JPY', 500],
    ['1.234', 'KWD', 1234],
    ['1.2', 'BHD', 1200],
    ['100.50', 'RSD', 10_050],
    [' 5.5 ', 'GBP', 550],
    [12.5, 'GBP', 1250],
    ['0.29', 'GBP', 29],
    ['90071992547409.91', 'GBP', Number.MAX_SAFE_INTEGER],
  ])('%j in %s is %s', (text, currency, minor) => {
    expect(parseAmount(text, currency)).toBe(minor);
  });

  test.each(['', ' ', 'null', null, undefined])('%j is nothing', (text) => {
    expect(parseAmount(text, 'GBP')).toBeNull();
  });

  test.each([
    ['1,234.50', 'GBP'],
    ['£5', 'GBP'],
    ['1e3', 'GBP'],
    ['--1', 'GBP'],
    ['.5', 'GBP'],
    ['0.005', 'GBP'],
    ['0.5', 'JPY'],
    ['NaN', 'GBP'],
    [0.1 + 0.2, 'GBP'],
    ['90071992547409.92', 'GBP'],
  ])('%j in %s is refused rather than rounded', (text, currency) => {
    expect(() => parseAmount(text, currency)).toThrow(RangeError);
  });
});

describe('a converted amount', () => {
  test.each([
    ['12.344999', 'GBP', 1234],
    ['12.345', 'GBP', 1235],
    ['-12.345', 'GBP', -1235],
    ['-0.005', 'GBP', -1],
    ['99.995', 'GBP', 10_000],
    ['0.5', 'JPY', 1],
    ['7', 'GBP', 700],
    ['null', 'GBP', null],
  ])('%s in %s is rounded to %s', (text, currency, minor) => {
    expect(parseConverted(text, currency)).toBe(minor);
  });

  test('is refused when it is no decimal', () => {
    expect(() => parseConverted('1.2.345', 'GBP')).toThrow(RangeError);
    expect(() => parseConverted('1.23e5', 'GBP')).toThrow(RangeError);
  });
});

describe('an amount for people', () => {
  test.each([
    ['GBP', 123_450, '1234.50', '£1,234.50'],
    ['GBP', -5, '-0.05', '-£0.05'],
    ['GBP', 0, '0.00', '£0.00'],
    ['EUR', 2000, '20.00', '€20.00'],
    ['USD', 99, '0.99', 'US$0.99'],
    ['JPY', 1500, '1500', 'JP¥1,500'],
    ['KWD', 1234, '1.234', 'KWD\u00a01.234'],
    ['HUF', 10_050, '100.50', 'HUF\u00a0100.50'],
    ['GBP', Number.MAX_SAFE_INTEGER, '90071992547409.91', '£90,071,992,547,409.91'],
    ['??', 150, '1.50', '?? 1.50'],
  ])('of %s %i reads %s and %s', (currency, minor, decimal, text) => {
    expect(toDecimal({ currency, minor })).toBe(decimal);
    expect(toText({ currency, minor })).toBe(text);
  });
});

describe('amounts', () => {
  const minors = fc.integer({ min: -Number.MAX_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER });
  const currencies = fc.constantFrom('GBP', 'EUR', 'JPY', 'KWD', 'CLF', 'XYZ');

  test('come back from their decimal unchanged', () => {
    fc.assert(
      fc.property(minors, currencies, (minor, currency) => {
        expect(parseAmount(toDecimal({ currency, minor }), currency)).toBe(minor);
      }),
    );
  });

  test('add up as whole numbers do, and are refused where they could not be exact', () => {
    fc.assert(
      fc.property(minors, minors, (a, b) => {
        const exact = BigInt(a) + BigInt(b);
        if (BigInt(Number.MAX_SAFE_INTEGER) >= (exact < 0n ? -exact : exact)) {
          expect(BigInt(add(a, b))).toBe(exact);
        } else expect(() => add(a, b)).toThrow(RangeError);
      }),
    );
  });

  test('have as many places as Intl says, but for currencies whose pence it leaves out', () => {
    const differing = Intl.supportedValuesOf('currency').filter((currency) => {
      const format = new Intl.NumberFormat('en-GB', { style: 'currency', currency });
      const { maximumFractionDigits = 0 } = format.resolvedOptions();
      return maximumFractionDigits !== placesOf(currency) && maximumFractionDigits !== 0;
    });
    expect(differing).toEqual([]);
  });

  test('stand with pounds first', () => {
    expect(['USD', 'GBP', 'EUR', 'GBP'].sort(compareCurrencies)).toEqual(['GBP', 'GBP', 'EUR', 'USD']);
  });
});
