/**
 * Which rows count: the filters of the question. Each judges the value of one column; a row has to pass all of them. The
 * host writes them to {@link FILTERS}.
 */
import { amountGroup, amountGroups, amountHasPoint, amountHigh, amountLow, readAmount } from './amount';
import { BY_DAY, dayNumber, readDate } from './dates';
import { isSameText, tagOfName } from './departments';
import { noteGroups } from './evidence';
import { FILTERS, VERDICTS } from './memory';
import { COMMA, POINT } from './plan';
import { AMOUNT_OUT_OF_RANGE, DATE_NOT_READABLE, NEGATIVE_AMOUNT } from './reject-reason';

/** A filter: its column, its kind, whether values that it has do not pass, the order of its dates. */
export const FILTER_BYTES: usize = 64;
export const FILTER_COLUMN: usize = 0;
const FILTER_KIND: usize = 4;
const IS_NEGATED: usize = 8;
const FILTER_ORDER: usize = 12;
/** The first and the last number that passes, 128 bits each. */
const FROM: usize = 16;
const TO: usize = 32;
/** A table of the addresses of its values, 32 bits each, 0 where there is none, and how many of them less one. */
const SLOTS: usize = 48;
const SLOT_MASK: usize = 52;
/** Where its only value is, if it has one alone: that needs no table. */
const SOLE_VALUE: usize = 56;

const BY_VALUES: u32 = 0;
const BY_NUMBERS: u32 = 1;

/** A value: its filter, its length, its bytes. Values begin at multiples of 16. */
const VALUE_LENGTH: usize = 4;
const VALUE_TEXT: usize = 8;

/** The verdict of a filter on the row at hand, and the group of a number that could be its decimals. */
const VERDICT_BYTES: usize = 8;
const DOUBTFUL_GROUP: usize = 4;

/** Whether the number that was judged last could be read otherwise, such as 1,234: then somebody has to note it. */
export let hasDoubtfulGroup: bool = false;

/** The verdict on a row: it passes, or it is left out; any other number is the reason to reject it. */
export const PASSES: u32 = 0;
export const IS_LEFT_OUT: u32 = 255;

export let filterCount: u32 = 0;

/** Whether the question has one filter alone, for or against one value of at most 16 bytes; where that is, its length. */
export let isSoleShort: bool = false;
export let soleText: usize = 0;
export let soleLength: usize = 0;
export let soleColumn: u32 = 0;
export let isSoleNegated: bool = false;

/**
 * Takes the filters that have been written to their place, after the seeds are set.
 *
 * @param values where their values begin
 * @param valuesEnd where they end
 */
export function setFilters(count: u32, values: usize, valuesEnd: usize): void {
  filterCount = count;
  let value = values;
  while (value < valuesEnd) {
    const filter = FILTERS + <usize>load<u32>(value) * FILTER_BYTES;
    const length: usize = load<u32>(value, VALUE_LENGTH);
    const mask = load<u32>(filter, SLOT_MASK);
    let slot = slotOfValue(value + VALUE_TEXT, length, mask);
    while (load<u32>(<usize>load<u32>(filter, SLOTS) + (slot << 2)) != 0) slot = (slot + 1) & mask;
    store<u32>(<usize>load<u32>(filter, SLOTS) + (slot << 2), <u32>value);
    store<u32>(filter, mask == SOLE_MASK ? <u32>value : 0, SOLE_VALUE);
    value += (VALUE_TEXT + length + 15) & ~15;
  }
  isSoleShort = false;
  if (count != 1 || load<u32>(FILTERS, FILTER_KIND) != BY_VALUES || load<u32>(FILTERS, SOLE_VALUE) == 0) return;
  const sole: usize = load<u32>(FILTERS, SOLE_VALUE);
  soleText = sole + VALUE_TEXT;
  soleLength = load<u32>(sole, VALUE_LENGTH);
  soleColumn = load<u32>(FILTERS, FILTER_COLUMN);
  isSoleNegated = load<u32>(FILTERS, IS_NEGATED) != 0;
  isSoleShort = soleLength <= 16;
}

/** The table of a single value has so many slots less one. */
const SOLE_MASK: u32 = 3;

