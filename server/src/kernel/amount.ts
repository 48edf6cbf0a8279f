import { MINUS, NINE, PLUS, ZERO } from './ascii.ts';
import { AMOUNT_DECIMALS, AMOUNT_DIGITS, type ReadPlan, RejectReason } from './kernel.ts';

/** 10 to the power of the index, up to the number of decimals. */
export const POWERS_OF_TEN = Float64Array.from({ length: AMOUNT_DECIMALS + 1 }, (_, exponent) => 10 ** exponent);
/** A number of so many digits is a safe integer, and stays one while it is put together digit by digit. */
const SAFE_DIGITS = 15;
/**
 * Sums are kept as pairs of safe integers, `high * PAIR_RADIX + low` with `0 <= low < PAIR_RADIX`. At half the range
 * of safe integers, low parts can be added before carrying.
 */
export const PAIR_RADIX = 2 ** 52;
const PAIR_RADIX_BIG = BigInt(PAIR_RADIX);

/** Puts the two halves of a pair together. */
export function pairToBigInt(high: number, low: number): bigint {
  return BigInt(high) * PAIR_RADIX_BIG + BigInt(low);
}

/** The part of a read plan that says what an amount is. */
export type AmountPlan = Pick<ReadPlan, 'decimalSeparator' | 'groupSeparator' | 'allowNegative'>;

/** Reads amounts in every form that counts; the result stays in its fields until the next one is read. */
export class AmountReader {
  /** The amount in units as a pair of base {@link PAIR_RADIX}. */
  high = 0;
  low = 0;
  /** Digits after the decimal separator. */
  decimals = 0;

  readonly #decimalSeparator: number;
  readonly #groupSeparator: number;
  readonly #allowNegative: boolean;

  constructor(plan: AmountPlan) {
    this.#decimalSeparator = plan.decimalSeparator === 0 ? -1 : plan.decimalSeparator;
    this.#groupSeparator = plan.groupSeparator === 0 ? -1 : plan.groupSeparator;
    this.#allowNegative = plan.allowNegative;
  }

  /**
   * Reads the amount at `bytes[start..end)`, trimmed.
   *
   * @returns why it does not count, or 0
   */
  read(bytes: Uint8Array, start: number, end: number): RejectReason | 0 {
    if (start === end) return RejectReason.EMPTY_AMOUNT;
    let at = start;
    const isMinus = bytes[at] === MINUS;
    if (isMinus || bytes[at] === PLUS) at++;

    let digits = 0;
    let significant = 0;
    let mantissa = 0;
    let groups = 0;
    let groupDigits = 0;
    let decimals = -1;
    for (; at < end; at++) {
      const byte = bytes[at]!;
      if (byte >= ZERO && byte <= NINE) {
        digits++;
        if (byte !== ZERO || significant > 0) significant++;
        if (significant <= SAFE_DIGITS) mantissa = mantissa * 10 + (byte - ZERO);
        if (decimals >= 0) decimals++;
        else groupDigits++;
      } else if (byte === this.#decimalSeparator && decimals < 0) {
        if (groups > 0 && groupDigits !== 3) return RejectReason.AMOUNT_NOT_A_NUMBER;
        decimals = 0;
      } else if (byte === this.#groupSeparator && decimals < 0) {
        const isWholeGroup = groups === 0 ? groupDigits >= 1 && groupDigits <= 3 : groupDigits === 3;
        if (!isWholeGroup) return RejectReason.AMOUNT_NOT_A_NUMBER;
        groups++;
        groupDigits = 0;
      } else {
        return RejectReason.AMOUNT_NOT_A_NUMBER;
      }
    }
    if (digits === 0 || (decimals < 0 && groups > 0 && groupDigits !== 3)) return RejectReason.AMOUNT_NOT_A_NUMBER;
    const isNegative = isMinus && significant > 0;
    if (isNegative && !this.#allowNegative) return RejectReason.NEGATIVE_AMOUNT;
    if (significant > AMOUNT_DIGITS || decimals > AMOUNT_DECIMALS) return RejectReason.AMOUNT_OUT_OF_RANGE;

    this.decimals = Math.max(decimals, 0);
    const scale = POWERS_OF_TEN[AMOUNT_DECIMALS - this.decimals]!;
    // Below the radix the product is exact: a rounded one would come out at the radix or above.
    const units = mantissa * scale;
    if (significant <= SAFE_DIGITS && units < PAIR_RADIX) this.#set(isNegative ? -units : units);
    else this.#setBig(digitsOf(bytes, start, end) * BigInt(scale), isNegative);
    return 0;
  }

  #set(units: number): void {
    this.high = units < 0 ? -1 : 0;
    this.low = units < 0 ? units + PAIR_RADIX : units;
  }

  #setBig(magnitude: bigint, isNegative: boolean): void {
    const units = isNegative ? -magnitude : magnitude;
    const low = BigInt.asUintN(52, units);
    this.high = Number((units - low) / PAIR_RADIX_BIG);
    this.low = Number(low);
  }
}

function digitsOf(bytes: Uint8Array, start: number, end: number): bigint {
  let digits = '';
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    if (byte >= ZERO && byte <= NINE) digits += String.fromCharCode(byte);
  }
  return BigInt(digits);
}
