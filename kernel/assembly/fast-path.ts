/**
 * The quick way: counts rows right where they lie, with the help of the index of separators, in passes over a stretch that
 * each do one thing for all of its rows. Rows that it has no answer for (blank ones, those to be rejected, unusual fields)
 * go one by one to `slow-path.ts`.
 */
import { amountDecimals, amountHigh, amountLow, readAmount } from './amount';
import {
  COUNT,
  FIRST_MARK,
  figureOf,
  findOrAddDepartment,
  firstBytes,
  isSameText,
  LENGTH,
  LENGTH_MASK,
  MARK_SHIFT,
  MAX,
  MIN,
  NAME,
  PREFIX_BYTES,
  SCALE,
  SCALE_SHIFT,
  SUM,
  slotCount,
  slotShift,
  UNIT_BYTES,
  UNIT_SHIFT,
} from './departments';
import { isFirstGroup, isNotable, LONG_RECORD_BREAKS, noteAmount, noteRecord } from './evidence';
import { failure, NO_FAILURE } from './failure';
import { countLineBreaks } from './line-breaks';
import { AMOUNTS, entries, KNOWN_ROWS, PLACES, SHORT_AMOUNTS, slots, UNIT_SCALES } from './memory';
import { AMOUNT_DECIMALS, amountCount, CR, columnCount, decimalSeparator, hasShortAmounts, stretchBytes } from './plan';
import { reject } from './rejects';
import {
  AMOUNT_BYTES,
  AMOUNT_COLUMN,
  addAmounts,
  FACTOR_COLUMN,
  hasGroupedAmount,
  keepOperand,
  NO_FACTOR,
  noteAmounts,
  OPERAND_BYTES,
  operandOf,
  readAmounts,
} from './row-amounts';
import {
  AMOUNT_END,
  AMOUNT_START,
  beforeLineEnd,
  ENTRY,
  FIELDS_OF_ROW,
  IS_COUNTED,
  LEFT_OUT_END,
  locateField,
  locateFields,
  NAME_LENGTH,
  NAME_START,
  PLACE_BYTES,
  plainEnd,
  plainStart,
  REJECTED_END,
  ROW_END,
  TAG,
} from './row-places';
import { hasCrs, hasQuotedBreaks, hasQuotes, indexSeparators } from './separator-index';
import {
  ABOVE_NINE,
  eightDigits,
  HIGH_BITS,
  LOW_BITS,
  NO_SHORT_AMOUNT,
  SHORT_DECIMALS,
  SHORT_DIGITS,
  SHORT_SEEN,
  shortAmount,
  ZEROS,
} from './short-amount';
import { judgeRow } from './slow-path';
import { add64, DECIMALS_SEEN, DEPARTMENTS, FILTERED, LINES, OFFSET, ROWS } from './state';
import { addAmount } from './tallies';
import { dropSpace, mayBeSpace, skipSpace } from './white-space';

/** So many departments fit into the second level of the cache. */
const CACHED_DEPARTMENTS: u32 = 8192;
/** A row whose department is known: its place, its index, its entry, and one unit before its second amount. */
const KNOWN_PLACE: usize = 0;
const KNOWN_FIELDS: usize = 4;
const KNOWN_ENTRY: usize = 8;
const KNOWN_MORE: usize = 12;
const KNOWN_BYTES: usize = 16;
/** Keeps the compiler from leaving out reads whose only use is that they were made. */
let touched: u64 = 0;

/**
 * Counts rows from `from` on, where a record begins.
 *
 * @param piece where the piece of the file at hand begins
 * @returns where it stopped: at a record for the other way, or at `to`
 */
export function readPlainRows(piece: usize, from: usize, to: usize): usize {
  // Whether a LF follows a CR at the very end is not known yet.
  const limit = load<u8>(to - 1) == CR ? to - 1 : to;
  if (columnCount > <u32>stretchBytes) return from;
  let at = from;
  while (at < limit) {
    const stretchEnd = limit - at > stretchBytes ? at + stretchBytes : limit;
    const rows = indexSeparators(at, stretchEnd);
    if (rows == 0) break;
    at = readRows(piece, at, rows);
    if (failure != NO_FAILURE) break;
  }
  return at;
}

