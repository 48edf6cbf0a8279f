/**
 * The quick way: counts rows right where they lie, with the help of the index of separators. Rows that it has no answer
 * for (blank ones, those to be rejected, unusual fields) go one by one to `records.ts`.
 */
import { amountDecimals, amountHigh, amountLow, readAmount } from './amount';
import {
  COUNT,
  findOrAddDepartment,
  firstBytes,
  isSameText,
  LENGTH,
  LENGTH_MASK,
  MAX,
  MIN,
  NAME,
  PREFIX_BYTES,
  SCALE,
  SCALE_SHIFT,
  SUM_HIGH,
  SUM_LOW,
  seedA,
  seedB,
  slotCount,
  slotShift,
  tagOfName,
  UNIT_BYTES,
} from './departments';
import { failure, NO_FAILURE } from './failure';
import { countLineBreaks } from './lines';
import { entries, PLACES, SEPARATORS, slots, UNESCAPED, UNIT_SCALES } from './memory';
import {
  AMOUNT_DECIMALS,
  amountIndex,
  CR,
  columnCount,
  decimalSeparator,
  departmentIndex,
  isWhiteSpace,
  LF,
  quote,
  stretchBytes,
} from './plan';
import { judgeRow } from './records';
import { reject } from './rejects';
import { hasCrs, hasQuotedBreaks, hasQuotes, indexSeparators } from './separator-index';
import { add64, DEPARTMENTS, LINES, OFFSET, ROWS } from './state';
import { addAmount } from './tallies';

const ZEROS: u64 = 0x3030_3030_3030_3030;
const HIGH_BITS: u64 = 0x8080_8080_8080_8080;
const LOW_BITS: u64 = 0x0101_0101_0101_0101;
const ABOVE_NINE: u64 = 0x7676_7676_7676_7676;

/** What is known of a row between the passes over it. */
const PLACE_BYTES: usize = 32;
const NAME_START: usize = 0;
const NAME_LENGTH: usize = 4;
const AMOUNT_START: usize = 8;
const AMOUNT_END: usize = 12;
const TAG: usize = 16;
const ENTRY: usize = 20;
const ROW_END: usize = 24;

/** So many departments fit into the second level of the cache. */
const CACHED_DEPARTMENTS: u32 = 8192;
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
  unescaped = UNESCAPED;
  if (!locateRegularRows(places)) locateRows(places);
  findEntries(PLACES, places);
  if (load<u32>(DEPARTMENTS) > CACHED_DEPARTMENTS) touchEntries(places);
  const others = countRows(piece, from, places);
  if (failure != NO_FAILURE) return from;
  const next: usize = load<u32>(places - PLACE_BYTES, ROW_END) + 1;
  add64(ROWS, rows - others);
  add64(LINES, hasQuotedBreaks ? countLineBreaks(from, next) : rows);
  return next;
}

/**
 * Finds the two fields of each row, and the tags of the departments, if every row has the right number of columns and
 * ends with a LF. Returns false if that is not so.
 */
function locateRegularRows(places: usize): bool {
  const department = (<usize>departmentIndex) << 2;
  const amount = (<usize>amountIndex) << 2;
  const rowStep = (<usize>columnCount) << 2;
  const isOdd = hasQuotes || hasCrs;
  const a = seedA;
  const b = seedB;
  let unlike: u32 = 0;
  // Where in the index the separator before the row is.
  let fields = SEPARATORS;
  for (let place = PLACES; place < places; place += PLACE_BYTES) {
    let start: usize = load<u32>(fields + department) + 1;
    let length: usize = load<u32>(fields + department, 4) - start;
    const amountStart = load<u32>(fields + amount) + 1;
    store<u32>(place, <u32>start, NAME_START);
    store<u32>(place, <u32>length, NAME_LENGTH);
    store<u32>(place, amountStart, AMOUNT_START);
    store<u32>(place, load<u32>(fields + amount, 4), AMOUNT_END);
    fields += rowStep;
    const end: usize = load<u32>(fields);
    store<u32>(place, <u32>end, ROW_END);
    // As many line ends as rows, and each row ends with one: none is left over for its middle.
    unlike |= load<u8>(end) ^ LF;
    if (isOdd) {
      if (unlike != 0) return false;
      if (load<u8>(start) == quote || load<u8>(amountStart) == quote || load<u8>(end - 1) == CR) {
        unwrapFields(place, end);
        start = load<u32>(place, NAME_START);
        length = load<u32>(place, NAME_LENGTH);
      }
    }
    if (length > 16) {
      if (unlike != 0) return false;
      store<u32>(place, tagOfName(start, length), TAG);
    } else {
      const name = firstBytes(start, length);
      store<u32>(
        place,
        <u32>((<u64>i64x2.extract_lane(name, 0) * a + <u64>i64x2.extract_lane(name, 1) * b) >> 32),
        TAG,
      );
    }
  }
  return unlike == 0;
}

