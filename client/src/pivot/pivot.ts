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
  /** The lowest and the highest sum of a cell. */
  range: CellRange;
}

/** The lowest and the highest sum of some cells. */
export interface CellRange {
  least: bigint;
  most: bigint;
}

/** The ways to sort the lines of a pivot. */
export const pivotOrders = ['total', 'name', 'column'] as const;

/** How the lines of a pivot are sorted: by their totals, by their names, or by their sums in one column. */
export type PivotOrder = (typeof pivotOrders)[number];

/** Which keys of the totals make the rows and the columns, and how these are sorted. */
export interface PivotPlan {
  row: number;
  column: number;
  rowOrder: PivotOrder;
  /** The key of the column that rows are sorted by, where they are by one. */
  sortedBy?: string;
  columnOrder: Exclude<PivotOrder, 'column'>;
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
  const cell = (row: string, column: string) => cells.get(row)?.get(column);
  return {
    decimals,
    rows:
      plan.rowOrder === 'column'
        ? sortByCell(sortLines(rows, 'total'), ({ key }) => cell(key, plan.sortedBy ?? ''))
        : sortLines(rows, plan.rowOrder),
    columns: sortLines(columns, plan.columnOrder),
    cell,
    units,
    range: rangeOf(cells),
  };
}

function add(sums: Map<string, bigint>, key: string, units: bigint): void {
  sums.set(key, (sums.get(key) ?? 0n) + units);
}

function rangeOf(cells: ReadonlyMap<string, ReadonlyMap<string, bigint>>): CellRange {
  let range: CellRange | undefined;
  for (const row of cells.values()) {
    for (const units of row.values()) {
      range ??= { least: units, most: units };
      if (units < range.least) range.least = units;
      if (units > range.most) range.most = units;
    }
  }
  return range ?? { least: 0n, most: 0n };
}

const names = new Intl.Collator(undefined, { numeric: true });

function sortLines(sums: ReadonlyMap<string, bigint>, order: PivotPlan['columnOrder']): PivotLine[] {
  const lines = [...sums].map(([key, units]) => ({ key, units }));
  const byName = (a: PivotLine, b: PivotLine) => names.compare(a.key, b.key);
  if (order === 'name') return lines.sort(byName);
  return lines.sort((a, b) => (a.units === b.units ? byName(a, b) : a.units < b.units ? 1 : -1));
}

/** Sorts lines by one of their cells, the largest first. Those without it come last, in the order in which they came. */
function sortByCell(lines: readonly PivotLine[], cellOf: (line: PivotLine) => bigint | undefined): PivotLine[] {
  const has = (line: PivotLine) => cellOf(line) !== undefined;
  const compare = (a: bigint, b: bigint) => (a === b ? 0 : a < b ? 1 : -1);
  return [
    ...lines.filter(has).sort((a, b) => compare(cellOf(a) ?? 0n, cellOf(b) ?? 0n)),
    ...lines.filter((line) => !has(line)),
  ];
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

/**
 * How strongly a cell is shaded beside the others: 0 is not at all; below zero where the sum is. Cells of one sign are told
 * apart from the lowest to the highest of them, those of both by how far they are from zero.
 */
export function heatOf(units: bigint | undefined, { least, most }: CellRange): number {
  if (units === undefined || units === 0n) return 0;
  if (least < 0n && most > 0n) {
    const largest = -least > most ? -least : most;
    return sign(units) * levelOf(sizeOf(units), largest, strongestHeat);
  }
  // Also the one that is nearest to zero has a shade that an empty cell has not.
  const from = most > 0n ? least : -most;
  return sign(units) * (1 + levelOf(sizeOf(units) - from, most - least, strongestHeat - 1));
}

/** A part of a whole in steps, rounded up. */
function levelOf(part: bigint, whole: bigint, steps: number): number {
  return whole === 0n ? 0 : Number((part * BigInt(steps) + whole - 1n) / whole);
}

function sign(units: bigint): 1 | -1 {
  return units < 0n ? -1 : 1;
}
