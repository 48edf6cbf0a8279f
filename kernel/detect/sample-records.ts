import { CR, LF, whiteSpaceTable } from '../ascii.ts';
import { MAX_COLUMNS, type ReadPlan } from '../kernel.ts';

/** How much of a file its dialect is detected from, in bytes. */
export const SAMPLE_BYTES = 64 * 1024;

/** The part of a read plan that says how records and fields are told apart. */
export type FieldPlan = Pick<ReadPlan, 'delimiter' | 'quote' | 'trim'>;

/** One record of a sample, in full. */
export interface SampleRecord {
  /** Where it begins, in bytes of the sample. */
  offset: number;
  /** Where it ends, before its line end. */
  end: number;
  /** The line that it begins on, from 1. */
  line: number;
  /**
   * The fields, unquoted and trimmed, with U+FFFD for what is not UTF-8; of a record with more than
   * {@link MAX_COLUMNS} only the first of those that are too many.
   */
  fields: string[];
  /** Which of the fields stood in quotes. */
  quoted: boolean[];
  /** Whether text follows a closing quote, or the file ends inside quotes. */
  isFaulty: boolean;
}

/** The first bytes of a file, as UTF-8 text without a byte order mark. */
export interface Sample {
  text: Uint8Array;
  /** Whether this is the whole file, so that its last record is whole too. */
  isComplete: boolean;
}

/** The records of a sample. */
export interface SampleRecords {
  /** The records that are not blank, without one that the sample cuts. */
  records: SampleRecord[];
  /** The part of the record that the sample cuts. */
  cut: SampleRecord | undefined;
}

/**
 * Reads a sample by the kernel's rules, which `wasm-kernel.property.test.ts` holds it to.
 *
 * @param most stops after so many records, as if the sample ended behind them
 */
export function readSampleRecords(
  { text, isComplete }: Sample,
  plan: FieldPlan,
  most = Number.POSITIVE_INFINITY,
): SampleRecords {
  const reader = new SampleReader(Buffer.from(text.buffer, text.byteOffset, text.length), plan);
  const records: SampleRecord[] = [];
  while (!reader.isAtEnd && records.length < most) {
    const record = reader.next();
    // A CR at the very end of the sample ends its record for certain: a LF after it would belong to it.
    if (reader.isAtEnd && !reader.hasLineEnd && !isComplete) return { records, cut: record };
    if (record) records.push(record);
  }
  return { records, cut: undefined };
}

/** Text before this many lines is left out. Undefined if it has fewer. */
export function offsetOfLine(text: Uint8Array, lines: number): number | undefined {
  let at = 0;
  for (let line = 0; line < lines; line++) {
    while (at < text.length && text[at] !== LF && text[at] !== CR) at++;
    if (at === text.length) return undefined;
    at += text[at] === CR && text[at + 1] === LF ? 2 : 1;
  }
  return at;
}

class SampleReader {
  /** Whether the record that was read last has one. */
  hasLineEnd = false;
  readonly #text: Buffer;
  readonly #delimiter: number;
  readonly #quote: number;
  readonly #trims: boolean;
  readonly #isSpace: Uint8Array;
  #at = 0;
  #line = 1;

