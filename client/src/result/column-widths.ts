import type { Total } from '#gen/tallystream/v1/processor_pb.ts';
import { formatCount } from '../format/count.ts';
import { formatDecimal } from '../format/decimal.ts';
import { formatMean } from '../format/mean.ts';
import { groupLabel } from '../jobs/group-label.ts';

/** The widest text of each column, in characters. */
export interface ColumnWidths {
  name: number;
  sum: number;
  count: number;
  mean: number;
  min: number;
  max: number;
  /** The sums of the amounts that are not shown. */
  other: number;
}

/** The widths of a table without rows. */
export const noWidths: ColumnWidths = { name: 0, sum: 0, count: 0, mean: 0, min: 0, max: 0, other: 0 };

/** The longest number of all columns, in characters. */
export function longestNumber({ name: _, ...widths }: ColumnWidths): number {
  return Math.max(...Object.values(widths));
}

/**
 * Measures the columns of totals, so that no digit is cut off. Widths never shrink: `known` is what they were before.
 *
 * @param others the places of the amounts that are not shown
 */
export function columnWidths(rows: readonly Total[], known: ColumnWidths, others: readonly number[]): ColumnWidths {
  const widest = (least: number, text: (row: Total) => string) =>
    rows.reduce((width, row) => Math.max(width, text(row).length), least);
  return {
    name: widest(known.name, groupLabel),
    sum: widest(known.sum, (row) => formatDecimal(row.sum)),
    count: widest(known.count, (row) => formatCount(row.count)),
    mean: widest(known.mean, (row) => formatMean(row.mean, row.sum)),
    min: widest(known.min, (row) => formatDecimal(row.min)),
    max: widest(known.max, (row) => formatDecimal(row.max)),
    other: others.reduce(
      (width, place) => widest(width, (row) => formatDecimal(row.figures[place]?.sum ?? '0')),
      known.other,
    ),
  };
}
