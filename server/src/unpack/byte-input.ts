/** The bytes of a stream, taken bit by bit by the reader whose turn it is. */
export class ByteInput {
  readonly #source: AsyncIterator<Uint8Array>;
  #rest: Buffer = Buffer.alloc(0);
  #position = 0;

  /** @param source may use the memory of a chunk again once the next is asked for */
  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** How many bytes have been taken. */
  get position(): number {
    return this.#position;
  }

  /** Some bytes, as many as there are; undefined at the end. @throws the source's error */
  async take(): Promise<Buffer | undefined> {
    let piece = this.#rest;
    this.#rest = Buffer.alloc(0);
    while (piece.length === 0) {
      const { done, value } = await this.#source.next();
      if (done) return undefined;
      piece = Buffer.from(value);
    }
    this.#position += piece.length;
    return piece;
  }

  /** Puts back the end of the bytes that were taken last. */
  putBack(bytes: Buffer): void {
    this.#rest = bytes;
    this.#position -= bytes.length;
  }

  /** This many bytes, or fewer at the end. @throws the source's error */
  async takeExactly(length: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    for (let missing = length; missing > 0; ) {
      const piece = await this.takeAtMost(missing);
      if (!piece) break;
      parts.push(piece);
      missing -= piece.length;
    }
    return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
  }

  /** Some bytes, but not more than so many; undefined at the end. @throws errors of the source */
  async takeAtMost(length: number): Promise<Buffer | undefined> {
    const piece = await this.take();
    if (!piece || piece.length <= length) return piece;
    this.putBack(piece.subarray(length));
    return piece.subarray(0, length);
  }

  /** Looks at so many bytes that come next, or fewer at the end, without taking them. @throws errors of the source */
  async peek(length: number): Promise<Buffer> {
    while (this.#rest.length < length) {
      const { done, value } = await this.#source.next();
      if (done) break;
      this.#rest = Buffer.concat([this.#rest, value]);
    }
    return this.#rest.subarray(0, length);
  }

  /** Drops so many bytes, and says whether there were as many. @throws errors of the source */
  async skip(length: number): Promise<boolean> {
    for (let missing = length; missing > 0; ) {
      const piece = await this.takeAtMost(missing);
      if (!piece) return false;
      missing -= piece.length;
    }
    return true;
  }

  /** Drops everything up to a byte of this value, and says whether there was one. @throws the source's error */
  async skipPast(value: number): Promise<boolean> {
    for (let piece = await this.take(); piece; piece = await this.take()) {
      const found = piece.indexOf(value);
      if (found < 0) continue;
      this.putBack(piece.subarray(found + 1));
      return true;
    }
    return false;
  }

  /** Says that nothing more is wanted, for the source to release its resources. */
  async close(): Promise<void> {
    await this.#source.return?.();
  }
}