  constructor(text: Buffer, { delimiter, quote, trim }: FieldPlan) {
    this.#text = text;
    this.#delimiter = delimiter;
    // No byte is -1, so without a quote no comparison holds.
    this.#quote = quote === 0 ? -1 : quote;
    this.#trims = trim;
    this.#isSpace = whiteSpaceTable(trim, delimiter);
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  /** Reads the next record. Undefined for a blank line. */
  next(): SampleRecord | undefined {
    const text = this.#text;
    const record: SampleRecord = {
      offset: this.#at,
      end: 0,
      line: this.#line,
      fields: [],
      quoted: [],
      isFaulty: false,
    };
    while (this.#readField(record)) this.#at++;
    record.end = this.#at;
    this.hasLineEnd = this.#at < text.length;
    this.#line += lineBreaksIn(text, record.offset, record.end) + 1;
    this.#at += text[this.#at] === CR && text[this.#at + 1] === LF ? 2 : 1;
    const isBlank = !record.isFaulty && this.#skipSpace(record.offset) === record.end;
    return isBlank ? undefined : record;
  }

  /** Reads a field. Returns whether another one follows, behind the delimiter at hand. */
  #readField(record: SampleRecord): boolean {
    const text = this.#text;
    const start = this.#at;
    const first = this.#skipSpace(start);
    // After a fault nothing but a line break ends the record.
    const isQuoted = !record.isFaulty && text[first] === this.#quote;
    const isKept = record.fields.length <= MAX_COLUMNS;
    if (isKept) record.quoted.push(isQuoted);
    if (!isQuoted) {
      this.#at = this.#fieldEnd(start);
      if (isKept) record.fields.push(this.#trimmed(text.subarray(start, this.#at)));
      return text[this.#at] === this.#delimiter && !this.#isLineBreak(this.#at);
    }
    const parts: Buffer[] = [];
    let at = first + 1;
    for (;;) {
      const found = this.#quote < 0 ? -1 : text.indexOf(this.#quote, at);
      const end = found < 0 ? text.length : found;
      parts.push(text.subarray(at, end));
      at = end + 1;
      if (found < 0 || text[at] !== this.#quote) break;
      parts.push(text.subarray(at, at + 1));
      at++;
    }
    if (isKept) record.fields.push(this.#trimmed(Buffer.concat(parts)));
    this.#at = Math.min(at, text.length);
    if (at > text.length) {
      record.isFaulty = true;
      return false;
    }
    this.#at = this.#skipSpace(this.#at);
    if (this.#at >= text.length || this.#isLineBreak(this.#at)) return false;
    if (text[this.#at] === this.#delimiter) return true;
    record.isFaulty = true;
    this.#at = this.#fieldEnd(this.#at);
    return text[this.#at] === this.#delimiter;
  }

  #isLineBreak(at: number): boolean {
    return this.#text[at] === LF || this.#text[at] === CR;
  }

  #fieldEnd(from: number): number {
    let at = from;
    while (at < this.#text.length && this.#text[at] !== this.#delimiter && !this.#isLineBreak(at)) at++;
    return at;
  }

  /** Where the first byte behind white space is, or the line end. */
  #skipSpace(from: number): number {
    let at = from;
    for (let length = this.#spaceAt(at); length > 0 && !this.#isLineBreak(at); length = this.#spaceAt(at)) at += length;
    return at;
  }

  /** How long the white space at an index is, in bytes: ASCII, U+00A0, U+200B or U+FEFF. */
  #spaceAt(at: number): number {
    if (at >= this.#text.length) return 0;
    const byte = this.#text[at]!;
    if (this.#isSpace[byte] === 1) return 1;
    if (byte < 0xc2 || !this.#trims) return 0;
    return WIDE_SPACES.find((space) => this.#text.subarray(at, at + space.length).equals(space))?.length ?? 0;
  }

  #trimmed(bytes: Buffer): string {
    const text = bytes.toString();
    if (!this.#trims) return text;
    let start = 0;
    let end = text.length;
    while (start < end && this.#isEdge(text.charCodeAt(start))) start++;
    while (end > start && this.#isEdge(text.charCodeAt(end - 1))) end--;
    return text.slice(start, end);
  }

  #isEdge(code: number): boolean {
    return code < 128 ? this.#isSpace[code] === 1 : WIDE_CODES.includes(code);
  }
}

const WIDE_SPACES = ['\u00a0', '\u200b', '\ufeff'].map((text) => Buffer.from(text));
const WIDE_CODES = [0xa0, 0x200b, 0xfeff];

/** LF, CRLF and CR, each counted once. */
function lineBreaksIn(text: Buffer, start: number, end: number): number {
  let breaks = 0;
  for (let at = start; at < end; at++) {
    if (text[at] === LF || (text[at] === CR && text[at + 1] !== LF)) breaks++;
  }
  return breaks;
}
