/**
 * The quick way: counts rows right where they lie, with the help of the index of separators. Rows that it has no answer
 * for (blank ones, those to be rejected, unusual fields) go one by one to `records.ts`.
 */
import { amountDecimals, amountHigh, amountLow, readAmount } from './amount';
import {
  ENTRY_BYTES,
  findOrAddDepartment,
  firstBytes,
  LENGTH,
  LENGTH_MASK,
  PREFIX,
  slotShift,
  tagOf,
} from './departments';
import { failure, NO_FAILURE } from './failure';
import { countLineBreaks } from './lines';
import { entries, ROW_ENDS, SEPARATORS, slots, UNIT_SCALES } from './memory';
import {
  AMOUNT_DECIMALS,
  amountIndex,
  CR,
  columnCount,
  decimalSeparator,
  departmentIndex,
  isWhiteSpace,
  LF,
  lastWhiteSpace,
  quote,
  stretchBytes,
} from './plan';
import { judgeRow } from './records';
import { reject } from './rejects';
import { hasCrs, hasQuotedBreaks, hasQuotes, indexSeparators } from './separator-index';
import { add64, LINES, OFFSET, ROWS } from './state';
import { addAmount } from './tallies';

const ZEROS: u64 = 0x3030_3030_3030_3030;
const HIGH_BITS: u64 = 0x8080_8080_8080_8080;
const LOW_BITS: u64 = 0x0101_0101_0101_0101;
const ABOVE_NINE: u64 = 0x7676_7676_7676_7676;

/**
 * Counts rows from `from` on, where a record begins.
 *
 * @param piece where the piece of the file at hand begins
 * @returns where it stopped: at a record for the other way, or at `to`
 */
