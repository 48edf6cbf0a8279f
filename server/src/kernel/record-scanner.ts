import { CR, LF, whiteSpaceTable } from './ascii.ts';
import type { ReadPlan } from './kernel.ts';

/** What is wrong with a record as a whole, whatever its fields hold. */
export const RecordFault = { NONE: 0, MALFORMED_QUOTE: 1, UNTERMINATED_QUOTE: 2, TOO_LONG: 3 } as const;
export type RecordFault = (typeof RecordFault)[keyof typeof RecordFault];

/** Where in a record the scanner stands. */
const State = {
  /** Before the first byte of a field that is not white space. */
  FIELD_START: 0,
  UNQUOTED: 1,
  QUOTED: 2,
  /** After a quote inside quotes: it closes the field, or is the first half of `""`. */
  QUOTE_SEEN: 3,
  /** In white space after a closing quote. */
  CLOSED: 4,
  /** After a fault: nothing but a line break ends the record, so that only this row is lost. */
  FAULTY: 5,
} as const;
type State = (typeof State)[keyof typeof State];

/** The part of a read plan that says where records end. */
export type RecordPlan = Pick<ReadPlan, 'delimiter' | 'quote' | 'trim' | 'maxRecordBytes'>;

/**
 * Finds the ends of records in text that arrives in pieces. It looks at each byte once and keeps no text, so a record
 * may be cut anywhere, any number of times.
 */
export class RecordScanner {
  /** Bytes of the record so far, without its line end. */
  length = 0;
  fault: RecordFault = RecordFault.NONE;
  /** Line breaks inside the record so far (in quotes), CRLF counted once. */
  lineBreaks = 0;

  readonly #delimiter: number;
  readonly #quote: number;
  readonly #maxBytes: number;
  readonly #isSpace: Uint8Array;
  #state: State = State.FIELD_START;
  #afterCr = false;

  constructor(plan: RecordPlan) {
    this.#delimiter = plan.delimiter;
    // No byte is -1, so without a quote no comparison holds.
    this.#quote = plan.quote === 0 ? -1 : plan.quote;
    this.#maxBytes = plan.maxRecordBytes;
    this.#isSpace = whiteSpaceTable(plan.trim, plan.delimiter);
  }

  /** Gets ready for the next record. */
  reset(): void {
    this.length = 0;
    this.fault = RecordFault.NONE;
    this.lineBreaks = 0;
    this.#state = State.FIELD_START;
    this.#afterCr = false;
  }

  /**
   * Goes on with the record at `buffer[from]`.
   *
   * @returns the index of the CR or LF that ends the record, or -1 if it goes on after `to`
   */
  scan(buffer: Uint8Array, from: number, to: number): number {
    const delimiter = this.#delimiter;
    const quote = this.#quote;
    const isSpace = this.#isSpace;
    // The byte at this index, if it still belongs to the record, makes it too long.
    const tooLongAt = from + this.#maxBytes - this.length;
    let state = this.#state;
    let afterCr = this.#afterCr;
    let at = from;
    for (; at < to; at++) {
      const byte = buffer[at]!;
      const isLineBreak = byte === LF || byte === CR;
      if (isLineBreak && state !== State.QUOTED) break;
      if (at >= tooLongAt) {
        this.fault = RecordFault.TOO_LONG;
        state = State.FAULTY;
        if (isLineBreak) break;
        continue;
      }
      switch (state) {
        case State.FIELD_START:
          if (byte === quote) state = State.QUOTED;
          else if (byte !== delimiter && isSpace[byte] === 0) state = State.UNQUOTED;
          break;
        case State.UNQUOTED:
          if (byte === delimiter) state = State.FIELD_START;
          break;
        case State.QUOTED:
          if (byte === quote) state = State.QUOTE_SEEN;
          else if (isLineBreak && (byte === CR || !afterCr)) this.lineBreaks++;
          afterCr = byte === CR;
          break;
        case State.QUOTE_SEEN:
        case State.CLOSED:
          if (byte === delimiter) state = State.FIELD_START;
          else if (byte === quote && state === State.QUOTE_SEEN) state = State.QUOTED;
          else if (isSpace[byte] === 1) state = State.CLOSED;
          else {
            this.fault = RecordFault.MALFORMED_QUOTE;
            state = State.FAULTY;
          }
          break;
      }
    }
    this.#state = state;
    this.#afterCr = afterCr;
    this.length += at - from;
    if (at === to) return -1;
    // A quoted CR was the last byte within the limit and its LF the first beyond it: one line break, counted already.
    if (afterCr && buffer[at] === LF && this.fault === RecordFault.TOO_LONG && this.length === this.#maxBytes) {
      this.lineBreaks--;
    }
    return at;
  }

  /** Says that the text has ended inside this record. */
  end(): void {
    if (this.#state === State.QUOTED) this.fault = RecordFault.UNTERMINATED_QUOTE;
  }
}
