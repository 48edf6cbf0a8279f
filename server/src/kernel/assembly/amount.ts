/** Reads amounts in every form that counts, into 128-bit fixed-point numbers of millionths (units). */
import { UNIT_SCALES } from './memory';
import { AMOUNT_DECIMALS, allowNegative, decimalSeparator, groupSeparator } from './plan';
import { AMOUNT_NOT_A_NUMBER, AMOUNT_OUT_OF_RANGE, EMPTY_AMOUNT, NEGATIVE_AMOUNT } from './reject-reason';

const ZERO: i32 = 48;
const PLUS: i32 = 43;
const MINUS: i32 = 45;
/** The most significant digits. */
const AMOUNT_DIGITS: i32 = 18;

/** The amount that was read last: its two halves, and its digits after the decimal separator. */
export let amountLow: u64 = 0;
export let amountHigh: i64 = 0;
export let amountDecimals: i32 = 0;

/** Reads the amount at `[start, end)`, trimmed. Returns why it does not count, or 0. */
export function readAmount(start: usize, end: usize): u32 {
  if (start >= end) return EMPTY_AMOUNT;
  let at = start;
  const sign: i32 = load<u8>(at);
  if (sign == MINUS || sign == PLUS) at++;
  let digits: i32 = 0;
  let significant: i32 = 0;
  let mantissa: u64 = 0;
  let groups: i32 = 0;
  let groupDigits: i32 = 0;
  let decimals: i32 = -1;
  for (; at < end; at++) {
    const byte: i32 = load<u8>(at);
    const digit = <u32>(byte - ZERO);
    if (digit <= 9) {
      digits++;
      if (digit != 0 || significant > 0) significant++;
      if (significant <= AMOUNT_DIGITS) mantissa = mantissa * 10 + digit;
      if (decimals >= 0) decimals++;
      else groupDigits++;
    } else if (byte == decimalSeparator && decimals < 0) {
      if (groups > 0 && groupDigits != 3) return AMOUNT_NOT_A_NUMBER;
      decimals = 0;
    } else if (byte == groupSeparator && decimals < 0) {
      const isWholeGroup = groups == 0 ? groupDigits >= 1 && groupDigits <= 3 : groupDigits == 3;
      if (!isWholeGroup) return AMOUNT_NOT_A_NUMBER;
      groups++;
      groupDigits = 0;
    } else {
      return AMOUNT_NOT_A_NUMBER;
    }
  }
  if (digits == 0 || (decimals < 0 && groups > 0 && groupDigits != 3)) return AMOUNT_NOT_A_NUMBER;
  const isNegative = sign == MINUS && significant > 0;
  if (isNegative && !allowNegative) return NEGATIVE_AMOUNT;
  if (significant > AMOUNT_DIGITS || decimals > AMOUNT_DECIMALS) return AMOUNT_OUT_OF_RANGE;
  amountDecimals = decimals < 0 ? 0 : decimals;
  multiply(mantissa, load<u64>(UNIT_SCALES + amountDecimals * 8));
  if (isNegative) negate();
  return 0;
}

/** At most 10^18 times at most 10^6: the scale has only a low half. */
function multiply(mantissa: u64, scale: u64): void {
  const low = (mantissa & 0xffffffff) * scale;
  const high = (mantissa >> 32) * scale + (low >> 32);
  amountLow = (high << 32) | (low & 0xffffffff);
  amountHigh = <i64>(high >> 32);
}

function negate(): void {
  amountHigh = ~amountHigh + (amountLow == 0 ? 1 : 0);
  amountLow = ~amountLow + 1;
}
