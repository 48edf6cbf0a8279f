import {
  ENTRY_COUNT,
  ENTRY_LENGTH,
  ENTRY_MAX,
  ENTRY_MIN,
  ENTRY_NAME,
  ENTRY_SCALE,
  ENTRY_SUM,
  ENTRY_WIDE,
  LENGTH_MASK,
  NO_ENTRY,
  PREFIX_BYTES,
  PRODUCT_DECIMALS,
  UNIT_BYTES,
  WIDE_CARRY,
  WIDE_COUNT_HIGH,
  WIDE_HAS_RANGE,
  WIDE_MAX,
  WIDE_MIN,
} from '#gen/kernel-constants.ts';
import { groupOf } from '../group-key.ts';
import type { AmountColumn, KernelFigures, KernelTotal } from '../kernel.ts';
import type { WasmExports } from './module.ts';
import { type SortableNames, sortNames } from './sort-names.ts';

/** The fields of small amounts hold these while there was none. */
const NO_MIN = 2n ** 63n - 1n;
const NO_MAX = -(2n ** 63n);

/** Where nothing is said of amounts: one, whose column does not matter here. */
const ONE_AMOUNT: AmountColumn = { index: 0 };

/** The departments where they lie in a kernel's memory. Good until the memory grows. */
export class WasmDepartments {
  /** All of the memory. */
  readonly bytes: Buffer;
  readonly #entries: number;
  readonly #hasKeys: boolean;
  readonly #amounts: readonly AmountColumn[];
  readonly #hasAmounts: boolean;
  readonly #view: DataView;
  readonly #words: Uint32Array;

  /**
   * @param hasKeys whether names are keys of several values: see `group-key.ts`
   * @param amounts of the plan
   */
  constructor(memory: ArrayBufferLike, wasm: WasmExports, hasKeys = false, amounts?: readonly AmountColumn[]) {
    this.#hasKeys = hasKeys;
    this.#amounts = amounts ?? [ONE_AMOUNT];
    this.#hasAmounts = this.#amounts.length > 1;
    this.#entries = wasm.entries.value >>> 0;
    this.bytes = Buffer.from(memory);
    this.#view = new DataView(memory);
    this.#words = new Uint32Array(memory);
  }

