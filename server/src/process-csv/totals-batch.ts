/**
 * `TotalsBatch` of processor.proto without an object for each message: a million totals cost a general encoder and decoder
 * ten seconds, most of them garbage.
 */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { FiguresSchema, TotalsBatchSchema } from '#gen/tallystream/v1/processor_pb.ts';
import { decimalsOf } from '../../../kernel/decimal.ts';
import type { KernelFigures, KernelTotal } from '../../../kernel/kernel.ts';
import { varintBytes, writeVarint } from './varint.ts';

/** A `Total` as plain values. */
export interface PlainTotal {
  department: string;
  /** The values of all columns to group by, if there are several; else none. */
  keys: readonly string[];
  sum: string;
  count: bigint;
  min: string;
  max: string;
  mean: string;
  /** The figures of all amounts, if there are several; else none. */
  figures: readonly PlainFigures[];
}

/** `Figures` as plain values. */
export type PlainFigures = Pick<PlainTotal, 'sum' | 'count' | 'min' | 'max' | 'mean'>;

const LENGTH_DELIMITED = 2;
/** `TotalsBatch.totals`. */
const TOTALS_TAG = (1 << 3) | LENGTH_DELIMITED;
const DEPARTMENT_TAG = (1 << 3) | LENGTH_DELIMITED;
const SUM_TAG = (2 << 3) | LENGTH_DELIMITED;
const COUNT_TAG = 3 << 3;
const MIN_TAG = (4 << 3) | LENGTH_DELIMITED;
const MAX_TAG = (5 << 3) | LENGTH_DELIMITED;
const MEAN_TAG = (6 << 3) | LENGTH_DELIMITED;
const KEYS_TAG = (7 << 3) | LENGTH_DELIMITED;
const FIGURES_TAG = (8 << 3) | LENGTH_DELIMITED;
const USUAL_TOTAL_BYTES = 100;
/** Above all that the head of a total and of its fields take, and the decimals: they have 46 characters at most. */
const MAX_REST_BYTES = 300;

/** @returns the message in memory of its own */
export function encodeTotals(totals: readonly KernelTotal[]): Uint8Array<ArrayBuffer> {
  const writer = new Writer(totals.length * USUAL_TOTAL_BYTES);
  for (const total of totals) {
    const { department, keys = [], figures = [], count } = total;
    const { sum, min, max, mean } = decimalsOf(total);
    const departmentBytes = Buffer.byteLength(department);
    const keyBytes = keys.map((key) => Buffer.byteLength(key));
    const keysBytes = keyBytes.reduce((sum, bytes) => sum + textFieldBytes(bytes), 0);
    const figureParts = figures.map(encodeFigures);
    const figuresBytes = figureParts.reduce((sum, { length }) => sum + textFieldBytes(length), 0);
    writer.reserve(departmentBytes + keysBytes + figuresBytes + MAX_REST_BYTES);
    writer.varint(TOTALS_TAG);
    writer.varint(
      textFieldBytes(departmentBytes) +
        textFieldBytes(sum.length) +
        1 +
        varintBytes(count) +
        textFieldBytes(min.length) +
        textFieldBytes(max.length) +
        textFieldBytes(mean.length) +
        keysBytes +
        figuresBytes,
    );
    writer.text(DEPARTMENT_TAG, department, departmentBytes);
    writer.decimal(SUM_TAG, sum);
    writer.varint(COUNT_TAG);
    writer.varint(count);
    writer.decimal(MIN_TAG, min);
    writer.decimal(MAX_TAG, max);
    writer.decimal(MEAN_TAG, mean);
    for (const [index, key] of keys.entries()) writer.text(KEYS_TAG, key, keyBytes[index]!);
    for (const part of figureParts) writer.part(FIGURES_TAG, part);
  }
  return writer.bytes();
}

