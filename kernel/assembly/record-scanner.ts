/**
 * Finds the ends of records one byte at a time, whatever stands in them. It keeps its place in the job's state, so that a
 * record may be cut anywhere, any number of times. The quick way is in `separator-index.ts`.
 */
import { CR, delimiter, isWhiteSpace, LF, maxRecordBytes, quote, trims } from './plan';
import { SCAN_AFTER_CR, SCAN_FAULT, SCAN_LENGTH, SCAN_LINE_BREAKS, SCAN_STATE } from './state';
import { LEAD_C2, LEAD_E2, LEAD_EF } from './white-space';

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
/** After the first bytes of a white space of several bytes, before a field. */
const START_C2: u32 = 6;
const START_E2: u32 = 7;
const START_E2_80: u32 = 8;
const START_EF: u32 = 9;
const START_EF_BB: u32 = 10;
/** The same behind a closing quote: so far on are those states. */
const BEHIND: u32 = 5;
/** The largest of all states. */
export const LAST_STATE: u32 = START_EF_BB + BEHIND;

/** Gets ready for the next record. */
export function resetScanner(): void {
  store<u64>(SCAN_LENGTH, 0);
  store<u32>(SCAN_FAULT, FAULT_NONE);
  store<u64>(SCAN_LINE_BREAKS, 0);
  store<u32>(SCAN_STATE, FIELD_START);
  store<u32>(SCAN_AFTER_CR, 0);
}

/**
 * Goes on with a record. One that is too long ends where it would otherwise: inside its quotes no line break does.
 *
 * @returns the address of the CR or LF that ends it, or 0 if it goes on after `to`
 */
export function scanRecord(from: usize, to: usize): usize {
  const length = load<u64>(SCAN_LENGTH);
  let state = load<u32>(SCAN_STATE);
  let fault = load<u32>(SCAN_FAULT);
  let afterCr = load<u32>(SCAN_AFTER_CR) != 0;
  let lineBreaks = load<u64>(SCAN_LINE_BREAKS);
  let at = from;
  for (; at < to; at++) {
    const byte: u32 = load<u8>(at);
    const isLineBreak = byte == LF || byte == CR;
    if (isLineBreak && state != QUOTED) break;
    switch (state) {
      case FIELD_START:
        if (byte == quote) state = QUOTED;
        else if (byte != delimiter && !isWhiteSpace(byte)) state = leadState(byte);
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
          state = leadState(byte);
          if (state == UNQUOTED) state = FAULTY;
          else state += BEHIND;
        }
        break;
      case FAULTY:
        break;
      default:
        state = state < START_C2 + BEHIND ? stateBefore(state, byte) : stateBehind(state, byte);
    }
    if (state == FAULTY && fault == FAULT_NONE) fault = FAULT_MALFORMED_QUOTE;
  }
  // Half a white space behind a closing quote is none.
  if (at < to && state >= START_C2 + BEHIND && fault == FAULT_NONE) fault = FAULT_MALFORMED_QUOTE;
  const scanned = length + (at - from);
  if (scanned > maxRecordBytes) fault = FAULT_TOO_LONG;
  store<u64>(SCAN_LENGTH, scanned);
  store<u32>(SCAN_STATE, state);
  store<u32>(SCAN_FAULT, fault);
  store<u32>(SCAN_AFTER_CR, afterCr ? 1 : 0);
  store<u64>(SCAN_LINE_BREAKS, lineBreaks);
  return at < to ? at : 0;
}

/** The state after a byte that may begin a white space of several bytes; otherwise it belongs to a field. */
function leadState(byte: u32): u32 {
  if (byte < LEAD_C2 || !trims) return UNQUOTED;
  if (byte == LEAD_C2) return START_C2;
  if (byte == LEAD_E2) return START_E2;
  return byte == LEAD_EF ? START_EF : UNQUOTED;
}

/** The state after another byte of a white space before a field; it belongs to the field if it is none. */
function stateBefore(state: u32, byte: u32): u32 {
  if (state == START_C2 && byte == 0xa0) return FIELD_START;
  if (state == START_E2 && byte == 0x80) return START_E2_80;
  if (state == START_E2_80 && byte == 0x8b) return FIELD_START;
  if (state == START_EF && byte == 0xbb) return START_EF_BB;
  if (state == START_EF_BB && byte == 0xbf) return FIELD_START;
  return byte == delimiter ? FIELD_START : UNQUOTED;
}

/** The same behind a closing quote, where nothing else may be. */
function stateBehind(state: u32, byte: u32): u32 {
  const next = stateBefore(state - BEHIND, byte);
  if (next == UNQUOTED || byte == delimiter) return FAULTY;
  return next == FIELD_START ? CLOSED : next + BEHIND;
}

/** Says that the text has ended inside this record. */
export function endScan(): void {
  const state = load<u32>(SCAN_STATE);
  if (load<u32>(SCAN_FAULT) != FAULT_NONE) return;
  if (state == QUOTED) store<u32>(SCAN_FAULT, FAULT_UNTERMINATED_QUOTE);
  else if (state >= START_C2 + BEHIND) store<u32>(SCAN_FAULT, FAULT_MALFORMED_QUOTE);
}
