/** The sum of all departments, and the leading ones. */
import { figureOf, LENGTH, LENGTH_MASK, NAME, NO_ENTRY, nextEntry, SCALE_SHIFT, SUM, UNIT_BYTES } from './departments';
import { entries, MAX_TOP, TOP } from './memory';
import { DEPARTMENTS } from './state';
import { hasNegative, sumHigh } from './tallies';

/** The result of {@link summarize}. */
export let totalLow: u64 = 0;
export let totalHigh: i64 = 0;
export let totalScale: u32 = 0;
/** Whether the amount that {@link addUp} has added up was ever below zero. */
export let totalHasNegative: bool = false;

/**
 * Adds up all sums, and selects the leading departments: the largest sums first, ties in the order of the names. The
 * addresses of their entries are at {@link TOP}.
 *
 * One pass with a heap, and for nearly all departments one comparison: it runs ten times a second.
 *
 * @returns how many are selected
 */
export function summarize(topCount: u32): u32 {
  const departments = load<u32>(DEPARTMENTS);
  const wanted = min(min(topCount, MAX_TOP), departments);
  totalLow = 0;
  totalHigh = 0;
  totalScale = 0;
  let entry = entries;
  for (let count: u32 = 0; count < departments; count++) {
    while (load<u32>(entry, LENGTH) == NO_ENTRY) entry += UNIT_BYTES;
    const low = load<u64>(entry, SUM);
    totalLow += low;
    totalHigh += sumHigh(entry) + (totalLow < low ? 1 : 0);
    totalScale = max(totalScale, load<u32>(entry, LENGTH) >> SCALE_SHIFT);
    if (count < wanted) {
      store<u32>(TOP + (count << 2), <u32>entry);
      if (count + 1 == wanted) for (let at = <i32>wanted / 2 - 1; at >= 0; at--) siftDown(at, wanted);
    } else if (wanted > 0 && ranksBefore(entry, load<u32>(TOP))) {
      store<u32>(TOP, <u32>entry);
      siftDown(0, wanted);
    }
    entry = nextEntry(entry);
  }
  // The root is the last of those that are left: to the end with it, again and again.
  for (let left = wanted; left > 1; left--) {
    const last = load<u32>(TOP);
    store<u32>(TOP, load<u32>(TOP + ((left - 1) << 2)));
    store<u32>(TOP + ((left - 1) << 2), last);
    siftDown(0, left - 1);
  }
  return wanted;
}

/** Adds up an amount over all departments: the result is that of {@link summarize}. */
export function addUp(index: u32): void {
  const departments = load<u32>(DEPARTMENTS);
  totalLow = 0;
  totalHigh = 0;
  totalScale = 0;
  totalHasNegative = false;
  let entry = entries;
  for (let count: u32 = 0; count < departments; count++) {
    while (load<u32>(entry, LENGTH) == NO_ENTRY) entry += UNIT_BYTES;
    const figure = figureOf(entry, index);
    const low = load<u64>(figure, SUM);
    totalLow += low;
    totalHigh += sumHigh(figure) + (totalLow < low ? 1 : 0);
    totalScale = max(totalScale, load<u32>(figure, LENGTH) >> SCALE_SHIFT);
    totalHasNegative = totalHasNegative || hasNegative(figure);
    entry = nextEntry(entry);
  }
}

function siftDown(from: u32, length: u32): void {
  const item = load<u32>(TOP + (from << 2));
  let at = from;
  for (;;) {
    let child: u32 = 2 * at + 1;
    if (child >= length) break;
    if (child + 1 < length && ranksBefore(load<u32>(TOP + (child << 2)), load<u32>(TOP + ((child + 1) << 2)))) child++;
    const other = load<u32>(TOP + (child << 2));
    if (!ranksBefore(item, other)) break;
    store<u32>(TOP + (at << 2), other);
    at = child;
  }
  store<u32>(TOP + (at << 2), item);
}

function ranksBefore(entry: usize, other: usize): bool {
  const high = sumHigh(entry);
  const otherHigh = sumHigh(other);
  if (high != otherHigh) return high > otherHigh;
  const low = load<u64>(entry, SUM);
  const otherLow = load<u64>(other, SUM);
  return low != otherLow ? low > otherLow : compareNames(entry, other) < 0;
}

/** Below zero if the first name comes first in the order of the bytes, which is code point order. */
function compareNames(entry: usize, other: usize): i32 {
  const text = entry + NAME;
  const otherText = other + NAME;
  const length = load<u32>(entry, LENGTH) & LENGTH_MASK;
  const otherLength = load<u32>(other, LENGTH) & LENGTH_MASK;
  const shared = min(length, otherLength);
  for (let at: u32 = 0; at < shared; at++) {
    const difference = <i32>load<u8>(text + at) - <i32>load<u8>(otherText + at);
    if (difference != 0) return difference;
  }
  return <i32>length - <i32>otherLength;
}
