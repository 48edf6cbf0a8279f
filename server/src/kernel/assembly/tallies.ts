/** Sum, count, minimum and maximum per department, exact for any number of rows. */
import {
  COUNT,
  LENGTH,
  LENGTH_MASK,
  MAX,
  MIN,
  NO_ENTRY,
  reserveUnits,
  SCALE_SHIFT,
  SUM_HIGH,
  SUM_LOW,
  UNIT_BYTES,
  WIDE,
} from './departments';
import { entries } from './memory';

/** In a unit of its own: the smallest and the largest amount among those that need more than 64 bits. */
const WIDE_MIN: usize = 0;
const WIDE_MAX: usize = 16;

/** Adds an amount to a department. Returns false if there is no memory for it. */
export function addAmount(entry: usize, low: u64, high: i64, decimals: i32): bool {
  if (high != <i64>low >> 63) {
    if (!addWide(entry, low, high)) return false;
  } else {
    if (<i64>low < load<i64>(entry, MIN)) store<u64>(entry, low, MIN);
    if (<i64>low > load<i64>(entry, MAX)) store<u64>(entry, low, MAX);
  }
  const sum = load<u64>(entry, SUM_LOW) + low;
  store<u64>(entry, sum, SUM_LOW);
  store<i64>(entry, load<i64>(entry, SUM_HIGH) + high + (sum < low ? 1 : 0), SUM_HIGH);
  store<u64>(entry, load<u64>(entry, COUNT) + 1, COUNT);
  const word = load<u32>(entry, LENGTH);
  if (<u32>decimals > word >> SCALE_SHIFT) {
    store<u32>(entry, (word & LENGTH_MASK) | ((<u32>decimals) << SCALE_SHIFT), LENGTH);
  }
  return true;
}

function addWide(entry: usize, low: u64, high: i64): bool {
  if (load<u32>(entry, WIDE) == 0) {
    const unit = reserveUnits(1);
    if (unit == 0) return false;
    store<u32>(unit, NO_ENTRY, LENGTH);
    store<u32>(entry, <u32>((unit - entries) / UNIT_BYTES), WIDE);
    setPair(unit + WIDE_MIN, low, high);
    setPair(unit + WIDE_MAX, low, high);
    return true;
  }
  const wide = entries + load<u32>(entry, WIDE) * UNIT_BYTES;
  if (isLess(low, high, load<u64>(wide, WIDE_MIN), load<i64>(wide, WIDE_MIN + 8))) setPair(wide + WIDE_MIN, low, high);
  if (isLess(load<u64>(wide, WIDE_MAX), load<i64>(wide, WIDE_MAX + 8), low, high)) setPair(wide + WIDE_MAX, low, high);
  return true;
}

function setPair(address: usize, low: u64, high: i64): void {
  store<u64>(address, low);
  store<i64>(address, high, 8);
}

function isLess(low: u64, high: i64, otherLow: u64, otherHigh: i64): bool {
  return high < otherHigh || (high == otherHigh && low < otherLow);
}
