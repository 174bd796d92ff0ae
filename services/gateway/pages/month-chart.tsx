import { type VNode } from 'preact';
import { type CurrencyTotals } from '../../../shared/domain/invoice-totals';
import { toText } from '../../../shared/domain/money';

const WIDTH = 360;
const HEIGHT = 120;
/** Room for the letters of the months. */
const FOOT = 18;
const HEAD = 4;
const GAP = 6;

const LETTERS = new Intl.DateTimeFormat('en-GB', { month: 'narrow', timeZone: 'UTC' });
const NAMES = new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' });

const nameOf = (month: string): string => NAMES.format(new Date(`${month}-01`));

export interface Bar {
  month: string;
  x: number;
  y: number;
  width: number;
  height: number;
  /** More was credited than invoiced. */
  below: boolean;
}

/** Bars over one base line, which moves up as far as the deepest month goes below it. */
export function barsOf(months: CurrencyTotals['months']): { bars: Bar[]; base: number } {
  const most = Math.max(0, ...months.map(({ invoiced }) => invoiced));
  const least = Math.min(0, ...months.map(({ invoiced }) => invoiced));
  const room = HEIGHT - FOOT - HEAD;
  const scale = most === least ? 0 : room / (most - least);
  const base = HEAD + most * scale;
  const step = WIDTH / Math.max(1, months.length);
  const bars = months.map(({ month, invoiced }, at) => {
    // What is there at all can be seen, however small.
    const height = invoiced === 0 ? 0 : Math.max(1.5, Math.abs(invoiced) * scale);
    const below = invoiced < 0;
    return {
      month,
      x: at * step + GAP / 2,
      y: below ? base : base - height,
      width: step - GAP,
      height,
      below,
    };
  });
  return { bars, base: most === least ? HEIGHT - FOOT : base };
}

/** What was invoiced month by month; the same numbers stand in a table beside it. */
export function MonthChart({ totals }: { totals: CurrencyTotals }): VNode {
  const { currency, months } = totals;
  const { bars, base } = barsOf(months);
  return (
    <figure class="months">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={summary(totals)}>
        <line class="months-base" x1="0" x2={WIDTH} y1={round(base)} y2={round(base)} />
        {bars.map(({ month, x, y, width, height, below }) => (
          <g key={month}>
            <rect
              class={below ? 'months-bar below' : 'months-bar'}
              {...{ x: round(x), y: round(y), width: round(width), height: round(height), rx: 2 }}
            />
            <text x={round(x + width / 2)} y={HEIGHT - 4}>
              {LETTERS.format(new Date(`${month}-01`))}
            </text>
          </g>
        ))}
      </svg>
      <details class="more">
        <summary>Month by month</summary>
        <table class="figures">
          <caption class="visually-hidden">Invoiced per month in {currency}</caption>
          <thead>
            <tr>
              <th scope="col">Month</th>
              <th scope="col">Invoiced</th>
            </tr>
          </thead>
          <tbody>
            {months.map(({ month, invoiced }) => (
              <tr key={month}>
                <th scope="row">{nameOf(month)}</th>
                <td>{toText({ currency, minor: invoiced })}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}

function summary({ currency, months, invoiced12Months }: CurrencyTotals): string {
  const top = months.reduce((best, one) => (one.invoiced > best.invoiced ? one : best));
  const whole = `Invoiced from ${nameOf(months[0]?.month ?? '')} to ${nameOf(months.at(-1)?.month ?? '')}: ${toText({ currency, minor: invoiced12Months })}`;
  if (top.invoiced <= 0) return `${whole}.`;
  return `${whole}, the most in ${nameOf(top.month)} with ${toText({ currency, minor: top.invoiced })}.`;
}

const round = (value: number): number => Math.round(value * 10) / 10;
