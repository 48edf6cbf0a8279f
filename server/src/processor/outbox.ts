/**
 * What waits to be sent on a response stream. Items that must all arrive wait in order and are bounded: `send` resolves
 * once there is room, which is what slows the work down when the reader is slow. Of the latest kind only the newest
 * waits: a reader that is slow misses snapshots, not results.
 */
export class Outbox<T> implements AsyncIterable<T> {
  readonly #limit: number;
  readonly #items: T[] = [];
  #latest: T | undefined;
  #ended = false;
  #error: unknown;
  #wakeReader: (() => void) | undefined;
  #wakeWriters: (() => void)[] = [];

  constructor(limit = 4) {
    this.#limit = limit;
  }

  /** Queues an item; resolves when there is room for another, or nobody reads any more. */
  async send(item: T): Promise<void> {
    if (this.#ended) return;
    // What is newest belongs before what comes after it.
    if (this.#latest !== undefined) this.#items.push(this.#latest);
    this.#latest = undefined;
    this.#items.push(item);
    this.#wakeReader?.();
    while (this.#items.length >= this.#limit && !this.#ended) {
      await new Promise<void>((resolve) => this.#wakeWriters.push(resolve));
    }
  }

  /** Replaces what waits of the latest kind. It keeps its place between the items sent before and after. */
  sendLatest(item: T): void {
    if (this.#ended) return;
    this.#latest = item;
    this.#wakeReader?.();
  }

  /** Ends the stream after what waits, or with an error at once. */
  end(error?: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#error = error;
    this.#wakeReader?.();
    this.#releaseWriters();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    try {
      while (true) {
        if (this.#error !== undefined) throw this.#error;
        const item = this.#take();
        if (item !== undefined) yield item;
        else if (this.#ended) return;
        else await new Promise<void>((resolve) => (this.#wakeReader = resolve));
      }
    } finally {
      this.#ended = true;
      this.#releaseWriters();
    }
  }

  #take(): T | undefined {
    const item = this.#items.shift();
    if (item !== undefined) {
      this.#releaseWriters();
      return item;
    }
    const latest = this.#latest;
    this.#latest = undefined;
    return latest;
  }

  #releaseWriters(): void {
    for (const wake of this.#wakeWriters.splice(0)) wake();
  }
}