/** A message `Figures`. */
function encodeFigures(figures: KernelFigures): Uint8Array {
  return toBinary(FiguresSchema, create(FiguresSchema, { count: BigInt(figures.count), ...decimalsOf(figures) }));
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

  part(tag: number, bytes: Uint8Array): void {
    this.varint(tag);
    this.varint(bytes.length);
    this.#memory.set(bytes, this.#at);
    this.#at += bytes.length;
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
  const cursor = new TotalsCursor(batch);
  const totals: PlainTotal[] = [];
  while (cursor.next()) totals.push(cursor.total());
  return cursor.isUsual ? totals : fromBinary(TotalsBatchSchema, batch).totals;
}

const NO_KEYS: readonly string[] = [];
const NO_FIGURES: readonly PlainFigures[] = [];

/** Goes through the totals of a batch in the usual form, and says where their fields lie. */
export class TotalsCursor {
  readonly bytes: Buffer;
  /** Whether all was in the usual form so far: else {@link decodeTotals} reads the batch. */
  isUsual = true;
  departmentStart = 0;
  departmentEnd = 0;
  sumStart = 0;
  sumEnd = 0;
  count = 0;
  minStart = 0;
  minEnd = 0;
  maxStart = 0;
  maxEnd = 0;
  meanStart = 0;
  meanEnd = 0;
  #at = 0;

  constructor(batch: Uint8Array) {
    this.bytes = Buffer.from(batch.buffer, batch.byteOffset, batch.byteLength);
  }

  /** Moves on to the next total. False behind the last one, or where the form is another one. */
  next(): boolean {
    if (!this.isUsual || this.#at === this.bytes.length) return false;
    const end = this.#fieldEnd(TOTALS_TAG, this.bytes.length);
    this.isUsual = end >= 0 && this.#read(end) && this.#at === end;
    return this.isUsual;
  }

  /** The current total. */
  total(): PlainTotal {
    const { bytes } = this;
    return {
      department: bytes.toString('utf8', this.departmentStart, this.departmentEnd),
      // With keys it is in another form.
      keys: NO_KEYS,
      sum: bytes.toString('latin1', this.sumStart, this.sumEnd),
      count: BigInt(this.count),
      min: bytes.toString('latin1', this.minStart, this.minEnd),
      max: bytes.toString('latin1', this.maxStart, this.maxEnd),
      mean: bytes.toString('latin1', this.meanStart, this.meanEnd),
      figures: NO_FIGURES,
    };
  }

  #read(end: number): boolean {
    this.departmentEnd = this.#textEnd(DEPARTMENT_TAG, end);
    this.departmentStart = this.#start;
    this.sumEnd = this.#textEnd(SUM_TAG, end);
    this.sumStart = this.#start;
    this.count = this.bytes[this.#at] === COUNT_TAG ? this.#varint(this.#at + 1) : NONE;
    this.minEnd = this.#textEnd(MIN_TAG, end);
    this.minStart = this.#start;
    this.maxEnd = this.#textEnd(MAX_TAG, end);
    this.maxStart = this.#start;
    this.meanEnd = this.#textEnd(MEAN_TAG, end);
    this.meanStart = this.#start;
    // Whatever was not found is below zero.
    return (this.departmentEnd | this.sumEnd | this.minEnd | this.maxEnd | this.meanEnd) >= 0 && this.count >= 0;
  }

  /** Where the text begins that {@link #textEnd} has found. */
  #start = 0;

  #textEnd(tag: number, end: number): number {
    const fieldEnd = this.#fieldEnd(tag, end);
    if (fieldEnd < 0) return NONE;
    this.#start = this.#at;
    this.#at = fieldEnd;
    return fieldEnd;
  }

  /** Reads a tag and a length, and returns where what follows ends; {@link NONE} for another tag or beyond `end`. */
  #fieldEnd(tag: number, end: number): number {
    if (this.bytes[this.#at] !== tag) return NONE;
    const length = this.#varint(this.#at + 1);
    return length >= 0 && this.#at + length <= end ? this.#at + length : NONE;
  }

  /** {@link NONE} if it is cut off or larger than a safe integer. */
  #varint(at: number): number {
    const first = this.bytes[at]!;
    if (first < 0x80) {
      this.#at = at + 1;
      return first;
    }
    let value = 0;
    let factor = 1;
    for (let index = at; ; index++, factor *= 0x80) {
      const byte = this.bytes[index];
      if (byte === undefined) return NONE;
      value += (byte & 0x7f) * factor;
      if (value > Number.MAX_SAFE_INTEGER) return NONE;
      if (byte >= 0x80) continue;
      this.#at = index + 1;
      return value;
    }
  }
}

/** Stands for a place or a number that is not there. */
const NONE = -1;
