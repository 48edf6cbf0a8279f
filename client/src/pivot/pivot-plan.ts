import type { Total } from '#gen/tallystream/v1/processor_pb.ts';
import { type Group, keysOf, periodGroup } from '../groups/groups.ts';
import type { ResultView } from '../result/result-view.ts';
import { mostPivotColumns, type PivotOrder, type PivotPlan } from './pivot.ts';

/**
 * Which groups make the rows and the columns: as its reader has chosen; else time goes from left to right, as long as it
 * has not too many periods.
 */
export function planPivot(view: ResultView, groups: readonly Group[], totals: readonly Total[]): PivotPlan {
  const { row, column } = placesOf(view, groups, totals);
  return {
    row,
    column,
    ...rowOrderOf(view, totals, column, isPeriod(groups, row) ? 'name' : 'total'),
    columnOrder: isPeriod(groups, column) ? 'name' : 'total',
  };
}

/** A column that the pivot has not sorts nothing: it was one of other columns. */
function rowOrderOf(
  { sort, key }: ResultView,
  totals: readonly Total[],
  column: number,
  usual: PivotOrder,
): Pick<PivotPlan, 'rowOrder' | 'sortedBy'> {
  if (sort !== 'column') return { rowOrder: sort ?? usual };
  const isColumn = key !== undefined && totals.some((total) => keysOf(total)[column] === key);
  return isColumn ? { rowOrder: 'column', sortedBy: key } : { rowOrder: usual };
}

function placesOf({ rows, columns }: ResultView, groups: readonly Group[], totals: readonly Total[]) {
  const isPlace = (place: number | undefined): place is number => place !== undefined && place < groups.length;
  if (isPlace(rows) && isPlace(columns) && rows !== columns) return { row: rows, column: columns };
  const others = (place: number) => groups.findIndex((_, other) => other !== place);
  if (isPlace(rows)) return { row: rows, column: others(rows) };
  if (isPlace(columns)) return { row: others(columns), column: columns };
  const column = periodGroup(groups) ?? 1;
  const row = others(column);
  return countKeys(totals, column) <= mostPivotColumns ? { row, column } : { row: column, column: row };
}

function isPeriod(groups: readonly Group[], place: number): boolean {
  return groups[place]?.period !== undefined;
}

function countKeys(totals: readonly Total[], place: number): number {
  return new Set(totals.map((total) => keysOf(total)[place])).size;
}
