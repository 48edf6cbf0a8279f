const FIRST_CAPACITY = 4096;

/** Collects bytes up to a limit; later ones are dropped. */
export class HeadBuffer {
  /** The bytes; only the first {@link length} count. */
  bytes = new Uint8Array(FIRST_CAPACITY);
  length = 0;

  readonly #maxBytes: number;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Appends `source[from..to)`. Bytes beyond the limit are dropped. */
  append(source: Uint8Array, from: number, to: number): void {
    const end = Math.min(to, from + this.#maxBytes - this.length);
    if (end <= from) return;
    const length = this.length + end - from;
    if (length > this.bytes.length) {
      const grown = new Uint8Array(Math.max(length, Math.min(this.bytes.length * 2, this.#maxBytes)));
      grown.set(this.bytes.subarray(0, this.length));
      this.bytes = grown;
    }
    this.bytes.set(source.subarray(from, end), this.length);
    this.length = length;
  }

  /** Forgets the bytes and their memory. */
  release(): void {
    this.length = 0;
    this.bytes = new Uint8Array(0);
  }
}
