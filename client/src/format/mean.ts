import { formatDecimal } from './decimal.ts';
import { divideExact, parseExact, writeExact } from './exact.ts';

/** Digits after the point that a mean has beyond those of its sum: more say nothing about the rows. */
const moreDecimals = 2;
/** Digits that count, of a mean that is smaller than those. */
const leastDigits = 2;

/** Formats a mean as long as it is helpful: with up to two digits after the point more than its sum. A string that is not a plain decimal comes back unchanged. */
export function formatMean(mean: string, sum: string): string {
  const fraction = /^-?\d+\.(\d+)$/.exec(mean)?.[1];
  if (fraction === undefined) return formatDecimal(mean);
  const ofSum = sum.split('.')[1]?.length ?? 0;
  const leading = /^-?0\./.test(mean) ? fraction.search(/[1-9]/) : 0;
  const decimals = Math.max(ofSum + moreDecimals, leading + leastDigits);
  if (fraction.length <= decimals) return formatDecimal(mean);
  return formatDecimal(writeExact(divideExact(parseExact(mean), { units: 1n, decimals: 0 }, decimals)));
}
