/** Sum, count, minimum and maximum per department, exact for any number of rows. */
import {
  COUNT,
  COUNT_HIGH,
  LENGTH,
  LENGTH_MASK,
  MAX,
  MIN,
  NO_ENTRY,
  reserveUnits,
  SCALE,
  SCALE_SHIFT,
  SUM,
  UNIT_BYTES,
  WIDE,
} from './departments';
import { entries } from './memory';

// The wide unit: where a unit that begins an entry has its LENGTH, this one has NO_ENTRY.
/** The smallest and the largest amount among those that need more than 64 bits, if there were any. */
export const WIDE_MIN: usize = 0;
export const WIDE_MAX: usize = 16;
/** The part of the sum beyond 64 bits. */
export const CARRY: usize = 40;
export const HAS_RANGE: usize = 52;

const FULL_COUNT: u32 = u32.MAX_VALUE;

/** Adds an amount to a department. Returns false if there is no memory for it. */
export function addAmount(entry: usize, low: u64, high: i64, decimals: i32): bool {
  if (high != <i64>low >> 63) {
    if (!widenRange(entry, low, high)) return false;
  } else {
    if (<i64>low < load<i64>(entry, MIN)) store<u64>(entry, low, MIN);
    if (<i64>low > load<i64>(entry, MAX)) store<u64>(entry, low, MAX);
  }
  if (!addToSum(entry, low, high)) return false;
  raiseScale(entry, decimals);
  return true;
}

/** Adds to the sum and counts the row. Returns false if there is no memory for the overflow. */
function addToSum(entry: usize, low: u64, high: i64): bool {
  const before = load<u64>(entry, SUM);
  const sum = before + low;
  const carry = (<i64>before >> 63) + high + (sum < low ? 1 : 0) - (<i64>sum >> 63);
  const count = load<u32>(entry, COUNT);
  if (carry != 0 || count == FULL_COUNT) {
    const wide = wideUnit(entry);
    if (wide == 0) return false;
    store<i64>(wide, load<i64>(wide, CARRY) + carry, CARRY);
    if (count == FULL_COUNT) store<u32>(wide, load<u32>(wide, COUNT_HIGH) + 1, COUNT_HIGH);
  }
  store<u64>(entry, sum, SUM);
  store<u32>(entry, count + 1, COUNT);
  return true;
}

/** The rows of a department. @param wide its wide unit, or 0 */
export function rowsOf(entry: usize, wide: usize): u64 {
  return load<u32>(entry, COUNT) + (wide == 0 ? 0 : (<u64>load<u32>(wide, COUNT_HIGH)) << 32);
}

/**
 * Adds the figures of the same department in another state.
 *
 * @param otherWide a copy of its wide unit, or 0 if it has none
 * @returns false if there is no memory for them
 */
export function mergeTallies(entry: usize, other: usize, otherWide: usize): bool {
  const before = load<u64>(entry, SUM);
  const low = load<u64>(other, SUM);
  const high = (<i64>low >> 63) + (otherWide == 0 ? 0 : load<i64>(otherWide, CARRY));
  const sum = before + low;
  const carry = (<i64>before >> 63) + high + (sum < low ? 1 : 0) - (<i64>sum >> 63);
  const rows = <u64>load<u32>(entry, COUNT) + rowsOf(other, otherWide);
  if (carry != 0 || rows >> 32 != 0) {
    const wide = wideUnit(entry);
    if (wide == 0) return false;
    store<i64>(wide, load<i64>(wide, CARRY) + carry, CARRY);
    store<u32>(wide, load<u32>(wide, COUNT_HIGH) + <u32>(rows >> 32), COUNT_HIGH);
  }
  store<u64>(entry, sum, SUM);
  store<u32>(entry, <u32>rows, COUNT);
  if (load<i64>(other, MIN) < load<i64>(entry, MIN)) store<i64>(entry, load<i64>(other, MIN), MIN);
  if (load<i64>(other, MAX) > load<i64>(entry, MAX)) store<i64>(entry, load<i64>(other, MAX), MAX);
  if (otherWide != 0 && load<u32>(otherWide, HAS_RANGE) != 0) {
    for (let pair = WIDE_MIN; pair <= WIDE_MAX; pair += WIDE_MAX - WIDE_MIN) {
      if (!widenRange(entry, load<u64>(otherWide + pair), load<i64>(otherWide + pair, 8))) return false;
    }
  }
  raiseScale(entry, load<u8>(other, SCALE));
  return true;
}

function raiseScale(entry: usize, decimals: u32): void {
  const word = load<u32>(entry, LENGTH);
  if (decimals > word >> SCALE_SHIFT) {
    store<u32>(entry, (word & LENGTH_MASK) | (decimals << SCALE_SHIFT), LENGTH);
  }
}

/** The upper half of the sum; the lower one is in the entry. */
export function sumHigh(entry: usize): i64 {
  const wide = load<u32>(entry, WIDE);
  const carry = wide == 0 ? 0 : load<i64>(entries + wide * UNIT_BYTES, CARRY);
  return carry + (load<i64>(entry, SUM) >> 63);
}

/** Whether any of the amounts is below zero. */
export function hasNegative(entry: usize): bool {
  if (load<i64>(entry, MIN) < 0) return true;
  const wide = load<u32>(entry, WIDE);
  const unit = entries + wide * UNIT_BYTES;
  return wide != 0 && load<u32>(unit, HAS_RANGE) != 0 && load<i64>(unit + WIDE_MIN, 8) < 0;
}

function widenRange(entry: usize, low: u64, high: i64): bool {
  const wide = wideUnit(entry);
  if (wide == 0) return false;
  const isFirst = load<u32>(wide, HAS_RANGE) == 0;
  store<u32>(wide, 1, HAS_RANGE);
  if (isFirst || isLess(low, high, wide + WIDE_MIN)) setPair(wide + WIDE_MIN, low, high);
  if (isFirst || !isLess(low, high, wide + WIDE_MAX)) setPair(wide + WIDE_MAX, low, high);
  return true;
}

/** The wide unit of a department, made if it has none. Returns 0 if there is no memory. */
function wideUnit(entry: usize): usize {
  if (load<u32>(entry, WIDE) != 0) return entries + load<u32>(entry, WIDE) * UNIT_BYTES;
  const unit = reserveUnits(1);
  if (unit == 0) return 0;
  store<u32>(unit, NO_ENTRY, LENGTH);
  store<u32>(entry, <u32>((unit - entries) / UNIT_BYTES), WIDE);
  return unit;
}

function setPair(address: usize, low: u64, high: i64): void {
  store<u64>(address, low);
  store<i64>(address, high, 8);
}

function isLess(low: u64, high: i64, pair: usize): bool {
  const pairHigh = load<i64>(pair, 8);
  return high < pairHigh || (high == pairHigh && low < load<u64>(pair));
}
