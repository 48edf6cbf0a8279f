import { closeSync, openSync, writeSync } from 'node:fs';

/** Says that the output could not be written; its message is for the user. */
export class OutputError extends Error {}
/** Says that whoever read the output has had enough, such as `head`: no failure. */
export class OutputClosed extends Error {}

const STANDARD_OUTPUT = 1;
/** A pipe that its reader set to non-blocking is tried again after so many milliseconds. */
const RETRY_MS = 2;

/**
 * A file or standard output, written synchronously: a slow reader simply holds the generator back, and at 1 MiB a time
 * there is nothing to gain from more threads.
 */
export class Output implements Disposable {
  readonly #path: string;
  readonly #descriptor: number;

  /**
   * @param path `-` for standard output
   * @throws OutputError
   */
  constructor(path: string) {
    this.#path = path;
    this.#descriptor = this.#explain(() => (path === '-' ? STANDARD_OUTPUT : openSync(path, 'w')));
  }

  /**
   * Writes all of the bytes.
   *
   * @throws OutputError, OutputClosed
   */
  write(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) at += this.#explain(() => this.#writeSome(bytes, at));
  }

  [Symbol.dispose](): void {
    if (this.#descriptor !== STANDARD_OUTPUT) closeSync(this.#descriptor);
  }

  #writeSome(bytes: Uint8Array, at: number): number {
    try {
      return writeSync(this.#descriptor, bytes, at, bytes.length - at);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS);
      return 0;
    }
  }

  #explain<Result>(action: () => Result): Result {
    try {
      return action();
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === 'EPIPE') throw new OutputClosed();
      const reason =
        code === 'ENOSPC'
          ? 'the disk is full; what was written stays there, so free some space or choose another place'
          : code === 'ENOENT'
            ? 'its folder does not exist'
            : message;
      throw new OutputError(`cannot write ${this.#path === '-' ? 'to standard output' : this.#path}: ${reason}`);
    }
  }
}
