import { formatDecimal } from '../format/decimal.ts';
import { keyLabel } from '../groups/key-label.ts';
import { resultTexts } from '../texts-of-results.ts';
import { type Pivot, type PivotLine, pivotText } from './pivot.ts';

/** How wide the columns of a pivot are, in characters: digits are never cut off, names may be. */
export interface PivotWidths {
  cell: number;
  name: number;
  total: number;
}

/** Longer names are cut off. */
const longest = { column: 16, row: 28 };

/** Measures a pivot by its longest texts. All its columns are of one width. */
export function pivotWidths(pivot: Pivot, rowName: string): PivotWidths {
  const length = (units: bigint) => formatDecimal(pivotText(pivot, units)).length;
  // Below zero, a sign more.
  const lengths = (units: readonly bigint[]) => Math.max(0, ...units.map((value) => length(-abs(value))));
  const names = (lines: readonly PivotLine[]) =>
    lines.reduce((most, { key }) => Math.max(most, keyLabel(key).length), resultTexts.pivot.total.length);
  return {
    cell: Math.max(
      lengths([pivot.range.least, pivot.range.most, ...pivot.columns.map(({ units }) => units)]),
      Math.min(longest.column, names(pivot.columns)),
    ),
    name: Math.min(longest.row, Math.max(names(pivot.rows), rowName.length)),
    total: Math.max(lengths([pivot.units, largestOf(pivot.rows)]), resultTexts.pivot.total.length),
  };
}

function largestOf(lines: readonly PivotLine[]): bigint {
  let largest = 0n;
  for (const { units } of lines) if (abs(units) > largest) largest = abs(units);
  return largest;
}

function abs(units: bigint): bigint {
  return units < 0n ? -units : units;
}
