import type { FileHandle } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { TallyError } from '../../errors.ts';
import type { FairQueue } from '../../queue/fair-queue.ts';
import { WriteTurn } from './write-turn.ts';

/** Bytes that may wait in the page cache before they are sent to the disk. */
const WRITE_BACK_BYTES = 32 * 1024 * 1024;
/**
 * A source that is ahead of the disk by so many bytes is paused; with what is being written, it is twice that. All of it
 * fits into a core's cache, so that what the network wrote there is still there when the disk's page cache gets it.
 */
const MAX_PENDING_BYTES = 512 * 1024;

export interface StreamWrite {
  file: FileHandle;
  /** Where the first byte goes. */
  offset: number;
  source: Readable;
  /** Ends the writing with its reason. */
  signal: AbortSignal;
  /** Is told of every piece before it is taken; an error that it throws ends the writing. */
  onPiece(length: number): void;
  /** Gets the new length after every write, and the written bytes. */
  onWritten(length: number, pieces: readonly Uint8Array[]): void;
  /** Is waited for after every write. */
  pace(): Promise<void>;
  /** One place, for the one of all sources whose turn it is. A source with nothing to write gives it back. */
  turns: FairQueue;
}

/**
 * Writes a stream into a file. Bytes that come while one write runs go into the next all at once: a write costs
 * two changes of threads whatever its size, which for pieces of 64 KiB is more than the writing. A source that could not
 * be read to its end is left paused: the request behind it still needs an answer. Sources take turns.
 *
 * @returns the length of the file afterwards
 * @throws the error of the source or of `onPiece`, the signal's reason, or the error of the disk; the bytes before that
 * are written
 */
export async function writeStream(write: StreamWrite): Promise<number> {
  const { file, offset, source, signal, onPiece, onWritten } = write;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let position = offset;
  let pending: Uint8Array[] = [];
  let pendingBytes = 0;
  let isFlushing = false;
  let hasEnded = false;
  let failure: { reason: unknown } | undefined;

  const flush = async () => {
    const turn = new WriteTurn(write.turns, signal);
    try {
      while (pending.length > 0) {
        if (turn.mustWait) source.pause();
        await turn.come();
        const [batch, length] = [pending, pendingBytes];
        pending = [];
        pendingBytes = 0;
        if (source.isPaused() && !failure) source.resume();
        await writeAll(file, batch, position);
        position += length;
        writeBack.wrote(length);
        onWritten(position, batch);
        turn.wrote(length);
        if (!failure) await write.pace();
      }
    } catch (reason) {
      pending = [];
      fail(reason);
    }
    turn.end();
    isFlushing = false;
    settle();
  };
  const settle = () => {
    if (isFlushing || !(hasEnded || failure)) return;
    if (failure) reject(failure.reason);
    else resolve();
  };
  const fail = (reason: unknown) => {
    failure ??= { reason };
    source.pause();
    settle();
  };
  const writeBack = new WriteBack(file, fail);
  const onData = (piece: Uint8Array) => {
    if (failure) return;
    try {
      onPiece(piece.length);
    } catch (reason) {
      fail(reason);
      return;
    }
    pending.push(piece);
    pendingBytes += piece.length;
    if (pendingBytes >= MAX_PENDING_BYTES) source.pause();
    if (isFlushing) return;
    isFlushing = true;
    // After all that this turn of the event loop reads from sockets.
    setImmediate(flush);
  };
  const onEnd = () => {
    hasEnded = true;
    settle();
  };
  const onClose = () => {
    if (!hasEnded) fail(source.errored ?? new Error('the stream was closed before its end'));
  };
  const onAbort = () => fail(signal.reason);

  source.on('data', onData).on('end', onEnd).on('error', fail).on('close', onClose);
  signal.addEventListener('abort', onAbort);
  if (signal.aborted) onAbort();
  else if (source.readableEnded) onEnd();
  else if (source.destroyed) onClose();
  try {
    await promise;
    return position;
  } finally {
    source.off('data', onData).off('end', onEnd).off('close', onClose).off('error', fail);
    // Later errors of the source are of no interest any more.
    source.on('error', () => {});
    if (failure) source.pause();
    signal.removeEventListener('abort', onAbort);
    await writeBack.end();
  }
}

/**
 * Sends written bytes on to the disk while more arrive. Without it gigabytes wait in the page cache, and the sync at
 * the end of an upload (and every commit of the database that comes by) takes seconds.
 */
class WriteBack {
  readonly #file: FileHandle;
  readonly #onFailed: (reason: unknown) => void;
  #waiting = 0;
  #running: Promise<void> | undefined;
  #failure: { reason: unknown } | undefined;

  constructor(file: FileHandle, onFailed: (reason: unknown) => void) {
    this.#file = file;
    this.#onFailed = onFailed;
  }

  wrote(bytes: number): void {
    this.#waiting += bytes;
    if (this.#waiting < WRITE_BACK_BYTES || this.#running) return;
    this.#waiting = 0;
    this.#running = this.#sync();
  }

  /** @throws the error of a sync: Linux tells of lost bytes once, and the next sync would know nothing of them */
  async end(): Promise<void> {
    await this.#running;
    if (this.#failure) throw this.#failure.reason;
  }

  async #sync(): Promise<void> {
    try {
      await stored(this.#file.datasync());
    } catch (reason) {
      this.#failure = { reason };
      this.#onFailed(reason);
    }
    this.#running = undefined;
  }
}

/**
 * Waits for a sync. One that fails has lost bytes that were written, whatever the reason, and reading them again may bring
 * others; and it is told only once.
 *
 * @throws TallyError STORAGE_FAILED
 */
export async function stored(sync: Promise<void>): Promise<void> {
  try {
    await sync;
  } catch (cause) {
    const { code = 'unknown error' } = cause as { code?: string };
    throw new TallyError(
      'STORAGE_FAILED',
      `The server's disk could not store the upload (${code}): upload the file again when the disk works.`,
      { cause },
    );
  }
}

async function writeAll(file: FileHandle, batch: readonly Uint8Array[], position: number): Promise<void> {
  let { bytesWritten } = await file.writev(batch, position);
  // A disk that is nearly full takes a part; the next try says why.
  for (const piece of batch) {
    let done = Math.min(bytesWritten, piece.length);
    bytesWritten -= done;
    while (done < piece.length) {
      const at = position + done;
      done += (await file.write(piece, done, piece.length - done, at)).bytesWritten;
    }
    position += piece.length;
  }
}
