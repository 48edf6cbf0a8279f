import { randomFillSync } from 'node:crypto';
import { closeSync, openSync, renameSync, rmSync, statfsSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * The end of a job writes about ten pages of 4 KiB, a step of a removal up to 3 MiB into the log and as much into the
 * file. This is room for a few of those steps, of which each gives back more, and for the ends of some hundred jobs.
 */
const RESERVE_BYTES = 16 * 1024 * 1024;
const BLOCK_BYTES = 1024 * 1024;

/**
 * Room on the disk that is kept for the end of jobs and for removals: a file that is given up when the disk is full, and
 * made again when there is room. Its bytes are random, as file systems that compress give nothing for zeros.
 */
export class Reserve {
  readonly #path: string;
  readonly #bytes: number;

  /** @param path of the file, on the disk where the room is wanted */
  constructor(path: string, bytes = RESERVE_BYTES) {
    this.#path = path;
    this.#bytes = bytes;
  }

  get isHeld(): boolean {
    return (statSync(this.#path, { throwIfNoEntry: false })?.size ?? 0) >= this.#bytes;
  }

  /** Gives the room free. @returns whether there was any to give */
  give(): boolean {
    const wasHeld = this.isHeld;
    rmSync(this.#path, { force: true });
    return wasHeld;
  }

  /** Takes the room again, if as much is left afterwards. @returns whether it is held */
  hold(): boolean {
    if (this.isHeld) return true;
    if (freeBytes(this.#path) < 2 * this.#bytes) return false;
    // Not synced: the file system counts the room at once, and after a crash a file that is too short is made anew.
    const unfinished = `${this.#path}.new`;
    try {
      const file = openSync(unfinished, 'w', 0o600);
      try {
        const block = randomFillSync(Buffer.allocUnsafe(Math.min(BLOCK_BYTES, this.#bytes)));
        for (let written = 0; written < this.#bytes; ) written += writeSync(file, block);
      } finally {
        closeSync(file);
      }
      renameSync(unfinished, this.#path);
      return true;
    } catch {
      // Somebody else was quicker to fill the disk.
      rmSync(unfinished, { force: true });
      return false;
    }
  }
}

/** Bytes that this user may still write where a file lies. */
export function freeBytes(path: string): number {
  const { bavail, bsize } = statfsSync(dirname(path));
  return bavail * bsize;
}
