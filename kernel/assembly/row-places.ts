/**
 * Where the two fields of each row of a stretch lie, found with the help of the index of separators: the first pass over
 * the rows. The others go on from what it writes down of each.
 */
import { firstBytes, LOWER_HALF, seedA, seedB, seedC, tagOfName } from './departments';
import {
  FILTER_BYTES,
  FILTER_COLUMN,
  filterCount,
  hasDoubtfulGroup,
  IS_LEFT_OUT,
  isSoleNegated,
  isSoleShort,
  judgeValue,
  PASSES,
  soleColumn,
  soleLength,
  soleText,
} from './filters';
import { GROUP_BYTES, GROUP_COLUMN, GROUP_UNIT, isBare, KEY_SEPARATOR, writePart } from './group-key';
import { FILTERS, GROUPS, LENGTH_MASKS, PLACES, SEPARATORS, UNESCAPED } from './memory';
import { amountCount, amountIndex, CR, columnCount, departmentIndex, groupCount, LF, quote } from './plan';
import { hasCrs, hasQuotes } from './separator-index';
import { dropSpace, mayBeginSpace, mayEndSpace, skipSpace } from './white-space';

/** The facts about a row that are kept between the passes over it. */
export const PLACE_BYTES: usize = 32;
export const NAME_START: usize = 0;
export const NAME_LENGTH: usize = 4;
export const AMOUNT_START: usize = 8;
export const AMOUNT_END: usize = 12;
/** Where the index of the row begins, instead of its amount, where rows have several: {@link locateField} has them then. */
export const FIELDS_OF_ROW: usize = AMOUNT_START;
export const TAG: usize = 16;
/** Whether a row with several amounts was counted, instead of the tag, once its entry was looked for. */
export const IS_COUNTED: usize = TAG;
export const ENTRY: usize = 20;
export const ROW_END: usize = 24;
/** The end of the amount of a row that a filter leaves out: no field ends there. */
export const LEFT_OUT_END: u32 = 0;
/** The end of the row once more if it was rejected; anything else if not. */
export const REJECTED_END: usize = 28;

