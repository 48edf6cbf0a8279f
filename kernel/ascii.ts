/** The ASCII codes that the kernel looks for. */
export const TAB = 9;
export const LF = 10;
export const CR = 13;
export const SPACE = 32;
export const COMMA = 44;
export const POINT = 46;
export const ZERO = 48;

/**
 * Which bytes count as white space around a field, as a table of 256 flags: tab, LF, VT, FF, CR and space, but never
 * the delimiter (a tab separates in a tab-separated file). All zero without `trim`.
 */
export function whiteSpaceTable(trim: boolean, delimiter: number): Uint8Array {
  const table = new Uint8Array(256);
  if (!trim) return table;
  table.fill(1, TAB, CR + 1);
  table[SPACE] = 1;
  table[delimiter] = 0;
  return table;
}
