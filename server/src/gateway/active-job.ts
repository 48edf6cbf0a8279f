import type { JobRecord } from './store/job-store.ts';

/** A job that has not ended, with what works on it in this process. */
export class ActiveJob {
  readonly record: JobRecord;
  /** Whether a kernel thread has the job. */
  isRunning = false;
  /** The analysis, once it has begun. */
  analysis: Promise<void> | undefined;
  #lastBytesAt = performance.now();
  #wake: (() => void) | undefined;
  readonly #told = Promise.withResolvers<void>();
  readonly #abort = new AbortController();
  readonly #pause = new AbortController();
  readonly #work = new Set<Promise<unknown>>();

  constructor(record: JobRecord) {
    this.record = record;
  }

  /** Tells the work to stop; its reason says why. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Tells the work to come to a point where another process can go on; its reason says why. */
  get pauseSignal(): AbortSignal {
    return this.#pause.signal;
  }

  /** Resolves when it is known how the file is read, with the doubts about that, or the job has ended. */
  get told(): Promise<void> {
    return this.#told.promise;
  }

  /** Says that it is known how the file is read. */
  tell(): void {
    this.#told.resolve();
  }

  /** Counts a piece of work as the job's until it ends. */
  track<T>(work: Promise<T>): Promise<T> {
    const ended: Promise<unknown> = work.then(
      () => this.#work.delete(ended),
      () => this.#work.delete(ended),
    );
    this.#work.add(ended);
    return work;
  }

  /** Says that the upload goes on, or is whole. */
  gotBytes(): void {
    this.#lastBytesAt = performance.now();
    this.#wake?.();
  }

  /** Milliseconds since the upload last went on. */
  get idleMs(): number {
    return performance.now() - this.#lastBytesAt;
  }

  /** Resolves when the upload goes on. @throws the reason of a signal */
  async moreBytes(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    const signal = AbortSignal.any([this.signal, this.pauseSignal]);
    signal.addEventListener('abort', () => resolve(), { once: true });
    if (signal.aborted) resolve();
    await promise;
    signal.throwIfAborted();
  }

  abort(reason: Error): void {
    this.#abort.abort(reason);
  }

  pause(reason: Error): void {
    this.#pause.abort(reason);
  }

  /** Resolves when nothing works on the job any more. */
  async idle(): Promise<void> {
    while (this.#work.size > 0) await Promise.all(this.#work);
  }
}
