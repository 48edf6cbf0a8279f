import type { Timestamp } from '@bufbuild/protobuf/wkt';
import type { JobRecord } from '../store/job-store.ts';
import { JobClock } from './job-clock.ts';

/** An upload that gives less than this has little use for a kernel thread of its own, in bytes per second. */
const SLOW_BYTES_PER_SECOND = 32 * 1024;
/** Over so long, at least, in milliseconds. */
const SLOW_MS = 5_000;
/** While places are short, an upload takes one with so many bytes. */
const WORTH_A_PLACE_BYTES = 256 * 1024;

/** A job that has not ended, with what works on it in this process. */
export class ActiveJob {
  readonly record: JobRecord;
  /** Whether a kernel thread has the job. */
  isRunning = false;
  /** The analysis, once it has begun. */
  analysis: Promise<void> | undefined;
  /** Since when bytes are counted, and how many have come. */
  #countedFrom = performance.now();
  #countedBytes = 0;
  readonly #clock: JobClock;
  #wake: (() => void) | undefined;
  readonly #told = Promise.withResolvers<void>();
  readonly #abort = new AbortController();
  readonly #pause = new AbortController();
  readonly #work = new Set<Promise<unknown>>();

  constructor(record: JobRecord) {
    this.record = record;
    this.#clock = new JobClock(record.job);
  }

  /** The time of an event that happens to the job now: see {@link JobClock}. */
  now(): Timestamp {
    return this.#clock.now();
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

  /** Says that the upload goes on by so many bytes, or is whole. */
  gotBytes(bytes = 0): void {
    this.#countedBytes += bytes;
    this.#wake?.();
  }

  /**
   * Whether the upload has given next to nothing for some seconds.
   *
   * @param sinceMs time before it does not count, on the clock of `performance.now`
   */
  isResting(sinceMs: number): boolean {
    const from = Math.max(this.#countedFrom, sinceMs);
    if (from > this.#countedFrom) this.#countFrom(from);
    const seconds = (performance.now() - from) / 1000;
    if (seconds * 1000 < SLOW_MS) return false;
    const isSlow = this.#countedBytes / seconds < SLOW_BYTES_PER_SECOND;
    this.#countFrom(performance.now());
    return isSlow;
  }

  /** Resolves when the upload goes on; earlier bytes do not count any more. @throws the reason of a signal */
  async moreBytes(): Promise<void> {
    this.#countFrom(performance.now());
    await this.#nextBytes();
  }

  /**
   * Resolves when the upload is worth a place: there is room for it, or so much of it has come, or all.
   *
   * @throws the reason of a signal
   */
  async worthAPlace(hasRoom: () => boolean): Promise<void> {
    while (!this.isWhole && this.#countedBytes < WORTH_A_PLACE_BYTES && !hasRoom()) await this.#nextBytes();
  }

  async #nextBytes(): Promise<void> {
    const signal = AbortSignal.any([this.signal, this.pauseSignal]);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    signal.addEventListener('abort', () => resolve(), { once: true });
    if (signal.aborted) resolve();
    await promise;
    signal.throwIfAborted();
  }

  /** Whether no more bytes are to come. */
  get isWhole(): boolean {
    return this.record.job.uploadFinishTime !== undefined;
  }

  #countFrom(ms: number): void {
    this.#countedFrom = ms;
    this.#countedBytes = 0;
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
