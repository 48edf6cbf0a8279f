import { AMOUNT_DECIMALS, type KernelFigures } from './kernel.ts';

/**
 * Writes units as an exact decimal with exactly `scale` digits after the point (0 to 6, or `unitDecimals`).
 *
 * `scale` must cover the value: digits beyond it would have to be rounded, and nothing here rounds.
 *
 * @param unitDecimals a unit is 10 to the power of minus this
 * @throws RangeError if the value has digits beyond `scale`, or `scale` is not 0 to `unitDecimals`
 * @example formatDecimal(12_500_000n, 2) // '12.50'
 */
export function formatDecimal(units: bigint, scale: number, unitDecimals = AMOUNT_DECIMALS): string {
  if (!Number.isInteger(scale) || scale < 0 || scale > unitDecimals) {
    throw new RangeError(`the scale is ${scale}, allowed are whole numbers from 0 to ${unitDecimals}`);
  }
  if (unitDecimals === AMOUNT_DECIMALS && isSafe(units)) return formatSafe(Number(units), scale);
  const negative = units < 0n;
  const digits = (negative ? -units : units).toString().padStart(unitDecimals + 1, '0');
  const point = digits.length - unitDecimals;
  const dropped = digits.slice(point + scale);
  if (/[1-9]/.test(dropped)) throw new RangeError(`${units} units have more than ${scale} digits after the point`);
  const fraction = scale === 0 ? '' : `.${digits.slice(point, point + scale)}`;
  return `${negative ? '-' : ''}${digits.slice(0, point)}${fraction}`;
}

const UNITS = 10 ** AMOUNT_DECIMALS;
const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER);

/** Whether a number holds it exactly. */
function isSafe(units: bigint): boolean {
  return units <= MAX_SAFE && units >= -MAX_SAFE;
}

/** As {@link formatDecimal}, for the usual units: all that is computed are whole numbers, and exact. */
function formatSafe(units: number, scale: number): string {
  const magnitude = Math.abs(units);
  const fraction = magnitude % UNITS;
  const whole = (magnitude - fraction) / UNITS;
  const unit = 10 ** (AMOUNT_DECIMALS - scale);
  if (fraction % unit !== 0) throw new RangeError(`${units} units have more than ${scale} digits after the point`);
  const sign = units < 0 ? '-' : '';
  if (scale === 0) return `${sign}${whole}`;
  return `${sign}${whole}.${String(fraction / unit).padStart(scale, '0')}`;
}

/**
 * Writes `sum / count`, rounded half to even at the last digit of a unit, the sixth after the point, without trailing zeros.
 *
 * @param sum in units
 * @param count of rows, a safe integer above 0
 * @example formatMean(10_000_000n, 3) // '3.333333'
 */
export function formatMean(sum: bigint, count: number, unitDecimals = AMOUNT_DECIMALS): string {
  const divisor = BigInt(count);
  const magnitude = sum < 0n ? -sum : sum;
  let quotient = magnitude / divisor;
  const twice = (magnitude % divisor) * 2n;
  if (twice > divisor || (twice === divisor && quotient % 2n === 1n)) quotient += 1n;
  return formatDecimal(sum < 0n ? -quotient : quotient, unitDecimals, unitDecimals).replace(/\.?0+$/, '');
}

/** The figures of a department as texts; without a row only the sum is one. */
export function decimalsOf({ sum, count, min, max, scale, unitDecimals }: KernelFigures) {
  if (count === 0) return { sum: '0', min: '', max: '', mean: '' };
  return {
    sum: formatDecimal(sum, scale, unitDecimals),
    min: formatDecimal(min, scale, unitDecimals),
    max: formatDecimal(max, scale, unitDecimals),
    mean: formatMean(sum, count, unitDecimals),
  };
}

/**
 * Reads a plain decimal (`-12.50`) into units: the inverse of {@link formatDecimal}.
 *
 * @throws RangeError if the text is not such a decimal or has more than `unitDecimals` digits after the point
 */
export function parseDecimal(text: string, unitDecimals = AMOUNT_DECIMALS): bigint {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  if (!match || (match[3]?.length ?? 0) > unitDecimals) {
    throw new RangeError(`'${text}' is not a decimal with at most ${unitDecimals} digits after the point`);
  }
  const units = BigInt(match[2] + (match[3] ?? '').padEnd(unitDecimals, '0'));
  return match[1] === '-' ? -units : units;
}
