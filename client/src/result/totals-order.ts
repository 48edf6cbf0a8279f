/** A column that totals can be sorted by. */
export type TotalsColumn = 'department' | 'sum' | 'count' | 'mean' | 'min' | 'max';

/** How totals are sorted. */
export interface TotalsOrder {
  column: TotalsColumn;
  isDescending: boolean;
}

/** The order as the server understands it. The sums of amounts after the first are columns of their own. */
export function orderBy({ column, isDescending }: TotalsOrder, amount = 0): string {
  const name = column === 'sum' && amount > 0 ? `sum_${amount + 1}` : column;
  return `${name} ${isDescending ? 'desc' : 'asc'}`;
}

/** Whether the server sorts by a column. Of amounts after the first it knows the sums only. */
export function canOrderBy(column: TotalsColumn, amount: number): boolean {
  return amount === 0 || column === 'sum' || column === 'department';
}

/** The order after a click on a head: the other way round, or a new column from the end that is asked for most. */
export function orderAfterClick(order: TotalsOrder, column: TotalsColumn): TotalsOrder {
  if (order.column === column) return { column, isDescending: !order.isDescending };
  return { column, isDescending: column !== 'department' };
}
