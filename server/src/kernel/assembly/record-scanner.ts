/**
 * Finds the ends of records one byte at a time, whatever stands in them. It keeps its place in the job's state, so that a
 * record may be cut anywhere, any number of times. The quick way is in `separator-index.ts`.
 */
import { CR, delimiter, isWhiteSpace, LF, maxRecordBytes, quote } from './plan';
import { SCAN_AFTER_CR, SCAN_FAULT, SCAN_LENGTH, SCAN_LINE_BREAKS, SCAN_STATE } from './state';

export const FAULT_NONE: u32 = 0;
export const FAULT_MALFORMED_QUOTE: u32 = 1;
export const FAULT_UNTERMINATED_QUOTE: u32 = 2;
export const FAULT_TOO_LONG: u32 = 3;

/** Before the first byte of a field that is not white space. */
const FIELD_START: u32 = 0;
const UNQUOTED: u32 = 1;
const QUOTED: u32 = 2;
/** After a quote inside quotes: it closes the field, or is the first half of two. */
const QUOTE_SEEN: u32 = 3;
/** In white space after a closing quote. */
const CLOSED: u32 = 4;
/** After a fault: nothing but a line break ends the record, so that only this row is lost. */
const FAULTY: u32 = 5;

/** Gets ready for the next record. */
export function resetScanner(): void {
  store<u64>(SCAN_LENGTH, 0);
  store<u32>(SCAN_FAULT, FAULT_NONE);
  store<u64>(SCAN_LINE_BREAKS, 0);
  store<u32>(SCAN_STATE, FIELD_START);
  store<u32>(SCAN_AFTER_CR, 0);
}

/** Goes on with a record. Returns the address of the CR or LF that ends it, or 0 if it goes on after `to`. */
export function scanRecord(from: usize, to: usize): usize {
  const length = load<u64>(SCAN_LENGTH);
  // The byte at this address, if it still belongs to the record, makes it too long.
  const room = length < maxRecordBytes ? <usize>(maxRecordBytes - length) : 0;
  const tooLongAt = room < to - from ? from + room : to;
  let state = load<u32>(SCAN_STATE);
  let afterCr = load<u32>(SCAN_AFTER_CR) != 0;
  let lineBreaks = load<u64>(SCAN_LINE_BREAKS);
  let at = from;
  for (; at < to; at++) {
    const byte: i32 = load<u8>(at);
    const isLineBreak = byte == LF || byte == CR;
    if (isLineBreak && state != QUOTED) break;
    if (at >= tooLongAt) {
      store<u32>(SCAN_FAULT, FAULT_TOO_LONG);
      state = FAULTY;
      if (isLineBreak) break;
      continue;
    }
    switch (state) {
      case FIELD_START:
        if (byte == quote) state = QUOTED;
        else if (byte != delimiter && !isWhiteSpace(byte)) state = UNQUOTED;
        break;
      case UNQUOTED:
        if (byte == delimiter) state = FIELD_START;
        break;
      case QUOTED:
        if (byte == quote) state = QUOTE_SEEN;
        else if (isLineBreak && (byte == CR || !afterCr)) lineBreaks++;
        afterCr = byte == CR;
        break;
      case QUOTE_SEEN:
      case CLOSED:
        if (byte == delimiter) {
          state = FIELD_START;
        } else if (byte == quote && state == QUOTE_SEEN) {
          state = QUOTED;
        } else if (isWhiteSpace(byte)) {
          state = CLOSED;
        } else {
          store<u32>(SCAN_FAULT, FAULT_MALFORMED_QUOTE);
          state = FAULTY;
        }
        break;
    }
  }
  const scanned = length + (at - from);
  // A quoted CR was the last byte within the limit and its LF the first beyond it: one line break, counted already.
  if (
    at < to &&
    afterCr &&
    load<u8>(at) == LF &&
    load<u32>(SCAN_FAULT) == FAULT_TOO_LONG &&
    scanned == maxRecordBytes
  ) {
    lineBreaks--;
  }
  store<u64>(SCAN_LENGTH, scanned);
  store<u32>(SCAN_STATE, state);
  store<u32>(SCAN_AFTER_CR, afterCr ? 1 : 0);
  store<u64>(SCAN_LINE_BREAKS, lineBreaks);
  return at < to ? at : 0;
}

/** Says that the text has ended inside this record. */
export function endScan(): void {
  if (load<u32>(SCAN_STATE) == QUOTED) store<u32>(SCAN_FAULT, FAULT_UNTERMINATED_QUOTE);
}
