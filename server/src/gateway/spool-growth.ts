import { MAX_TAIL_BYTES, SpoolTail } from './spool-tail.ts';

/**
 * How far a reader that keeps up with an upload may fall behind before the upload is slowed down: some thousandths of a
 * second of work, which fit into the tail. What is further behind would make who uploads wait for the result after the
 * last byte, and would have to come from the disk.
 */
const MAX_LAG_BYTES = MAX_TAIL_BYTES / 2;
/** A reader that is no further behind is waited for until it has caught up: it takes a moment to find a processor. */
const SOON_BYTES = 32 * 1024 * 1024;
/** A reader that has not moved for so long does not hold the upload up: its processor may be gone. */
const STALLED_MS = 1_000;

/** How far a reader of a file has come. */
export interface Reader extends Disposable {
  moveTo(position: number): void;
}

/**
 * What is known of a file that is being written or read: its length, who waits for more, and who is behind.
 *
 * Who waits does so thousands of times a gigabyte. A timer or a listener for each time would hang in a list with those
 * before and after it, of which V8 keeps all as soon as it takes one for old: memory that grows with the upload.
 */
export class Growth {
  readonly tail = new SpoolTail();
  length = 0;
  isComplete = false;
  readonly #readers = new Set<ReaderState>();
  #change: PromiseWithResolvers<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** Says that the file has grown by these pieces, to this length. */
  wrote(pieces: readonly Uint8Array[], length: number): void {
    if (this.#isFollowed()) this.tail.add(pieces, length);
    this.length = length;
    this.changed();
  }

  /** Says that the file has grown, is complete, or that a reader has moved. */
  changed(): void {
    this.#change?.resolve();
    this.#change = undefined;
  }

  /** Resolves with any change, or for no reason. */
  nextChange(): Promise<void> {
    this.#change ??= Promise.withResolvers();
    return this.#change.promise;
  }

  /** Wakes who waits when the signal is aborted. */
  wakeOn(signal: AbortSignal): Disposable {
    const wake = () => this.changed();
    signal.addEventListener('abort', wake, { once: true });
    return { [Symbol.dispose]: () => signal.removeEventListener('abort', wake) };
  }

  /** @param position where it begins */
  addReader(position: number): Reader {
    const isFollowing = this.length - position <= SOON_BYTES;
    const state: ReaderState = { position, movedAt: performance.now(), isFollowing };
    this.#readers.add(state);
    // Nobody tells that a reader stands still.
    this.#timer ??= setInterval(() => this.changed(), STALLED_MS);
    return {
      moveTo: (position) => {
        const wasBehind = this.#isBehind(state);
        state.position = position;
        state.movedAt = performance.now();
        if (this.length - position <= SOON_BYTES) state.isFollowing = true;
        if (this.#readers.size === 1) this.tail.dropBefore(position);
        if (wasBehind && !this.#isBehind(state)) this.changed();
      },
      [Symbol.dispose]: () => {
        this.#readers.delete(state);
        if (this.#readers.size === 0) {
          clearInterval(this.#timer);
          this.#timer = undefined;
          this.tail.clear(this.length);
        }
        this.changed();
      },
    };
  }

  /**
   * Waits while a reader that had kept up is too far behind. One that came late, or that stands still, is not waited for.
   *
   * @param signal of which {@link wakeOn} tells
   * @throws the signal's reason
   */
  async pace(signal: AbortSignal): Promise<void> {
    for (const reader of this.#readers) {
      while (this.#readers.has(reader) && this.#isBehind(reader)) {
        signal.throwIfAborted();
        if (performance.now() - reader.movedAt >= STALLED_MS) this.#giveUp(reader);
        else await this.nextChange();
      }
    }
  }

  #giveUp(reader: ReaderState): void {
    reader.isFollowing = false;
    if (!this.#isFollowed()) this.tail.clear(this.length);
  }

  #isFollowed(): boolean {
    for (const reader of this.#readers) if (reader.isFollowing) return true;
    return false;
  }

  #isBehind({ isFollowing, position }: ReaderState): boolean {
    return isFollowing && this.length - position > MAX_LAG_BYTES;
  }
}

interface ReaderState {
  position: number;
  movedAt: number;
  /** Whether it has been close to the end, or soon will be. */
  isFollowing: boolean;
}
