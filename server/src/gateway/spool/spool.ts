import { constants, type Stats } from 'node:fs';
import { copyFile, link, open, opendir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { totalLength } from '../../bytes/total-length.ts';
import { FairQueue } from '../../queue/fair-queue.ts';
import { GrowingFile } from './growing-file.ts';
import { ReadAhead } from './read-ahead.ts';
import { SpoolRemoval } from './removal.ts';
import { uploadGone } from './upload-gone.ts';
import { stored, writeStream } from './writer.ts';

/** A file of the spool. */
export interface SpoolFile {
  id: string;
  /** When it was last written, in milliseconds since 1970. */
  writtenMs: number;
  /** In bytes. */
  size: number;
  /** Names the contents: files that are one have the same. */
  contents: string;
}

/** Is told how an upload grows. */
export interface AppendObserver {
  /** A piece has come and is not taken yet; an error that this throws ends the writing. */
  onPiece?(length: number): void;
  /** The file has this length now. */
  onWritten?(length: number): void;
}

/**
 * Where uploads lie until they are analysed: written at the end, and read from any place while they still grow.
 *
 * A file is made by `create`, lives through restarts and is removed by `remove`. After `append` the bytes are with the
 * operating system; after `sync` or `complete` they are on the disk.
 */
export interface Spool {
  /** Where a file lies, for a processor on the same machine. */
  path(id: string): string;
  create(id: string): Promise<void>;
  /**
   * Makes a file that is another one, which must be whole: none of the two is written any more, and each is removed alone.
   *
   * @throws TallyError UPLOAD_GONE
   */
  link(from: string, id: string): Promise<void>;
  /**
   * Writes the bytes that come, from `offset` on.
   *
   * @returns the length of the file afterwards
   * @throws the source's error, the signal's reason, or the error of the disk; the bytes before that are kept, unless
   * a sync has failed (STORAGE_FAILED). UPLOAD_GONE if the file ends before `offset`
   */
  append(id: string, offset: number, source: Readable, signal: AbortSignal, observer?: AppendObserver): Promise<number>;
  /**
   * Brings everything that was appended so far onto the disk.
   *
   * @throws TallyError STORAGE_FAILED if the disk has not kept it
   */
  sync(id: string): Promise<void>;
  /**
   * Says that the file is whole, and syncs it to the disk: readers end at its end.
   *
   * @param length that it must have
   * @throws TallyError UPLOAD_GONE if it has another, STORAGE_FAILED if the disk has not kept it
   */
  complete(id: string, length: number): Promise<void>;
  /** How many bytes are there; undefined if there is no such file. */
  length(id: string): Promise<number | undefined>;
  /**
   * Reads from a byte on, waits for more at the end, and ends when the file is complete. A chunk is one or more pieces, in
   * order; their memory is used again when the next chunk is asked for.
   *
   * @throws the signal's reason; UPLOAD_GONE if the file was cut
   */
  read(id: string, signal: AbortSignal, from?: number): AsyncIterable<readonly Uint8Array[]>;
  /** The file of this name; undefined if there is none. */
  file(id: string): Promise<SpoolFile | undefined>;
  /** All files that are there, in any order. */
  list(): AsyncIterable<SpoolFile>;
  /** Removes the file, if there is one; its space comes free soon after. Readers must have been stopped. */
  remove(id: string): Promise<void>;
  /** Resolves when the space of all files is free that were removed so far. */
  freed(): Promise<void>;
}

/** About so much is read at once: calls cost little beside the bytes, and many jobs at once fit in memory. */
export const READ_BYTES = 512 * 1024;

/** The spool as one file an upload in a folder of this machine. */
export class DiskSpool implements Spool {
  readonly directory: string;
  readonly #growingFiles = new Map<string, GrowingFile>();
  readonly #turns = new FairQueue(1);
  readonly #removal = new SpoolRemoval();

  /** @param directory exists */
  constructor(directory: string) {
    this.directory = directory;
  }

  path(id: string): string {
    return join(this.directory, id);
  }

  async create(id: string): Promise<void> {
    const file = await open(this.path(id), 'wx', 0o600);
    await file.close();
    await this.#syncNames();
  }

  async link(from: string, id: string): Promise<void> {
    try {
      await link(this.path(from), this.path(id));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT') throw uploadGone();
      // File systems without links, and files with as many as they may have.
      if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'EMLINK' && code !== 'ENOSYS') throw error;
      await copyFile(this.path(from), this.path(id), constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    }
    await this.#syncNames();
  }

  /** The files' names must live through a loss of power too. */
  async #syncNames(): Promise<void> {
    const directory = await open(this.directory, 'r');
    await directory.sync().finally(() => directory.close());
  }

  async append(
    id: string,
    offset: number,
    source: Readable,
    signal: AbortSignal,
    observer: AppendObserver = {},
  ): Promise<number> {
    const state = this.#file(id);
    const file = await open(this.path(id), 'r+');
    const onWritten = (length: number, pieces: readonly Uint8Array[]) => {
      state.wrote(pieces, length);
      observer.onWritten?.(length);
    };
    using _waking = state.wakeOn(signal);
    const pace = () => state.pace(signal);
    const onPiece = (length: number) => observer.onPiece?.(length);
    try {
      const { size } = await file.stat();
      // A hole would be read as zeros.
      if (size < offset) throw uploadGone(offset, size);
      return await writeStream({ file, offset, source, signal, onPiece, onWritten, pace, turns: this.#turns });
    } finally {
      await file.close();
    }
  }

  async sync(id: string): Promise<void> {
    const file = await open(this.path(id), 'r+');
    await stored(file.datasync()).finally(() => file.close());
  }

  async complete(id: string, length: number): Promise<void> {
    const file = await open(this.path(id), 'r+');
    try {
      const { size } = await file.stat();
      if (size !== length) throw uploadGone(length, size);
      const state = this.#file(id);
      state.length = length;
      state.isComplete = true;
      // Readers need not wait for the disk; the sender does.
      state.changed();
      await stored(file.sync());
    } finally {
      await file.close();
    }
  }

  async length(id: string): Promise<number | undefined> {
    return (await statIfThere(this.path(id)))?.size;
  }

  async *read(id: string, signal: AbortSignal, from = 0): AsyncGenerator<readonly Uint8Array[]> {
    const state = this.#file(id);
    const file = await open(this.path(id), 'r');
    try {
      // Something may have been there before this process was.
      if (!state.isComplete) state.length = Math.max(state.length, (await file.stat()).size);
      using reader = state.addReader(from);
      using _waking = state.wakeOn(signal);
      await using onDisk = new ReadAhead(file, READ_BYTES);
      for (let position = from; ; ) {
        while (position >= state.length && !state.isComplete) {
          signal.throwIfAborted();
          await state.nextChange();
        }
        signal.throwIfAborted();
        if (position >= state.length) return;
        let pieces = state.tail.from(position, READ_BYTES);
        // Bytes behind the end as it is known are not of the file, or not yet.
        if (pieces.length === 0)
          pieces = [(await onDisk.read(position, state.length)).subarray(0, state.length - position)];
        const length = totalLength(pieces);
        if (length === 0) throw uploadGone(state.length, (await file.stat()).size);
        yield pieces;
        position += length;
        // A reader that asks for more has finished with the bytes before.
        reader.moveTo(position);
      }
    } finally {
      await file.close();
    }
  }

  async file(id: string): Promise<SpoolFile | undefined> {
    const stats = await statIfThere(this.path(id));
    if (!stats) return undefined;
    const { mtimeMs, size, dev, ino } = stats;
    return { id, writtenMs: mtimeMs, size, contents: `${dev}:${ino}` };
  }

  async *list(): AsyncGenerator<SpoolFile> {
    for await (const entry of await opendir(this.directory)) {
      if (!entry.isFile()) continue;
      const file = await this.file(entry.name);
      if (file) yield file;
    }
  }

  async remove(id: string): Promise<void> {
    this.#growingFiles.delete(id);
    await this.#removal.remove(this.path(id));
  }

  freed(): Promise<void> {
    return this.#removal.idle();
  }

  #file(id: string): GrowingFile {
    const known = this.#growingFiles.get(id) ?? new GrowingFile();
    this.#growingFiles.set(id, known);
    return known;
  }
}

async function statIfThere(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
