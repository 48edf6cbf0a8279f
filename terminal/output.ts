import { closeSync, constants, fstatSync, ftruncateSync, openSync, type Stats, writeSync } from 'node:fs';

/** Says that the output could not be written; its message is for the user. */
export class OutputError extends Error {}
/** Says that the reader of the output has had enough, such as `head`: no failure. */
export class OutputClosed extends Error {}

/** The identity of a file among all others of this machine, whatever its name. */
export interface FileIdentity {
  device: number;
  inode: number;
}

/** The identity of a file with contents; undefined for pipes, terminals and the like, where two users do not collide. */
export function identityOf(stats: Stats): FileIdentity | undefined {
  return stats.isFile() ? { device: stats.dev, inode: stats.ino } : undefined;
}

const STANDARD_OUTPUT = 1;
const OPEN_AS_IT_IS = constants.O_WRONLY | constants.O_CREAT;
/** A pipe that its reader set to non-blocking is tried again after so many milliseconds. */
const RETRY_MS = 2;

/**
 * A file or standard output, written synchronously: a slow reader simply holds the generator back, and at 1 MiB a time
 * there is nothing to gain from more threads.
 */
export class Output implements Disposable {
  readonly #path: string;
  readonly #descriptor: number;
  #isClosed = false;

  /**
   * @param path `-` for standard output
   * @param options `keep`: what the file holds stays until {@link truncate}
   * @throws OutputError
   */
  constructor(path: string, { keep = false }: { keep?: boolean } = {}) {
    this.#path = path;
    this.#descriptor = this.#explain(() =>
      path === '-' ? STANDARD_OUTPUT : openSync(path, keep ? OPEN_AS_IT_IS : 'w'),
    );
  }

  /** Its identity; undefined if it is no file. */
  get identity(): FileIdentity | undefined {
    return identityOf(fstatSync(this.#descriptor));
  }

  /** Empties the file. @throws OutputError */
  truncate(): void {
    if (this.identity) this.#explain(() => ftruncateSync(this.#descriptor));
  }

  /**
   * Writes all of the bytes.
   *
   * @throws OutputError, OutputClosed
   */
  write(bytes: Uint8Array): void {
    // The descriptor may be another file's by now.
    if (this.#isClosed) throw new Error(`something was written to ${this.#path} after it was closed`);
    for (let at = 0; at < bytes.length; ) at += this.#explain(() => this.#writeSome(bytes, at));
  }

  [Symbol.dispose](): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
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
