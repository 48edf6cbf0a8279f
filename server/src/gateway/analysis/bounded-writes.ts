/** Batches on their way into the store: while one is written, the next is received. */
const WRITES_IN_FLIGHT = 4;

/** Writes that run beside the work that makes them, a few at a time. */
export class BoundedWrites {
  readonly #running = new Set<Promise<void>>();
  #failure: { reason: unknown } | undefined;

  /** Counts a write as running; waits while there are too many. @throws the error of a failed write */
  async add(write: Promise<void>): Promise<void> {
    const running: Promise<void> = write
      .catch((reason) => {
        this.#failure ??= { reason };
      })
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
    // The oldest come first in a set.
    for (const oldest of this.#running) {
      if (this.#running.size < WRITES_IN_FLIGHT) break;
      await oldest;
    }
    this.#throwIfFailed();
  }

  /** Resolves when all that were added so far are done. @throws the error of a failed one */
  async settle(): Promise<void> {
    await this.idle();
    this.#throwIfFailed();
  }

  /** Resolves when all that were added so far are done, well or not. */
  async idle(): Promise<void> {
    await Promise.all(this.#running);
  }

  #throwIfFailed(): void {
    if (this.#failure) throw this.#failure.reason;
  }
}
