/** Sums over time so far: those of everything, of the leading groups, and of all other groups together. */
export interface KernelCourse {
  /** The periods that have rows, in the order of their texts, which is that of time. */
  periods: string[];
  /** Everything first, then the leading groups by their sums, then the others together. */
  lines: CourseLine[];
  /** The most decimals of an amount in it. */
  scale: number;
  /** As of a total. */
  unitDecimals?: number;
}

/** One line of a {@link KernelCourse}. */
export interface CourseLine {
  /** The value that the line is of; undefined for several groups together. */
  key: string | undefined;
  /** How many values it stands for. */
  groups: number;
  /** The exact sum of each period in units; undefined where there is no row. */
  sums: (bigint | undefined)[];
}

/** A group in one period. */
export interface CourseCell {
  /** The place of its value among all values. */
  group: number;
  /** The place of its period among all periods, in the order in which they came. */
  period: number;
  sum: bigint;
}

/** More lines than these cannot be told apart. */
const LEADING_LINES = 5;

/**
 * Puts sums over time together.
 *
 * @param groups the value of each group; none if there are only periods
 * @param periods in the order in which they came
 */
export function courseOf(
  cells: Iterable<CourseCell>,
  groups: readonly string[],
  periods: readonly string[],
): Pick<KernelCourse, 'periods' | 'lines'> {
  const all = [...cells];
  const sums = groups.map(() => 0n);
  for (const { group, sum } of all) if (groups.length > 0) sums[group]! += sum;
  const ranked = [...groups.keys()].sort((a, b) => (sums[a]! === sums[b]! ? a - b : sums[a]! < sums[b]! ? 1 : -1));
  // One group alone is not called the others.
  const leading = ranked.slice(0, ranked.length === LEADING_LINES + 1 ? ranked.length : LEADING_LINES);
  const order = [...periods.keys()].sort((a, b) => (periods[a]! < periods[b]! ? -1 : 1));
  const columns = new Map(order.map((period, column) => [period, column]));
  const line = (key: string | undefined, count: number): CourseLine => ({
    key,
    groups: count,
    sums: periods.map(() => undefined),
  });
  const total = line(undefined, groups.length);
  const others = line(undefined, groups.length - leading.length);
  const lines = new Map(leading.map((group) => [group, line(groups[group]!, 1)]));
  for (const { group, period, sum } of all) {
    const column = columns.get(period)!;
    for (const each of groups.length === 0 ? [total] : [total, lines.get(group) ?? others]) {
      each.sums[column] = (each.sums[column] ?? 0n) + sum;
    }
  }
  return {
    periods: order.map((period) => periods[period]!),
    lines: [total, ...lines.values(), ...(others.groups > 0 ? [others] : [])],
  };
}