/** Takes up the rows that are indexed. Returns where the next one begins. */
function readRows(piece: usize, from: usize, rows: u32): usize {
  const places = PLACES + <usize>rows * PLACE_BYTES;
  locateFields(places);
  findEntries(places);
  if (load<u32>(DEPARTMENTS) > CACHED_DEPARTMENTS) touchEntries(places);
  if (hasQuotedBreaks)
    for (let place = PLACES; place < places; place += PLACE_BYTES) store<u32>(place, 0, REJECTED_END);
  const others = amountCount > 0 ? countAmounts(piece, from, places) : countRows(piece, from, places);
  if (failure != NO_FAILURE) return from;
  const next: usize = load<u32>(places - PLACE_BYTES, ROW_END) + 1;
  add64(ROWS, rows - others);
  if (hasQuotedBreaks) {
    const lines = countLineBreaks(from, next);
    if (lines - rows >= LONG_RECORD_BREAKS) noteLongRows(from, places);
    add64(LINES, lines);
  } else add64(LINES, rows);
  return next;
}

/** Notes rows that count and have unusually many line breaks in their quotes. */
function noteLongRows(from: usize, places: usize): void {
  let start = from;
  let line = load<u64>(LINES) + 1;
  for (let place = PLACES; place < places; place += PLACE_BYTES) {
    const end: usize = load<u32>(place, ROW_END);
    const breaks = countLineBreaks(start, beforeLineEnd(start, end));
    if (load<u32>(place, REJECTED_END) != <u32>end) noteRecord(line, breaks);
    line += breaks + 1;
    start = end + 1;
  }
}

/** Finds for each row the entry that has its tag, or the one that stands for an unknown department. */
function findEntries(places: usize): void {
  const table = slots;
  const first = <u32>(entries - UNIT_BYTES);
  const shift = slotShift;
  const mask = slotCount - 1;
  for (let place = PLACES; place < places; place += PLACE_BYTES) {
    const tag = load<u32>(place, TAG);
    let slot = tag >> shift;
    let found = load<u32>(table + (slot << 2));
    if ((found ^ (tag << MARK_SHIFT)) >= FIRST_MARK) {
      while (found != 0 && (found ^ (tag << MARK_SHIFT)) >= FIRST_MARK) {
        slot = (slot + 1) & mask;
        found = load<u32>(table + (slot << 2));
      }
    }
    // The shift drops what the slot has of the tag.
    store<u32>(place, first + (found << UNIT_SHIFT), ENTRY);
  }
}

/**
 * Reads from each entry, and from what a long name has behind it, before they are needed: all these reads wait for memory
 * at the same time instead of one after the other.
 */
function touchEntries(places: usize): void {
  let sum: u64 = 0;
  for (let place = PLACES; place < places; place += PLACE_BYTES) {
    const entry: usize = load<u32>(place, ENTRY);
    sum += load<u64>(entry);
    if (load<u32>(place, NAME_LENGTH) > <u32>PREFIX_BYTES) sum += load<u64>(entry, UNIT_BYTES);
  }
  touched = sum;
}

