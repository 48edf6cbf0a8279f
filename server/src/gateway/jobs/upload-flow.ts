/** An upload that gives less than this has little use for a kernel thread of its own, in bytes per second. */
const SLOW_BYTES_PER_SECOND = 32 * 1024;
/** Over so long, at least, in milliseconds. */
const SLOW_MS = 5_000;
/** While places are short, an upload takes one with so many bytes. */
const WORTH_A_PLACE_BYTES = 256 * 1024;

/** How fast an upload gives bytes: whether a kernel thread of its own is worth it. */
export class UploadFlow {
  readonly #signal: AbortSignal;
  readonly #isWhole: () => boolean;
  #countedFrom = performance.now();
  #countedBytes = 0;
  #wake: (() => void) | undefined;

  /**
   * @param signal ends all waiting with its reason
   * @param isWhole whether no more bytes are to come
   */
  constructor(signal: AbortSignal, isWhole: () => boolean) {
    this.#signal = signal;
    this.#isWhole = isWhole;
  }

  /** The upload goes on by so many bytes, or is whole. */
  gotBytes(bytes = 0): void {
    this.#countedBytes += bytes;
    this.#wake?.();
  }

  /**
   * Whether more is to come, and next to nothing has come for some seconds.
   *
   * @param sinceMs time before it does not count, on the clock of `performance.now`
   */
  isIdle(sinceMs: number): boolean {
    if (this.#isWhole()) return false;
    const from = Math.max(this.#countedFrom, sinceMs);
    if (from > this.#countedFrom) this.#countFrom(from);
    const seconds = (performance.now() - from) / 1000;
    if (seconds * 1000 < SLOW_MS) return false;
    const isSlow = this.#countedBytes / seconds < SLOW_BYTES_PER_SECOND;
    this.#countFrom(performance.now());
    return isSlow;
  }

  /** Resolves when the upload goes on; earlier bytes do not count any more. @throws the reason of the signal */
  async moreBytes(): Promise<void> {
    this.#countFrom(performance.now());
    await this.#nextBytes();
  }

  /**
   * Resolves when the upload is worth a place: there is room for it, or so much of it has come, or all.
   *
   * @throws the reason of the signal
   */
  async worthAPlace(hasRoom: () => boolean): Promise<void> {
    while (!this.#isWhole() && this.#countedBytes < WORTH_A_PLACE_BYTES && !hasRoom()) await this.#nextBytes();
  }

  async #nextBytes(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    this.#signal.addEventListener('abort', () => resolve(), { once: true });
    if (this.#signal.aborted) resolve();
    await promise;
    this.#signal.throwIfAborted();
  }

  #countFrom(ms: number): void {
    this.#countedFrom = ms;
    this.#countedBytes = 0;
  }
}
