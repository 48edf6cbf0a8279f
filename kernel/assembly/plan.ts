/** How the file is read: the host's ReadPlan. Characters are ASCII codes, 0 for none. */
import { AMOUNTS, LENGTH_MASKS, LINE_ENDS, STRETCH_BYTES, UNIT_SCALES, WHITE_SPACE } from './memory';

export const LF: u8 = 10;
export const CR: u8 = 13;
const TAB: i32 = 9;
const SPACE: i32 = 32;
export const COMMA: i32 = 44;
export const POINT: i32 = 46;
/** The most decimals of an amount. */
export const AMOUNT_DECIMALS: i32 = 6;

/** The most bytes that the periods of a key take, and what stands between its parts. */
const MAX_PERIODS_BYTES: usize = 64;

/** The value of a character that is not there: no byte has it. */
const NO_BYTE: i32 = -1;

export let delimiter: i32 = 0;
/** The quote, or {@link NO_BYTE}. */
export let quote: i32 = 0;
export let columnCount: u32 = 0;
export let departmentIndex: u32 = 0;
export let amountIndex: u32 = 0;
/** How many columns rows are grouped by, or 0 where it is the department as it stands: see `group-key.ts`. */
export let groupCount: u32 = 0;
/** How many amounts rows have, or 0 where it is the one at {@link amountIndex} as it stands: see `row-amounts.ts`. */
export let amountCount: u32 = 0;
/** The amounts besides the first one, each of which has a unit of its own in an entry. */
export let moreFigures: usize = 0;
/** Whether none of them is a product. */
export let hasShortAmounts: bool = false;
export let decimalSeparator: i32 = 0;
export let groupSeparator: i32 = 0;
/** Whether blanks and apostrophes group amounts too. */
export let isAnyGroup: bool = false;
export let allowNegative: bool = false;
/** Whether white space around fields is removed. */
export let trims: bool = false;
/** How long the currency at {@link CURRENCY} is; 0 if amounts have none. */
export let currencyBytes: usize = 0;
export let maxRecordBytes: u32 = 0;
export let maxDepartments: u32 = 0;
export let maxNameBytes: u64 = 0;
export let maxRejects: u64 = 0;
/** How much is indexed at a time: a record that fits in is never too long. */
export let stretchBytes: usize = 0;

export function setFormat(
  delimiterCode: i32,
  quoteCode: i32,
  columns: u32,
  department: u32,
  amount: u32,
  decimalCode: i32,
  groupCode: i32,
  groupsByAny: bool,
  allowsNegative: bool,
  isTrimmed: bool,
  currencyLength: u32,
): void {
  delimiter = delimiterCode;
  quote = quoteCode == 0 ? NO_BYTE : quoteCode;
  columnCount = columns;
  departmentIndex = department;
  amountIndex = amount;
  decimalSeparator = decimalCode == 0 ? NO_BYTE : decimalCode;
  groupSeparator = groupCode == 0 ? NO_BYTE : groupCode;
  isAnyGroup = groupsByAny;
  allowNegative = allowsNegative;
  trims = isTrimmed;
  currencyBytes = currencyLength;
  fillTables();
}

/** Says how many columns to group by, which have been written to their place. */
export function setGroups(count: u32): void {
  groupCount = count;
}

/** Says how many amounts there are, which have been written to their place. */
export function setAmounts(count: u32): void {
  amountCount = count;
  moreFigures = count > 1 ? count - 1 : 0;
  hasShortAmounts = true;
  for (let index: u32 = 0; index < count; index++) if (isProduct(index)) hasShortAmounts = false;
}

export function setLimits(recordBytes: u32, departments: u32, nameBytes: f64, rejects: f64): void {
  maxRecordBytes = recordBytes;
  maxDepartments = departments;
  maxNameBytes = <u64>nameBytes;
  maxRejects = <u64>rejects;
  stretchBytes = recordBytes < <u32>STRETCH_BYTES ? recordBytes : STRETCH_BYTES;
}

/** Tab, LF, VT, FF, CR and space are white space, but never the delimiter. */
function fillTables(): void {
  if (trims) {
    for (let byte = TAB; byte <= <i32>CR; byte++) store<u8>(WHITE_SPACE + byte, 1);
    store<u8>(WHITE_SPACE + SPACE, 1);
    store<u8>(WHITE_SPACE + delimiter, 0);
  }
  for (let length: usize = 1; length <= 16; length++) memory.fill(LENGTH_MASKS + length * 16, 0xff, length);
  store<u8>(LINE_ENDS, LF);
  store<u8>(LINE_ENDS, CR, 1);
  let scale: u64 = 1;
  for (let decimals = AMOUNT_DECIMALS; decimals >= 0; decimals--) {
    store<u64>(UNIT_SCALES + decimals * 8, scale);
    scale *= 10;
  }
}

/** The most bytes of the name of an entry: a key may have an escape for each byte, and periods besides. */
export function mostNameBytes(): usize {
  return groupCount > 0 ? <usize>maxRecordBytes * 2 + MAX_PERIODS_BYTES : <usize>maxRecordBytes;
}

/** The most decimals of an amount: a product has those of both. */
export function mostDecimals(index: u32): i32 {
  return amountCount > 0 && isProduct(index) ? 2 * AMOUNT_DECIMALS : AMOUNT_DECIMALS;
}

function isProduct(index: u32): bool {
  return load<u32>(AMOUNTS + <usize>index * 16, 4) != u32.MAX_VALUE;
}

export function isWhiteSpace(byte: u32): bool {
  return load<u8>(WHITE_SPACE + byte) != 0;
}