export function readPlainRows(piece: usize, from: usize, to: usize): usize {
  // Whether a LF follows a CR at the very end is not known yet.
  const limit = load<u8>(to - 1) == CR ? to - 1 : to;
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
  const department = departmentIndex;
  const amount = amountIndex;
  const columns = columnCount;
  const spaces = lastWhiteSpace;
  const point = ((<u64>decimalSeparator & 0xff) * LOW_BITS) ^ ZEROS;
  const hasPoint = decimalSeparator >= 0;
  const mayBeQuoted = hasQuotes;
  const mayHaveCr = hasCrs;
  let counted: u32 = 0;
  let before: u32 = 0;
  for (let row: u32 = 0; row < rows; row++) {
    const first = before;
    before = load<u32>(ROW_ENDS + (row << 2));
    const columnsFound = before - first;
    const fields = SEPARATORS + (first << 2);
    let end: usize = load<u32>(SEPARATORS + (before << 2));
    let entry: usize = 0;
    let low: u64 = 0;
    let high: i64 = 0;
    let decimals: i32 = 0;
    if (columnsFound == columns) {
      let nameStart: usize = load<u32>(fields + (department << 2)) + 1;
      let nameEnd: usize = load<u32>(fields + (department << 2), 4);
      let amountStart: usize = load<u32>(fields + (amount << 2)) + 1;
      let amountEnd: usize = load<u32>(fields + (amount << 2), 4);
      if (mayHaveCr) {
        if (nameEnd == end) nameEnd = beforeLineEnd(nameStart, nameEnd);
        if (amountEnd == end) amountEnd = beforeLineEnd(amountStart, amountEnd);
      }
      let isEscaped = false;
      if (mayBeQuoted) {
        // The index has seen to it that such a field ends with a quote too.
        if (nameStart < nameEnd && load<u8>(nameStart) == quote) {
          nameStart++;
          nameEnd--;
          isEscaped = holdsQuote(nameStart, nameEnd);
        }
        if (amountStart < amountEnd && load<u8>(amountStart) == quote) {
          amountStart++;
          amountEnd--;
        }
      }
      if (!isEscaped) {
        // The amount first: a department without one that counts must not get into the table.
        let isAmount = true;
        const shift: u64 = <u64>(64 - ((amountEnd - amountStart) << 3));
        // Behind what is kept, the first bytes of the text are above: the last digit is the highest byte.
        let word = ((load<u64>(amountEnd - 8) ^ ZEROS) >> shift) << shift;
        let odd = (word + ABOVE_NINE) | word;
        if (shift > 56) {
          isAmount = false;
        } else if ((odd & HIGH_BITS) != 0) {
          // A point, perhaps: the exact test for a byte of zero, whose high bit then marks it.
          const unlike = word ^ point;
          const mark = ~(((unlike & ~HIGH_BITS) + ~HIGH_BITS) | unlike | ~HIGH_BITS);
          const isSingle = hasPoint && mark != 0 && (mark & (mark - 1)) == 0;
          const below = (mark >> 7) - 1;
          decimals = <i32>(clz(mark) >> 3);
          // What stands before the point moves up by one byte.
          word = ((word & below) << 8) | (word & ~(below | ((mark >> 7) * 0xff)));
          odd = (word + ABOVE_NINE) | word;
          isAmount = isSingle && decimals <= AMOUNT_DECIMALS && shift < 56 && (odd & HIGH_BITS) == 0;
        }
        if (isAmount) {
          low = eightDigits(word) * load<u64>(UNIT_SCALES + (decimals << 3));
        } else {
          while (amountStart < amountEnd && isWhiteSpace(load<u8>(amountStart))) amountStart++;
          while (amountEnd > amountStart && isWhiteSpace(load<u8>(amountEnd - 1))) amountEnd--;
          isAmount = readAmount(amountStart, amountEnd) == 0;
          low = amountLow;
          high = amountHigh;
          decimals = amountDecimals;
        }
        if (isAmount) {
          const length = nameEnd - nameStart;
          const name = firstBytes(nameStart, length & 31);
          const nameLow = <u64>i64x2.extract_lane(name, 0);
          if (length - 1 < 16 && <i32>(nameLow & 0xff) > spaces && <i32>load<u8>(nameEnd - 1) > spaces) {
            const tag = tagOf(nameLow, <u64>i64x2.extract_lane(name, 1));
            const slot = slots + ((tag >> slotShift) << 3);
            const found = entries + load<u32>(slot, 4) * ENTRY_BYTES - ENTRY_BYTES;
            const isFound =
              load<u32>(slot) == tag &&
              load<u32>(slot, 4) != 0 &&
              (load<u32>(found, LENGTH) & LENGTH_MASK) == length &&
              i8x16.all_true(i8x16.eq(v128.load(found, PREFIX), name));
            entry = isFound ? found : findOrAddDepartment(nameStart, length);
          } else {
            while (nameStart < nameEnd && isWhiteSpace(load<u8>(nameStart))) nameStart++;
            while (nameEnd > nameStart && isWhiteSpace(load<u8>(nameEnd - 1))) nameEnd--;
            if (nameStart < nameEnd) entry = findOrAddDepartment(nameStart, nameEnd - nameStart);
          }
        }
      }
    }
    if (entry != 0) {
      if (!addAmount(entry, low, high, decimals)) break;
      counted++;
    } else {
      const start: usize = load<u32>(fields) + 1;
      if (mayHaveCr) end = beforeLineEnd(start, end);
      if (failure != NO_FAILURE) break;
      const reason = judgeRow(start, end);
      if (failure != NO_FAILURE) break;
      if (reason != 0) {
        const lines: u64 = hasQuotedBreaks ? countLineBreaks(from, start) : row;
        const offset = load<u64>(OFFSET) + (start - piece);
        reject(reason, load<u64>(LINES) + lines + 1, offset, start, end - start, end - start);
      }
    }
  }
  const next: usize = load<u32>(SEPARATORS + (before << 2)) + 1;
  add64(ROWS, counted);
  add64(LINES, hasQuotedBreaks ? countLineBreaks(from, next) : rows);
  return next;
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
