import type { Course, Total } from '#gen/tallystream/v1/processor_pb.ts';
import { addExact, type Exact, parseExact, unitsAt, writeExact } from '../format/exact.ts';
import { joinKeys, keysOf } from '../groups/groups.ts';
import { type PeriodKind, periodPlace } from '../periods/period.ts';

const names = new Intl.Collator(undefined, { numeric: true });

/** More lines than these could not be told apart. */
export const leadingLines = 5;

/** One line of a chart over time. */
export interface CourseLine {
  /** `total` is everything, `only` the same without any other line; `others` are the groups without a line of their own. */
  role: 'total' | 'only' | 'group' | 'others';
  /** The values that the line is of; empty for several groups together. */
  keys: readonly string[];
  /** How many groups it stands for. */
  groups: number;
  /** The exact sum over all periods. */
  sum: string;
  /** The exact sum of each period; undefined where there is no row. */
  values: readonly (string | undefined)[];
}

/** Sums over time: the total, the leading groups, and the others together. */
export interface TimeCourse {
  kind: PeriodKind;
  /** The periods that have rows, in the order of time. */
  periods: readonly string[];
  /** The place of each of them; neighbours in time differ by 1. */
  places: readonly number[];
  /** The total first, then the groups by their sums. */
  lines: readonly CourseLine[];
  /** Whether there are periods without any row between the first and the last. */
  hasGaps: boolean;
}

/**
 * Makes a {@link TimeCourse} of totals whose keys have a period at the place `at`. Each line is of one value, or several, of
 * the keys at the places `by`; totals that differ in others only are added up.
 */
export function makeTimeCourse(
  totals: readonly Total[],
  at: number,
  kind: PeriodKind,
  by: readonly number[],
): TimeCourse {
  const places = new Map<string, number>();
  const terms: { group: string; period: string; sum: Exact }[] = [];
  const keys = new Map<string, readonly string[]>();
  for (const total of totals) {
    const all = keysOf(total);
    const period = all[at] ?? '';
    const place = periodPlace(kind, period);
    if (place === undefined) continue;
    places.set(period, place);
    const others = by.map((place) => all[place] ?? '');
    const group = joinKeys(others);
    keys.set(group, others);
    terms.push({ group, period, sum: parseExact(total.sum) });
  }
  const periods = [...places.keys()].sort((a, b) => (places.get(a) ?? 0) - (places.get(b) ?? 0));
  const decimals = addExact(terms.map(({ sum }) => sum)).decimals;
  const { byGroup, ofAll } = addUp(terms, decimals);
  const ranked = [...byGroup].sort(([keyA, a], [keyB, b]) => descending(a.sum, b.sum) || names.compare(keyA, keyB));

  const write = (units: bigint) => writeExact({ units, decimals });
  const line = (role: CourseLine['role'], sums: Sums, groups: number, ofKeys: readonly string[]): CourseLine => ({
    role,
    keys: ofKeys,
    groups,
    sum: write(sums.sum),
    values: periods.map((period) => {
      const units = sums.periods.get(period);
      return units === undefined ? undefined : write(units);
    }),
  });
  // One group alone is not called the others.
  const leading = ranked.length === leadingLines + 1 ? ranked : ranked.slice(0, leadingLines);
  const rest = ranked.slice(leading.length);
  return {
    kind,
    periods,
    places: periods.map((period) => places.get(period) ?? 0),
    lines: [
      line(by.length > 0 ? 'total' : 'only', ofAll, byGroup.size, []),
      ...(by.length > 0 ? leading.map(([group, sums]) => line('group', sums, 1, keys.get(group) ?? [])) : []),
      ...(rest.length > 0 ? [line('others', together(rest.map(([, sums]) => sums)), rest.length, [])] : []),
    ],
    hasGaps: periods.some(
      (period, index) => index > 0 && places.get(period) !== (places.get(periods[index - 1] ?? '') ?? 0) + 1,
    ),
  };
}

/** What a line is of, as one text. */
export function lineKey({ role, keys }: CourseLine): string {
  return JSON.stringify([role, ...keys]);
}

