import type { Changes } from '../groups/changes.ts';

/** A column that the server sorts totals by. */
export type TotalsColumn = 'department' | 'sum' | 'count' | 'mean' | 'min' | 'max';

/** A way to sort by changes, which the page does by itself: by their differences, or by what part of the sum before these are. */
export type ChangeOrderColumn = keyof Changes | `${keyof Changes}Part`;

const serverColumns: readonly TotalsColumn[] = ['department', 'sum', 'count', 'mean', 'min', 'max'];
const changeColumns: readonly ChangeOrderColumn[] = ['toBefore', 'toYearBefore', 'toBeforePart', 'toYearBeforePart'];

/** How totals are sorted. */
export interface TotalsOrder<Column = TotalsColumn | ChangeOrderColumn> {
  column: Column;
  isDescending: boolean;
}

/** The largest sums first. */
export const usualTotalsOrder: TotalsOrder<TotalsColumn> = { column: 'sum', isDescending: true };

/** Whether an order is one of changes. */
export function isByChange(order: TotalsOrder): order is TotalsOrder<ChangeOrderColumn> {
  return changeColumns.some((column) => column === order.column);
}

/** Whether an order is one that the server has. */
export function isByColumn(order: TotalsOrder): order is TotalsOrder<TotalsColumn> {
  return serverColumns.some((column) => column === order.column);
}

/** The order as the server understands it. The sums of amounts after the first are columns of their own. */
export function orderBy({ column, isDescending }: TotalsOrder<TotalsColumn>, amount = 0): string {
  const name = column === 'sum' && amount > 0 ? `sum_${amount + 1}` : column;
  return `${name} ${isDescending ? 'desc' : 'asc'}`;
}

/** Whether the server sorts by a column. Of amounts after the first it knows the sums only. */
export function canOrderBy(column: TotalsColumn, amount: number): boolean {
  return amount === 0 || column === 'sum' || column === 'department';
}

/** The order that was asked for, or the usual one where a result has nothing to sort so by. */
export function possibleOrder(
  order: TotalsOrder | undefined,
  amount: number,
  changes: readonly (keyof Changes)[],
): TotalsOrder {
  if (order === undefined) return usualTotalsOrder;
  const isPossible = isByChange(order)
    ? changes.some((name) => name === changeOf(order.column))
    : isByColumn(order) && canOrderBy(order.column, amount);
  return isPossible ? order : usualTotalsOrder;
}

/** The change that a column sorts by. */
export function changeOf(column: ChangeOrderColumn): keyof Changes {
  return column.startsWith('toYearBefore') ? 'toYearBefore' : 'toBefore';
}

/** The order after a click on a head: the other way round, or a new column from the end that is asked for most. */
export function orderAfterClick(order: TotalsOrder, column: TotalsOrder['column']): TotalsOrder {
  if (order.column === column) return { column, isDescending: !order.isDescending };
  return { column, isDescending: column !== 'department' };
}

/** An order as it stands in an address: `-sum`, `department`. */
export function orderText({ column, isDescending }: TotalsOrder): string {
  return `${isDescending ? '-' : ''}${column}`;
}

/** Reads an order of an address; undefined if it is none. */
export function parseTotalsOrder(text: string | null): TotalsOrder | undefined {
  const column = [...serverColumns, ...changeColumns].find((name) => name === text?.replace(/^-/, ''));
  return column === undefined ? undefined : { column, isDescending: text?.startsWith('-') ?? false };
}
