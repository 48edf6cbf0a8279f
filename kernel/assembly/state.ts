/**
 * The part of a job's state that a checkpoint carries as it is, at fixed places: counters, the position in the file and
 * in the record at hand.
 */
import { STATE } from './memory';

/** Bytes of all pieces before the one at hand. */
export const OFFSET: usize = STATE;
/** Where the record that was cut begins in the file. */
export const RECORD_OFFSET: usize = STATE + 8;
/** Physical lines that have ended. */
export const LINES: usize = STATE + 16;
export const ROWS: usize = STATE + 24;
export const BLANK_LINES: usize = STATE + 32;
export const IS_HEADER_AWAITED: usize = STATE + 40;
/** A record has begun in an earlier piece. */
export const IS_IN_RECORD: usize = STATE + 44;
/** The last byte was a CR that ended a record: a LF that follows belongs to it. */
export const IS_AFTER_CR: usize = STATE + 48;
/** The scanner of records: where it stands. */
export const SCAN_STATE: usize = STATE + 52;
/** Bytes of the record so far, without its line end. */
export const SCAN_LENGTH: usize = STATE + 56;
export const SCAN_FAULT: usize = STATE + 64;
export const SCAN_AFTER_CR: usize = STATE + 68;
/** Line breaks inside the record so far (in quotes), CRLF counted once. */
export const SCAN_LINE_BREAKS: usize = STATE + 72;
/** Rejects that were handed out. */
export const REPORTED: usize = STATE + 80;
export const DEPARTMENTS: usize = STATE + 176;
/** Units of 64 bytes in use of the region of entries. */
export const UNITS: usize = STATE + 180;
/** Bytes of all names alone, which are limited. */
export const NAME_BYTES: usize = STATE + 184;
/** Bytes of the record that was cut, in the region of the input. */
export const HELD_BYTES: usize = STATE + 192;

// Evidence: counts over the whole file that a reader of the totals must know. All of them are filled off the fast path,
// but for DECIMALS_SEEN.
/** Rows below zero that count, and their sum (two halves). */
export const NEGATIVES: usize = STATE + 200;
export const NEGATIVE_SUM: usize = STATE + 208;
/** Rejected rows whose amount could be read, and its sum (two halves). */
export const LEFT_OUT: usize = STATE + 224;
export const LEFT_OUT_SUM: usize = STATE + 232;
/** Bit n: an amount that counts has a decimal separator and n digits behind it; from 7 digits on, bit 7. */
export const DECIMALS_SEEN: usize = STATE + 248;
/** Amounts that count with one group and nothing behind it, such as 1,234, which could be decimals; the first one's line. */
export const ONE_GROUP: usize = STATE + 256;
export const ONE_GROUP_LINE: usize = STATE + 264;
/** Rejected amounts that the other decimal separator would explain; the first one's line and text. */
export const OTHER_DECIMAL: usize = STATE + 280;
export const OTHER_DECIMAL_LINE: usize = STATE + 288;
/** Rejected amounts that are numbers but for a currency that is not the file's; the first one's line and text. */
export const OTHER_CURRENCY: usize = STATE + 296;
export const OTHER_CURRENCY_LINE: usize = STATE + 304;
/** Records of more than one line that were rejected for their form, the lines that they span, the most that one spans, and that one's first. */
export const LONG_REJECTS: usize = STATE + 312;
export const LONG_REJECT_LINES: usize = STATE + 320;
export const LONGEST_REJECT: usize = STATE + 328;
export const LONGEST_REJECT_LINE: usize = STATE + 336;
/** The most lines that a record which counts (or the header) spans, if it is no short one, and its first. */
export const LONGEST_RECORD: usize = STATE + 344;
export const LONGEST_RECORD_LINE: usize = STATE + 352;
/** Zeros behind the text, if it is shorter. */
export const OTHER_DECIMAL_TEXT: usize = STATE + 360;
export const OTHER_CURRENCY_TEXT: usize = STATE + 400;
export const TEXT_BYTES: usize = 40;
/** The most decimals in the two sums. */
export const NEGATIVE_SCALE: usize = STATE + 440;
export const LEFT_OUT_SCALE: usize = STATE + 444;
/** Rejected rows by reason, twelve numbers. */
export const REJECTED: usize = STATE + 448;
/** Rows that a filter has left out. */
export const FILTERED: usize = STATE + 544;

export function add64(address: usize, amount: u64): void {
  store<u64>(address, load<u64>(address) + amount);
}
