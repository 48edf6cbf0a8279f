/** A time left that counts down and drifts towards new estimates instead of jumping to them. */
export interface TimeLeft {
  /** Takes what is left and how fast it goes, at a time in milliseconds. Returns seconds, or undefined if unknown. */
  update(remaining: number, perSecond: number, atMs: number): number | undefined;
}

/** Nothing is said before this: the first estimates are far off. */
const warmUpMs = 1500;
/** After this time two thirds of a difference to a new estimate are made up for. */
const driftMs = 4000;

/** Makes a {@link TimeLeft}. */
export function makeTimeLeft(): TimeLeft {
  let firstMs: number | undefined;
  let shown: { seconds: number; atMs: number } | undefined;
  return {
    update(remaining, perSecond, atMs) {
      if (remaining <= 0) return 0;
      firstMs ??= atMs;
      if (atMs - firstMs < warmUpMs || perSecond <= 0) return shown?.seconds;
      const estimate = remaining / perSecond;
      if (shown === undefined) {
        shown = { seconds: estimate, atMs };
        return estimate;
      }
      const passedMs = atMs - shown.atMs;
      const countedDown = Math.max(0, shown.seconds - passedMs / 1000);
      const drift = 1 - Math.exp(-passedMs / driftMs);
      shown = { seconds: countedDown + (estimate - countedDown) * drift, atMs };
      return shown.seconds;
    },
  };
}

/** Rounds a time left to what can be said honestly: seconds only at the end, then steps of 5 s, 30 s, minutes. */
export function roundTimeLeft(seconds: number): number {
  const step = seconds < 10 ? 1 : seconds < 60 ? 5 : seconds < 600 ? 30 : seconds < 7200 ? 60 : 600;
  return Math.max(1, Math.ceil(seconds / step)) * step;
}
