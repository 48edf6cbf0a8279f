import { REJECT_REASONS } from '../kernel.ts';

/** Bytes of the block of counters and positions that a checkpoint of a kernel begins with: `assembly/state.ts`. */
export const STATE_BYTES = 448;

// Where the numbers are in it.
const OFFSET = 0;
const RECORD_OFFSET = 8;
const IS_IN_RECORD = 44;
const SCAN_STATE = 52;
const SCAN_LENGTH = 56;
const SCAN_FAULT = 64;
const REPORTED = 80;
const REJECTED = 88;
const DEPARTMENTS = 176;
const UNITS = 180;
const HELD_BYTES = 192;
const DECIMALS_SEEN = 248;

/** Counters of 64 bits. None counts beyond what a double holds exactly. */
const COUNTERS = [
  ...[OFFSET, RECORD_OFFSET, 16, 24, 32, SCAN_LENGTH, 72, REPORTED, 184, 200, 224, 256, 264, 280, 288, 296, 304],
  ...[312, 320, 328, 336, 344, 352],
  ...Array.from({ length: REJECT_REASONS }, (_, reason) => REJECTED + 8 * reason),
];
/** Numbers of 32 bits, and the largest value of each. */
const SMALL_NUMBERS: readonly [at: number, most: number][] = [
  // Whether a header is awaited, a record is unfinished, a CR was last, in the file and in the record.
  [40, 1],
  [IS_IN_RECORD, 1],
  [48, 1],
  [68, 1],
  // The states and the faults of `assembly/record-scanner.ts`.
  [SCAN_STATE, 15],
  [SCAN_FAULT, 3],
  [DECIMALS_SEEN, 0xff],
  // Scales of sums.
  [440, 6],
  [444, 6],
];
const FAULT_TOO_LONG = 3;

/** The lengths of the parts that follow the block. */
export interface StateLengths {
  held: number;
  departments: number;
  units: number;
}

/** The lengths that a block says. */
export function lengthsOf(block: Uint8Array): StateLengths {
  const view = viewOf(block);
  return {
    held: view.getUint32(HELD_BYTES, true),
    departments: view.getUint32(DEPARTMENTS, true),
    units: view.getUint32(UNITS, true),
  };
}

/**
 * Whether a kernel can have come to a block, which anybody may have written: every number is in its range, and those that
 * follow from each other do.
 *
 * @param limits.maxHeldBytes what is kept at most of a record that is too long
 */
export function isStatePossible(block: Uint8Array, limits: { maxRecordBytes: number; maxHeldBytes: number }): boolean {
  const view = viewOf(block);
  const counter = (at: number) => view.getBigUint64(at, true);
  const number = (at: number) => view.getUint32(at, true);
  if (COUNTERS.some((at) => counter(at) > BigInt(Number.MAX_SAFE_INTEGER))) return false;
  if (SMALL_NUMBERS.some(([at, most]) => number(at) > most)) return false;
  const rejected = Array.from({ length: REJECT_REASONS }, (_, reason) => counter(REJECTED + 8 * reason));
  if (counter(REPORTED) > rejected.reduce((sum, count) => sum + count, 0n)) return false;
  if (counter(RECORD_OFFSET) > counter(OFFSET)) return false;
  const held = number(HELD_BYTES);
  if (number(IS_IN_RECORD) === 0) return held === 0;
  const length = counter(SCAN_LENGTH);
  if (number(SCAN_FAULT) === FAULT_TOO_LONG) return held <= limits.maxHeldBytes && BigInt(held) <= length;
  return BigInt(held) === length && held <= limits.maxRecordBytes;
}

function viewOf(block: Uint8Array): DataView {
  return new DataView(block.buffer, block.byteOffset, block.byteLength);
}
