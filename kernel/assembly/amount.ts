/** Reads amounts in every form that counts, into 128-bit fixed-point numbers of millionths (units). */
import { CURRENCY, UNIT_SCALES } from './memory';
import {
  AMOUNT_DECIMALS,
  allowNegative,
  COMMA,
  currencyBytes,
  decimalSeparator,
  groupSeparator,
  isAnyGroup,
  POINT,
} from './plan';
import { AMOUNT_NOT_A_NUMBER, AMOUNT_OUT_OF_RANGE, EMPTY_AMOUNT, NEGATIVE_AMOUNT } from './reject-reason';

const ZERO: i32 = 48;
const PLUS: u32 = 43;
const MINUS: u32 = 45;
const SPACE: i32 = 32;
const APOSTROPHE: i32 = 39;
const OPEN: u32 = 40;
const CLOSE: u32 = 41;
/** The most significant digits. */
const AMOUNT_DIGITS: i32 = 18;
/** A currency that is not the file's has at most so many bytes: `HK$`, `CHF`, `€`. */
const OTHER_UNIT_BYTES: i32 = 3;

/** The amount that was read last: its two halves, and its digits after the decimal separator. */
export let amountLow: u64 = 0;
export let amountHigh: i64 = 0;
export let amountDecimals: i32 = 0;
/** How it was written: its group separators, and the digits behind its decimal separator, if it has one. */
export let amountGroups: i32 = 0;
export let amountGroup: i32 = 0;
export let amountHasPoint: bool = false;
export let writtenDecimals: i32 = 0;

/**
 * The digits that were read last: the first 18 significant ones, how many there are, and the zeros at the end. Of an
 * amount that counts, all of them, {@link amountDecimals} behind the point.
 */
export let mantissa: u64 = 0;
let significant: i32 = 0;
let endZeros: i32 = 0;

/** The number that {@link undress} left: where it stands, and whether it is below zero. */
let innerStart: usize = 0;
let innerEnd: usize = 0;
let isInnerNegative: bool = false;

/** Reads the amount at `[start, end)`, trimmed. Returns why it does not count, or 0. */
export function readAmount(start: usize, end: usize): u32 {
  if (start >= end) return EMPTY_AMOUNT;
  const sign: u32 = load<u8>(start);
  let isNegative = sign == MINUS;
  if (!readDigits(isNegative || sign == PLUS ? start + 1 : start, end, decimalSeparator, groupSeparator)) {
    if (!undress(start, end)) return AMOUNT_NOT_A_NUMBER;
    isNegative = isInnerNegative;
    if (!readDigits(innerStart, innerEnd, decimalSeparator, groupSeparator)) return AMOUNT_NOT_A_NUMBER;
  }
  if (significant == 0) isNegative = false;
  const isInRange = dropEndZeros();
  // An amount below zero is rejected as such, even if it is out of range, too.
  if (isNegative && !allowNegative) {
    if (!isInRange) {
      mantissa = 0;
      amountDecimals = 0;
    }
    setAmount(true);
    return NEGATIVE_AMOUNT;
  }
  if (!isInRange) return AMOUNT_OUT_OF_RANGE;
  setAmount(isNegative);
  return 0;
}

/** Sets the amount that was read last to one that was read elsewhere, without groups and not below zero. */
export function setShortAmount(digits: u64, decimals: i32, hasPoint: bool): void {
  mantissa = digits;
  amountDecimals = decimals;
  writtenDecimals = decimals;
  amountHasPoint = hasPoint;
  amountGroups = 0;
  amountLow = digits * load<u64>(UNIT_SCALES + ((<usize>decimals) << 3));
  amountHigh = 0;
}

/** Whether a text that is no amount would be one if point and comma changed places. */
export function isNumberWithOtherDecimal(start: usize, end: usize): bool {
  const decimal = decimalSeparator == POINT ? COMMA : POINT;
  const group = groupSeparator == decimal ? decimalSeparator : groupSeparator;
  const sign: u32 = load<u8>(start);
  if (readDigits(sign == MINUS || sign == PLUS ? start + 1 : start, end, decimal, group)) return true;
  return undress(start, end) && readDigits(innerStart, innerEnd, decimal, group);
}

