/** Batches on their way into the store: while one is written, the next is received. */
const WRITES_IN_FLIGHT = 4;

/** Writes that run beside the work that makes them, a few at a time. */
export class BoundedWrites {
  readonly #running: Promise<void>[] = [];

  /** Counts a write as running; waits while there are too many. @throws what an earlier write failed with */
  async add(write: Promise<void>): Promise<void> {
    // Awaited later; until then a failure must not count as unhandled.
    write.catch(() => {});
    this.#running.push(write);
    while (this.#running.length >= WRITES_IN_FLIGHT) await this.#running.shift();
  }

  /** Resolves when all that run now are done. @throws what one of them failed with */
  async settle(): Promise<void> {
    await Promise.all(this.#running);
  }
}
