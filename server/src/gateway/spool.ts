import { type FileHandle, mkdir, open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { untilAborted } from './until-aborted.ts';

/**
 * Where uploads lie until they are analysed: written at the end, and read from any place while they still grow.
 *
 * A file is made by `create`, lives through restarts and is removed by `remove`. What `append` has returned is with the
 * operating system; what `complete` has returned is on the disk.
 */
export interface Spool {
  create(id: string): Promise<void>;
  /**
   * Writes what comes, from `offset` on.
   *
   * @returns the length of the file afterwards
   * @throws what the source throws, the signal's reason, or the error of the disk; the bytes before that are kept
   */
  append(id: string, offset: number, source: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<number>;
  /** Says that the file is whole, and syncs it to the disk: readers end at its end. */
  complete(id: string): Promise<void>;
  /** How many bytes are there; undefined if there is no such file. */
  length(id: string): Promise<number | undefined>;
  /**
   * Reads from the start, waits for more at the end, and ends when the file is complete. The memory of a chunk is used
   * again when the next is asked for.
   *
   * @throws the signal's reason
   */
  read(id: string, signal: AbortSignal): AsyncIterable<Uint8Array>;
  /** Removes the file, if there is one. Readers must have been stopped. */
  remove(id: string): Promise<void>;
}

/** Large enough that calls cost little beside the bytes, small enough that many jobs at once fit in memory. */
const READ_BYTES = 256 * 1024;

/** What may wait in the page cache before it is sent to the disk. */
const WRITE_BACK_BYTES = 32 * 1024 * 1024;

/** What is known of a file that is being written or read. */
class Growth {
  length = 0;
  isComplete = false;
  #waiting: (() => void)[] = [];

  changed(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }

  async nextChange(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push(resolve);
    signal.addEventListener('abort', resolve as () => void, { once: true });
    await promise;
    signal.removeEventListener('abort', resolve as () => void);
    signal.throwIfAborted();
  }
}

/** The spool as one file an upload in a folder of this machine. */
export class DiskSpool implements Spool {
  readonly directory: string;
  readonly #onAppend: (id: string, length: number) => void;
  readonly #growths = new Map<string, Growth>();

  /** @param onAppend is told the new length after every write */
  constructor(directory: string, onAppend: (id: string, length: number) => void) {
    this.directory = directory;
    this.#onAppend = onAppend;
  }

  async open(): Promise<void> {
    await mkdir(this.directory, { recursive: true });
  }

  path(id: string): string {
    return join(this.directory, id);
  }

  async create(id: string): Promise<void> {
    const file = await open(this.path(id), 'wx', 0o600);
    await file.close();
  }

  async append(id: string, offset: number, source: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<number> {
    const growth = this.#growth(id);
    const file = await open(this.path(id), 'r+');
    const writeBack = new WriteBack(file);
    let position = offset;
    try {
      for await (const chunk of untilAborted(source, signal)) {
        await writeAll(file, chunk, position);
        position += chunk.length;
        writeBack.wrote(chunk.length);
        growth.length = position;
        growth.changed();
        this.#onAppend(id, position);
      }
      return position;
    } finally {
      await writeBack.end();
      await file.close();
    }
  }

  async complete(id: string): Promise<void> {
    const file = await open(this.path(id), 'r+');
    try {
      const growth = this.#growth(id);
      growth.length = (await file.stat()).size;
      growth.isComplete = true;
      // Readers need not wait for the disk; who uploaded does.
      growth.changed();
      await file.sync();
    } finally {
      await file.close();
    }
  }

  async length(id: string): Promise<number | undefined> {
    try {
      return (await stat(this.path(id))).size;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  async *read(id: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const growth = this.#growth(id);
    const file = await open(this.path(id), 'r');
    try {
      // Something may have been there before this process was.
      growth.length = Math.max(growth.length, (await file.stat()).size);
      // One is read into while the other is in use.
      let [next, used] = [Buffer.allocUnsafeSlow(READ_BYTES), Buffer.allocUnsafeSlow(READ_BYTES)];
      let position = 0;
      const readNext = async () => {
        while (position >= growth.length && !growth.isComplete) await growth.nextChange(signal);
        return (await file.read(next, 0, READ_BYTES, position)).bytesRead;
      };
      let reading = readNext();
      try {
        for (let length = await reading; length > 0; length = await reading) {
          signal.throwIfAborted();
          position += length;
          [next, used] = [used, next];
          reading = readNext();
          // Who reads may give up without waiting for this.
          reading.catch(() => {});
          yield used.subarray(0, length);
        }
      } finally {
        await reading.catch(() => {});
      }
    } finally {
      await file.close();
    }
  }

  async remove(id: string): Promise<void> {
    this.#growths.delete(id);
    await rm(this.path(id), { force: true });
  }

  #growth(id: string): Growth {
    const known = this.#growths.get(id) ?? new Growth();
    this.#growths.set(id, known);
    return known;
  }
}

/**
 * Sends what was written on to the disk while more arrives. Without it gigabytes wait in the page cache, and the sync at
 * the end of an upload (and every commit of the database that comes by) takes seconds.
 */
class WriteBack {
  readonly #file: FileHandle;
  #waiting = 0;
  #running: Promise<void> | undefined;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  wrote(bytes: number): void {
    this.#waiting += bytes;
    if (this.#waiting < WRITE_BACK_BYTES || this.#running) return;
    this.#waiting = 0;
    // An error of the disk shows with the sync that the upload ends with.
    const done = () => (this.#running = undefined);
    this.#running = this.#file.datasync().then(done, done);
  }

  async end(): Promise<void> {
    await this.#running;
  }
}

async function writeAll(file: FileHandle, chunk: Uint8Array, position: number): Promise<void> {
  let written = 0;
  while (written < chunk.length) {
    written += (await file.write(chunk, written, chunk.length - written, position + written)).bytesWritten;
  }
}
