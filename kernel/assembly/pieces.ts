/** Takes up the file piece by piece. A record that a piece cuts is held until its end has come. */
import { failure, NO_FAILURE } from './failure';
import { readPlainRows } from './fast-path';
import { input, inputEnd } from './memory';
import { CR, LF } from './plan';
import { endScan, FAULT_TOO_LONG, resetScanner, scanRecord } from './record-scanner';
import { MAX_RAW_BYTES } from './rejects';
import { readRecord } from './slow-path';
import {
  add64,
  HELD_BYTES,
  IS_AFTER_CR,
  IS_HEADER_AWAITED,
  IS_IN_RECORD,
  OFFSET,
  RECORD_OFFSET,
  SCAN_FAULT,
} from './state';

/** Held records up to this size are moved to the front for each piece, so that the same memory is used again. */
const SMALL_BYTES: u32 = 4096;

/** Where the held part of a record begins. */
export let held: usize = 0;

/** Returns the address that the next `length` bytes of the file go to. */
export function reservePiece(length: usize): usize {
  const bytes = load<u32>(HELD_BYTES);
  if (held == 0 || bytes == 0) {
    held = input;
  } else if (bytes <= SMALL_BYTES || held + bytes + length > inputEnd) {
    memory.copy(input, held, bytes);
    held = input;
  }
  return held + bytes;
}

/** Takes up the bytes that were put where {@link reservePiece} said. Returns why the job cannot go on, or 0. */
export function takePiece(from: usize, length: usize): i32 {
  const to = from + length;
  let at = from;
  if (load<u32>(IS_IN_RECORD) != 0) at = resumeRecord(from, to);
  while (at < to && failure == NO_FAILURE) {
    if (load<u32>(IS_AFTER_CR) != 0) {
      store<u32>(IS_AFTER_CR, 0);
      if (load<u8>(at) == LF && ++at == to) break;
    }
    if (load<u32>(IS_HEADER_AWAITED) == 0) at = readPlainRows(from, at, to);
    if (at < to && failure == NO_FAILURE) at = startRecord(from, at, to);
  }
  add64(OFFSET, length);
  return failure;
}

/**
 * Takes up bytes to the end of the record that is open, and no further. Returns how many, or minus the number of a
 * failure.
 */
export function takeRecordEnd(from: usize, length: usize): i32 {
  if (load<u32>(IS_IN_RECORD) == 0) return 0;
  const taken = resumeRecord(from, from + length) - from;
  add64(OFFSET, taken);
  return failure != NO_FAILURE ? -failure : <i32>taken;
}

/** Says that the file has ended. */
export function endPieces(): i32 {
  if (load<u32>(IS_IN_RECORD) == 0) return failure;
  store<u32>(IS_IN_RECORD, 0);
  endScan();
  readRecord(held, held + load<u32>(HELD_BYTES));
  store<u32>(HELD_BYTES, 0);
  return failure;
}

/** Begins a record. Returns where the next one begins, or `to`. */
function startRecord(piece: usize, from: usize, to: usize): usize {
  store<u64>(RECORD_OFFSET, load<u64>(OFFSET) + (from - piece));
  resetScanner();
  const end = scanRecord(from, to);
  if (end == 0) {
    store<u32>(IS_IN_RECORD, 1);
    held = from;
    hold(to);
    return to;
  }
  return endRecord(from, end);
}

/** Goes on with the record that an earlier piece left unfinished. */
function resumeRecord(from: usize, to: usize): usize {
  const end = scanRecord(from, to);
  if (end == 0) {
    hold(to);
    return to;
  }
  store<u32>(IS_IN_RECORD, 0);
  store<u32>(HELD_BYTES, 0);
  return endRecord(held, end);
}

function endRecord(start: usize, end: usize): usize {
  readRecord(start, end);
  store<u32>(IS_AFTER_CR, load<u8>(end) == CR ? 1 : 0);
  return end + 1;
}

/** Of a record that is too long only so much is kept as is handed out, and one byte to tell where to cut it. */
function hold(to: usize): void {
  const bytes = to - held;
  const isTooLong = load<u32>(SCAN_FAULT) == FAULT_TOO_LONG;
  store<u32>(HELD_BYTES, <u32>(isTooLong && bytes > MAX_RAW_BYTES + 1 ? MAX_RAW_BYTES + 1 : bytes));
}
