/** Counts rejected rows, and hands out the first ones. */
import { noteLongReject } from './evidence';
import { report } from './host';
import { maxRejects } from './plan';
import { COLUMN_COUNT, RECORD_TOO_LONG } from './reject-reason';
import { add64, REJECTED, REPORTED } from './state';

/** How much of a rejected record is handed out, in bytes. */
export const MAX_RAW_BYTES: usize = 1000;

/**
 * @param lines that the record spans
 * @param available bytes of the record in memory, at least one more than are handed out if it is longer
 * @param length of the whole record in bytes
 */
export function reject(
  reason: u32,
  line: u64,
  lines: u64,
  offset: u64,
  start: usize,
  available: usize,
  length: u64,
): void {
  add64(REJECTED + reason * 8, 1);
  if (lines > 1 && isAboutForm(reason)) noteLongReject(line, lines);
  if (load<u64>(REPORTED) >= maxRejects) return;
  add64(REPORTED, 1);
  const raw = cutAtCharacter(start, available);
  report(reason, <f64>line, <f64>offset, start, <u32>raw, <u64>raw < length, <f64>lines);
}

/** Whether a record was rejected for how it is written, not for what it holds: a quote may be missing or too many. */
function isAboutForm(reason: u32): bool {
  return reason == COLUMN_COUNT || reason >= RECORD_TOO_LONG;
}

/** How much of a record to hand out: all, or the largest part within the limit that ends with a whole character. */
function cutAtCharacter(start: usize, available: usize): usize {
  if (available <= MAX_RAW_BYTES) return available;
  // A character has at most three continuation bytes (10xxxxxx); more in a row are not UTF-8 and can be cut anywhere.
  for (let cut = MAX_RAW_BYTES; cut > MAX_RAW_BYTES - 4; cut--) {
    if ((load<u8>(start + cut) & 0xc0) != 0x80) return cut;
  }
  return MAX_RAW_BYTES;
}
