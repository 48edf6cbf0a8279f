import { addExact, type Exact, parseExact, unitsAt, writeExact } from '../format/exact.ts';
import { type Change, changeOf } from '../groups/changes.ts';
import { joinKeys } from '../groups/groups.ts';

/** The sum of a group. */
export interface KeyedSum {
  keys: readonly string[];
  sum: string;
}

/** A group on both sides. Sums are in units of the comparison; undefined where a side has no row of the group. */
export interface ComparedRow {
  keys: readonly string[];
  here: bigint | undefined;
  there: bigint | undefined;
  /** Here less there; a side without rows counts as zero. */
  difference: bigint;
}

/** Sums of two sides, group by group. All are whole numbers of units, with the point before the last `decimals` digits. */
export interface Comparison {
  decimals: number;
  rows: readonly ComparedRow[];
}

/**
 * Sets the sums of two sides side by side, those of one first. Each side has a group once, and all of them: one that is not
 * given counts as one without rows.
 */
export function compareSums(here: readonly KeyedSum[], there: readonly KeyedSum[]): Comparison {
  const [ours, theirs] = [here.map(readSum), there.map(readSum)];
  const decimals = [...ours, ...theirs].reduce((most, { sum }) => Math.max(most, sum.decimals), 0);
  const left = new Map(theirs.map(({ keys, sum }) => [joinKeys(keys), { keys, units: unitsAt(sum, decimals) }]));
  const rows = ours.map(({ keys, sum }): ComparedRow => {
    const key = joinKeys(keys);
    const units = unitsAt(sum, decimals);
    const other = left.get(key)?.units;
    left.delete(key);
    return { keys, here: units, there: other, difference: units - (other ?? 0n) };
  });
  for (const { keys, units } of left.values()) {
    rows.push({ keys, here: undefined, there: units, difference: -units });
  }
  return { decimals, rows };
}

function readSum({ keys, sum }: KeyedSum): { keys: readonly string[]; sum: Exact } {
  return { keys, sum: parseExact(sum) };
}

/** The exact text of a sum or a difference. */
export function unitsText({ decimals }: Pick<Comparison, 'decimals'>, units: bigint): string {
  return writeExact({ units, decimals });
}

/** How a group has changed, from there to here. */
export function rowChange(
  { decimals }: Pick<Comparison, 'decimals'>,
  { here = 0n, there = 0n }: Pick<ComparedRow, 'here' | 'there'>,
): Change {
  return changeOf({ units: here, decimals }, { units: there, decimals });
}

/** How a total has changed, from there to here. */
export function totalChange(here: string, there: string): Change {
  return changeOf(parseExact(here), parseExact(there));
}

/** The exact sum of some sums. */
export function sumOf(sums: readonly KeyedSum[]): string {
  return writeExact(addExact(sums.map(({ sum }) => parseExact(sum))));
}

/** How many groups both sides have, and how many only one of them. */
export function countSides(rows: readonly ComparedRow[]): { both: number; here: number; there: number } {
  const here = rows.filter(({ there }) => there === undefined).length;
  const there = rows.filter((row) => row.here === undefined).length;
  return { both: rows.length - here - there, here, there };
}
