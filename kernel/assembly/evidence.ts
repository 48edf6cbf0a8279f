/** Counts what a reader of the totals must know, beside the rows themselves: see `state.ts`. */
import {
  amountDecimals,
  amountGroup,
  amountGroups,
  amountHasPoint,
  amountHigh,
  amountLow,
  isNumberInOtherCurrency,
  isNumberWithOtherDecimal,
  writtenDecimals,
} from './amount';
import { COMMA, POINT, quote } from './plan';
import {
  add64,
  DECIMALS_SEEN,
  LEFT_OUT,
  LEFT_OUT_SCALE,
  LEFT_OUT_SUM,
  LONG_REJECT_LINES,
  LONG_REJECTS,
  LONGEST_RECORD,
  LONGEST_RECORD_LINE,
  LONGEST_REJECT,
  LONGEST_REJECT_LINE,
  NEGATIVE_SCALE,
  NEGATIVE_SUM,
  NEGATIVES,
  ONE_GROUP,
  ONE_GROUP_LINE,
  OTHER_CURRENCY,
  OTHER_CURRENCY_LINE,
  OTHER_CURRENCY_TEXT,
  OTHER_DECIMAL,
  OTHER_DECIMAL_LINE,
  OTHER_DECIMAL_TEXT,
  TEXT_BYTES,
} from './state';

/** Records of fewer line breaks are usual: an address, a comment. */
export const LONG_RECORD_BREAKS: u64 = 10;
/** The bit for all amounts with more decimals than count. */
export const MANY_DECIMALS: i32 = 7;

/** Whether there is anything to note of the amount that was read last. */
export function isNotable(): bool {
  return amountGroups != 0 || amountHasPoint || amountHigh < 0;
}

/** Whether the amount that was read last says something about how amounts are written, so that its line is wanted. */
export function isFirstGroup(): bool {
  return amountGroups == 1 && !amountHasPoint && load<u64>(ONE_GROUP) == 0;
}

/**
 * Notes the amount that was read last, whose row counts.
 *
 * @param line only looked at if {@link isFirstGroup}
 */
export function noteAmount(line: u64): void {
  if (amountHigh < 0) noteNegative(amountLow, amountHigh, amountDecimals);
  if (amountHasPoint) {
    const bit = writtenDecimals < MANY_DECIMALS ? writtenDecimals : MANY_DECIMALS;
    store<u32>(DECIMALS_SEEN, load<u32>(DECIMALS_SEEN) | (1 << bit));
  }
  noteGroups(amountGroups, amountGroup, amountHasPoint, line);
}

/** Notes an amount below zero whose row counts. */
export function noteNegative(low: u64, high: i64, decimals: i32): void {
  add64(NEGATIVES, 1);
  addToSum(NEGATIVE_SUM, NEGATIVE_SCALE, low, high, decimals);
}

/** Notes the groups of an amount whose row counts. */
export function noteGroups(groups: i32, group: i32, hasPoint: bool, line: u64): void {
  // Spaces and apostrophes group in every country.
  if (groups != 1 || hasPoint || (group != COMMA && group != POINT)) return;
  if (load<u64>(ONE_GROUP) == 0) store<u64>(ONE_GROUP_LINE, line);
  add64(ONE_GROUP, 1);
}

/** Notes the amount that was read last, whose row does not count. */
export function noteLeftOut(): void {
  noteLeftOutAmount(amountLow, amountHigh, amountDecimals);
}

export function noteLeftOutAmount(low: u64, high: i64, decimals: i32): void {
  add64(LEFT_OUT, 1);
  addToSum(LEFT_OUT_SUM, LEFT_OUT_SCALE, low, high, decimals);
}

/** Notes a rejected text that is no amount, if it would be one in another form. */
export function noteNoAmount(start: usize, end: usize, line: u64): void {
  // Two quotes may still stand for one.
  for (let at = start; at < end; at++) if (<i32>load<u8>(at) == quote) return;
  if (isNumberWithOtherDecimal(start, end)) {
    noteText(start, end, line, OTHER_DECIMAL, OTHER_DECIMAL_LINE, OTHER_DECIMAL_TEXT);
  } else if (isNumberInOtherCurrency(start, end)) {
    noteText(start, end, line, OTHER_CURRENCY, OTHER_CURRENCY_LINE, OTHER_CURRENCY_TEXT);
  }
}

function noteText(start: usize, end: usize, line: u64, count: usize, firstLine: usize, text: usize): void {
  if (load<u64>(count) == 0) {
    store<u64>(firstLine, line);
    memory.copy(text, start, min(end - start, TEXT_BYTES));
  }
  add64(count, 1);
}

/** Notes a rejected record of more than one line. */
export function noteLongReject(line: u64, lines: u64): void {
  add64(LONG_REJECTS, 1);
  add64(LONG_REJECT_LINES, lines);
  if (lines <= load<u64>(LONGEST_REJECT)) return;
  store<u64>(LONGEST_REJECT, lines);
  store<u64>(LONGEST_REJECT_LINE, line);
}

/** Notes a record that was not rejected, if it is unusually long. */
export function noteRecord(line: u64, lineBreaks: u64): void {
  if (lineBreaks < LONG_RECORD_BREAKS || lineBreaks + 1 <= load<u64>(LONGEST_RECORD)) return;
  store<u64>(LONGEST_RECORD, lineBreaks + 1);
  store<u64>(LONGEST_RECORD_LINE, line);
}

/** Adds an amount to a sum of 128 bits. */
function addToSum(sum: usize, scale: usize, low: u64, high: i64, decimals: i32): void {
  const before = load<u64>(sum);
  const after = before + low;
  store<u64>(sum, after);
  store<i64>(sum, load<i64>(sum, 8) + high + (after < before ? 1 : 0), 8);
  if (<u32>decimals > load<u32>(scale)) store<u32>(scale, decimals);
}
