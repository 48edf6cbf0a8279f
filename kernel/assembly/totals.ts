/**
 * Writes totals as messages `Total` of a `TotalsBatch` (processor.proto), as `totals-batch.ts` of the server does: here it
 * takes no text and no number of arbitrary size for each figure.
 */
import { COUNT, LENGTH, LENGTH_MASK, MAX, MIN, NAME, SCALE, SUM, WIDE } from './departments';
import { AMOUNT_DECIMALS } from './plan';

const TOTAL_TAG: u8 = 0x0a;
const DEPARTMENT_TAG: u8 = 0x0a;
const SUM_TAG: u8 = 0x12;
const COUNT_TAG: u8 = 0x18;
const MIN_TAG: u8 = 0x22;
const MAX_TAG: u8 = 0x2a;
const MEAN_TAG: u8 = 0x32;
/** More than all of a total but the name takes: five tags and lengths, a count, and decimals of 21 characters at most. */
const REST_BYTES: usize = 160;
/** The digits of a decimal are written in front of this distance from where it begins, and moved there then. */
const DIGITS_BYTES: usize = 32;

/** Where the totals end that {@link writeTotals} has written. */
export let totalsEnd: usize = 0;

/**
 * Writes the totals of departments one behind the other, up to the first one that has amounts beyond 64 bits or no room.
 *
 * @param list the addresses of their entries, 32 bits each
 * @returns how many were written, up to {@link totalsEnd}
 */
export function writeTotals(list: usize, count: u32, from: usize, to: usize): u32 {
  let at = from;
  let done: u32 = 0;
  for (; done < count; done++) {
    const entry: usize = load<u32>(list + ((<usize>done) << 2));
    const length: usize = load<u32>(entry, LENGTH) & LENGTH_MASK;
    if (load<u32>(entry, WIDE) != 0 || at + length + REST_BYTES > to) break;
    at = writeTotal(entry, length, at);
  }
  totalsEnd = at;
  return done;
}

/** Returns where the total ends. */
function writeTotal(entry: usize, nameLength: usize, start: usize): usize {
  // Room for the length of a short one.
  const fields = start + 2;
  let at = fields;
  store<u8>(at, DEPARTMENT_TAG);
  at = writeVarint(at + 1, <u32>nameLength);
  copyText(at, entry + NAME, nameLength);
  at += nameLength;
  const scale: u32 = load<u8>(entry, SCALE);
  const count = load<u32>(entry, COUNT);
  const sum = load<i64>(entry, SUM);
  at = writeDecimal(at, SUM_TAG, sum, scale);
  store<u8>(at, COUNT_TAG);
  at = writeVarint(at + 1, count);
  at = writeDecimal(at, MIN_TAG, load<i64>(entry, MIN), scale);
  at = writeDecimal(at, MAX_TAG, load<i64>(entry, MAX), scale);
  at = writeMean(at, sum, count);
  store<u8>(start, TOTAL_TAG);
  const length = <u32>(at - fields);
  if (length < 0x80) {
    store<u8>(start, <u8>length, 1);
    return at;
  }
  const more = writeVarint(0, length, false) - 1;
  memory.copy(fields + more, fields, length);
  writeVarint(start + 1, length);
  return at + more;
}

/** Sixteen bytes at a time, zeros behind it: what follows is written over them. */
function copyText(to: usize, text: usize, length: usize): void {
  for (let at: usize = 0; at < length; at += 16) v128.store(to + at, v128.load(text + at));
}

/** Returns where it ends. @param isWritten whether it is more than measured */
function writeVarint(start: usize, value: u32, isWritten: bool = true): usize {
  let at = start;
  let rest = value;
  for (; rest >= 0x80; rest >>= 7) {
    if (isWritten) store<u8>(at, <u8>(rest | 0x80));
    at++;
  }
  if (isWritten) store<u8>(at, <u8>rest);
  return at + 1;
}

function writeDecimal(start: usize, tag: u8, units: i64, scale: u32): usize {
  // No digit behind the scale is another one than zero.
  const digits = magnitudeOf(units) / powerOfTen(AMOUNT_DECIMALS - scale);
  return writeDigits(start, tag, digits, scale, units < 0);
}

/** The mean, rounded half to even at the last decimal, without zeros at its end. */
function writeMean(start: usize, sum: i64, count: u32): usize {
  const magnitude = magnitudeOf(sum);
  let quotient = magnitude / count;
  const twice = (magnitude - quotient * count) * 2;
  if (twice > count || (twice == count && (quotient & 1) == 1)) quotient++;
  const isNegative = sum < 0 && quotient != 0;
  let scale: u32 = AMOUNT_DECIMALS;
  while (scale > 0) {
    const shorter = quotient / 10;
    if (shorter * 10 != quotient) break;
    quotient = shorter;
    scale--;
  }
  return writeDigits(start, MEAN_TAG, quotient, scale, isNegative);
}

function magnitudeOf(units: i64): u64 {
  return units < 0 ? 0 - <u64>units : <u64>units;
}

function powerOfTen(exponent: u32): u64 {
  let power: u64 = 1;
  for (let left = exponent; left > 0; left--) power *= 10;
  return power;
}

/** Writes a text field. @param digits all of them, `scale` of them behind the point */
function writeDigits(start: usize, tag: u8, digits: u64, scale: u32, isNegative: bool): usize {
  const end = start + 2 + DIGITS_BYTES;
  let at = end;
  let rest = digits;
  for (let left = scale; left > 0; left--) {
    const shorter = rest / 10;
    store<u8>(--at, <u8>(48 + <u32>(rest - shorter * 10)));
    rest = shorter;
  }
  if (scale > 0) store<u8>(--at, 46);
  // Most are so small that half the width will do.
  for (; rest > u32.MAX_VALUE; rest /= 10) store<u8>(--at, <u8>(48 + <u32>(rest % 10)));
  let small = <u32>rest;
  do {
    const shorter = small / 10;
    store<u8>(--at, <u8>(48 + small - shorter * 10));
    small = shorter;
  } while (small > 0);
  if (isNegative) store<u8>(--at, 45);
  const length = end - at;
  store<u8>(start, tag);
  store<u8>(start, <u8>length, 1);
  // They may overlap, so both halves are read first.
  const first = v128.load(at);
  const second = v128.load(at + 16);
  v128.store(start + 2, first);
  v128.store(start + 18, second);
  return start + 2 + length;
}