/** The same for any rows. Those with another number of columns get empty fields. */
function locateRows(places: usize): void {
  const rowStep = (<usize>columnCount) << 2;
  const isOdd = hasQuotes || hasCrs;
  let fields = SEPARATORS;
  for (let place = PLACES; place < places; place += PLACE_BYTES) {
    const before = fields;
    let end: usize = 0;
    do {
      fields += 4;
      end = load<u32>(fields);
      // A separator that is a CR ends a line.
    } while (load<u8>(end) != LF && load<u8>(end) != CR);
    store<u32>(place, <u32>end, ROW_END);
    if (fields - before != rowStep) {
      store<u64>(place, 0, NAME_START);
      store<u64>(place, 0, AMOUNT_START);
      store<u32>(place, 0, TAG);
      continue;
    }
    let field = before + ((<usize>departmentIndex) << 2);
    let start: usize = load<u32>(field) + 1;
    store<u32>(place, <u32>start, NAME_START);
    store<u32>(place, load<u32>(field, 4) - <u32>start, NAME_LENGTH);
    field = before + ((<usize>amountIndex) << 2);
    store<u32>(place, load<u32>(field) + 1, AMOUNT_START);
    store<u32>(place, load<u32>(field, 4), AMOUNT_END);
    if (isOdd) unwrapFields(place, end);
    start = load<u32>(place, NAME_START);
    store<u32>(place, tagOfName(start, load<u32>(place, NAME_LENGTH)), TAG);
  }
}

/** Takes away from the two fields the CR of the line end and quotes around them. */
function unwrapFields(place: usize, rowEnd: usize): void {
  let start: usize = load<u32>(place, AMOUNT_START);
  let end: usize = load<u32>(place, AMOUNT_END);
  if (end == rowEnd) end = beforeLineEnd(start, end);
  // The index has seen to it that a field that begins with a quote ends with one.
  const isQuotedAmount = start < end && load<u8>(start) == quote;
  store<u32>(place, <u32>(isQuotedAmount ? start + 1 : start), AMOUNT_START);
  store<u32>(place, <u32>(isQuotedAmount ? end - 1 : end), AMOUNT_END);

  start = load<u32>(place, NAME_START);
  end = start + load<u32>(place, NAME_LENGTH);
  if (end == rowEnd) end = beforeLineEnd(start, end);
  if (start < end && load<u8>(start) == quote) {
    start++;
    end--;
    if (holdsQuote(start, end)) {
      end = unescapeName(start, end);
      start = unescaped;
      unescaped = end;
    }
  }
  store<u32>(place, <u32>start, NAME_START);
  store<u32>(place, <u32>(end - start), NAME_LENGTH);
}

/** Where the next name of the stretch goes that has to be written anew. */
let unescaped: usize = UNESCAPED;

/** Writes a name anew with one quote for two. Returns its end. */
function unescapeName(start: usize, end: usize): usize {
  let to = unescaped;
  for (let at = start; at < end; at++) {
    const byte = load<u8>(at);
    store<u8>(to++, byte);
    if (byte == quote) at++;
  }
  return to;
}

/** Finds the entries that have the tags of the rows from `from` on, or the one that stands for an unknown department. */
function findEntries(from: usize, places: usize): void {
  const table = slots;
  const first = entries - UNIT_BYTES;
  const shift = slotShift;
  const mask = slotCount - 1;
  for (let place = from; place < places; place += PLACE_BYTES) {
    const tag = load<u32>(place, TAG);
    let slot = tag >> shift;
    let found = load<u64>(table + (slot << 3));
    if (<u32>found != tag) {
      while (found != 0 && <u32>found != tag) {
        slot = (slot + 1) & mask;
        found = load<u64>(table + (slot << 3));
      }
    }
    store<u32>(place, <u32>(first + ((<usize>(found >> 32)) << 6)), ENTRY);
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
    sum += load<u64>(entry, SUM_LOW);
    if (load<u32>(place, NAME_LENGTH) > <u32>PREFIX_BYTES) sum += load<u64>(entry, UNIT_BYTES);
  }
  touched = sum;
}