/** Whether a text that is no amount would be one without the currency before or behind it. */
export function isNumberInOtherCurrency(start: usize, end: usize): bool {
  if (undress(start, end)) {
    start = innerStart;
    end = innerEnd;
  }
  let from = start;
  let length: i32 = 0;
  let capitals: i32 = 0;
  let signs: i32 = 0;
  from = skipBlanks(from, end);
  while (from < end && !isNumeric(load<u8>(from))) {
    const byte: u32 = load<u8>(from++);
    if (isPartOfUnit(byte)) length++;
    if (isCapital(byte)) capitals++;
    if (isCurrencySign(byte)) signs++;
  }
  let to = dropBlanks(from, end);
  while (to > from && !isDigit(load<u8>(to - 1))) {
    const byte: u32 = load<u8>(--to);
    if (isPartOfUnit(byte)) length++;
    if (isCapital(byte)) capitals++;
    if (isCurrencySign(byte)) signs++;
  }
  // A sign such as $ or €, with a letter or two perhaps, or a code of three letters: `C2` and `95%` are none.
  const isUnit = length <= OTHER_UNIT_BYTES && (signs > 0 || (capitals == 3 && length == 3));
  return isUnit && readDigits(from, to, decimalSeparator, groupSeparator);
}

function isCapital(byte: u32): bool {
  return byte >= 65 && byte <= 90;
}

/** The dollar, or a part of a character beyond ASCII. */
function isCurrencySign(byte: u32): bool {
  return byte == 36 || byte >= 0x80;
}

function isDigit(byte: u32): bool {
  return byte - <u32>ZERO <= 9;
}

function isNumeric(byte: u32): bool {
  return isDigit(byte) || <i32>byte == decimalSeparator;
}

/** True for a byte that may not stand between a number and its currency. */
function isPartOfUnit(byte: u32): bool {
  return <i32>byte != SPACE && byte != MINUS && byte != PLUS && byte != OPEN && byte != CLOSE;
}

/** Reads digits with separators and nothing else. Returns whether they are a number. */
function readDigits(start: usize, end: usize, decimal: i32, group: i32): bool {
  let digits: i32 = 0;
  let groups: i32 = 0;
  let groupDigits: i32 = 0;
  let kind: i32 = 0;
  let decimals: i32 = -1;
  significant = 0;
  mantissa = 0;
  endZeros = 0;
  let at = start;
  while (at < end) {
    const byte: i32 = load<u8>(at);
    const digit = <u32>(byte - ZERO);
    if (digit <= 9) {
      digits++;
      if (digit != 0 || significant > 0) significant++;
      if (significant <= AMOUNT_DIGITS) mantissa = mantissa * 10 + digit;
      if (decimals >= 0) {
        decimals++;
        endZeros = digit == 0 ? endZeros + 1 : 0;
      } else groupDigits++;
      at++;
    } else if (byte == decimal && decimals < 0) {
      if (groups > 0 && groupDigits != 3) return false;
      decimals = 0;
      at++;
    } else {
      const length = decimals < 0 ? groupSeparatorAt(at, end, group) : 0;
      // One number has one kind of them.
      if (length == 0 || (groups > 0 && foundGroup != kind)) return false;
      kind = foundGroup;
      // The first group may be shorter, but no number begins with a zero and has more digits.
      const isWholeGroup =
        groups == 0 ? groupDigits >= 1 && groupDigits <= 3 && load<u8>(start) != ZERO : groupDigits == 3;
      if (!isWholeGroup) return false;
      groups++;
      groupDigits = 0;
      at += length;
    }
  }
  if (digits == 0 || (decimals < 0 && groups > 0 && groupDigits != 3)) return false;
  amountGroups = groups;
  amountGroup = kind;
  amountHasPoint = decimals >= 0;
  writtenDecimals = decimals < 0 ? 0 : decimals;
  amountDecimals = writtenDecimals;
  return true;
}

/** The group separator that {@link groupSeparatorAt} found, as ASCII has it. */
let foundGroup: i32 = 0;

/** The length of a group separator at an address, or 0. Each blank stands for the others, and so does each apostrophe. */
function groupSeparatorAt(at: usize, end: usize, group: i32): usize {
  const byte: i32 = load<u8>(at);
  foundGroup = group;
  if (byte == group) return 1;
  if (group == SPACE || isAnyGroup) {
    foundGroup = SPACE;
    const length = byte == SPACE ? 1 : wideBlankAt(at, end);
    if (length > 0) return length;
  }
  if (group == APOSTROPHE || isAnyGroup) {
    foundGroup = APOSTROPHE;
    if (byte == APOSTROPHE) return 1;
    if (isE280(at, end) && load<u8>(at, 2) == 0x99) return 3;
  }
  return 0;
}

/** The length of U+00A0, U+202F or U+2009 at an address, or 0. */
function wideBlankAt(at: usize, end: usize): usize {
  if (load<u8>(at) == 0xc2) return end - at >= 2 && load<u8>(at, 1) == 0xa0 ? 2 : 0;
  if (!isE280(at, end)) return 0;
  const last: u32 = load<u8>(at, 2);
  return last == 0xaf || last == 0x89 ? 3 : 0;
}

/** Whether three bytes are left that begin with E2 80. */
function isE280(at: usize, end: usize): bool {
  return end - at >= 3 && load<u8>(at) == 0xe2 && load<u8>(at, 1) == 0x80;
}

