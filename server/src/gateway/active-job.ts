import type { JobRecord } from './store/job-store.ts';

/** A job that has not ended, with what works on it in this process. */
export class ActiveJob {
  readonly record: JobRecord;
  /** Whether a kernel thread has the job. */
  isRunning = false;
  /** The analysis, once it has begun. */
  analysis: Promise<void> | undefined;
  readonly #abort = new AbortController();
  readonly #work = new Set<Promise<unknown>>();

  constructor(record: JobRecord) {
    this.record = record;
  }

  /** Tells the work to stop; its reason says why. */
  get signal(): AbortSignal {
    return this.#abort.signal;
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

  abort(reason: Error): void {
    this.#abort.abort(reason);
  }

  /** Resolves when nothing works on the job any more. */
  async idle(): Promise<void> {
    while (this.#work.size > 0) await Promise.all(this.#work);
  }
}
