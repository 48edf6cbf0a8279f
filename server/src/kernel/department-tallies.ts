import { PAIR_RADIX, pairToBigInt } from './amount.ts';

const FIRST_CAPACITY = 1024;
/** Numbers a department has in the array of its figures. */
const STRIDE = 5;
const COUNT = 0;
const MIN_HIGH = 1;
const MIN_LOW = 2;
const MAX_HIGH = 3;
const MAX_LOW = 4;

/**
 * Sum, count, minimum and maximum per department, exact for any number of rows: whatever can grow beyond a safe integer
 * is a pair of them (see {@link PAIR_RADIX}).
 */
export class DepartmentTallies {
  /**
   * Pairs: the high and the low half of each sum. Apart from the other figures, because a snapshot runs over all of
   * them ten times a second.
   */
  #sums = new Float64Array(FIRST_CAPACITY * 2);
  #figures = new Float64Array(FIRST_CAPACITY * STRIDE);
  #scales = new Uint8Array(FIRST_CAPACITY);
  #totalHigh = 0;
  #totalLow = 0;
  #totalScale = 0;

  /** Adds an amount, as a pair, to a department. Departments must appear in the order of their numbers. */
  add(id: number, high: number, low: number, decimals: number): void {
    if (id >= this.#scales.length) this.#grow();
    if (decimals > this.#scales[id]!) {
      this.#scales[id] = decimals;
      if (decimals > this.#totalScale) this.#totalScale = decimals;
    }
    const sums = this.#sums;
    let sumLow = sums[2 * id + 1]! + low;
    if (sumLow >= PAIR_RADIX) {
      sumLow -= PAIR_RADIX;
      sums[2 * id]! += 1;
    }
    sums[2 * id + 1] = sumLow;
    let totalLow = this.#totalLow + low;
    if (totalLow >= PAIR_RADIX) {
      totalLow -= PAIR_RADIX;
      this.#totalHigh += 1;
    }
    this.#totalLow = totalLow;
    if (high !== 0) {
      sums[2 * id]! += high;
      this.#totalHigh += high;
    }

    const figures = this.#figures;
    const at = id * STRIDE;
    const count = figures[at + COUNT]!;
    figures[at + COUNT] = count + 1;
    const minHigh = figures[at + MIN_HIGH]!;
    if (count === 0 || high < minHigh || (high === minHigh && low < figures[at + MIN_LOW]!)) {
      figures[at + MIN_HIGH] = high;
      figures[at + MIN_LOW] = low;
    }
    const maxHigh = figures[at + MAX_HIGH]!;
    if (count === 0 || high > maxHigh || (high === maxHigh && low > figures[at + MAX_LOW]!)) {
      figures[at + MAX_HIGH] = high;
      figures[at + MAX_LOW] = low;
    }
  }

  get total(): bigint {
    return pairToBigInt(this.#totalHigh, this.#totalLow);
  }

  get totalScale(): number {
    return this.#totalScale;
  }

  /** The figures of one department. */
  figures(id: number): { sum: bigint; count: number; min: bigint; max: bigint; scale: number } {
    const figures = this.#figures;
    const at = id * STRIDE;
    return {
      sum: pairToBigInt(this.#sums[2 * id]!, this.#sums[2 * id + 1]!),
      count: figures[at + COUNT]!,
      min: pairToBigInt(figures[at + MIN_HIGH]!, figures[at + MIN_LOW]!),
      max: pairToBigInt(figures[at + MAX_HIGH]!, figures[at + MAX_LOW]!),
      scale: this.#scales[id]!,
    };
  }

  /** The pairs of all sums: `[2 * id]` is the high half, `[2 * id + 1]` the low one. Good until the next `add`. */
  get sums(): Float64Array {
    return this.#sums;
  }

  #grow(): void {
    const capacity = this.#scales.length * 2;
    const sums = new Float64Array(capacity * 2);
    sums.set(this.#sums);
    this.#sums = sums;
    const figures = new Float64Array(capacity * STRIDE);
    figures.set(this.#figures);
    this.#figures = figures;
    const scales = new Uint8Array(capacity);
    scales.set(this.#scales);
    this.#scales = scales;
  }
}
