import { TallyError } from '../errors.ts';
import { FairQueue } from './fair-queue.ts';

/** A call that has a place. */
export interface PlaceHolder {
  /** Milliseconds since the call last gave work, while it has none that is unfinished; 0 for one that works. */
  idleMs(): number;
  /** The place is somebody else's now. */
  onTaken(reason: TallyError): void;
}

/** A call that gives nothing for so long gives its place to one that waits. */
const MAX_IDLE_MS = 10_000;
const CHECK_MS = 1_000;

/** The share of all places that one caller has at most, so that there is one for others. */
const MAX_SHARE = 0.75;

/**
 * Places for calls that work. One that only has its place, and gives no work while others wait, loses it: so nobody keeps
 * others waiting for nothing.
 */
export class CallPlaces {
  readonly #queue: FairQueue;
  /** The calls that have a place, with their callers. */
  readonly #held = new Map<PlaceHolder, string>();
  #timer: NodeJS.Timeout | undefined;

  constructor(queue: FairQueue) {
    this.#queue = queue;
  }

  /** Places of which each caller has its share at most. */
  static shared(places: number): CallPlaces {
    return new CallPlaces(new FairQueue(places, Math.ceil(places * MAX_SHARE)));
  }

  /** As {@link FairQueue.isFull}. */
  get isFull(): boolean {
    return this.#queue.isFull;
  }

  /** As {@link FairQueue.waitingCount}. */
  get waitingCount(): number {
    return this.#queue.waitingCount;
  }

  /**
   * Takes a place, waiting for it if need be.
   *
   * @returns a function that gives it back; calling it again does nothing
   * @throws the signal's reason
   */
  async acquire(signal: AbortSignal, caller: string, holder: PlaceHolder): Promise<() => void> {
    const release = await this.#queue.acquire(signal, caller);
    this.#held.set(holder, caller);
    this.#timer ??= setInterval(() => this.takeFromIdle(), CHECK_MS).unref();
    return () => {
      this.#held.delete(holder);
      if (this.#held.size === 0) {
        clearInterval(this.#timer);
        this.#timer = undefined;
      }
      release();
    };
  }

  /** Takes places from calls that are idle, the longest first, as many as calls wait for one. */
  takeFromIdle(): void {
    // A place that another caller gives up is of no use to one that has its share.
    const isWanted = (caller: string) => (this.#queue.isFull ? this.waitingCount > 0 : this.#queue.isWaiting(caller));
    const idle = [...this.#held]
      .map(([holder, caller]) => ({ holder, caller, ms: holder.idleMs() }))
      .filter(({ caller, ms }) => ms > MAX_IDLE_MS && isWanted(caller));
    for (const { holder } of idle.sort((a, b) => b.ms - a.ms).slice(0, this.waitingCount)) {
      holder.onTaken(
        new TallyError(
          'CALL_IDLE',
          `No bytes arrived for ${MAX_IDLE_MS / 1000} seconds while other calls waited for a kernel thread: send the file again without a pause, or resume from a checkpoint.`,
        ),
      );
    }
  }
}
