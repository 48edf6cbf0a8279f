/**
 * Where everything lies in the instance's memory. There is no allocator and no garbage: fixed places here, and behind
 * them regions whose size follows from the limits of the job (`memory-layout.ts` of the host computes their places).
 */

// The state that a checkpoint carries besides departments: see `state.ts` for its fields.
export const STATE: usize = 1024;
export const STATE_BYTES: usize = 552;
/** Sixteen masks of 16 bytes: at `length * 16` the one that keeps the first `length` bytes. */
export const LENGTH_MASKS: usize = 2048;
/** One flag a byte: whether it is white space to be trimmed. */
export const WHITE_SPACE: usize = 2560;
/** Powers of ten as 64-bit integers: at `decimals * 8` what a number with so many decimals is multiplied with. */
export const UNIT_SCALES: usize = 2880;

/** LF and CR. */
export const LINE_ENDS: usize = 2944;

/** The sign or code of the currency, in UTF-8. */
export const CURRENCY: usize = 2960;
export const MAX_CURRENCY_BYTES: usize = 16;

/** The columns to group by, and the fields of a row that they have: `group-key.ts` says how. */
export const MAX_GROUPS: u32 = 4;
export const GROUPS: usize = 3072;
export const FIELDS: usize = 3200;
// From 3584 on the compiler places its data: `--memoryBase` in scripts/set-up.mjs.

/** The most bytes that are indexed before their rows are read: with their index they stay in the fastest cache. */
export const STRETCH_BYTES: usize = 4096;
/** Entries that blocks of 64 bytes may write beyond those that count. */
const INDEX_SLACK: usize = 128;
/**
 * The address of each separator of a stretch, 32 bits each, behind one for the byte before the stretch and before room
 * for as many as a row may have.
 */
export const SEPARATORS: usize = 4096;
/** The places of each row of a stretch, 32 bytes each. */
export const PLACES: usize = SEPARATORS + (2 * STRETCH_BYTES + INDEX_SLACK) * 4;
/** Names of a stretch without their doubled quotes; a second try at the same rows may need as much again. */
export const UNESCAPED: usize = PLACES + STRETCH_BYTES * 32;
/** The addresses of the leading departments of a snapshot, 32 bits each; the index of separators is not in use then. */
export const TOP: usize = SEPARATORS;
export const MAX_TOP: u32 = <u32>STRETCH_BYTES;
/** A unit of another state while that is merged; the index of separators is not in use then, either. */
export const MERGED_UNIT: usize = SEPARATORS;

/** The filters of the question, with what they found in the row at hand, and behind them their values: `filters.ts`. */
export const MAX_FILTERS: u32 = 16;
export const FILTERS: usize = 256 * 1024;
export const VERDICTS: usize = FILTERS + 1024;
export const FILTER_VALUES: usize = FILTERS + 4096;

/** The amounts of the question where there are several, or products, and what a row has of them: `row-amounts.ts`. */
export const MAX_AMOUNTS: u32 = 8;
export const AMOUNTS: usize = FILTERS + 2048;
export const OPERANDS: usize = AMOUNTS + 256;
export const FIGURES: usize = OPERANDS + 512;

/** Short amounts of a stretch, 8 bytes each: those of one column behind each other. No row has fewer than two bytes. */
export const SHORT_AMOUNTS: usize = FILTERS + 128 * 1024;

/** The rows of a stretch that have several amounts and a known department, 16 bytes each: `fast-path.ts`. */
export const KNOWN_ROWS: usize = SHORT_AMOUNTS + (STRETCH_BYTES / 2) * 8 * 8;

/** Where regions may begin. */
export const REGIONS: usize = KNOWN_ROWS + (STRETCH_BYTES / 2) * 16;

/** A department's name without its doubled quotes. */
export let scratch: usize = 0;
/** The bytes that have come, behind those of a record that was cut. */
export let input: usize = 0;
export let inputEnd: usize = 0;
/** The table of departments; the entries are last and grow. */
export let slots: usize = 0;
export let entries: usize = 0;

/** Bytes that can be read behind the last entry: texts are read 16 bytes at a time. */
export const SLACK: usize = 64;

export function placeRegions(scratchAt: usize, inputAt: usize, inputTo: usize, slotsAt: usize, entriesAt: usize): void {
  scratch = scratchAt;
  input = inputAt;
  inputEnd = inputTo;
  slots = slotsAt;
  entries = entriesAt;
}

const PAGE_BITS: usize = 16;

/** Makes sure that there is memory up to an address. Returns false if the machine has none left. */
export function ensureMemory(end: usize): bool {
  const pages = (end + (1 << PAGE_BITS) - 1) >> PAGE_BITS;
  const missing = <i32>pages - memory.size();
  // A few pages more, so that a growing table does not ask for each one.
  return missing <= 0 || memory.grow(missing + 15) >= 0 || memory.grow(missing) >= 0;
}
