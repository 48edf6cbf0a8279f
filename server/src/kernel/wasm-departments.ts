import type { KernelTotal } from './kernel.ts';
import { ENTRY_BYTES } from './memory-layout.ts';
import type { SortableNames } from './sort-names.ts';
import type { WasmExports } from './wasm-module.ts';

// Where things are in an entry and beside a name, as `assembly/departments.ts` and `assembly/tallies.ts` have them.
const LENGTH = 16;
const LENGTH_MASK = 0x00ff_ffff;
const SCALE = 19;
const NAME = 20;
const SUM = 24;
const COUNT = 40;
const MIN = 48;
const MAX = 56;
const WIDE = 0;
const NAME_TEXT = 8;
const WIDE_MIN = 0;
const WIDE_MAX = 16;

/** What the fields of small amounts hold while there was none. */
const NO_MIN = 2n ** 63n - 1n;
const NO_MAX = -(2n ** 63n);

/** The departments where they lie in a kernel's memory, by their numbers. Good until the memory grows. */
export class WasmDepartments implements SortableNames {
  readonly count: number;
  readonly #entries: number;
  readonly #names: number;
  readonly #bytes: Buffer;
  readonly #view: DataView;
  readonly #words: Uint32Array;

  constructor(memory: ArrayBufferLike, wasm: WasmExports, count: number) {
    this.count = count;
    this.#entries = wasm.entries.value >>> 0;
    this.#names = wasm.names.value >>> 0;
    this.#bytes = Buffer.from(memory);
    this.#view = new DataView(memory);
    this.#words = new Uint32Array(memory);
  }

  nameByte(id: number, index: number): number {
    return index < this.#nameLength(id) ? this.#bytes[this.#nameStart(id) + index]! : -1;
  }

  compareNames(a: number, b: number): number {
    const bytes = this.#bytes;
    const lengthA = this.#nameLength(a);
    const lengthB = this.#nameLength(b);
    let atA = this.#nameStart(a);
    let atB = this.#nameStart(b);
    for (let left = Math.min(lengthA, lengthB); left > 0; left--) {
      const difference = bytes[atA++]! - bytes[atB++]!;
      if (difference !== 0) return difference;
    }
    return lengthA - lengthB;
  }

  total(id: number): KernelTotal {
    const entry = this.#entries + id * ENTRY_BYTES;
    const start = this.#nameStart(id);
    return {
      department: this.#bytes.toString('utf8', start, start + this.#nameLength(id)),
      sum: this.#readPair(entry + SUM),
      count: Number(this.#view.getBigUint64(entry + COUNT, true)),
      ...this.#range(entry, start),
      scale: this.#bytes[entry + SCALE]!,
    };
  }

  /** Minimum and maximum are kept apart for amounts that fit into 64 bits and for those that do not. */
  #range(entry: number, nameStart: number): { min: bigint; max: bigint } {
    const min = this.#view.getBigInt64(entry + MIN, true);
    const max = this.#view.getBigInt64(entry + MAX, true);
    const wide = this.#view.getUint32(nameStart - NAME_TEXT + WIDE, true);
    if (wide === 0) return { min, max };
    const wideMin = this.#readPair(this.#names + wide + WIDE_MIN);
    const wideMax = this.#readPair(this.#names + wide + WIDE_MAX);
    return {
      min: (min === NO_MIN && max === NO_MAX) || wideMin < min ? wideMin : min,
      max: (min === NO_MIN && max === NO_MAX) || wideMax > max ? wideMax : max,
    };
  }

  #readPair(address: number): bigint {
    return pairToBigInt(this.#view.getBigUint64(address, true), this.#view.getBigInt64(address + 8, true));
  }

  #nameLength(id: number): number {
    return this.#words[(this.#entries + id * ENTRY_BYTES + LENGTH) >>> 2]! & LENGTH_MASK;
  }

  #nameStart(id: number): number {
    const name = this.#words[(this.#entries + id * ENTRY_BYTES + NAME) >>> 2]!;
    return this.#names + name + NAME_TEXT;
  }
}

/** Puts the two halves of a 128-bit number together. */
export function pairToBigInt(low: bigint, high: bigint): bigint {
  return (high << 64n) | low;
}
