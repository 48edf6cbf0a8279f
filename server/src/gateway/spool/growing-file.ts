import { MAX_TAIL_BYTES, SpoolTail } from './tail.ts';

/**
 * How far a reader may fall behind before the upload is slowed down: a few milliseconds of work, and no more than the
 * tail holds. A reader further behind would make the sender wait for the result after the last byte, and would have to
 * read from the disk.
 */
const MAX_LAG_BYTES = MAX_TAIL_BYTES / 2;
/** A reader that has not moved for this time no longer slows the upload: its processor may be gone. */
const STALLED_MS = 1_000;

/** A reader of a file, which reports its position. It is disposed of when it ends. */
export interface Reader extends Disposable {
  moveTo(position: number): void;
}

/**
 * The state of a file that is being written or read: its length, the waiters for more, and the readers that are behind.
 *
 * A reader waits thousands of times per gigabyte. A timer or a listener for each wait would be linked to the ones before
 * and after it. V8 keeps the whole list once one element is in the old generation, so memory would grow with the upload.
 * All waiters share one promise and one timer instead.
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
    if (this.#hasReaderNearEnd()) this.tail.add(pieces, length);
    else this.tail.clear(length);
    const written = length - this.length;
    for (const reader of this.#readers) reader.allowance = afterWrite(reader.allowance, written);
    this.length = length;
    this.changed();
  }

  /** Wakes all waiters. Each checks for itself whether its condition holds. */
  changed(): void {
    this.#change?.resolve();
    this.#change = undefined;
  }

  /** Resolves at the next {@link changed}, which may come without any change. */
  nextChange(): Promise<void> {
    this.#change ??= Promise.withResolvers();
    return this.#change.promise;
  }

  /** Wakes the waiters when the signal is aborted. @returns ends that when it is disposed of */
  wakeOn(signal: AbortSignal): Disposable {
    const wake = () => this.changed();
    signal.addEventListener('abort', wake, { once: true });
    return { [Symbol.dispose]: () => signal.removeEventListener('abort', wake) };
  }

  /** Adds a reader. @param position the first byte that it reads */
  addReader(position: number): Reader {
    const state: ReaderState = {
      position,
      movedAt: performance.now(),
      allowance: allowanceFor(this.length - position),
    };
    this.#readers.add(state);
    // A stalled reader causes no event: the timer has the waiters look.
    this.#timer ??= setInterval(() => this.changed(), STALLED_MS);
    return {
      moveTo: (position) => {
        const wasBehind = this.#isBehind(state);
        state.position = position;
        state.movedAt = performance.now();
        const lag = this.#lag(state);
        if (lag <= MAX_LAG_BYTES || state.allowance.kind === 'stalled') state.allowance = allowanceFor(lag);
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
   * Waits for readers that are too far behind. A late reader must shorten its lag by the length of each write. Until it has
   * caught up, the upload is half as fast as the reader. A stalled reader is not waited for.
   *
   * @param signal ends the wait; without an earlier {@link wakeOn} its abort wakes nobody
   * @throws the signal's reason
   */
  async pace(signal: AbortSignal): Promise<void> {
    for (const reader of this.#readers) {
      while (this.#readers.has(reader) && this.#isBehind(reader)) {
        signal.throwIfAborted();
        if (performance.now() - reader.movedAt >= STALLED_MS) reader.allowance = { kind: 'stalled' };
        else await this.nextChange();
      }
    }
  }

  #lag({ position }: ReaderState): number {
    return this.length - position;
  }

  #isBehind(reader: ReaderState): boolean {
    const { allowance } = reader;
    if (allowance.kind === 'stalled') return false;
    return this.#lag(reader) > (allowance.kind === 'following' ? MAX_LAG_BYTES : allowance.mayLagBytes);
  }

  /** Whether some reader is near enough to the end to read new bytes from the tail. */
  #hasReaderNearEnd(): boolean {
    for (const reader of this.#readers) if (this.#lag(reader) <= MAX_LAG_BYTES) return true;
    return false;
  }
}

interface ReaderState {
  position: number;
  movedAt: number;
  allowance: LagAllowance;
}

/** The lag that a reader is allowed. */
type LagAllowance =
  /** It is near the end of the file, and has to stay there. */
  | { kind: 'following' }
  /** It is further away, and has to come closer with every write. */
  | { kind: 'catchingUp'; mayLagBytes: number }
  /** It has stopped moving, at whatever position: nobody waits for it. */
  | { kind: 'stalled' };

function allowanceFor(lagBytes: number): LagAllowance {
  return lagBytes <= MAX_LAG_BYTES ? { kind: 'following' } : { kind: 'catchingUp', mayLagBytes: lagBytes };
}

/** Returns the lag that is allowed after a write. */
function afterWrite(allowance: LagAllowance, writtenBytes: number): LagAllowance {
  return allowance.kind === 'catchingUp' ? allowanceFor(allowance.mayLagBytes - writtenBytes) : allowance;
}
