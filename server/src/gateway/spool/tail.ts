import { totalLength } from '../../bytes/total-length.ts';

/** The most bytes that are kept. A reader that is further behind gets the rest from the disk. */
export const MAX_TAIL_BYTES = 2 * 1024 * 1024;
/** Bytes that came in more pieces at once are kept as one. */
const MANY_PIECES = 64;

/**
 * The end of a file that is being written, in the pieces that it came in: a reader at the growing end need not read
 * from the disk bytes that have just been written.
 */
export class SpoolTail {
  #pieces: Uint8Array[] = [];
  #start = 0;
  #end = 0;

  /** Adds written bytes. @param end the file's length with it */
  add(pieces: readonly Uint8Array[], end: number): void {
    const start = end - totalLength(pieces);
    if (start !== this.#end) this.clear(start);
    for (const piece of pieces.length < MANY_PIECES ? pieces : [Buffer.concat(pieces)]) this.#pieces.push(piece);
    this.#end = end;
    this.dropBefore(end - MAX_TAIL_BYTES);
  }

  /** Some pieces from a position on, about as many bytes as are wanted; none if they are not kept. */
  from(position: number, wantedBytes: number): Uint8Array[] {
    const found: Uint8Array[] = [];
    if (position < this.#start) return found;
    let start = this.#start;
    for (const piece of this.#pieces) {
      const end = start + piece.length;
      if (end > position) found.push(start < position ? piece.subarray(position - start) : piece);
      if (end >= position + wantedBytes) break;
      start = end;
    }
    return found;
  }

  /** Lets go of the pieces that end before a position, or there. */
  dropBefore(position: number): void {
    let count = 0;
    for (const piece of this.#pieces) {
      if (this.#start + piece.length > position) break;
      this.#start += piece.length;
      count++;
    }
    this.#pieces.splice(0, count);
  }

  /** Lets go of everything. @param position where the next bytes begin */
  clear(position: number): void {
    this.#pieces = [];
    this.#start = position;
    this.#end = position;
  }
}
