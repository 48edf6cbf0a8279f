/**
 * A number of places that are given to who asks first. Who finds none free waits in line; who gives up waiting leaves
 * the line.
 */
export class FairQueue {
  #free: number;
  readonly #waiting: PromiseWithResolvers<void>[] = [];

  constructor(places: number) {
    this.#free = places;
  }

  /** Whether somebody who came now would have to wait. */
  get isFull(): boolean {
    return this.#free === 0;
  }

  /** How many wait in line. */
  get waitingCount(): number {
    return this.#waiting.length;
  }

  /**
   * Takes a place, waiting for it if need be.
   *
   * @returns a function that gives the place back; calling it again does nothing
   * @throws the signal's reason
   */
  async acquire(signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    if (this.#free > 0) this.#free--;
    else await this.#wait(signal);
    let isReleased = false;
    return () => {
      if (isReleased) return;
      isReleased = true;
      const next = this.#waiting.shift();
      if (next) next.resolve();
      else this.#free++;
    };
  }

  async #wait(signal: AbortSignal): Promise<void> {
    const turn = Promise.withResolvers<void>();
    this.#waiting.push(turn);
    const giveUp = () => {
      const index = this.#waiting.indexOf(turn);
      // Not in line any more means that the turn has come already: the caller has the place and gives it back.
      if (index < 0) return;
      this.#waiting.splice(index, 1);
      turn.reject(signal.reason);
    };
    signal.addEventListener('abort', giveUp, { once: true });
    try {
      await turn.promise;
    } finally {
      signal.removeEventListener('abort', giveUp);
    }
  }
}
