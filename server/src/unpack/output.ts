import type { PackedFormat } from './packed-format.ts';
import type { Unpacking } from './unpacked.ts';

/** The text that comes out of a compressed file: kept within its limits, marked, and without what is not wanted again. */
export class Output {
  readonly #format: PackedFormat;
  readonly #unpacking: Unpacking;
  #position = 0;
  #length = 0;

  constructor(format: PackedFormat, unpacking: Unpacking) {
    this.#format = format;
    this.#unpacking = unpacking;
  }

  /** Is told how many bytes of the file a piece took, before {@link take} gets it. */
  readonly onInput = (position: number): void => {
    this.#position = position;
  };

  /** Yields the wanted part of the next piece of the text. @throws as {@link check} */
  *take(piece: Uint8Array): Generator<Uint8Array> {
    const { marks, skip } = this.#unpacking;
    const unwanted = skip - this.#length;
    this.#length += piece.length;
    this.check(this.#length);
    marks.add(this.#length, this.#position);
    if (unwanted < piece.length) yield piece.subarray(Math.max(0, unwanted));
  }

  /** Checks how many bytes have come out so far. @throws as {@link PackedFormat.checkLength} */
  check(length: number): void {
    this.#format.checkLength(length, this.#position, this.#unpacking.maxBytes);
  }
}
