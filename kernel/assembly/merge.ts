/**
 * Merges the state of another instance into this one: that of the part of the file which follows. Afterwards this one is
 * as if it had read both.
 */
import {
  addDepartment,
  figureOf,
  findDepartment,
  firstLength,
  LENGTH,
  LENGTH_MASK,
  NAME,
  NO_ENTRY,
  nextEntry,
  SCALE,
  slotOf,
  tagOfName,
  UNIT_BYTES,
  WIDE,
} from './departments';
import { failure, NO_FAILURE } from './failure';
import { fetchUnit } from './host';
import { MERGED_UNIT, PLACES, STATE } from './memory';
import { maxRejects, moreFigures, mostDecimals, mostNameBytes } from './plan';
import { REJECT_REASONS } from './reject-reason';
import {
  add64,
  BLANK_LINES,
  DECIMALS_SEEN,
  FILTERED,
  IS_AFTER_CR,
  IS_HEADER_AWAITED,
  LEFT_OUT,
  LEFT_OUT_SCALE,
  LEFT_OUT_SUM,
  LINES,
  LONG_REJECT_LINES,
  LONG_REJECTS,
  LONGEST_RECORD,
  LONGEST_RECORD_LINE,
  LONGEST_REJECT,
  LONGEST_REJECT_LINE,
  NEGATIVE_SCALE,
  NEGATIVE_SUM,
  NEGATIVES,
  OFFSET,
  ONE_GROUP,
  ONE_GROUP_LINE,
  OTHER_CURRENCY,
  OTHER_CURRENCY_LINE,
  OTHER_CURRENCY_TEXT,
  OTHER_DECIMAL,
  OTHER_DECIMAL_LINE,
  OTHER_DECIMAL_TEXT,
  RECORD_OFFSET,
  REJECTED,
  REPORTED,
  ROWS,
  TEXT_BYTES,
} from './state';
import { mergeTallies, rowsOf } from './tallies';
import { isUtf8 } from './utf8';

/** Rows and departments of the entries that {@link mergeEntries} has merged since {@link mergeCounters}. */
export let mergedRows: u64 = 0;
export let mergedDepartments: u32 = 0;

/**
 * Merges the counters and the evidence of another state.
 *
 * @param block where a copy of that state's first bytes lies
 */
export function mergeCounters(block: usize): void {
  const other = block - STATE;
  const lines = load<u64>(LINES);
  mergeFirst(other, lines, ONE_GROUP, ONE_GROUP_LINE);
  mergeText(other, lines, OTHER_DECIMAL, OTHER_DECIMAL_LINE, OTHER_DECIMAL_TEXT);
  mergeText(other, lines, OTHER_CURRENCY, OTHER_CURRENCY_LINE, OTHER_CURRENCY_TEXT);
  mergeLongest(other, lines, LONGEST_REJECT, LONGEST_REJECT_LINE);
  mergeLongest(other, lines, LONGEST_RECORD, LONGEST_RECORD_LINE);
  mergeSum(other, NEGATIVES, NEGATIVE_SUM, NEGATIVE_SCALE);
  mergeSum(other, LEFT_OUT, LEFT_OUT_SUM, LEFT_OUT_SCALE);
  addFrom(other, LONG_REJECTS);
  addFrom(other, LONG_REJECT_LINES);
  store<u32>(DECIMALS_SEEN, load<u32>(DECIMALS_SEEN) | load<u32>(other + DECIMALS_SEEN));
  store<u64>(RECORD_OFFSET, load<u64>(OFFSET) + load<u64>(other + RECORD_OFFSET));
  // A part without a byte leaves things as they are.
  if (load<u64>(other + OFFSET) != 0) {
    store<u32>(IS_AFTER_CR, load<u32>(other + IS_AFTER_CR));
    store<u32>(IS_HEADER_AWAITED, load<u32>(other + IS_HEADER_AWAITED));
  }
  addFrom(other, OFFSET);
  addFrom(other, LINES);
  addFrom(other, BLANK_LINES);
  addFrom(other, ROWS);
  addFrom(other, FILTERED);
  addFrom(other, REPORTED);
  if (load<u64>(REPORTED) > maxRejects) store<u64>(REPORTED, maxRejects);
  for (let reason: u32 = 0; reason < REJECT_REASONS; reason++) addFrom(other, REJECTED + reason * 8);
  mergedRows = 0;
  mergedDepartments = 0;
}

function addFrom(other: usize, field: usize): void {
  add64(field, load<u64>(other + field));
}

/** Merges a counter with the line of its first occurrence. */
function mergeFirst(other: usize, lines: u64, count: usize, firstLine: usize): void {
  if (load<u64>(count) == 0 && load<u64>(other + count) != 0) {
    store<u64>(firstLine, lines + load<u64>(other + firstLine));
  }
  addFrom(other, count);
}

function mergeText(other: usize, lines: u64, count: usize, firstLine: usize, text: usize): void {
  if (load<u64>(count) == 0) memory.copy(text, other + text, TEXT_BYTES);
  mergeFirst(other, lines, count, firstLine);
}