/** Adds up the rows. Returns how many of them were not plain. */
function countRows(piece: usize, stretch: usize, places: usize): u32 {
  const point = ((<u64>decimalSeparator & 0xff) * LOW_BITS) ^ ZEROS;
  let others: u32 = 0;
  for (let place = PLACES; place < places; place += PLACE_BYTES) {
    // Left at the first thing that is not plain. White space needs no look: no department begins or ends with any.
    let isPlain = false;
    do {
      const amountEnd: usize = load<u32>(place, AMOUNT_END);
      // The last digit becomes the highest byte; what is before the amount becomes zeros.
      const shift: u64 = <u64>(64 - ((amountEnd - load<u32>(place, AMOUNT_START)) << 3));
      if (shift > 56) break;
      let word = ((load<u64>(amountEnd - 8) ^ ZEROS) >> shift) << shift;
      let decimals: u32 = 0;
      if ((((word + ABOVE_NINE) | word) & HIGH_BITS) != 0) {
        // The exact test for a byte of zero, whose high bit then marks it.
        const unlike = word ^ point;
        const mark = ~(((unlike & ~HIGH_BITS) + ~HIGH_BITS) | unlike | ~HIGH_BITS);
        if (mark == 0 || (mark & (mark - 1)) != 0 || shift == 56) break;
        const below = (mark >> 7) - 1;
        decimals = <u32>(clz(mark) >> 3);
        // What stands before the point moves up by one byte.
        word = ((word & below) << 8) | (word & ~(below | ((mark >> 7) * 0xff)));
        if ((((word + ABOVE_NINE) | word) & HIGH_BITS) != 0 || decimals > <u32>AMOUNT_DECIMALS) break;
      }
      const entry: usize = load<u32>(place, ENTRY);
      const start: usize = load<u32>(place, NAME_START);
      const length = load<u32>(place, NAME_LENGTH);
      const known = load<u32>(entry, LENGTH);
      if ((known & LENGTH_MASK) != length) break;
      if (length > PREFIX_BYTES) {
        if (!isSameText(entry + NAME, start, length)) break;
      } else if (v128.any_true(v128.xor(v128.load(entry, NAME), firstBytes(start, length)))) break;
      const units = eightDigits(word) * load<u64>(UNIT_SCALES + ((<usize>decimals) << 3));
      store<u64>(entry, load<u64>(entry, COUNT) + 1, COUNT);
      const total = load<u64>(entry, SUM_LOW) + units;
      store<u64>(entry, total, SUM_LOW);
      if (total < units) store<i64>(entry, load<i64>(entry, SUM_HIGH) + 1, SUM_HIGH);
      if (<i64>units < load<i64>(entry, MIN)) store<u64>(entry, units, MIN);
      if (<i64>units > load<i64>(entry, MAX)) store<u64>(entry, units, MAX);
      if (decimals > known >> SCALE_SHIFT) store<u8>(entry, decimals, SCALE);
      isPlain = true;
    } while (false);
    if (isPlain) continue;
    others++;
    const table = entries;
    if (!countUnusualRow(place)) {
      if (failure == NO_FAILURE) judgeOddRow(piece, stretch, place);
      if (failure != NO_FAILURE) break;
    }
    // A new department has made the table move.
    if (entries != table) findEntries(place + PLACE_BYTES, places);
  }
  return others;
}

/** Counts a row with white space to be trimmed, a new name, an amount in another form. Returns whether it counts. */
function countUnusualRow(place: usize): bool {
  let nameStart: usize = load<u32>(place, NAME_START);
  let nameEnd = nameStart + load<u32>(place, NAME_LENGTH);
  let amountStart: usize = load<u32>(place, AMOUNT_START);
  let amountEnd: usize = load<u32>(place, AMOUNT_END);
  while (amountStart < amountEnd && isWhiteSpace(load<u8>(amountStart))) amountStart++;
  while (amountEnd > amountStart && isWhiteSpace(load<u8>(amountEnd - 1))) amountEnd--;
  while (nameStart < nameEnd && isWhiteSpace(load<u8>(nameStart))) nameStart++;
  while (nameEnd > nameStart && isWhiteSpace(load<u8>(nameEnd - 1))) nameEnd--;
  // A department without an amount that counts must not get into the table.
  if (nameStart >= nameEnd || readAmount(amountStart, amountEnd) != 0) return false;
  const entry = findOrAddDepartment(nameStart, nameEnd - nameStart);
  if (entry == 0 || !addAmount(entry, amountLow, amountHigh, amountDecimals)) return false;
  add64(ROWS, 1);
  return true;
}

/** Takes up a row of any form. */
function judgeOddRow(piece: usize, stretch: usize, place: usize): void {
  const start: usize = place == PLACES ? stretch : load<u32>(place - PLACE_BYTES, ROW_END) + 1;
  const end = beforeLineEnd(start, load<u32>(place, ROW_END));
  const reason = judgeRow(start, end);
  if (reason == 0 || failure != NO_FAILURE) return;
  const lines: u64 = hasQuotedBreaks ? countLineBreaks(stretch, start) : (place - PLACES) / PLACE_BYTES;
  const offset = load<u64>(OFFSET) + (start - piece);
  reject(reason, load<u64>(LINES) + lines + 1, offset, start, end - start, end - start);
}

/** The end of a record or its last field, without the CR of a CRLF. */
function beforeLineEnd(start: usize, end: usize): usize {
  return end > start && load<u8>(end) == LF && load<u8>(end - 1) == CR ? end - 1 : end;
}

function holdsQuote(start: usize, end: usize): bool {
  const quotes = i8x16.splat(<u8>quote);
  let at = start;
  for (; at + 16 <= end; at += 16) {
    if (v128.any_true(i8x16.eq(v128.load(at), quotes))) return true;
  }
  return v128.any_true(i8x16.eq(firstBytes(at, end - at), quotes));
}

/** The number that eight digits (as values, the last one in the highest byte) make. */
function eightDigits(digits: u64): u64 {
  const pairs = (digits * 10 + (digits >> 8)) & 0x00ff_00ff_00ff_00ff;
  const quads = (pairs * 100 + (pairs >> 16)) & 0x0000_ffff_0000_ffff;
  return (quads * 10000 + (quads >> 32)) & 0xffff_ffff;
}
