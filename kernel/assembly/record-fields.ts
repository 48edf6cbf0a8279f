/** Splits one whole record (without its line end) into fields: the way for records of any form. */
import { scratch } from './memory';
import { delimiter, quote } from './plan';
import { dropSpace, skipSpace } from './white-space';

/** The field at hand, unquoted and trimmed. */
export let fieldStart: usize = 0;
export let fieldEnd: usize = 0;
/** Whether it holds two quotes that stand for one; {@link unescapeField} makes it so. */
export let isEscaped: bool = false;

let next: usize = 0;
let recordEnd: usize = 0;

/** Takes up a record; {@link nextField} then moves to its first field. */
export function openRecord(start: usize, end: usize): void {
  next = start;
  recordEnd = end;
}

/** Whether a record has nothing but white space (never a delimiter or a quote). */
export function isBlank(start: usize, end: usize): bool {
  return skipSpace(start, end) == end;
}

/** Moves to the next field. Returns false after the last. */
export function nextField(): bool {
  // A record of n delimiters has n + 1 fields, so the last one may be empty and begin at the record's end.
  if (next > recordEnd) return false;
  const at = skipSpace(next, recordEnd);
  isEscaped = false;
  if (at < recordEnd && load<u8>(at) == quote) readQuoted(at + 1);
  else readUnquoted(next);
  trimField();
  return true;
}

function readUnquoted(start: usize): void {
  const end = recordEnd;
  const separator = delimiter;
  let at = start;
  while (at < end && load<u8>(at) != separator) at++;
  fieldStart = start;
  fieldEnd = at;
  next = at + 1;
}

function readQuoted(start: usize): void {
  let at = start;
  for (; at < recordEnd; at++) {
    if (load<u8>(at) != quote) continue;
    if (at + 1 >= recordEnd || load<u8>(at + 1) != quote) break;
    isEscaped = true;
    at++;
  }
  fieldStart = start;
  fieldEnd = at < recordEnd ? at : recordEnd;
  // Only white space follows the closing quote: faulty records never get here.
  while (at < recordEnd && load<u8>(at) != delimiter) at++;
  next = at + 1;
}

/** Writes the field anew with one quote for two. */
export function unescapeField(): void {
  fieldEnd = writeUnescaped();
  fieldStart = scratch;
}

/** Writes the field with one quote for two to the scratch, and leaves it as it is. Returns the end of what was written. */
export function writeUnescaped(): usize {
  let to = scratch;
  for (let at = fieldStart; at < fieldEnd; at++) {
    const byte = load<u8>(at);
    store<u8>(to++, byte);
    if (byte == quote) at++;
  }
  return to;
}

function trimField(): void {
  fieldStart = skipSpace(fieldStart, fieldEnd);
  fieldEnd = dropSpace(fieldStart, fieldEnd);
}
