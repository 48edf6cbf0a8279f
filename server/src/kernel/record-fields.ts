import { whiteSpaceTable } from './ascii.ts';
import type { ReadPlan } from './kernel.ts';

/** The part of a read plan that says how a record splits into fields. */
export type FieldPlan = Pick<ReadPlan, 'delimiter' | 'quote' | 'trim'>;

/**
 * Splits one whole record (without its line end) into fields.
 *
 * A field is the range `start` to `end` of `bytes`, unquoted and trimmed. `bytes` is the record's own buffer unless the
 * field holds `""`, which has to be written anew as one quote.
 */
export class RecordFields {
  bytes: Uint8Array = new Uint8Array(0);
  start = 0;
  end = 0;
  /** Whether the field at hand stood in quotes. */
  quoted = false;

  readonly #delimiter: number;
  readonly #quote: number;
  readonly #isSpace: Uint8Array;
  #record: Uint8Array = new Uint8Array(0);
  #next = 0;
  #recordEnd = 0;

  constructor(plan: FieldPlan) {
    this.#delimiter = plan.delimiter;
    this.#quote = plan.quote === 0 ? -1 : plan.quote;
    this.#isSpace = whiteSpaceTable(plan.trim, plan.delimiter);
  }

  /** Takes up a record; {@link next} then moves to its first field. */
  open(record: Uint8Array, start: number, end: number): void {
    this.#record = record;
    this.#next = start;
    this.#recordEnd = end;
  }

  /** Whether the record has nothing but white space (never a delimiter or a quote). */
  isBlank(): boolean {
    let at = this.#next;
    while (at < this.#recordEnd && this.#isSpace[this.#record[at]!] === 1) at++;
    return at === this.#recordEnd;
  }

  /** Moves to the next field. Returns false after the last. */
  next(): boolean {
    // A record of n delimiters has n + 1 fields, so the last one may be empty and begin at the record's end.
    if (this.#next > this.#recordEnd) return false;
    const record = this.#record;
    const isSpace = this.#isSpace;
    const recordEnd = this.#recordEnd;
    let at = this.#next;
    while (at < recordEnd && isSpace[record[at]!] === 1) at++;
    this.quoted = at < recordEnd && record[at] === this.#quote;
    this.#next = this.quoted ? this.#readQuoted(at + 1) : this.#readUnquoted(this.#next);
    this.#trim();
    return true;
  }

  #readUnquoted(start: number): number {
    const record = this.#record;
    const delimiter = this.#delimiter;
    const recordEnd = this.#recordEnd;
    let end = start;
    while (end < recordEnd && record[end] !== delimiter) end++;
    this.bytes = record;
    this.start = start;
    this.end = end;
    return end + 1;
  }

  #readQuoted(start: number): number {
    const record = this.#record;
    const quote = this.#quote;
    const delimiter = this.#delimiter;
    const recordEnd = this.#recordEnd;
    let at = start;
    let escapes = 0;
    for (; at < recordEnd; at++) {
      if (record[at] !== quote) continue;
      if (at + 1 >= recordEnd || record[at + 1] !== quote) break;
      escapes++;
      at++;
    }
    this.bytes = record;
    this.start = start;
    this.end = Math.min(at, recordEnd);
    if (escapes > 0) this.#unescape(escapes);
    // What follows the closing quote is white space, or the record is faulty and never gets here.
    while (at < recordEnd && record[at] !== delimiter) at++;
    return at + 1;
  }

  #unescape(escapes: number): void {
    const source = this.bytes;
    const unescaped = new Uint8Array(this.end - this.start - escapes);
    let length = 0;
    for (let at = this.start; at < this.end; at++) {
      const byte = source[at]!;
      unescaped[length++] = byte;
      if (byte === this.#quote) at++;
    }
    this.bytes = unescaped;
    this.start = 0;
    this.end = length;
  }

  #trim(): void {
    const { bytes } = this;
    const isSpace = this.#isSpace;
    let { start, end } = this;
    while (start < end && isSpace[bytes[start]!] === 1) start++;
    while (end > start && isSpace[bytes[end - 1]!] === 1) end--;
    this.start = start;
    this.end = end;
  }
}
