import { parseExact, writeExact } from '../format/exact.ts';
import type { CopiedCell } from '../result/copied-totals.ts';
import { type ComparedRow, type Comparison, rowChange, unitsText } from './comparison.ts';

/** Writes a comparison down as a table, its head first: exact digits with a point, and a cell for each group column. */
export function comparisonCells(
  comparison: Pick<Comparison, 'decimals'>,
  rows: readonly ComparedRow[],
  heads: readonly string[],
): CopiedCell[][] {
  const number = (text: string) => ({ text, isName: false });
  const sum = (units: bigint | undefined) => number(units === undefined ? '' : unitsText(comparison, units));
  return [
    heads.map((text) => ({ text, isName: true })),
    ...rows.map((row) => [
      ...row.keys.map((text) => ({ text, isName: true })),
      sum(row.here),
      sum(row.there),
      sum(row.difference),
      number(percentText(rowChange(comparison, row).fraction)),
    ]),
  ];
}

/** A fraction in per cent, as a plain number; empty for none. */
function percentText(fraction: string | undefined): string {
  if (fraction === undefined) return '';
  const { units, decimals } = parseExact(fraction);
  return writeExact({ units, decimals: decimals - 2 });
}