/** Adds up the rows. Returns how many of them were not plain. */
function countRows(piece: usize, stretch: usize, places: usize): u32 {
  const point = ((<u64>decimalSeparator & 0xff) * LOW_BITS) ^ ZEROS;
  let others: u32 = 0;
  let filtered: u32 = 0;
  let decimalsSeen: u32 = 0;
  for (let place = PLACES; place < places; place += PLACE_BYTES) {
    // Left at the first thing that is not plain. White space needs no look: no department begins or ends with any.
    let isPlain = false;
    do {
      const amountEnd: usize = load<u32>(place, AMOUNT_END);
      // The last digit becomes the highest byte; bytes before the amount become zeros.
      const shift: u64 = <u64>(64 - ((amountEnd - load<u32>(place, AMOUNT_START)) << 3));
      if (shift > 56) break;
      let word = ((load<u64>(amountEnd - 8) ^ ZEROS) >> shift) << shift;
      let decimals: u32 = 0;
      let seen: u32 = 0;
      if ((((word + ABOVE_NINE) | word) & HIGH_BITS) != 0) {
        // The exact test for a byte of zero, whose high bit then marks it.
        const unlike = word ^ point;
        const mark = ~(((unlike & ~HIGH_BITS) + ~HIGH_BITS) | unlike | ~HIGH_BITS);
        if (mark == 0 || (mark & (mark - 1)) != 0 || shift == 56) break;
        const below = (mark >> 7) - 1;
        decimals = <u32>(clz(mark) >> 3);
        seen = 1 << decimals;
        // The digits before the point move up by one byte.
        word = ((word & below) << 8) | (word & ~(below | ((mark >> 7) * 0xff)));
        if ((((word + ABOVE_NINE) | word) & HIGH_BITS) != 0 || decimals > <u32>AMOUNT_DECIMALS) break;
      }
      const entry: usize = load<u32>(place, ENTRY);
      const start: usize = load<u32>(place, NAME_START);
      const length = load<u32>(place, NAME_LENGTH);
      const known = load<u32>(entry, LENGTH);
      if ((known & LENGTH_MASK) != length) break;
      if (length <= 16) {
        if (v128.any_true(v128.xor(v128.load(entry, NAME), firstBytes(start, length)))) break;
      } else if (length <= PREFIX_BYTES) {
        // The first 16 bytes and the last 16, some of them twice.
        const first = v128.xor(v128.load(entry, NAME), v128.load(start));
        const last = v128.xor(v128.load(entry + length, NAME - 16), v128.load(start + length - 16));
        if (v128.any_true(v128.or(first, last))) break;
      } else if (!isSameText(entry + NAME, start, length)) break;
      const units = eightDigits(word) * load<u64>(UNIT_SCALES + ((<usize>decimals) << 3));
      const before = load<i64>(entry, SUM);
      const sum = before + <i64>units;
      const count = load<u32>(entry, COUNT) + 1;
      // The other way handles an overflow.
      if (sum < before || count == 0) break;
      store<i64>(entry, sum, SUM);
      store<u32>(entry, count, COUNT);
      if (<i64>units < load<i64>(entry, MIN)) store<u64>(entry, units, MIN);
      if (<i64>units > load<i64>(entry, MAX)) store<u64>(entry, units, MAX);
      if (decimals > known >> SCALE_SHIFT) store<u8>(entry, decimals, SCALE);
      decimalsSeen |= seen;
      isPlain = true;
    } while (false);
    if (isPlain) continue;
    others++;
    if (load<u32>(place, AMOUNT_END) == LEFT_OUT_END) {
      filtered++;
      continue;
    }
    if (!countUnusualRow(stretch, place)) {
      if (failure == NO_FAILURE) judgeOddRow(piece, stretch, place);
      if (failure != NO_FAILURE) break;
    }
  }
  store<u32>(DECIMALS_SEEN, load<u32>(DECIMALS_SEEN) | decimalsSeen);
  add64(FILTERED, filtered);
  return others;
}

/** Adds up rows that have several amounts. Returns all of them: each is counted here. */
function countAmounts(piece: usize, stretch: usize, places: usize): u32 {
  for (let place = PLACES; place < places; place += PLACE_BYTES) store<u32>(place, 0, IS_COUNTED);
  const short = hasShortAmounts ? countShortAmounts(places) : 0;
  let filtered: u32 = 0;
  for (let place = PLACES; place < places; place += PLACE_BYTES) {
    if (load<u32>(place, IS_COUNTED) != 0) continue;
    if (load<u32>(place, AMOUNT_END) == LEFT_OUT_END) filtered++;
    else if (failure == NO_FAILURE && !countAmountsOf(stretch, place)) {
      if (failure == NO_FAILURE) judgeOddRow(piece, stretch, place);
    }
    if (failure != NO_FAILURE) break;
  }
  add64(ROWS, short);
  add64(FILTERED, filtered);
  return <u32>((places - PLACES) / PLACE_BYTES);
}

/** Counts the rows of known departments whose amounts are all short, a column at a time. Returns how many there are. */
function countShortAmounts(places: usize): u32 {
  const known = listKnownRows(places);
  const columnBytes = ((known - KNOWN_ROWS) / KNOWN_BYTES) * 8;
  let areShort = true;
  for (let index: u32 = 0; index < amountCount; index++) {
    const column = load<u32>(AMOUNTS + <usize>index * AMOUNT_BYTES, AMOUNT_COLUMN);
    const values = SHORT_AMOUNTS + <usize>index * columnBytes;
    if (hasQuotes || hasCrs) {
      if (!readOddAmounts(known, column, values)) areShort = false;
    } else if (!readBareAmounts(known, (<usize>column) << 2, values)) areShort = false;
  }
  const end = areShort ? known : dropLongAmounts(known, columnBytes);
  for (let index: u32 = 0; index < amountCount; index++) {
    // There is no memory for it: nothing of this job counts any more.
    if (!addShortAmounts(end, index, SHORT_AMOUNTS + <usize>index * columnBytes)) return 0;
  }
  for (let row: usize = KNOWN_ROWS; row < end; row += KNOWN_BYTES)
    store<u32>(load<u32>(row, KNOWN_PLACE), 1, IS_COUNTED);
  return <u32>((end - KNOWN_ROWS) / KNOWN_BYTES);
}

