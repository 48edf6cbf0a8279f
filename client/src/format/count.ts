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

/** The smallest share that is told in digits: more of them would make the column wide and say little. */
const leastShare = 0.0001;

/**
 * Formats a share as per cent with one digit after the point; a share below 1 % with two digits that count, down to
 * 0.01 %. A share that is not known is a dash.
 */
export function formatShare(share: number | undefined): string {
  if (share === undefined) return '–';
  const size = Math.abs(share);
  if (size > 0 && size < leastShare) return `<${tinyPercent.format(leastShare)}`;
  return (size < 0.01 ? tinyPercent : finePercent).format(share);
}
