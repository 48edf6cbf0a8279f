/**
 * Tells how much of a compressed upload a position in its decompressed text stands for. While nothing was marked the two
 * are the same.
 */
export class ByteMarks {
  readonly #marks: { text: number; upload: number }[] = [];
  readonly #startText: number;
  #reached: number;
  #isUsed: boolean;

  /** @param start a position that is known from before: the text up to it is unpacked again, and its marks say nothing new */
  constructor(start: { bytes: number; uploadBytes: number } = { bytes: 0, uploadBytes: 0 }) {
    this.#startText = start.bytes;
    this.#reached = start.uploadBytes;
    this.#isUsed = start.bytes !== start.uploadBytes;
  }

  /** Says that the first `text` bytes came out of the first `upload` bytes. Both only grow. */
  add(text: number, upload: number): void {
    this.#isUsed = true;
    if (text <= this.#startText) return;
    this.#marks.push({ text, upload });
  }

  /** Bytes of the upload for the first `text` bytes. Positions asked for may only grow: older marks are forgotten. */
  at(text: number): number {
    if (!this.#isUsed) return text;
    let passed = 0;
    for (const mark of this.#marks) {
      if (mark.text > text) break;
      this.#reached = mark.upload;
      passed++;
    }
    this.#marks.splice(0, passed);
    return this.#reached;
  }
}
