const whole = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 });
const percent = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 0 });
const finePercent = new Intl.NumberFormat(undefined, {
  style: 'percent',
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
});

const tinyPercent = new Intl.NumberFormat(undefined, { style: 'percent', maximumSignificantDigits: 2 });

/** Formats a whole number with the grouping of the reader's locale. */
export function formatCount(value: number | bigint): string {
  return whole.format(value);
}

/** Formats a rate, where more than three leading digits would only flicker: 1,234,567 becomes 1,230,000. */
export function formatRate(perSecond: number): string {
  return whole.format(Number(perSecond.toPrecision(3)));
}

/** Formats a fraction as whole per cent, rounded down so that 100 % means done. */
export function formatPercent(fraction: number): string {
  return percent.format(Math.floor(fraction * 100) / 100);
}

/** Formats a fraction as per cent with one digit after the point; what is below 1 % with two digits that count. */
export function formatFinePercent(fraction: number): string {
  return (fraction < 0.01 ? tinyPercent : finePercent).format(fraction);
}
