/**
 * `TotalsBatch` of processor.proto without an object for each message: a million totals cost a general encoder and decoder
 * ten seconds, most of them garbage.
 */
import { fromBinary } from '@bufbuild/protobuf';
import { TotalsBatchSchema } from '#gen/tallystream/v1/processor_pb.ts';
import { decimalsOf } from '../../../kernel/decimal.ts';
import type { KernelTotal } from '../../../kernel/kernel.ts';
import { varintBytes, writeVarint } from './varint.ts';

/** A `Total` as plain values. */
export interface PlainTotal {
  department: string;
  sum: string;
  count: bigint;
  min: string;
  max: string;
  mean: string;
}

const LENGTH_DELIMITED = 2;
/** `TotalsBatch.totals`. */
const TOTALS_TAG = (1 << 3) | LENGTH_DELIMITED;
const DEPARTMENT_TAG = (1 << 3) | LENGTH_DELIMITED;
const SUM_TAG = (2 << 3) | LENGTH_DELIMITED;
const COUNT_TAG = 3 << 3;
const MIN_TAG = (4 << 3) | LENGTH_DELIMITED;
const MAX_TAG = (5 << 3) | LENGTH_DELIMITED;
const MEAN_TAG = (6 << 3) | LENGTH_DELIMITED;
const USUAL_TOTAL_BYTES = 100;
/** Above all that the head of a total and of its fields take, and the decimals: they have 46 characters at most. */
const MAX_REST_BYTES = 300;

/** @returns the message in memory of its own */
export function encodeTotals(totals: readonly KernelTotal[]): Uint8Array<ArrayBuffer> {
  const writer = new Writer(totals.length * USUAL_TOTAL_BYTES);
  for (const total of totals) {
    const { department, count } = total;
    const { sum, min, max, mean } = decimalsOf(total);
    const departmentBytes = Buffer.byteLength(department);
    writer.reserve(departmentBytes + MAX_REST_BYTES);
    writer.varint(TOTALS_TAG);
    writer.varint(
      textFieldBytes(departmentBytes) +
        textFieldBytes(sum.length) +
        1 +
        varintBytes(count) +
        textFieldBytes(min.length) +
        textFieldBytes(max.length) +
        textFieldBytes(mean.length),
    );
    writer.text(DEPARTMENT_TAG, department, departmentBytes);
    writer.decimal(SUM_TAG, sum);
    writer.varint(COUNT_TAG);
    writer.varint(count);
    writer.decimal(MIN_TAG, min);
    writer.decimal(MAX_TAG, max);
    writer.decimal(MEAN_TAG, mean);
  }
  return writer.bytes();
}

function textFieldBytes(length: number): number {
  return 1 + varintBytes(length) + length;
}

class Writer {
  #memory: Buffer<ArrayBuffer>;
  #at = 0;

  constructor(size: number) {
    this.#memory = Buffer.allocUnsafeSlow(size);
  }

  reserve(bytes: number): void {
    if (this.#at + bytes <= this.#memory.length) return;
    const larger = Buffer.allocUnsafeSlow(2 * this.#memory.length + bytes);
    this.#memory.copy(larger, 0, 0, this.#at);
    this.#memory = larger;
  }

  /** @param value a safe integer */
  varint(value: number): void {
    this.#at = writeVarint(this.#memory, this.#at, value);
  }

  text(tag: number, text: string, bytes: number): void {
    this.varint(tag);
    this.varint(bytes);
    this.#at += this.#memory.write(text, this.#at, 'utf8');
  }

  decimal(tag: number, digits: string): void {
    this.varint(tag);
    this.varint(digits.length);
    this.#at += this.#memory.write(digits, this.#at, 'latin1');
  }

  bytes(): Uint8Array<ArrayBuffer> {
    return this.#memory.subarray(0, this.#at);
  }
}

/**
 * Reads a batch. A batch in the form of another encoder, or with fields that are not known here, is left to the general
 * decoder.
 *
 * @throws an Error for bytes that are no TotalsBatch
 */
export function decodeTotals(batch: Uint8Array): PlainTotal[] {
  return new Reader(batch).totals() ?? fromBinary(TotalsBatchSchema, batch).totals;
}

class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Undefined for any but the usual form. */
  totals(): PlainTotal[] | undefined {
    const totals: PlainTotal[] = [];
    while (this.#at < this.#bytes.length) {
      const end = this.#fieldEnd(TOTALS_TAG, this.#bytes.length);
      const total = end === undefined ? undefined : this.#total(end);
      if (!total || this.#at !== end) return undefined;
      totals.push(total);
    }
    return totals;
  }

  #total(end: number): PlainTotal | undefined {
    const department = this.#text(DEPARTMENT_TAG, end, 'utf8');
    const sum = this.#text(SUM_TAG, end, 'latin1');
    const count = this.#bytes[this.#at] === COUNT_TAG ? this.#varint(this.#at + 1) : undefined;
    const min = this.#text(MIN_TAG, end, 'latin1');
    const max = this.#text(MAX_TAG, end, 'latin1');
    const mean = this.#text(MEAN_TAG, end, 'latin1');
    if (department === undefined || sum === undefined || count === undefined) return undefined;
    if (min === undefined || max === undefined || mean === undefined) return undefined;
    return { department, sum, count: BigInt(count), min, max, mean };
  }

  #text(tag: number, end: number, encoding: 'utf8' | 'latin1'): string | undefined {
    const fieldEnd = this.#fieldEnd(tag, end);
    if (fieldEnd === undefined) return undefined;
    const start = this.#at;
    this.#at = fieldEnd;
    return this.#bytes.toString(encoding, start, fieldEnd);
  }

  /** Reads a tag and a length, and says where what follows ends; undefined for another tag or beyond `end`. */
  #fieldEnd(tag: number, end: number): number | undefined {
    if (this.#bytes[this.#at] !== tag) return undefined;
    const length = this.#varint(this.#at + 1);
    return length !== undefined && this.#at + length <= end ? this.#at + length : undefined;
  }

  /** Undefined if it is cut off or larger than a safe integer. */
  #varint(at: number): number | undefined {
    let value = 0;
    let factor = 1;
    for (let index = at; ; index++, factor *= 0x80) {
      const byte = this.#bytes[index];
      if (byte === undefined) return undefined;
      value += (byte & 0x7f) * factor;
      if (value > Number.MAX_SAFE_INTEGER) return undefined;
      if (byte >= 0x80) continue;
      this.#at = index + 1;
      return value;
    }
  }
}