/** Lists the rows whose department is known. Returns the end of the list. */
function listKnownRows(places: usize): usize {
  let next = KNOWN_ROWS;
  for (let place = PLACES; place < places; place += PLACE_BYTES) {
    const entry: usize = load<u32>(place, ENTRY);
    const length: usize = load<u32>(place, NAME_LENGTH);
    if (length == 0 || (load<u32>(entry, LENGTH) & LENGTH_MASK) != <u32>length) continue;
    if (!isSameText(entry + NAME, load<u32>(place, NAME_START), length)) continue;
    store<u32>(next, <u32>place, KNOWN_PLACE);
    store<u32>(next, load<u32>(place, FIELDS_OF_ROW), KNOWN_FIELDS);
    store<u32>(next, <u32>entry, KNOWN_ENTRY);
    store<u32>(next, <u32>(figureOf(entry, 1) - UNIT_BYTES), KNOWN_MORE);
    next += KNOWN_BYTES;
  }
  return next;
}

/** Reads the amounts of a column of rows without quotes. Returns whether all of them are short. */
function readBareAmounts(known: usize, column: usize, values: usize): bool {
  let areShort = true;
  let to = values;
  for (let row = KNOWN_ROWS; row < known; row += KNOWN_BYTES, to += 8) {
    const separator = <usize>load<u32>(row, KNOWN_FIELDS) + column;
    const value = shortAmount(load<u32>(separator) + 1, load<u32>(separator, 4));
    if (value == NO_SHORT_AMOUNT) areShort = false;
    store<u64>(to, value);
  }
  return areShort;
}

function readOddAmounts(known: usize, column: u32, values: usize): bool {
  let areShort = true;
  let to = values;
  for (let row = KNOWN_ROWS; row < known; row += KNOWN_BYTES, to += 8) {
    const isPlain = locateField(load<u32>(row, KNOWN_FIELDS), column, load<u32>(load<u32>(row, KNOWN_PLACE), ROW_END));
    const value = isPlain ? shortAmount(plainStart, plainEnd) : NO_SHORT_AMOUNT;
    if (value == NO_SHORT_AMOUNT) areShort = false;
    store<u64>(to, value);
  }
  return areShort;
}

/** Drops from the list the rows that have an amount which is not short. Returns its new end. */
function dropLongAmounts(known: usize, columnBytes: usize): usize {
  let next = KNOWN_ROWS;
  let to = SHORT_AMOUNTS;
  let from = SHORT_AMOUNTS;
  for (let row = KNOWN_ROWS; row < known; row += KNOWN_BYTES, from += 8) {
    let areShort = true;
    for (let index: u32 = 0; index < amountCount; index++) {
      const value = load<u64>(from + <usize>index * columnBytes);
      if (value == NO_SHORT_AMOUNT) areShort = false;
      store<u64>(to + <usize>index * columnBytes, value);
    }
    v128.store(next, v128.load(row));
    if (!areShort) continue;
    next += KNOWN_BYTES;
    to += 8;
  }
  return next;
}

/** Adds up a column of short amounts. Returns false if there is no memory for a sum. */
function addShortAmounts(known: usize, index: u32, values: usize): bool {
  const isFirst = index == 0;
  const offset = <usize>index * UNIT_BYTES;
  let from = values;
  let seen: u64 = 0;
  for (let row = KNOWN_ROWS; row < known; row += KNOWN_BYTES, from += 8) {
    const figure: usize = isFirst ? load<u32>(row, KNOWN_ENTRY) : load<u32>(row, KNOWN_MORE) + offset;
    const value = load<u64>(from);
    seen |= value;
    const decimals = <u32>(value >> SHORT_DECIMALS) & 7;
    const units = (value & SHORT_DIGITS) * load<u64>(UNIT_SCALES + ((<usize>decimals) << 3));
    const before = load<i64>(figure, SUM);
    const sum = before + <i64>units;
    const count = load<u32>(figure, COUNT) + 1;
    if (sum < before || count == 0) {
      if (!addAmount(figure, units, 0, decimals)) return false;
      continue;
    }
    store<i64>(figure, sum, SUM);
    store<u32>(figure, count, COUNT);
    if (<i64>units < load<i64>(figure, MIN)) store<u64>(figure, units, MIN);
    if (<i64>units > load<i64>(figure, MAX)) store<u64>(figure, units, MAX);
    if (decimals > <u32>load<u8>(figure, SCALE)) store<u8>(figure, decimals, SCALE);
  }
  store<u32>(DECIMALS_SEEN, load<u32>(DECIMALS_SEEN) | <u32>(seen >> SHORT_SEEN));
  return true;
}

