import { keyLabel } from '../groups/key-label.ts';
import { type CopiedCell, type CopiedTable, copyTable } from '../result/copied-totals.ts';
import { type Pivot, pivotText } from './pivot.ts';

/** Writes a pivot down for the clipboard, with its totals. `heads` name its rows and its totals. */
export function copyPivot(pivot: Pivot, [rowName, totalName]: readonly [string, string]): CopiedTable {
  const sum = (units: bigint | undefined): CopiedCell => ({
    text: units === undefined ? '' : pivotText(pivot, units),
    isName: false,
  });
  const name = (text: string): CopiedCell => ({ text, isName: true });
  return copyTable([
    [name(rowName), ...pivot.columns.map(({ key }) => name(keyLabel(key))), name(totalName)],
    ...pivot.rows.map((row) => [
      name(keyLabel(row.key)),
      ...pivot.columns.map((column) => sum(pivot.cell(row.key, column.key))),
      sum(row.units),
    ]),
    [name(totalName), ...pivot.columns.map(({ units }) => sum(units)), sum(pivot.units)],
  ]);
}
