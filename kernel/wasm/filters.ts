import { FILTER_BYTES, FILTER_VALUES, FILTERS, SHORT_AMOUNTS } from '#gen/kernel-constants.ts';
import { DATE_ORDERS, FILTER_KINDS, type RowFilter } from '../kernel.ts';
import type { WasmExports } from './module.ts';

/** A value: the number of its filter, its length, its bytes. */
const VALUE_HEADER_BYTES = 8;
const LOWEST = -(2n ** 127n);
const HIGHEST = 2n ** 127n - 1n;

/** Writes the filters of a plan, whose limits have been checked, to where `assembly/filters.ts` has them. */
export function setFilters(filters: readonly RowFilter[], memory: Buffer, wasm: WasmExports): void {
  let at = FILTER_VALUES;
  for (const [number, { index, kind, values, isNegated, from, to, order }] of filters.entries()) {
    const filter = FILTERS + number * FILTER_BYTES;
    const slots = 2 ** Math.ceil(Math.log2(2 * values.length + 1));
    const words = [index, FILTER_KINDS.indexOf(kind), isNegated ? 1 : 0, order ? DATE_ORDERS.indexOf(order) : 0];
    for (const [word, value] of words.entries()) memory.writeUInt32LE(value, filter + 4 * word);
    writePair(memory, filter + 16, from === undefined ? LOWEST : BigInt(from));
    writePair(memory, filter + 32, to === undefined ? HIGHEST : BigInt(to));
    memory.writeUInt32LE(at, filter + 48);
    memory.writeUInt32LE(slots - 1, filter + 52);
    at += 4 * slots;
  }
  const start = align(at);
  let end = start;
  for (const [number, { values }] of filters.entries()) {
    for (const value of values) {
      const text = Buffer.from(value);
      if (align(end + VALUE_HEADER_BYTES + text.length) > SHORT_AMOUNTS)
        throw new RangeError('the filters have too many values');
      memory.writeUInt32LE(number, end);
      memory.writeUInt32LE(text.length, end + 4);
      memory.set(text, end + VALUE_HEADER_BYTES);
      end = align(end + VALUE_HEADER_BYTES + text.length);
    }
  }
  wasm.setFilters(filters.length, start, end);
}

function writePair(memory: Buffer, at: number, value: bigint): void {
  memory.writeBigUInt64LE(BigInt.asUintN(64, value), at);
  memory.writeBigInt64LE(value >> 64n, at + 8);
}

function align(address: number): number {
  return Math.ceil(address / 16) * 16;
}