/** Finds the fields of all rows, and the tags of their departments. */
export function locateFields(places: usize): void {
  unescaped = UNESCAPED;
  if (groupCount > 0) locateKeys(places);
  else if (!locateRegularRows(places)) locateRows(places);
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
  const c = seedC;
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
      const mask = LENGTH_MASKS + (length << 4);
      const low = (load<u64>(start) & load<u64>(mask)) + a;
      const high = (load<u64>(start, 8) & load<u64>(mask, 8)) + b;
      const hash = (low & LOWER_HALF) * (low >> 32) + (high & LOWER_HALF) * (high >> 32);
      store<u32>(place, <u32>(((hash + length) * c) >> 32), TAG);
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
      store<u32>(place, <u32>end, AMOUNT_START);
      store<u32>(place, <u32>end, AMOUNT_END);
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

/**
 * The same where rows are grouped by several columns or by periods, or filtered: the key of each row is written behind the
 * one before. Rows whose key or filters take a second look have an empty name.
 */
function locateKeys(places: usize): void {
  const isOneValue = groupCount == 1 && load<u32>(GROUPS, GROUP_UNIT) == 0;
  if (isOneValue && !hasQuotes && !hasCrs) {
    if (locateValues(places)) return;
  } else if (locateKeysOf(places, true)) return;
  unescaped = UNESCAPED;
  locateKeysOf(places, false);
}

/**
 * The same where the key is the value of one column, there are no quotes, every row has the right number of columns and
 * ends with a LF. Returns false if that is not so. White space needs no look: no name begins or ends with any.
 */
function locateValues(places: usize): bool {
  const rowStep = (<usize>columnCount) << 2;
  const group = (<usize>load<u32>(GROUPS, GROUP_COLUMN)) << 2;
  const amount = (<usize>amountIndex) << 2;
  const hasFilters = filterCount > 0;
  const hasAmounts = amountCount > 0;
  const sole = (<usize>soleColumn) << 2;
  const a = seedA;
  const b = seedB;
  const c = seedC;
  const soleBytes = isSoleShort ? firstBytes(soleText, soleLength) : i8x16.splat(0);
  let fields = SEPARATORS;
  for (let place = PLACES; place < places; place += PLACE_BYTES) {
    const before = fields;
    fields += rowStep;
    const end = load<u32>(fields);
    if (load<u8>(end) != LF) return false;
    store<u32>(place, end, ROW_END);
    store<u32>(place, end, AMOUNT_START);
    if (hasFilters) {
      let verdict = ODD_VALUE;
      if (isSoleShort) {
        const start: usize = load<u32>(before + sole) + 1;
        const length = load<u32>(before + sole, 4) - start;
        if (length == soleLength && !v128.any_true(v128.xor(firstBytes(start, length), soleBytes))) {
          verdict = isSoleNegated ? IS_LEFT_OUT : PASSES;
        } else if (length == 0 || !(mayBeginSpace(load<u8>(start)) || mayEndSpace(load<u8>(start + length - 1)))) {
          verdict = isSoleNegated ? PASSES : IS_LEFT_OUT;
        }
      }
      if (verdict == ODD_VALUE) verdict = judgeRowAt(before, end);
      if (verdict != PASSES) {
        store<u64>(place, 0, NAME_START);
        store<u32>(place, 0, TAG);
        store<u32>(place, verdict == IS_LEFT_OUT ? LEFT_OUT_END : end, AMOUNT_END);
        continue;
      }
    }
    if (hasAmounts) {
      store<u32>(place, <u32>before, FIELDS_OF_ROW);
      store<u32>(place, end, AMOUNT_END);
    } else {
      store<u32>(place, load<u32>(before + amount) + 1, AMOUNT_START);
      store<u32>(place, load<u32>(before + amount, 4), AMOUNT_END);
    }
    const start: usize = load<u32>(before + group) + 1;
    const length = load<u32>(before + group, 4) - start;
    if (length - 1 >= 16 || !isBare(start, length)) {
      placeKey(place, before, end);
      continue;
    }
    store<u32>(place, <u32>start, NAME_START);
    store<u32>(place, <u32>length, NAME_LENGTH);
    const mask = LENGTH_MASKS + (length << 4);
    const low = (load<u64>(start) & load<u64>(mask)) + a;
    const high = (load<u64>(start, 8) & load<u64>(mask, 8)) + b;
    const hash = (low & LOWER_HALF) * (low >> 32) + (high & LOWER_HALF) * (high >> 32);
    store<u32>(place, <u32>(((hash + length) * c) >> 32), TAG);
  }
  return true;
}

/** Places the key of a row without quotes, an empty one where that takes a second look. */
function placeKey(place: usize, before: usize, rowEnd: usize): void {
  const start = unescaped;
  const end = writeKeyOf(before, rowEnd, false);
  const length = end == 0 ? 0 : end - start;
  unescaped += length;
  store<u32>(place, <u32>start, NAME_START);
  store<u32>(place, <u32>length, NAME_LENGTH);
  store<u32>(place, tagOfName(start, length), TAG);
}

/** @param isRegular whether each row has the right number of columns and ends with a LF. Returns false if that is not so. */
function locateKeysOf(places: usize, isRegular: bool): bool {
  const rowStep = (<usize>columnCount) << 2;
  const amount = (<usize>amountIndex) << 2;
  const isOdd = hasQuotes || hasCrs;
  let fields = SEPARATORS;
  for (let place = PLACES; place < places; place += PLACE_BYTES) {
    const before = fields;
    let end: usize = 0;
    if (isRegular) {
      fields += rowStep;
      end = load<u32>(fields);
      if (load<u8>(end) != LF) return false;
    } else {
      do {
        fields += 4;
        end = load<u32>(fields);
      } while (load<u8>(end) != LF && load<u8>(end) != CR);
    }
    store<u32>(place, <u32>end, ROW_END);
    store<u64>(place, 0, NAME_START);
    store<u32>(place, 0, TAG);
    store<u32>(place, <u32>end, AMOUNT_START);
    store<u32>(place, <u32>end, AMOUNT_END);
    if (!isRegular && fields - before != rowStep) continue;
    if (filterCount > 0) {
      const verdict = judgeRowAt(before, end);
      if (verdict == IS_LEFT_OUT) store<u32>(place, LEFT_OUT_END, AMOUNT_END);
      if (verdict != PASSES) continue;
    }
    if (amountCount > 0) store<u32>(place, <u32>before, FIELDS_OF_ROW);
    else {
      store<u32>(place, load<u32>(before + amount) + 1, AMOUNT_START);
      store<u32>(place, load<u32>(before + amount, 4), AMOUNT_END);
      if (isOdd) unwrapAmount(place, end);
    }
    const keyEnd = writeKeyOf(before, end, isOdd);
    if (keyEnd == 0) continue;
    store<u32>(place, <u32>unescaped, NAME_START);
    store<u32>(place, <u32>(keyEnd - unescaped), NAME_LENGTH);
    unescaped = keyEnd;
  }
  tagKeys(places);
  return true;
}

/** A pass of its own: keys were written in small steps, and the processor waits for those if they are read at once. */
function tagKeys(places: usize): void {
  for (let place = PLACES; place < places; place += PLACE_BYTES) {
    const length: usize = load<u32>(place, NAME_LENGTH);
    if (length != 0) store<u32>(place, tagOfName(load<u32>(place, NAME_START), length), TAG);
  }
}

/** The verdict of all filters on a row; the reason of a value that takes a second look says nothing. */
function judgeRowAt(before: usize, rowEnd: usize): u32 {
  let result = PASSES;
  for (let index: u32 = 0; index < filterCount; index++) {
    const filter = FILTERS + <usize>index * FILTER_BYTES;
    const isPlain = locateField(before, load<u32>(filter, FILTER_COLUMN), rowEnd);
    const verdict = isPlain ? judgeValue(filter, plainStart, plainEnd) : ODD_VALUE;
    // It is noted at the second look.
    if (isPlain && hasDoubtfulGroup) return ODD_VALUE;
    if (verdict == IS_LEFT_OUT) return verdict;
    if (verdict != PASSES) result = verdict;
  }
  return result;
}

/** Stands for the verdict on a value that takes a second look. */
const ODD_VALUE: u32 = 254;

/** Writes the key of a row behind the one before. Returns its end, or 0 if one of its fields takes a second look. */
function writeKeyOf(before: usize, rowEnd: usize, isOdd: bool): usize {
  let next = unescaped;
  for (let index: u32 = 0; index < groupCount; index++) {
    const group = GROUPS + <usize>index * GROUP_BYTES;
    const separator = before + ((<usize>load<u32>(group, GROUP_COLUMN)) << 2);
    if (!isOdd) setPlain(load<u32>(separator) + 1, load<u32>(separator, 4));
    else if (!locateField(before, load<u32>(group, GROUP_COLUMN), rowEnd)) return 0;
    if (plainStart >= plainEnd) return 0;
    if (index > 0) store<u8>(next++, KEY_SEPARATOR);
    next = writePart(next, group, plainStart, plainEnd);
    if (next == 0) return 0;
  }
  return next;
}

/** The field that {@link locateField} has found. */
export let plainStart: usize = 0;
export let plainEnd: usize = 0;

/** Finds a field of a row without the quotes around it. Returns false if it takes a second look. */
export function locateField(before: usize, column: u32, rowEnd: usize): bool {
  const separator = before + ((<usize>column) << 2);
  let start: usize = load<u32>(separator) + 1;
  let end: usize = load<u32>(separator, 4);
  if (end == rowEnd) end = beforeLineEnd(start, end);
  if (start < end && load<u8>(start) == quote) {
    start++;
    end--;
    if (holdsQuote(start, end)) return false;
  }
  setPlain(start, end);
  return start <= end;
}

/** Sets the field at hand, without the white space around it. */
function setPlain(start: usize, end: usize): void {
  plainStart = start;
  plainEnd = end;
  if (start >= end) return;
  if (mayBeginSpace(load<u8>(start))) plainStart = skipSpace(start, end);
  if (mayEndSpace(load<u8>(end - 1))) plainEnd = dropSpace(plainStart, end);
}

function unwrapAmount(place: usize, rowEnd: usize): void {
  const start: usize = load<u32>(place, AMOUNT_START);
  let end: usize = load<u32>(place, AMOUNT_END);
  if (end == rowEnd) end = beforeLineEnd(start, end);
  // The index has seen to it that a field that begins with a quote ends with one.
  const isQuotedAmount = start < end && load<u8>(start) == quote;
  store<u32>(place, <u32>(isQuotedAmount ? start + 1 : start), AMOUNT_START);
  store<u32>(place, <u32>(isQuotedAmount ? end - 1 : end), AMOUNT_END);
}

/** Takes away from the two fields the CR of the line end and quotes around them. */
function unwrapFields(place: usize, rowEnd: usize): void {
  unwrapAmount(place, rowEnd);
  let start: usize = load<u32>(place, NAME_START);
  let end = start + load<u32>(place, NAME_LENGTH);
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

/** Writes a name anew with one quote for two, as many bytes at once as there are without any. Returns its end. */
function unescapeName(start: usize, end: usize): usize {
  const quotes = i8x16.splat(<u8>quote);
  let to = unescaped;
  let at = start;
  while (at < end) {
    const bytes = v128.load(at);
    const found = i8x16.bitmask(i8x16.eq(bytes, quotes));
    v128.store(to, bytes);
    // Up to the first of the two quotes; 16 without one.
    const taken = min<usize>(found == 0 ? 16 : ctz(found) + 1, end - at);
    to += taken;
    at += taken + (found == 0 ? 0 : 1);
  }
  return to;
}

/** The end of a record or its last field, without the CR of a CRLF. */
export function beforeLineEnd(start: usize, end: usize): usize {
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