/** Leading groups below this part of the total are flat lines beside it. */
const leastShare = 0.1;

/**
 * Which lines are shown as long as the reader has not chosen: all of them, but without the total and the others where the
 * leading groups would be flat beside those. For drawing only: floats.
 */
export function usuallyShown({ lines }: TimeCourse): boolean[] {
  const highest = (line: CourseLine) => Math.max(0, ...line.values.map((value) => Math.abs(Number(value ?? 0))));
  const groups = lines.filter(({ role }) => role === 'group');
  const isFlat = groups.length > 0 && Math.max(...groups.map(highest)) < leastShare * Math.max(...lines.map(highest));
  return lines.map(({ role }) => role === 'group' || !isFlat);
}

/** The {@link TimeCourse} that a running job tells of. */
export function courseSoFar({ periods, lines }: Course, kind: PeriodKind): TimeCourse {
  const places = periods.map((period) => periodPlace(kind, period) ?? 0);
  const roleOf = ({ groups }: { groups: number }, at: number): CourseLine['role'] => {
    if (at === 0) return groups === 0 ? 'only' : 'total';
    return groups === 1 ? 'group' : 'others';
  };
  return {
    kind,
    periods,
    places,
    lines: lines.map((line, at) => {
      const role = roleOf(line, at);
      const values = line.sums.map((sum) => (sum === '' ? undefined : sum));
      const sum = writeExact(addExact(values.flatMap((value) => (value === undefined ? [] : [parseExact(value)]))));
      return { role, keys: role === 'group' ? [line.key] : [], groups: Math.max(1, line.groups), sum, values };
    }),
    hasGaps: places.some((place, at) => at > 0 && place !== (places[at - 1] ?? 0) + 1),
  };
}

interface Sums {
  sum: bigint;
  periods: Map<string, bigint>;
}

function addUp(terms: readonly { group: string; period: string; sum: Exact }[], decimals: number) {
  const byGroup = new Map<string, Sums>();
  const ofAll: Sums = { sum: 0n, periods: new Map() };
  for (const { group, period, sum } of terms) {
    const units = unitsAt(sum, decimals);
    const ofGroup = byGroup.get(group) ?? { sum: 0n, periods: new Map() };
    byGroup.set(group, ofGroup);
    for (const sums of [ofGroup, ofAll]) {
      sums.sum += units;
      sums.periods.set(period, (sums.periods.get(period) ?? 0n) + units);
    }
  }
  return { byGroup, ofAll };
}

function together(all: readonly Sums[]): Sums {
  const result: Sums = { sum: 0n, periods: new Map() };
  for (const { sum, periods } of all) {
    result.sum += sum;
    for (const [period, units] of periods) result.periods.set(period, (result.periods.get(period) ?? 0n) + units);
  }
  return result;
}

function descending(a: bigint, b: bigint): number {
  if (a === b) return 0;
  return a < b ? 1 : -1;
}

/** What is drawn: places in time, and the heights of each line there. For drawing only: floats. */
export interface PlottedCourse {
  places: number[];
  /** Null where a line has no value. */
  heights: (number | null)[][];
  /** The period of each place; undefined at a place that only interrupts the lines. */
  indexes: (number | undefined)[];
}

/** Lays a course out for drawing. One empty place stands for all periods without a row that follow each other. */
export function plotCourse({ places, lines }: Pick<TimeCourse, 'places' | 'lines'>): PlottedCourse {
  const indexes: (number | undefined)[] = [];
  const plotted: number[] = [];
  places.forEach((place, index) => {
    const before = places[index - 1];
    if (before !== undefined && place > before + 1) {
      indexes.push(undefined);
      plotted.push(before + 1);
    }
    indexes.push(index);
    plotted.push(place);
  });
  const height = (value: string | undefined) => (value === undefined ? null : Number(value));
  return {
    places: plotted,
    indexes,
    heights: lines.map(({ values }) => indexes.map((index) => (index === undefined ? null : height(values[index])))),
  };
}
