import type { Total } from '#gen/tallystream/v1/processor_pb.ts';
import { divideExact, type Exact, parseExact, subtractExact, writeExact } from '../format/exact.ts';
import { type PeriodKind, periodBefore, yearBefore } from '../periods/period.ts';
import { joinKeys, keysOf } from './groups.ts';

/** How a sum has changed. */
export interface Change {
  /** The exact difference. */
  difference: string;
  /** The difference beside the sum before, a decimal fraction rounded to a thousandth; undefined beside nothing or less. */
  fraction: string | undefined;
}

/** The changes of one total; undefined where there is no row to compare with. */
export interface Changes {
  toBefore: Change | undefined;
  toYearBefore: Change | undefined;
}

/** Makes a function that finds the changes of totals, all of which are given. Their keys have a period at the place `at`. */
export function makeChanges(totals: readonly Total[], at: number, kind: PeriodKind): (total: Total) => Changes {
  const sums = new Map(totals.map((total) => [joinKeys(keysOf(total)), total.sum]));
  return (total) => {
    const keys = keysOf(total);
    const compare = (period: string | undefined) => {
      const before = period === undefined ? undefined : sums.get(joinKeys(keys.with(at, period)));
      return before === undefined ? undefined : changeOf(parseExact(total.sum), parseExact(before));
    };
    const period = keys[at] ?? '';
    return { toBefore: compare(periodBefore(kind, period)), toYearBefore: compare(yearBefore(kind, period)) };
  };
}

/** How a sum has changed from one before. */
export function changeOf(now: Exact, before: Exact): Change {
  const difference = subtractExact(now, before);
  return {
    difference: writeExact(difference),
    // Of a sum below zero, a part says nothing: from -1 to 1 is neither 200 % more nor less.
    fraction: before.units > 0n ? writeExact(divideExact(difference, before, 3)) : undefined,
  };
}
