/** A column that totals can be sorted by. */
export type TotalsColumn = 'department' | 'sum' | 'count' | 'mean' | 'min' | 'max';

/** How totals are sorted. */
export interface TotalsOrder {
  column: TotalsColumn;
  isDescending: boolean;
}

/** The order as the server understands it. */
export function orderBy({ column, isDescending }: TotalsOrder): string {
  return `${column} ${isDescending ? 'desc' : 'asc'}`;
}

/** The order after a click on a head: the other way round, or a new column from the end that is asked for most. */
export function orderAfterClick(order: TotalsOrder, column: TotalsColumn): TotalsOrder {
  if (order.column === column) return { column, isDescending: !order.isDescending };
  return { column, isDescending: column !== 'department' };
}
