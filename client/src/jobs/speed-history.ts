/** How fast something grew over its whole time, in a bounded number of steps. */
export interface History {
  /** Takes the value reached at a time in milliseconds. A value below the last one starts afresh. */
  add(value: number, atMs: number): void;
  /** For every step its end, in seconds since the beginning, and the units a second within it. */
  rates(): [seconds: number[], perSecond: number[]];
}

/** Makes a {@link History}: once there are more than `most` steps they are put together in pairs. */
export function makeHistory(stepMs = 500, most = 240): History {
  // Values, not rates: the difference of two still contains those that are left out between them.
  let points: { value: number; atMs: number }[] = [];
  let spacingMs = stepMs;
  return {
    add(value, atMs) {
      const last = points.at(-1);
      if (last !== undefined && value < last.value) {
        points = [];
        spacingMs = stepMs;
      } else if (last !== undefined && atMs - last.atMs < spacingMs) return;
      points.push({ value, atMs });
      if (points.length <= most + 1) return;
      points = points.filter((_, index) => index % 2 === 0);
      spacingMs *= 2;
    },
    rates() {
      const steps = points.slice(1).map((point, index) => ({ from: points[index] ?? point, to: point }));
      const startMs = points[0]?.atMs ?? 0;
      return [
        steps.map(({ to }) => (to.atMs - startMs) / 1000),
        steps.map(({ from, to }) => ((to.value - from.value) * 1000) / (to.atMs - from.atMs)),
      ];
    },
  };
}
