interface Waiting {
  caller: string;
  turn: PromiseWithResolvers<void>;
}

/**
 * Shares a number of places fairly. A free place goes to the waiting caller that holds the fewest. Of callers that hold
 * equally many, it goes to the one that asked first. A caller that gives up waiting leaves the line.
 */
export class FairQueue {
  readonly #places: number;
  readonly #maxPerCaller: number;
  #free: number;
  /** How many places each caller has; callers without any are not in it. */
  readonly #held = new Map<string, number>();
  readonly #waiting: Waiting[] = [];

  /** @param maxPerCaller the most places that one caller has at once */
  constructor(places: number, maxPerCaller = places) {
    this.#places = places;
    this.#free = places;
    this.#maxPerCaller = maxPerCaller;
  }

  /** Whether a new caller would have to wait. */
  get isFull(): boolean {
    return this.#free === 0;
  }

  /** The share of the places that is free, 0 to 1. */
  get freeShare(): number {
    return this.#free / this.#places;
  }

  /** How many places are taken. */
  get takenCount(): number {
    return this.#places - this.#free;
  }

  /** How many requests for a place wait; a caller may have several. */
  get waitingCount(): number {
    return this.#waiting.length;
  }

  /** Whether a request of this caller waits. */
  isWaiting(caller: string): boolean {
    return this.#waiting.some((waiting) => waiting.caller === caller);
  }

  /**
   * Takes a place, waiting for it if need be.
   *
   * @param caller the user of the place; all unnamed callers count as one
   * @returns a function that gives the place back; calling it again does nothing
   * @throws the signal's reason
   */
  async acquire(signal: AbortSignal, caller = ''): Promise<() => void> {
    signal.throwIfAborted();
    if (this.#free > 0 && this.#mayHaveMore(caller)) this.#take(caller);
    else await this.#wait(caller, signal);
    let isReleased = false;
    return () => {
      if (isReleased) return;
      isReleased = true;
      this.#giveBack(caller);
    };
  }

  #take(caller: string): void {
    this.#free--;
    this.#held.set(caller, this.#heldBy(caller) + 1);
  }

  #giveBack(caller: string): void {
    this.#free++;
    const held = this.#heldBy(caller) - 1;
    if (held > 0) this.#held.set(caller, held);
    else this.#held.delete(caller);
    const next = this.#next();
    if (!next) return;
    this.#waiting.splice(this.#waiting.indexOf(next), 1);
    this.#take(next.caller);
    next.turn.resolve();
  }

  #next(): Waiting | undefined {
    let next: Waiting | undefined;
    for (const waiting of this.#waiting) {
      if (!this.#mayHaveMore(waiting.caller)) continue;
      if (!next || this.#heldBy(waiting.caller) < this.#heldBy(next.caller)) next = waiting;
    }
    return next;
  }

  #heldBy(caller: string): number {
    return this.#held.get(caller) ?? 0;
  }

  #mayHaveMore(caller: string): boolean {
    return this.#heldBy(caller) < this.#maxPerCaller;
  }

  async #wait(caller: string, signal: AbortSignal): Promise<void> {
    const waiting = { caller, turn: Promise.withResolvers<void>() };
    this.#waiting.push(waiting);
    const giveUp = () => {
      const index = this.#waiting.indexOf(waiting);
      // A request that has left the line has its place already; its caller gives that back.
      if (index < 0) return;
      this.#waiting.splice(index, 1);
      waiting.turn.reject(signal.reason);
    };
    signal.addEventListener('abort', giveUp, { once: true });
    try {
      await waiting.turn.promise;
    } finally {
      signal.removeEventListener('abort', giveUp);
    }
  }
}
