/** The time that is looked back at: short enough to follow a change, long enough not to flicker. */
const WINDOW_MS = 3_000;

/** Bytes a second over the last seconds. */
export class RateMeter {
  readonly #samples: { at: number; bytes: number }[] = [];

  /**
   * @param at milliseconds of a monotonic clock
   * @param bytes all bytes so far
   */
  sample(at: number, bytes: number): number {
    this.#samples.push({ at, bytes });
    // One sample from before the window stays, so that the window is covered.
    while ((this.#samples[1]?.at ?? at) < at - WINDOW_MS) this.#samples.shift();
    const oldest = this.#samples[0];
    if (!oldest || at - oldest.at < 1) return 0;
    return ((bytes - oldest.bytes) / (at - oldest.at)) * 1000;
  }
}
