/** How fast something grows, smoothed so that its digits can be read. */
export interface Rate {
  /** Takes the value reached at a time in milliseconds. A value below the last one starts afresh. */
  add(value: number, atMs: number): void;
  /** Units a second; 0 until two values are known. */
  readonly perSecond: number;
}

/** Values closer together than this are taken together: their quotient would be noise. */
const minimumStepMs = 80;

/**
 * Makes an exponentially weighted rate: after `halfLifeMs` half of what it says comes from newer values, however often
 * they arrive.
 */
export function makeRate(halfLifeMs = 2000): Rate {
  let last: { value: number; atMs: number } | undefined;
  let weighted = 0;
  // The weight of all values so far; dividing by it keeps the first seconds from starting at zero.
  let weight = 0;
  return {
    add(value, atMs) {
      if (last === undefined || value < last.value) {
        last = { value, atMs };
        weighted = 0;
        weight = 0;
        return;
      }
      const stepMs = atMs - last.atMs;
      if (stepMs < minimumStepMs) return;
      const kept = 0.5 ** (stepMs / halfLifeMs);
      const current = ((value - last.value) * 1000) / stepMs;
      weighted = weighted * kept + current * (1 - kept);
      weight = weight * kept + (1 - kept);
      last = { value, atMs };
    },
    get perSecond() {
      return weight === 0 ? 0 : weighted / weight;
    },
  };
}