/** Adds up the amounts of a row. Returns whether it counts. */
function countAmountsOf(stretch: usize, place: usize): bool {
  let start: usize = load<u32>(place, NAME_START);
  let nameEnd = start + load<u32>(place, NAME_LENGTH);
  if (start < nameEnd && mayBeSpace(load<u8>(start))) start = skipSpace(start, nameEnd);
  if (start < nameEnd && mayBeSpace(load<u8>(nameEnd - 1))) nameEnd = dropSpace(start, nameEnd);
  if (start >= nameEnd) return false;
  const length = <u32>(nameEnd - start);
  const fields: usize = load<u32>(place, FIELDS_OF_ROW);
  const rowEnd: usize = load<u32>(place, ROW_END);
  for (let index: u32 = 0; index < amountCount; index++) {
    const amount = AMOUNTS + <usize>index * AMOUNT_BYTES;
    if (!locateField(fields, load<u32>(amount, AMOUNT_COLUMN), rowEnd)) return false;
    keepOperand(operandOf(index), plainStart, plainEnd);
    const factor = load<u32>(amount, FACTOR_COLUMN);
    if (factor == NO_FACTOR) continue;
    if (!locateField(fields, factor, rowEnd)) return false;
    keepOperand(operandOf(index) + OPERAND_BYTES, plainStart, plainEnd);
  }
  if (readAmounts() != 0) return false;
  let entry: usize = load<u32>(place, ENTRY);
  if ((load<u32>(entry, LENGTH) & LENGTH_MASK) != length || !isSameText(entry + NAME, start, length)) {
    entry = findOrAddDepartment(start, length);
  }
  if (entry == 0 || !addAmounts(entry)) return false;
  add64(ROWS, 1);
  noteAmounts(hasGroupedAmount() ? lineOf(stretch, place) : 0);
  return true;
}

/** Counts a row with white space to be trimmed, a new name, an amount in another form. Returns whether it counts. */
function countUnusualRow(stretch: usize, place: usize): bool {
  let nameStart: usize = load<u32>(place, NAME_START);
  let nameEnd = nameStart + load<u32>(place, NAME_LENGTH);
  let amountStart: usize = load<u32>(place, AMOUNT_START);
  let amountEnd: usize = load<u32>(place, AMOUNT_END);
  // A row of another number of columns has no fields.
  if (nameStart >= nameEnd || amountStart >= amountEnd) return false;
  if (mayBeSpace(load<u8>(amountStart))) amountStart = skipSpace(amountStart, amountEnd);
  if (mayBeSpace(load<u8>(amountEnd - 1))) amountEnd = dropSpace(amountStart, amountEnd);
  if (mayBeSpace(load<u8>(nameStart))) nameStart = skipSpace(nameStart, nameEnd);
  if (mayBeSpace(load<u8>(nameEnd - 1))) nameEnd = dropSpace(nameStart, nameEnd);
  // A department without an amount that counts must not get into the table.
  if (nameStart >= nameEnd || readAmount(amountStart, amountEnd) != 0) return false;
  const entry = findOrAddDepartment(nameStart, nameEnd - nameStart);
  if (entry == 0 || !addAmount(entry, amountLow, amountHigh, amountDecimals)) return false;
  add64(ROWS, 1);
  if (isNotable()) noteAmount(isFirstGroup() ? lineOf(stretch, place) : 0);
  return true;
}

/** Takes up a row of any form. */
function judgeOddRow(piece: usize, stretch: usize, place: usize): void {
  const start = startOf(stretch, place);
  const end = beforeLineEnd(start, load<u32>(place, ROW_END));
  const line = lineOf(stretch, place);
  const reason = judgeRow(start, end, line);
  if (reason == 0 || failure != NO_FAILURE) return;
  store<u32>(place, load<u32>(place, ROW_END), REJECTED_END);
  const lines = hasQuotedBreaks ? countLineBreaks(start, end) + 1 : 1;
  reject(reason, line, lines, load<u64>(OFFSET) + (start - piece), start, end - start, end - start);
}

/** Where a row begins. */
function startOf(stretch: usize, place: usize): usize {
  return place == PLACES ? stretch : load<u32>(place - PLACE_BYTES, ROW_END) + 1;
}

/** The line that a row begins on. */
function lineOf(stretch: usize, place: usize): u64 {
  const lines: u64 = hasQuotedBreaks
    ? countLineBreaks(stretch, startOf(stretch, place))
    : (place - PLACES) / PLACE_BYTES;
  return load<u64>(LINES) + lines + 1;
}