/**
 * Takes away what may stand around a number: a sign, brackets, the currency, on either side, blanks between them.
 * Returns false if there is nothing of it, or too much.
 */
function undress(start: usize, end: usize): bool {
  let from = start;
  let to = end;
  let isOpen = false;
  let isClosed = false;
  let hasSign = false;
  let isMinus = false;
  let hasCurrency = currencyBytes == 0;
  while (from < to) {
    if (from > start) from = skipBlanks(from, to);
    const byte: u32 = from < to ? load<u8>(from) : 0;
    const sign = signAt(from, to);
    if (byte == OPEN && !isOpen && !hasSign) {
      isOpen = true;
      from++;
    } else if (sign > 0 && !hasSign && !isOpen) {
      hasSign = true;
      isMinus = byte != PLUS;
      from += sign;
    } else if (!hasCurrency && isCurrencyAt(from, to)) {
      hasCurrency = true;
      from += currencyBytes;
    } else break;
  }
  while (from < to) {
    if (to < end) to = dropBlanks(from, to);
    if (from == to) break;
    const byte: u32 = load<u8>(to - 1);
    const sign: usize = byte == MINUS || byte == PLUS ? 1 : to - from >= 3 && isMinusSign(to - 3) ? 3 : 0;
    if (byte == CLOSE && isOpen && !isClosed) {
      isClosed = true;
      to--;
    } else if (sign > 0 && !hasSign && !isOpen) {
      hasSign = true;
      isMinus = byte != PLUS;
      to -= sign;
      // In `5.-` the dash stands for no cents.
      if (to > from && isMark(load<u8>(to - 1))) return false;
    } else if (!hasCurrency && to - from >= currencyBytes && isCurrencyAt(to - currencyBytes, to)) {
      hasCurrency = true;
      to -= currencyBytes;
    } else break;
  }
  innerStart = from;
  innerEnd = to;
  isInnerNegative = isMinus || isOpen;
  return isOpen == isClosed && from < to && (from > start || to < end);
}

function isMark(byte: u32): bool {
  return byte == <u32>POINT || byte == <u32>COMMA;
}

/** The length of a sign at an address, or 0. */
function signAt(at: usize, end: usize): usize {
  if (at >= end) return 0;
  const byte: u32 = load<u8>(at);
  if (byte == MINUS || byte == PLUS) return 1;
  return end - at >= 3 && isMinusSign(at) ? 3 : 0;
}

/** Whether U+2212 is at an address. */
function isMinusSign(at: usize): bool {
  return load<u8>(at) == 0xe2 && load<u8>(at, 1) == 0x88 && load<u8>(at, 2) == 0x92;
}

function isCurrencyAt(at: usize, end: usize): bool {
  if (end - at < currencyBytes) return false;
  for (let index: usize = 0; index < currencyBytes; index++) {
    if (load<u8>(at + index) != load<u8>(CURRENCY + index)) return false;
  }
  return true;
}

function skipBlanks(from: usize, end: usize): usize {
  let at = from;
  while (at < end) {
    const length: usize = load<u8>(at) == SPACE ? 1 : wideBlankAt(at, end);
    if (length == 0) break;
    at += length;
  }
  return at;
}

function dropBlanks(start: usize, from: usize): usize {
  let end = from;
  while (end > start) {
    if (load<u8>(end - 1) == SPACE) end--;
    else if (end - start >= 2 && wideBlankAt(end - 2, end) == 2) end -= 2;
    else if (end - start >= 3 && wideBlankAt(end - 3, end) == 3) end -= 3;
    else break;
  }
  return end;
}

/** Drops zeros at the end behind the decimal separator, if there are too many digits with them. Returns whether what is left fits. */
function dropEndZeros(): bool {
  if (significant <= AMOUNT_DIGITS && amountDecimals <= AMOUNT_DECIMALS) return true;
  const beyond = max(0, significant - AMOUNT_DIGITS);
  if (endZeros < beyond || amountDecimals - endZeros > AMOUNT_DECIMALS) return false;
  amountDecimals -= endZeros;
  // Those beyond the 18th digit are not in the mantissa.
  for (let zeros = endZeros - beyond; zeros > 0 && mantissa > 0; zeros--) mantissa /= 10;
  return true;
}

/** At most 10^18 times at most 10^6: the scale has only a low half. */
function setAmount(isNegative: bool): void {
  const scale = load<u64>(UNIT_SCALES + amountDecimals * 8);
  const low = (mantissa & 0xffffffff) * scale;
  const high = (mantissa >> 32) * scale + (low >> 32);
  amountLow = (high << 32) | (low & 0xffffffff);
  amountHigh = <i64>(high >> 32);
  if (!isNegative) return;
  amountHigh = ~amountHigh + (amountLow == 0 ? 1 : 0);
  amountLow = ~amountLow + 1;
}
