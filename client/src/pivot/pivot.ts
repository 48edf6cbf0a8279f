import type { Total } from '#gen/tallystream/v1/processor_pb.ts';
import { addExact, parseExact, unitsAt, writeExact } from '../format/exact.ts';
import { keysOf } from '../groups/groups.ts';

/** More columns than these are no table to read. */
export const mostPivotColumns = 200;
/** More rows than these are no table to read. */
export const mostPivotRows = 10_000;

/** A row or a column of a pivot. */
export interface PivotLine {
  /** Its value as it stands in the file. */
  key: string;
  /** Its exact sum, in units of the pivot. */
  units: bigint;
}

/** Totals laid out by two of their keys. All sums are whole numbers of units, with the point before the last `decimals`. */
export interface Pivot {
  decimals: number;
  rows: readonly PivotLine[];
  columns: readonly PivotLine[];
  /** The sum of a row and a column, by their keys; undefined where there is no row of the file. */
  cell(row: string, column: string): bigint | undefined;
  units: bigint;
  /** The largest sum of a cell, however far above or below zero. */
  largest: bigint;
}

/** How the lines of a pivot are sorted. */
export type PivotOrder = 'total' | 'name';

/** Which keys of the totals make the rows and the columns, and how these are sorted. */
export interface PivotPlan {
  row: number;
  column: number;
  rowOrder: PivotOrder;
  columnOrder: PivotOrder;
}

/** Lays totals out. Those that differ in other keys only are added up. */
export function makePivot(totals: readonly Total[], plan: PivotPlan): Pivot {
  const terms = totals.map((total) => ({ keys: keysOf(total), sum: parseExact(total.sum) }));
  const { decimals } = addExact(terms.map(({ sum }) => sum));
  const rows = new Map<string, bigint>();
  const columns = new Map<string, bigint>();
  const cells = new Map<string, Map<string, bigint>>();
  let units = 0n;
  for (const { keys, sum } of terms) {
    const [row, column] = [keys[plan.row] ?? '', keys[plan.column] ?? ''];
    const term = unitsAt(sum, decimals);
    units += term;
    add(rows, row, term);
    add(columns, column, term);
    const ofRow = cells.get(row) ?? new Map<string, bigint>();
    cells.set(row, ofRow);
    add(ofRow, column, term);
  }
  return {
    decimals,
    rows: sortLines(rows, plan.rowOrder),
    columns: sortLines(columns, plan.columnOrder),
    cell: (row, column) => cells.get(row)?.get(column),
    units,
    largest: largestOf(cells),
  };
}

function add(sums: Map<string, bigint>, key: string, units: bigint): void {
  sums.set(key, (sums.get(key) ?? 0n) + units);
}

function largestOf(cells: ReadonlyMap<string, ReadonlyMap<string, bigint>>): bigint {
  let largest = 0n;
  for (const row of cells.values()) {
    for (const units of row.values()) largest = sizeOf(units) > largest ? sizeOf(units) : largest;
  }
  return largest;
}

const names = new Intl.Collator(undefined, { numeric: true });

function sortLines(sums: ReadonlyMap<string, bigint>, order: PivotOrder): PivotLine[] {
  const lines = [...sums].map(([key, units]) => ({ key, units }));
  const byName = (a: PivotLine, b: PivotLine) => names.compare(a.key, b.key);
  if (order === 'name') return lines.sort(byName);
  return lines.sort((a, b) => (a.units === b.units ? byName(a, b) : a.units < b.units ? 1 : -1));
}

function sizeOf(units: bigint): bigint {
  return units < 0n ? -units : units;
}

/** The exact text of a sum of a pivot. */
export function pivotText(pivot: Pick<Pivot, 'decimals'>, units: bigint): string {
  return writeExact({ units, decimals: pivot.decimals });
}

/** The strongest shade of a cell. */
export const strongestHeat = 6;

/** How strongly a cell is shaded beside the largest: 0 is not at all; below zero where the sum is. */
export function heatOf(units: bigint | undefined, largest: bigint): number {
  if (units === undefined || units === 0n || largest === 0n) return 0;
  const steps = BigInt(strongestHeat);
  // Rounded up: also the smallest sum has a shade that an empty cell has not.
  const level = Number((sizeOf(units) * steps + largest - 1n) / largest);
  return units < 0n ? -level : level;
}