function mergeLongest(other: usize, lines: u64, longest: usize, line: usize): void {
  if (load<u64>(other + longest) <= load<u64>(longest)) return;
  store<u64>(longest, load<u64>(other + longest));
  store<u64>(line, lines + load<u64>(other + line));
}

function mergeSum(other: usize, count: usize, sum: usize, scale: usize): void {
  addFrom(other, count);
  const before = load<u64>(sum);
  const low = before + load<u64>(other + sum);
  store<u64>(sum, low);
  store<i64>(sum, load<i64>(sum, 8) + load<i64>(other + sum, 8) + (low < before ? 1 : 0), 8);
  if (load<u32>(other + scale) > load<u32>(scale)) store<u32>(scale, load<u32>(other + scale));
}

/** The answer of {@link mergeEntries} to entries that no kernel can have. */
const INVALID: i32 = -1;
/** Its answers that say why the job cannot go on lie below this, by the number of the {@link failure}. */
const FAILED: i32 = -1;

/**
 * Merges the departments of another state, whose entries lie one behind the other.
 *
 * @param units how many units the other state has in all
 * @returns the bytes of the entries that lay there as a whole: the rest is to be brought again, with more behind it. -1 if
 * they cannot be of any kernel; -1 - n for a failure n
 */
export function mergeEntries(from: usize, to: usize, units: u32): i32 {
  let other = from;
  while (true) {
    const end = lookAhead(other, to);
    if (end == other) break;
    let tags: usize = AHEAD;
    while (other < end) {
      if (load<u32>(other, LENGTH) == NO_ENTRY) {
        other += UNIT_BYTES;
        continue;
      }
      if (!mergeEntry(other, load<u32>(tags), units)) return failure != NO_FAILURE ? FAILED - failure : INVALID;
      tags += 4;
      other = nextEntry(other);
    }
  }
  // The entry at which the look ahead has stopped is cut, or it is none.
  return other + UNIT_BYTES > to || !isOdd(other) ? <i32>(other - from) : INVALID;
}

/** The tags of the entries that were looked at ahead, 32 bits each; the places of rows are not in use then. */
const AHEAD: usize = PLACES;
/** So many entries are looked at ahead. */
const MOST_AHEAD: usize = 64;
/** Keeps the look ahead from being left out as one without a use. */
let seen: u32 = 0;

/**
 * Computes the tags of the next entries, and reads the slots and entries that they lead to: the processor fetches them at
 * the same time then, instead of one after the other. Returns where it has stopped.
 */
function lookAhead(from: usize, to: usize): usize {
  const last = AHEAD + MOST_AHEAD * 4;
  let tags = AHEAD;
  let other = from;
  while (other + UNIT_BYTES <= to && tags < last) {
    if (load<u32>(other, LENGTH) == NO_ENTRY) {
      other += UNIT_BYTES;
      continue;
    }
    if (isOdd(other) || nextEntry(other) > to) break;
    const tag = tagOfName(other + NAME, load<u32>(other, LENGTH) & LENGTH_MASK);
    store<u32>(tags, tag);
    seen += slotOf(tag);
    tags += 4;
    other = nextEntry(other);
  }
  for (let at = AHEAD; at < tags; at += 4) seen += firstLength(load<u32>(at));
  return other;
}

/** Whether what should be an entry cannot be one. */
function isOdd(entry: usize): bool {
  const length: usize = load<u32>(entry, LENGTH) & LENGTH_MASK;
  return length == 0 || length > mostNameBytes() || load<u8>(entry, SCALE) > <u8>mostDecimals(0);
}

/** Merges one entry. Returns false for one that no kernel can have, or with a {@link failure}. */
function mergeEntry(other: usize, tag: u32, units: u32): bool {
  const start = other + NAME;
  const length: usize = load<u32>(other, LENGTH) & LENGTH_MASK;
  let entry = findDepartment(start, length, tag);
  if (entry == 0) {
    if (!isUtf8(start, start + length)) return false;
    entry = addDepartment(start, length, tag);
  }
  if (entry == 0) return false;
  for (let index: u32 = 0; index <= <u32>moreFigures; index++) {
    if (!mergeFigure(figureOf(entry, index), figureOf(other, index), index, units)) return false;
  }
  mergedDepartments++;
  return true;
}

/** Merges the figures of one amount. Returns false as {@link mergeEntry}. */
function mergeFigure(figure: usize, other: usize, index: u32, units: u32): bool {
  if (load<u8>(other, SCALE) > <u8>mostDecimals(index) || load<u32>(other, WIDE) >= units) return false;
  let wide: usize = 0;
  if (load<u32>(other, WIDE) != 0) {
    wide = MERGED_UNIT;
    fetchUnit(load<u32>(other, WIDE), wide);
    if (load<u32>(wide, LENGTH) != NO_ENTRY) return false;
  }
  if (!mergeTallies(figure, other, wide)) return false;
  if (index == 0) mergedRows += rowsOf(other, wide);
  return true;
}
