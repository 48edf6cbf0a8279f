/** Reads amounts of up to eight digits and a decimal separator, eight bytes at a time. */
import { setShortAmount } from './amount';
import { AMOUNT_DECIMALS, decimalSeparator } from './plan';

export const ZEROS: u64 = 0x3030_3030_3030_3030;
export const HIGH_BITS: u64 = 0x8080_8080_8080_8080;
export const LOW_BITS: u64 = 0x0101_0101_0101_0101;
export const ABOVE_NINE: u64 = 0x7676_7676_7676_7676;
/** Ten, a hundred, ten thousand one, two, four bytes up, and one. */
const TEN_AND_ONE: u64 = (10 << 8) | 1;
const HUNDRED_AND_ONE: u64 = (100 << 16) | 1;
const MYRIAD_AND_ONE: u64 = (10_000 << 32) | 1;

/** An amount as {@link shortAmount} gives it: its digits, how many of them are behind the point, and if it has one their bit. */
export const SHORT_DIGITS: u64 = 0xffff_ffff;
export const SHORT_DECIMALS: u64 = 32;
export const SHORT_SEEN: u64 = 40;
export const NO_SHORT_AMOUNT: u64 = u64.MAX_VALUE;

/** An amount that is so short, and nothing stands around it; {@link NO_SHORT_AMOUNT} for all others. */
export function shortAmount(start: usize, end: usize): u64 {
  // The last digit becomes the highest byte; bytes before the amount become zeros.
  const shift: u64 = <u64>(64 - ((end - start) << 3));
  if (shift > 56) return NO_SHORT_AMOUNT;
  const word = ((load<u64>(end - 8) ^ ZEROS) >> shift) << shift;
  if ((((word + ABOVE_NINE) | word) & HIGH_BITS) == 0) return eightDigits(word);
  // As in `countRows`, which has it in line.
  const unlike = word ^ (((<u64>decimalSeparator & 0xff) * LOW_BITS) ^ ZEROS);
  const mark = ~(((unlike & ~HIGH_BITS) + ~HIGH_BITS) | unlike | ~HIGH_BITS);
  if (mark == 0 || (mark & (mark - 1)) != 0 || shift == 56) return NO_SHORT_AMOUNT;
  const below = (mark >> 7) - 1;
  const decimals: u64 = clz(mark) >> 3;
  const digits = ((word & below) << 8) | (word & ~(below | ((mark >> 7) * 0xff)));
  if ((((digits + ABOVE_NINE) | digits) & HIGH_BITS) != 0 || decimals > <u64>AMOUNT_DECIMALS) return NO_SHORT_AMOUNT;
  return eightDigits(digits) | (decimals << SHORT_DECIMALS) | ((1 << SHORT_SEEN) << decimals);
}

/** Reads an amount as `readAmount` does, if it is that short. Returns false for all others, which say nothing then. */
export function readShortAmount(start: usize, end: usize): bool {
  const value = shortAmount(start, end);
  if (value == NO_SHORT_AMOUNT) return false;
  setShortAmount(value & SHORT_DIGITS, <i32>(value >> SHORT_DECIMALS) & 7, value >> SHORT_SEEN != 0);
  return true;
}

/** The number that eight digits (as values, the last one in the highest byte) make. */
export function eightDigits(digits: u64): u64 {
  // Each product adds ten, a hundred, ten thousand times the digits before to those behind, one step higher.
  const pairs = ((digits * TEN_AND_ONE) >> 8) & 0x00ff_00ff_00ff_00ff;
  const quads = ((pairs * HUNDRED_AND_ONE) >> 16) & 0x0000_ffff_0000_ffff;
  return (quads * MYRIAD_AND_ONE) >> 32;
}