  /** The addresses of all entries in the order of the names, in parts as {@link sortNames} gives them. */
  *sorted(count: number, partSize: number): Generator<Uint32Array> {
    const addresses = this.addresses(count);
    const names = new WasmNames(this.bytes, this.#words, addresses);
    for (const part of sortNames(names, partSize)) yield part.map((id) => addresses[id]!);
  }

  /** The addresses of all entries, in the order in which they were first seen. */
  addresses(count: number): Uint32Array {
    const addresses = new Uint32Array(count);
    let entry = this.#entries;
    for (let id = 0; id < count; id++) {
      while (this.#words[(entry + ENTRY_LENGTH) >>> 2] === NO_ENTRY) entry += UNIT_BYTES;
      addresses[id] = entry;
      entry += this.#unitBytes(entry) + (this.#amounts.length - 1) * UNIT_BYTES;
    }
    return addresses;
  }

  /** The bytes that an entry takes for its name and its first amount. */
  #unitBytes(entry: number): number {
    const rest = this.nameLength(entry) - PREFIX_BYTES;
    return rest > 0 ? UNIT_BYTES * (1 + Math.ceil(rest / UNIT_BYTES)) : UNIT_BYTES;
  }

  /** Whether a department has one row, and that is its sum. */
  isSum(entry: number, sum: bigint): boolean {
    return this.#words[(entry + ENTRY_COUNT) >>> 2] === 1 && this.#view.getBigInt64(entry + ENTRY_SUM, true) === sum;
  }

  /** A name's bytes where they lie. */
  nameBytes(entry: number): Buffer {
    const start = entry + ENTRY_NAME;
    return this.bytes.subarray(start, start + this.nameLength(entry));
  }

  /** The name of an entry. */
  name(entry: number): string {
    const start = entry + ENTRY_NAME;
    return this.bytes.toString('utf8', start, start + this.nameLength(entry));
  }

  /** The first amount of an entry. */
  sum(entry: number): Pick<KernelFigures, 'sum' | 'scale'> {
    return { sum: this.#sum(entry, this.#wideUnit(entry)), scale: this.bytes[entry + ENTRY_SCALE]! };
  }

  /** The unit of the first amount, if it is another than usual. */
  get unit(): Pick<KernelFigures, 'unitDecimals'> {
    return unitOf(this.#amounts[0]!);
  }

  /** The figures of the department whose entry is at an address. */
  total(entry: number): KernelTotal {
    const name = this.name(entry);
    return {
      ...(this.#hasKeys ? groupOf(name) : { department: name }),
      ...this.#figures(entry, this.#amounts[0]!),
      ...(this.#hasAmounts && {
        figures: this.#amounts.map((amount, index) => this.#figures(this.#unitOf(entry, index), amount)),
      }),
    };
  }

  /** The unit of an entry with the figures of an amount. */
  #unitOf(entry: number, index: number): number {
    return index === 0 ? entry : entry + this.#unitBytes(entry) + (index - 1) * UNIT_BYTES;
  }

  #figures(entry: number, amount: AmountColumn): KernelFigures {
    const wide = this.#wideUnit(entry);
    const count =
      this.#words[(entry + ENTRY_COUNT) >>> 2]! + (wide ? this.#words[(wide + WIDE_COUNT_HIGH) >>> 2]! * 2 ** 32 : 0);
    return {
      sum: this.#sum(entry, wide),
      count,
      ...(count === 0 ? { min: 0n, max: 0n } : this.#range(entry, wide)),
      scale: this.bytes[entry + ENTRY_SCALE]!,
      ...unitOf(amount),
    };
  }

  #sum(entry: number, wide: number): bigint {
    const low = this.#view.getBigInt64(entry + ENTRY_SUM, true);
    return wide ? low + (this.#view.getBigInt64(wide + WIDE_CARRY, true) << 64n) : low;
  }

  /** Minimum and maximum are kept apart for amounts that fit into 64 bits and for those that do not. */
  #range(entry: number, wide: number): { min: bigint; max: bigint } {
    const min = this.#view.getBigInt64(entry + ENTRY_MIN, true);
    const max = this.#view.getBigInt64(entry + ENTRY_MAX, true);
    if (!wide || this.#words[(wide + WIDE_HAS_RANGE) >>> 2] === 0) return { min, max };
    const wideMin = this.#readPair(wide + WIDE_MIN);
    const wideMax = this.#readPair(wide + WIDE_MAX);
    return {
      min: (min === NO_MIN && max === NO_MAX) || wideMin < min ? wideMin : min,
      max: (min === NO_MIN && max === NO_MAX) || wideMax > max ? wideMax : max,
    };
  }

  /** Where the unit is with what a department rarely needs, or 0. */
  #wideUnit(entry: number): number {
    const wide = this.#words[(entry + ENTRY_WIDE) >>> 2]!;
    return wide && this.#entries + wide * UNIT_BYTES;
  }

  #readPair(address: number): bigint {
    return pairToBigInt(this.#view.getBigUint64(address, true), this.#view.getBigInt64(address + 8, true));
  }

  /** The bytes of a name. */
  nameLength(entry: number): number {
    return this.#words[(entry + ENTRY_LENGTH) >>> 2]! & LENGTH_MASK;
  }
}

/** The names of entries, numbered as their addresses are. */
class WasmNames implements SortableNames {
  readonly #bytes: Buffer;
  readonly #view: DataView;
  readonly #words: Uint32Array;
  readonly #addresses: Uint32Array;

  constructor(bytes: Buffer, words: Uint32Array, addresses: Uint32Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#words = words;
    this.#addresses = addresses;
  }

  get count(): number {
    return this.#addresses.length;
  }

  bytesAt(id: number, depth: number): number {
    const left = this.nameLength(id) - depth;
    if (left <= 0) return 0;
    // Memory goes on behind the last name.
    const bytes = this.#view.getUint32(this.#nameStart(id) + depth);
    return left >= 4 ? bytes : (bytes & (-1 << (8 * (4 - left)))) >>> 0;
  }

  compareNames(a: number, b: number): number {
    const bytes = this.#bytes;
    const lengthA = this.nameLength(a);
    const lengthB = this.nameLength(b);
    let atA = this.#nameStart(a);
    let atB = this.#nameStart(b);
    for (let left = Math.min(lengthA, lengthB); left > 0; left--) {
      const difference = bytes[atA++]! - bytes[atB++]!;
      if (difference !== 0) return difference;
    }
    return lengthA - lengthB;
  }

  nameLength(id: number): number {
    return this.#words[(this.#addresses[id]! + ENTRY_LENGTH) >>> 2]! & LENGTH_MASK;
  }

  #nameStart(id: number): number {
    return this.#addresses[id]! + ENTRY_NAME;
  }
}

/** The unit of an amount, if it is another than usual. */
export function unitOf({ factor }: AmountColumn): { unitDecimals?: number } {
  return factor === undefined ? {} : { unitDecimals: PRODUCT_DECIMALS };
}

/** Puts the two halves of a 128-bit number together. */
export function pairToBigInt(low: bigint, high: bigint): bigint {
  return (high << 64n) | low;
}
