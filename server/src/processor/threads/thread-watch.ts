/** The job that a kernel thread works on, told through shared memory: a thread that hangs sends no message. */

const JOB = 0;
const REQUESTS = 1;
const NO_JOB = 0;

/** The thread's side. */
export class ThreadStatus {
  readonly #numbers: Int32Array;

  constructor(memory: SharedArrayBuffer) {
    this.#numbers = new Int32Array(memory);
  }

  /** Runs the answer to a request of a job. */
  during<T>(job: number, answer: () => T): T {
    Atomics.store(this.#numbers, JOB, job);
    Atomics.add(this.#numbers, REQUESTS, 1);
    const result = answer();
    // After an error that ends the thread, the job that it came from still stands there.
    Atomics.store(this.#numbers, JOB, NO_JOB);
    return result;
  }
}

/** The side of the thread that watches. */
export class ThreadWatch {
  /** For the {@link ThreadStatus} of the thread. */
  readonly memory = new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT);
  readonly #numbers = new Int32Array(this.memory);
  #lastRequest = 0;
  #ticks = 0;

  /** The job whose request the thread works on, or was working on when it ended; undefined if it rests. */
  get job(): number | undefined {
    return Atomics.load(this.#numbers, JOB) || undefined;
  }

  /**
   * Looks again. Ticks are counted and not time: in a process that was stopped and goes on, the thread gets its chance.
   *
   * @returns how many looks in a row have found the thread at the same request; 0 if it rests
   */
  tick(): number {
    const request = Atomics.load(this.#numbers, REQUESTS);
    const isSame = this.job !== undefined && request === this.#lastRequest;
    this.#lastRequest = request;
    this.#ticks = isSame ? this.#ticks + 1 : 0;
    return this.#ticks;
  }

  /** The result of the last {@link tick}. */
  get ticks(): number {
    return this.#ticks;
  }
}
