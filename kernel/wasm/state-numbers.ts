import {
  BLANK_LINES,
  DECIMALS_SEEN,
  DEPARTMENTS,
  FAULT_TOO_LONG,
  FILTERED,
  HELD_BYTES,
  IS_AFTER_CR,
  IS_HEADER_AWAITED,
  IS_IN_RECORD,
  LAST_SCAN_STATE,
  LEFT_OUT,
  LEFT_OUT_SCALE,
  LEFT_OUT_SUM,
  LINES,
  LONG_REJECT_LINES,
  LONG_REJECTS,
  LONGEST_RECORD,
  LONGEST_RECORD_LINE,
  LONGEST_REJECT,
  LONGEST_REJECT_LINE,
  NAME_BYTES,
  NEGATIVE_SCALE,
  NEGATIVE_SUM,
  NEGATIVES,
  OFFSET,
  ONE_GROUP,
  ONE_GROUP_LINE,
  OTHER_CURRENCY,
  OTHER_CURRENCY_LINE,
  OTHER_DECIMAL,
  OTHER_DECIMAL_LINE,
  RECORD_OFFSET,
  REJECT_REASONS,
  REJECTED,
  REPORTED,
  ROWS,
  SCAN_AFTER_CR,
  SCAN_FAULT,
  SCAN_LENGTH,
  SCAN_LINE_BREAKS,
  SCAN_STATE,
  STATE,
  UNITS,
} from '#gen/kernel-constants.ts';
import { AMOUNT_DECIMALS } from '../kernel.ts';

/** Counters of 64 bits. None counts beyond what a double holds exactly. */
const COUNTERS = [
  ...[OFFSET, RECORD_OFFSET, LINES, ROWS, FILTERED, BLANK_LINES, SCAN_LENGTH, SCAN_LINE_BREAKS, REPORTED, NAME_BYTES],
  ...[NEGATIVES, LEFT_OUT, ONE_GROUP, ONE_GROUP_LINE],
  ...[OTHER_DECIMAL, OTHER_DECIMAL_LINE, OTHER_CURRENCY, OTHER_CURRENCY_LINE],
  ...[LONG_REJECTS, LONG_REJECT_LINES, LONGEST_REJECT, LONGEST_REJECT_LINE, LONGEST_RECORD, LONGEST_RECORD_LINE],
  ...Array.from({ length: REJECT_REASONS }, (_, reason) => REJECTED + 8 * reason),
];
/** Numbers of 32 bits, and the largest value of each. */
const SMALL_NUMBERS: readonly [at: number, most: number][] = [
  [IS_HEADER_AWAITED, 1],
  [IS_IN_RECORD, 1],
  [IS_AFTER_CR, 1],
  [SCAN_AFTER_CR, 1],
  [SCAN_STATE, LAST_SCAN_STATE],
  [SCAN_FAULT, FAULT_TOO_LONG],
  [DECIMALS_SEEN, 0xff],
  [NEGATIVE_SCALE, AMOUNT_DECIMALS],
  [LEFT_OUT_SCALE, AMOUNT_DECIMALS],
];

/** Sums of 128 bits, and the most decimals in each. */
const SUMS = [
  [NEGATIVE_SUM, NEGATIVE_SCALE],
  [LEFT_OUT_SUM, LEFT_OUT_SCALE],
] as const;

/** The lengths of the parts that follow the block. */
export interface StateLengths {
  held: number;
  departments: number;
  units: number;
  /** Rows that count. */
  rows: bigint;
}

/** The lengths that a block says, and its rows. */
export function lengthsOf(block: Uint8Array): StateLengths {
  const view = viewOf(block);
  return {
    held: view.getUint32(HELD_BYTES - STATE, true),
    departments: view.getUint32(DEPARTMENTS - STATE, true),
    units: view.getUint32(UNITS - STATE, true),
    rows: view.getBigUint64(ROWS - STATE, true),
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
  const counter = (at: number) => view.getBigUint64(at - STATE, true);
  const number = (at: number) => view.getUint32(at - STATE, true);
  if (COUNTERS.some((at) => counter(at) > BigInt(Number.MAX_SAFE_INTEGER))) return false;
  if (SMALL_NUMBERS.some(([at, most]) => number(at) > most)) return false;
  const rejected = Array.from({ length: REJECT_REASONS }, (_, reason) => counter(REJECTED + 8 * reason));
  if (counter(REPORTED) > rejected.reduce((sum, count) => sum + count, 0n)) return false;
  if (counter(RECORD_OFFSET) > counter(OFFSET)) return false;
  const isSumPossible = ([sum, scale]: readonly [number, number]) => {
    const low = view.getBigUint64(sum - STATE, true);
    const units = (view.getBigInt64(sum - STATE + 8, true) << 64n) | low;
    return units % 10n ** BigInt(AMOUNT_DECIMALS - number(scale)) === 0n;
  };
  if (!SUMS.every(isSumPossible)) return false;
  const held = number(HELD_BYTES);
  if (number(IS_IN_RECORD) === 0) return held === 0;
  const length = counter(SCAN_LENGTH);
  if (number(SCAN_FAULT) === FAULT_TOO_LONG) return held <= limits.maxHeldBytes && BigInt(held) <= length;
  return BigInt(held) === length && held <= limits.maxRecordBytes;
}

function viewOf(block: Uint8Array): DataView {
  return new DataView(block.buffer, block.byteOffset, block.byteLength);
}
