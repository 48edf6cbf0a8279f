const NOTHING = Buffer.alloc(0);

/** Bytes that have come and are not taken up yet, in the pieces that they came in: each is copied at most once. */
export class ByteQueue {
  #pieces: Buffer[] = [];
  /** Pieces before this one have been taken. */
  #first = 0;
  #length = 0;

  /** How many bytes there are. */
  get length(): number {
    return this.#length;
  }

  push(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#pieces.push(bytes);
    this.#length += bytes.length;
  }

  /** Puts bytes in front of all others. */
  unshift(bytes: Buffer): void {
    if (bytes.length === 0) return;
    if (this.#first > 0) this.#pieces[--this.#first] = bytes;
    else this.#pieces.unshift(bytes);
    this.#length += bytes.length;
  }

  /** The first bytes, at least so many if there are; they stay. */
  peek(length: number): Buffer {
    const first = this.#pieces[this.#first] ?? NOTHING;
    if (first.length >= length || this.#length === first.length) return first;
    const gathered = this.take(Math.min(length, this.#length));
    this.unshift(gathered);
    return gathered;
  }

  /** Takes the first piece, or the part of it that is wanted. */
  takePiece(most: number): Buffer {
    return this.take(Math.min(most, this.#pieces[this.#first]?.length ?? 0));
  }

  /** Takes exactly so many bytes, which must be there. */
  take(length: number): Buffer {
    const taken: Buffer[] = [];
    let rest = length;
    while (rest > 0) {
      const piece = this.#pieces[this.#first]!;
      if (piece.length <= rest) {
        taken.push(piece);
        this.#drop();
      } else {
        taken.push(piece.subarray(0, rest));
        this.#pieces[this.#first] = piece.subarray(rest);
      }
      rest -= taken.at(-1)!.length;
    }
    this.#length -= length;
    return taken.length === 1 ? taken[0]! : Buffer.concat(taken, length);
  }

  #drop(): void {
    // The slot lets its memory go at once; the list is shortened when half of it is empty.
    this.#pieces[this.#first++] = NOTHING;
    if (this.#first * 2 < this.#pieces.length) return;
    this.#pieces.splice(0, this.#first);
    this.#first = 0;
  }
}
