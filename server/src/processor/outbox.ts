/**
 * How a stream stands. `ended`: it was given everything. `failed`: the reader is told why there is no more. `unread`: the
 * reader has gone away.
 */
type State = { kind: 'open' } | { kind: 'ended' } | { kind: 'failed'; error: unknown } | { kind: 'unread' };

/**
 * The items that wait to be sent on a response stream. Those that must all arrive wait in order and are bounded: `send`
 * resolves once there is room, which slows the work down when the reader is slow. Of the latest kind only the newest
 * waits: a reader that is slow misses snapshots, not results.
 *
 * The caller of `end` has waited for everything that was still to be sent: an item after a regular end would be missing
 * without a word.
 */
export class Outbox<T> implements AsyncIterable<T> {
  readonly #limit: number;
  readonly #items: T[] = [];
  #latest: T | undefined;
  #state: State = { kind: 'open' };
  #wakeReader: (() => void) | undefined;
  #wakeWriters: (() => void)[] = [];

  constructor(limit = 4) {
    this.#limit = limit;
  }

  /**
   * Queues an item; resolves when there is room for another. After an error, or when nobody reads any more, the item is
   * of no use to anybody and dropped.
   *
   * @throws an Error after a regular end. A reader that is still there gets the same one instead of an end that looks whole
   */
  async send(item: T): Promise<void> {
    if (this.#state.kind === 'ended') throw this.#overtaken();
    if (this.#state.kind !== 'open') return;
    // The newest item belongs before those that come after it.
    if (this.#latest !== undefined) this.#items.push(this.#latest);
    this.#latest = undefined;
    this.#items.push(item);
    this.#wakeReader?.();
    while (this.#items.length >= this.#limit && this.#state.kind === 'open') {
      await new Promise<void>((resolve) => this.#wakeWriters.push(resolve));
    }
  }

  /** Replaces the waiting item of the latest kind. It keeps its place between the items sent before and after. */
  sendLatest(item: T): void {
    if (this.#state.kind !== 'open') return;
    this.#latest = item;
    this.#wakeReader?.();
  }

  /** Ends the stream after the waiting items: everything was sent. */
  end(): void {
    if (this.#state.kind === 'open') this.#become({ kind: 'ended' });
  }

  /** Ends the stream with an error at once, unless it has ended already. */
  fail(error: unknown): void {
    if (this.#state.kind === 'open') this.#become({ kind: 'failed', error });
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    try {
      while (true) {
        if (this.#state.kind === 'failed') throw this.#state.error;
        const item = this.#take();
        if (item !== undefined) yield item;
        else if (this.#state.kind === 'ended') return;
        else await new Promise<void>((resolve) => (this.#wakeReader = resolve));
      }
    } finally {
      if (this.#state.kind === 'open' || this.#items.length > 0) this.#become({ kind: 'unread' });
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

  #become(state: State): void {
    this.#state = state;
    this.#wakeReader?.();
    this.#releaseWriters();
  }

  #overtaken(): Error {
    const error = new Error('something was sent on a stream that had ended');
    this.#become({ kind: 'failed', error });
    return error;
  }

  #releaseWriters(): void {
    for (const wake of this.#wakeWriters.splice(0)) wake();
  }
}
