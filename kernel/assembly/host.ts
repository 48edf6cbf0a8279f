/** The functions that the host provides. */

/**
 * Hands out a reject.
 *
 * @param raw where what is handed out of the record begins
 * @param rawBytes of it, cut at a character
 * @param lines that the record spans
 */
export declare function report(
  reason: u32,
  line: f64,
  byteOffset: f64,
  raw: usize,
  rawBytes: u32,
  isTruncated: bool,
  lines: f64,
): void;

/**
 * Copies a unit of the state that is being merged.
 *
 * @param number the unit's, as entries name it
 * @param to the address that its 64 bytes go to
 */
export declare function fetchUnit(number: u32, to: usize): void;