function slotOfValue(start: usize, length: usize, mask: u32): u32 {
  return (tagOfName(start, length) >> 8) & mask;
}

/** Forgets what was found in the row before. */
export function clearVerdicts(): void {
  memory.fill(VERDICTS, 0, <usize>filterCount * VERDICT_BYTES);
}

/** Judges the value of a column, unquoted and trimmed, by all filters on it. */
export function judgeColumn(column: u32, start: usize, end: usize): void {
  for (let index: u32 = 0; index < filterCount; index++) {
    const filter = FILTERS + <usize>index * FILTER_BYTES;
    if (load<u32>(filter, FILTER_COLUMN) != column) continue;
    const verdict = VERDICTS + <usize>index * VERDICT_BYTES;
    store<u32>(verdict, judgeValue(filter, start, end));
    store<u32>(verdict, hasDoubtfulGroup ? <u32>amountGroup : 0, DOUBTFUL_GROUP);
  }
}

/**
 * The verdict on the row whose columns were judged. A row that a filter leaves out is not rejected for another one. Notes
 * numbers that could be read otherwise, up to the filter that leaves the row out.
 */
export function verdictOnRow(line: u64): u32 {
  let reason = PASSES;
  for (let index: u32 = 0; index < filterCount; index++) {
    const at = VERDICTS + <usize>index * VERDICT_BYTES;
    const group = load<u32>(at, DOUBTFUL_GROUP);
    if (group != 0) noteGroups(1, group, false, line);
    const verdict = load<u32>(at);
    if (verdict == IS_LEFT_OUT) return verdict;
    if (reason == PASSES) reason = verdict;
  }
  return reason;
}

/** Judges a value by one filter. */
export function judgeValue(filter: usize, start: usize, end: usize): u32 {
  const kind = load<u32>(filter, FILTER_KIND);
  hasDoubtfulGroup = false;
  if (kind == BY_VALUES) {
    return hasValue(filter, start, end - start) != (load<u32>(filter, IS_NEGATED) != 0) ? PASSES : IS_LEFT_OUT;
  }
  if (start >= end) return IS_LEFT_OUT;
  if (kind == BY_NUMBERS) {
    const reason = readAmount(start, end);
    if (reason != 0 && reason != NEGATIVE_AMOUNT) return reason;
    hasDoubtfulGroup =
      reason == 0 && amountGroups == 1 && !amountHasPoint && (amountGroup == COMMA || amountGroup == POINT);
    // One below zero that is out of range, too, has no digits: zero itself is never below zero.
    if (reason == NEGATIVE_AMOUNT && amountHigh == 0) return AMOUNT_OUT_OF_RANGE;
    return isBetween(filter, amountLow, amountHigh) ? PASSES : IS_LEFT_OUT;
  }
  if (!readDate(start, end, BY_DAY, load<u32>(filter, FILTER_ORDER))) return DATE_NOT_READABLE;
  return isBetween(filter, dayNumber(), 0) ? PASSES : IS_LEFT_OUT;
}

function hasValue(filter: usize, start: usize, length: usize): bool {
  const sole: usize = load<u32>(filter, SOLE_VALUE);
  if (sole != 0) return load<u32>(sole, VALUE_LENGTH) == <u32>length && isSameText(sole + VALUE_TEXT, start, length);
  const slots: usize = load<u32>(filter, SLOTS);
  const mask = load<u32>(filter, SLOT_MASK);
  let slot = slotOfValue(start, length, mask);
  while (true) {
    const value: usize = load<u32>(slots + (slot << 2));
    if (value == 0) return false;
    if (load<u32>(value, VALUE_LENGTH) == <u32>length && isSameText(value + VALUE_TEXT, start, length)) return true;
    slot = (slot + 1) & mask;
  }
}

function isBetween(filter: usize, low: u64, high: i64): bool {
  return !isLess(low, high, filter + FROM) && !isMore(low, high, filter + TO);
}

function isLess(low: u64, high: i64, bound: usize): bool {
  const other = load<i64>(bound, 8);
  return high < other || (high == other && low < load<u64>(bound));
}

function isMore(low: u64, high: i64, bound: usize): bool {
  const other = load<i64>(bound, 8);
  return high > other || (high == other && low > load<u64>(bound));
}
