/**
 * How far a reader that keeps up with an upload may fall behind before the upload is slowed down: some hundredths of a
 * second of work. What is further behind would make who uploads wait for the result after the last byte.
 */
const MAX_LAG_BYTES = 16 * 1024 * 1024;
/** A reader that has not moved for so long does not hold the upload up: its processor may be gone. */
const STALLED_MS = 1_000;

/** How far a reader of a file has come. */
export interface Reader extends Disposable {
  moveTo(position: number): void;
}

/** What is known of a file that is being written or read: its length, who waits for more, and who is behind. */
export class Growth {
  length = 0;
  isComplete = false;
  readonly #waiting = new Set<() => void>();
  readonly #readers = new Set<ReaderState>();

  /** Says that the file has grown, is complete, or that a reader has moved. */
  changed(): void {
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }

  /** @throws the signal's reason */
  async nextChange(signal: AbortSignal, timeoutMs?: number): Promise<void> {
    signal.throwIfAborted();
    const { promise, resolve } = Promise.withResolvers<void>();
    const wake = () => resolve();
    this.#waiting.add(wake);
    signal.addEventListener('abort', wake, { once: true });
    const timer = timeoutMs === undefined ? undefined : setTimeout(wake, timeoutMs);
    await promise;
    clearTimeout(timer);
    this.#waiting.delete(wake);
    signal.removeEventListener('abort', wake);
    signal.throwIfAborted();
  }

  /** @param position where it begins */
  addReader(position: number): Reader {
    const isFollowing = this.length - position <= MAX_LAG_BYTES;
    const state: ReaderState = { position, movedAt: performance.now(), isFollowing };
    this.#readers.add(state);
    return {
      moveTo: (position) => {
        const wasBehind = this.#isBehind(state);
        state.position = position;
        state.movedAt = performance.now();
        if (this.length - position <= MAX_LAG_BYTES) state.isFollowing = true;
        if (wasBehind && !this.#isBehind(state)) this.changed();
      },
      [Symbol.dispose]: () => {
        this.#readers.delete(state);
        this.changed();
      },
    };
  }

  /**
   * Waits while a reader that had kept up is too far behind. One that came late, or that stands still, is not waited for.
   *
   * @throws the signal's reason
   */
  async pace(signal: AbortSignal): Promise<void> {
    for (const reader of this.#readers) {
      while (this.#readers.has(reader) && this.#isBehind(reader)) {
        const stillMs = performance.now() - reader.movedAt;
        if (stillMs >= STALLED_MS) reader.isFollowing = false;
        else await this.nextChange(signal, STALLED_MS - stillMs);
      }
    }
  }

  #isBehind({ isFollowing, position }: ReaderState): boolean {
    return isFollowing && this.length - position > MAX_LAG_BYTES;
  }
}

interface ReaderState {
  position: number;
  movedAt: number;
  /** Whether it has been close to the end, so that it will be again. */
  isFollowing: boolean;
}
