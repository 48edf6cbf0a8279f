import { type AmountReader, PAIR_RADIX, POWERS_OF_TEN } from './amount.ts';
import { CR, LF, whiteSpaceTable, ZERO } from './ascii.ts';
import type { DepartmentTable } from './department-table.ts';
import { mixByte } from './department-table.ts';
import type { DepartmentTallies } from './department-tallies.ts';
import { AMOUNT_DECIMALS, type ReadPlan } from './kernel.ts';

/** What a byte means here, 0 for nothing. */
const DELIMITER = 1;
const LINE_BREAK = 2;
const QUOTE = 3;

/**
 * The fast path: counts rows without quotes in one pass, right where they lie in the chunk.
 *
 * It only ever counts a row whose department is known already. Whatever else there is (quotes, blank lines, rows to
 * reject, new departments) it leaves to the other path, which costs little because such rows are rare in big files.
 */
export class PlainRows {
  /** Rows counted by the last {@link read}; each took one line. */
  rows = 0;
  /** Whether the last {@link read} ended behind a CR, to which a LF that follows would belong. */
  endsAfterCr = false;

  readonly #plan: ReadPlan;
  readonly #table: DepartmentTable;
  readonly #tallies: DepartmentTallies;
  readonly #amount: AmountReader;
  readonly #isSpace: Uint8Array;
  readonly #meaning = new Uint8Array(256);
  /** The decimal separator, or -1: outside quotes the delimiter is never part of an amount. */
  readonly #point: number;

  constructor(plan: ReadPlan, table: DepartmentTable, tallies: DepartmentTallies, amount: AmountReader) {
    this.#plan = plan;
    this.#table = table;
    this.#tallies = tallies;
    this.#amount = amount;
    this.#isSpace = whiteSpaceTable(plan.trim, plan.delimiter);
    this.#point = plan.decimalSeparator === plan.delimiter ? -1 : plan.decimalSeparator || -1;
    this.#meaning[LF] = LINE_BREAK;
    this.#meaning[CR] = LINE_BREAK;
    this.#meaning[plan.delimiter] = DELIMITER;
    if (plan.quote !== 0) this.#meaning[plan.quote] = QUOTE;
  }

  /**
   * Counts rows from `from` on, where a record must begin.
   *
   * @param to the index after a line break, which makes it needless to look for the end of the text at each byte
   * @returns where it stopped: at `to`, or at a record for the other path
   */
  read(chunk: Uint8Array, from: number, to: number): number {
    const meaning = this.#meaning;
    const isSpace = this.#isSpace;
    const table = this.#table;
    const tallies = this.#tallies;
    const point = this.#point;
    const seed = table.seed;
    const { columnCount, departmentIndex, amountIndex, maxRecordBytes } = this.#plan;
    this.endsAfterCr = false;
    let rows = 0;
    let start = from;
    while (start < to) {
      let at = start;
      let byte = chunk[at]!;
      let column = 0;
      let hash = seed;
      let nameStart = 0;
      let nameEnd = 0;
      let amountStart = 0;
      let amountEnd = 0;
      let mantissa = 0;
      let digits = 0;
      let decimals = 0;
      let isPlainAmount = false;
      for (;;) {
        if (column === departmentIndex) {
          nameStart = at;
          while (meaning[byte] === 0) {
            hash = mixByte(hash, byte);
            byte = chunk[++at]!;
          }
          nameEnd = at;
        } else if (column === amountIndex) {
          amountStart = at;
          while ((byte - ZERO) >>> 0 <= 9) {
            mantissa = mantissa * 10 + (byte - ZERO);
            byte = chunk[++at]!;
          }
          digits = at - amountStart;
          if (byte === point) {
            const fractionStart = at + 1;
            byte = chunk[++at]!;
            while ((byte - ZERO) >>> 0 <= 9) {
              mantissa = mantissa * 10 + (byte - ZERO);
              byte = chunk[++at]!;
            }
            decimals = at - fractionStart;
            digits += decimals;
          }
          isPlainAmount = meaning[byte] !== 0;
          while (meaning[byte] === 0) byte = chunk[++at]!;
          amountEnd = at;
        } else {
          while (meaning[byte] === 0) byte = chunk[++at]!;
        }
        if (meaning[byte] !== DELIMITER) break;
        byte = chunk[++at]!;
        column++;
      }
      if (meaning[byte] === QUOTE || column + 1 !== columnCount || at - start > maxRecordBytes) break;
      if (nameStart === nameEnd) break;
      if (isSpace[chunk[nameStart]!] === 1 || isSpace[chunk[nameEnd - 1]!] === 1) {
        while (nameStart < nameEnd && isSpace[chunk[nameStart]!] === 1) nameStart++;
        while (nameEnd > nameStart && isSpace[chunk[nameEnd - 1]!] === 1) nameEnd--;
        if (nameStart === nameEnd) break;
        hash = table.hash(chunk, nameStart, nameEnd);
      }
      let high = 0;
      let low = mantissa * POWERS_OF_TEN[decimals > AMOUNT_DECIMALS ? 0 : AMOUNT_DECIMALS - decimals]!;
      // Below the radix nothing was rounded, however many digits there are: rounding only happens beyond it.
      if (!isPlainAmount || digits === 0 || decimals > AMOUNT_DECIMALS || low >= PAIR_RADIX) {
        while (amountStart < amountEnd && isSpace[chunk[amountStart]!] === 1) amountStart++;
        while (amountEnd > amountStart && isSpace[chunk[amountEnd - 1]!] === 1) amountEnd--;
        const amount = this.#amount;
        if (amount.read(chunk, amountStart, amountEnd) !== 0) break;
        high = amount.high;
        low = amount.low;
        decimals = amount.decimals;
      }
      const id = table.find(hash, chunk, nameStart, nameEnd);
      // Only a name not seen before has to be checked for its encoding and against the limit.
      if (id < 0) break;
      tallies.add(id, high, low, decimals);
      rows++;
      start = at + 1;
      if (byte === CR) {
        if (start < to && chunk[start] === LF) start++;
        else if (start === to) this.endsAfterCr = true;
      }
    }
    this.rows = rows;
    return start;
  }
}
