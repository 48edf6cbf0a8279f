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
/** Rejected rows by reason, eleven numbers. */
export const REJECTED: usize = STATE + 88;
export const DEPARTMENTS: usize = STATE + 176;
/** Units of 64 bytes in use of the region of entries. */
export const UNITS: usize = STATE + 180;
/** Bytes of all names alone, which are limited. */
export const NAME_BYTES: usize = STATE + 184;
/** Bytes of the record that was cut, in the region of the input. */
export const HELD_BYTES: usize = STATE + 192;

export function add64(address: usize, amount: u64): void {
  store<u64>(address, load<u64>(address) + amount);
}
