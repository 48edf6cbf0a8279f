import { expect, test } from 'vitest';
import { CsvAnalysis } from '../analysis/analysis.ts';
import type { KernelCourse } from '../course.ts';
import type { KernelTotal } from '../kernel.ts';
import { DEFAULT_ANALYSIS_OPTIONS } from '../testing/default-options.ts';
import { orders } from '../testing/orders.ts';

/** The course of totals, added up in another way: by SQL's words, GROUP BY period and value. */
function expectCourse(course: KernelCourse, totals: KernelTotal[], at: number, by: number | undefined): void {
  const keysOf = ({ department, keys }: KernelTotal) => keys ?? [department];
  const periods = [...new Set(totals.map((total) => keysOf(total)[at]!))].sort();
  expect(course.periods).toEqual(periods);
  const sumOf = (period: string, isIn: (group: string) => boolean) => {
    const own = totals.filter((total) => {
      const keys = keysOf(total);
      return keys[at] === period && isIn(by === undefined ? '' : keys[by]!);
    });
    return own.length === 0 ? undefined : own.reduce((sum, total) => sum + total.sum, 0n);
  };
  const line = (isIn: (group: string) => boolean) => periods.map((period) => sumOf(period, isIn));
  const leading = course.lines.flatMap(({ key }) => (key === undefined ? [] : [key]));
  expect(course.lines[0]!.sums).toEqual(line(() => true));
  for (const { key, sums } of course.lines.slice(1)) {
    expect(sums).toEqual(line((group) => (key === undefined ? !leading.includes(group) : group === key)));
  }
  const wholes = course.lines.slice(1).map(({ sums }) => sums.reduce<bigint>((all, sum) => all + (sum ?? 0n), 0n));
  const named = wholes.slice(0, leading.length);
  expect(named).toEqual([...named].sort((a, b) => (a < b ? 1 : -1)));
}

const CSV = Buffer.from(orders(3_000, 5));

test.each([
  { groupBy: ['iso:year'], at: 0, by: undefined, lines: 1, groups: [0] },
  { groupBy: ['iso:quarter', 'Region'], at: 0, by: 1, lines: 6, groups: [5, 1, 1, 1, 1, 1] },
  { groupBy: ['Product', 'iso:quarter', 'Region'], at: 1, by: 0, lines: 7, groups: [40, 1, 1, 1, 1, 1, 35] },
])('the course of $groupBy is that of the totals, at any time', ({ groupBy, at, by, lines, groups }) => {
  const options = { ...DEFAULT_ANALYSIS_OPTIONS, groupBy, amountColumn: 'Revenue' };
  let analysis = new CsvAnalysis(options);
  for (let from = 0; from < CSV.length; from += 70_000) {
    analysis.push(CSV.subarray(from, from + 70_000));
    const course = analysis.course();
    if (course) expectCourse(course, [...analysis.totals(1000)].flat(), at, by);
    // Another kernel goes on in the middle.
    if (from === 140_000) analysis = new CsvAnalysis(options, { resume: analysis.checkpoint() });
  }
  analysis.finish();
  const course = analysis.course()!;
  expectCourse(course, [...analysis.totals(1000)].flat(), at, by);
  expect(course.lines).toHaveLength(lines);
  expect(course.lines.map((line) => line.groups)).toEqual(groups);
});

test('there is none without a period, with two of them, and with too many', () => {
  for (const groupBy of [['Region'], ['iso:year', 'iso:month'], ['iso:month']]) {
    const analysis = new CsvAnalysis({ ...DEFAULT_ANALYSIS_OPTIONS, groupBy, amountColumn: 'Revenue' });
    analysis.push(CSV);
    analysis.finish();
    expect(analysis.course()).toBeUndefined();
  }
});
