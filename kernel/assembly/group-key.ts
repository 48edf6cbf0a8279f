/**
 * The name of an entry where rows are grouped by several columns, or by a period: its parts one behind the other, a byte
 * between them that no part has. Keys are in the order of their parts.
 */
import { beginningOfIsoDate, readDate, writePeriod } from './dates';
import { FIELDS, GROUPS } from './memory';
import { quote } from './plan';

/** A column to group by: its index, the period (0 for the value as it is), and the order of its dates. */
export const GROUP_COLUMN: usize = 0;
export const GROUP_UNIT: usize = 4;
const GROUP_ORDER: usize = 8;
export const GROUP_BYTES: usize = 16;

/** A field of the row at hand for each of them: where it begins and ends, and whether it has quotes that stand twice. */
export const FIELD_START: usize = 0;
export const FIELD_END: usize = 4;
export const FIELD_IS_ESCAPED: usize = 8;

/** Stands between two parts. */
export const KEY_SEPARATOR: u8 = 1;
/** Stands before a byte that is this or smaller, which is two more then: no part has a separator, and the order is kept. */
const ESCAPE: u8 = 2;

/** The end of the key that was written last. */
export let keyEnd: usize = 0;

/** Whether a date of the row at hand is not readable. */
export const NOT_READABLE: i32 = 2;
/** Whether a value is empty. */
export const EMPTY: i32 = 1;
export const WRITTEN: i32 = 0;

/** Writes the key of the fields at {@link FIELDS}, and says whether that could be done. */
export function writeKey(to: usize, groups: u32): i32 {
  let result = WRITTEN;
  let next = to;
  for (let index: u32 = 0; index < groups; index++) {
    const field = FIELDS + index * GROUP_BYTES;
    const group = GROUPS + index * GROUP_BYTES;
    const start: usize = load<u32>(field, FIELD_START);
    const end: usize = load<u32>(field, FIELD_END);
    const unit = load<u32>(group, GROUP_UNIT);
    if (index > 0) store<u8>(next++, KEY_SEPARATOR);
    if (unit == 0) {
      if (start == end) return EMPTY;
      next = writeValue(next, start, end, load<u32>(field, FIELD_IS_ESCAPED) != 0);
    } else if (readDate(start, end, unit, load<u32>(group, GROUP_ORDER))) next = writePeriod(next, unit);
    // An empty value is told first, wherever it is.
    else result = NOT_READABLE;
  }
  keyEnd = next;
  return result;
}

/**
 * Writes a part of a key that is not empty and has no quotes that stand twice. Returns its end, or 0 for a date that is not
 * readable.
 */
export function writePart(to: usize, group: usize, start: usize, end: usize): usize {
  const unit = load<u32>(group, GROUP_UNIT);
  const length = end - start;
  if (unit != 0) {
    const beginning = beginningOfIsoDate(start, length, unit);
    if (beginning == 0) return readDate(start, end, unit, load<u32>(group, GROUP_ORDER)) ? writePeriod(to, unit) : 0;
    v128.store(to, v128.load(start));
    return to + beginning;
  }
  if (length > 16 || !isBare(start, length)) return writeValue(to, start, end, false);
  v128.store(to, v128.load(start));
  return to + length;
}

/** Whether a text of at most 16 bytes is the same in a key. */
export function isBare(start: usize, length: usize): bool {
  const found = i8x16.bitmask(i8x16.le_u(v128.load(start), i8x16.splat(ESCAPE)));
  return (found & ((1 << (<i32>length)) - 1)) == 0;
}

/** Writes a value, of two quotes one, and says where it ends. */
function writeValue(to: usize, start: usize, end: usize, isEscaped: bool): usize {
  let next = to;
  let at = start;
  if (!isEscaped) {
    // As many bytes at once as need no look.
    while (at < end) {
      const length = end - at < 16 ? end - at : 16;
      const bytes = v128.load(at);
      const found = i8x16.bitmask(i8x16.le_u(bytes, i8x16.splat(ESCAPE)));
      if ((found & ((1 << (<i32>length)) - 1)) != 0) break;
      v128.store(next, bytes);
      at += length;
      next += length;
    }
  }
  for (; at < end; at++) {
    const byte = load<u8>(at);
    if (byte <= ESCAPE) {
      store<u8>(next, ESCAPE);
      store<u8>(next, byte + ESCAPE, 1);
      next += 2;
    } else {
      store<u8>(next++, byte);
      if (isEscaped && byte == <u8>quote) at++;
    }
  }
  return next;
}
