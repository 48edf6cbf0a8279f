import type { TimeCourse } from './time-course.ts';

/** A round step, with which about five of them are as long as a range. */
function roundStep(range: number): number {
  const rough = range / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough) ?? 10);
}

/**
 * Round numbers around all heights, at most about six.
 *
 * @param base a number that is around them too
 */
export function axisMarks(heights: readonly (number | null)[], base = 0): number[] {
  let [least, most] = [base, base];
  for (const height of heights) {
    least = Math.min(least, height ?? base);
    most = Math.max(most, height ?? base);
  }
  if (least === most) most = base + 1;
  const step = roundStep(most - least);
  const [from, to] = [Math.floor(least / step), Math.ceil(most / step)];
  return Array.from({ length: to - from + 1 }, (_, index) => (from + index) * step);
}

/** Where an axis begins; above zero only where that must be said. For drawing only: a float. */
export function axisBase({ lines }: Pick<TimeCourse, 'lines'>, shown: readonly boolean[]): number {
  const drawn = lines.filter((_, index) => shown[index]);
  // The area below a line is as large as its sums only from zero on.
  if (drawn.some(hasArea)) return 0;
  const values = drawn.flatMap(({ values }) => values.flatMap((value) => (value === undefined ? [] : [Number(value)])));
  const [least, most] = values.reduce(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [Number.POSITIVE_INFINITY, 0],
  );
  // Lines that leave the lower half empty lie over each other in the upper one.
  if (values.length === 0 || least <= most / 2) return 0;
  const step = roundStep(most > least ? most - least : most / 2);
  return Math.max(0, Math.floor(least / step) * step);
}

/** Whether the area below a line is filled. */
export function hasArea({ role }: Pick<TimeCourse['lines'][number], 'role'>): boolean {
  return role === 'total' || role === 'only';
}
