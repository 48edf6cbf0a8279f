import { MAX_TAIL_BYTES, SpoolTail } from './tail.ts';

/**
 * How far a reader may fall behind before the upload is slowed down: some thousandths of a second of work, which fit into
 * the tail. A reader further behind would make the sender wait for the result after the last byte, and would have to
 * read from the disk.
 */
const MAX_LAG_BYTES = MAX_TAIL_BYTES / 2;
/** A reader that has not moved for so long does not hold the upload up: its processor may be gone. */
const STALLED_MS = 1_000;

/** How far a reader of a file has come. */
export interface Reader extends Disposable {
  moveTo(position: number): void;
}

/**
 * The state of a file that is being written or read: its length, the waiters for more, and the readers that are behind.
 *
 * A waiter waits thousands of times a gigabyte. A timer or a listener for each time would hang in a list with those
 * before and after it, of which V8 keeps all as soon as it takes one for old: memory that grows with the upload.
 */
export class GrowingFile {
  readonly tail = new SpoolTail();
  length = 0;
  isComplete = false;
  readonly #readers = new Set<ReaderState>();
  #change: PromiseWithResolvers<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** Says that the file has grown by these pieces, to this length. */
  wrote(pieces: readonly Uint8Array[], length: number): void {
    if (this.#isFollowed()) this.tail.add(pieces, length);
    else this.tail.clear(length);
    const written = length - this.length;
    for (const reader of this.#readers) reader.distance = closer(reader.distance, written);
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

  /** Wakes the waiters when the signal is aborted. */
  wakeOn(signal: AbortSignal): Disposable {
    const wake = () => this.changed();
    signal.addEventListener('abort', wake, { once: true });
    return { [Symbol.dispose]: () => signal.removeEventListener('abort', wake) };
  }

  /** @param position where it begins */
  addReader(position: number): Reader {
    const state: ReaderState = { position, movedAt: performance.now(), distance: distanceOf(this.length - position) };
    this.#readers.add(state);
    // Nobody tells that a reader stands still.
    this.#timer ??= setInterval(() => this.changed(), STALLED_MS);
    return {
      moveTo: (position) => {
        const wasBehind = this.#isBehind(state);
        state.position = position;
        state.movedAt = performance.now();
        const lag = this.#lag(state);
        if (lag <= MAX_LAG_BYTES || state.distance.kind === 'stalled') state.distance = distanceOf(lag);
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
   * Waits for readers that are too far behind. One that came late has to come closer with every write by as much as that
   * has written: until it has caught up, the upload is half as fast as the reader. One that stands still is not waited for.
   *
   * @param signal of which {@link wakeOn} tells
   * @throws the signal's reason
   */
  async pace(signal: AbortSignal): Promise<void> {
    for (const reader of this.#readers) {
      while (this.#readers.has(reader) && this.#isBehind(reader)) {
        signal.throwIfAborted();
        if (performance.now() - reader.movedAt >= STALLED_MS) reader.distance = { kind: 'stalled' };
        else await this.nextChange();
      }
    }
  }

  #lag({ position }: ReaderState): number {
    return this.length - position;
  }

  #isBehind(reader: ReaderState): boolean {
    const { distance } = reader;
    if (distance.kind === 'stalled') return false;
    return this.#lag(reader) > (distance.kind === 'following' ? MAX_LAG_BYTES : distance.mayLagBytes);
  }

  /** Whether a reader will soon want what is written now. */
  #isFollowed(): boolean {
    for (const reader of this.#readers) if (this.#lag(reader) <= MAX_LAG_BYTES) return true;
    return false;
  }
}

interface ReaderState {
  position: number;
  movedAt: number;
  distance: Distance;
}

/** The distance that a reader may have. */
type Distance =
  /** It is near the end of the file, and has to stay there. */
  | { kind: 'following' }
  /** It is further away, and has to come closer with every write. */
  | { kind: 'catchingUp'; mayLagBytes: number }
  /** It stands still, wherever that is: nobody waits for it. */
  | { kind: 'stalled' };

function distanceOf(lagBytes: number): Distance {
  return lagBytes <= MAX_LAG_BYTES ? { kind: 'following' } : { kind: 'catchingUp', mayLagBytes: lagBytes };
}

/** The distance after a write. */
function closer(distance: Distance, writtenBytes: number): Distance {
  return distance.kind === 'catchingUp' ? distanceOf(distance.mayLagBytes - writtenBytes) : distance;
}
