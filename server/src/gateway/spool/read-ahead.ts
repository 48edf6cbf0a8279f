import type { FileHandle } from 'node:fs/promises';

interface Reading {
  position: number;
  piece: Promise<Buffer>;
}

/** Reads a file from the front to the back, the next piece while the last is in use. */
export class ReadAhead implements AsyncDisposable {
  readonly #file: FileHandle;
  readonly #pieceBytes: number;
  #next: Buffer | undefined;
  #used: Buffer | undefined;
  #reading: Reading | undefined;

  constructor(file: FileHandle, pieceBytes: number) {
    this.#file = file;
    this.#pieceBytes = pieceBytes;
  }

  /**
   * The bytes from a position on; none at the end of the file. Their memory is used again by the second call after this.
   *
   * @param fileBytes how long the file is known to be
   */
  async read(position: number, fileBytes: number): Promise<Buffer> {
    let reading = this.#reading;
    if (reading?.position !== position) {
      await this.#settled();
      reading = this.#start(position);
    }
    const piece = await reading.piece;
    this.#reading = undefined;
    [this.#next, this.#used] = [this.#used, this.#next];
    const end = position + piece.length;
    if (piece.length > 0 && end < fileBytes) this.#start(end);
    return piece;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#settled();
  }

  #start(position: number): Reading {
    this.#next ??= Buffer.allocUnsafeSlow(this.#pieceBytes);
    const buffer = this.#next;
    const piece = this.#file
      .read(buffer, 0, buffer.length, position)
      .then(({ bytesRead }) => buffer.subarray(0, bytesRead));
    // The reader may give up without waiting for it.
    piece.catch(() => {});
    this.#reading = { position, piece };
    return this.#reading;
  }

  /** Waits until nothing is read any more. */
  async #settled(): Promise<void> {
    await this.#reading?.piece.catch(() => {});
    this.#reading = undefined;
  }
}
