import { formatDecimal } from '../format/decimal.ts';
import { changeTexts } from '../result/change-columns.ts';
import { type Comparison, rowChange, unitsText } from './comparison.ts';

/** How wide the columns of a comparison are, and what its bars are drawn against. */
export interface ComparisonWidths {
  /** Characters of the longest sum or difference, with its sign. */
  sum: number;
  /** Characters of the longest change in per cent. */
  change: number;
  /** The largest difference, up or down. */
  largest: bigint;
}

/** Characters of a change that is too small to be told: `>-0.1%`. */
const leastChange = 6;

/** Measures a comparison by its extremes: no number in between is longer. */
export function comparisonWidths(comparison: Comparison): ComparisonWidths {
  const differences = comparison.rows.map(({ difference }) => difference);
  const [lowest, highest] = extremes(comparison.rows.flatMap(({ here = 0n, there = 0n }) => [here, there]));
  const [fall, rise] = extremes(differences);
  const length = (units: bigint) => formatDecimal(unitsText(comparison, units)).length;
  return {
    sum: Math.max(length(lowest), length(highest), length(fall), length(rise) + 1),
    change:
      comparison.rows.reduce(
        (widest, row) => {
          const { fraction } = rowChange(comparison, row);
          // Formats are slow, digits are not: a longer text has at least as many of them.
          if (fraction === undefined || fraction.length <= widest.digits) return widest;
          return {
            digits: fraction.length,
            text: Math.max(widest.text, changeTexts({ difference: '0', fraction }).fraction.length),
          };
        },
        { digits: 0, text: leastChange },
      ).text + 1,
    largest: fall < 0n && -fall > rise ? -fall : rise,
  };
}

/** How much of the full bar a difference has, 0 to 1; for drawing only: a float. */
export function shareOfLargest(difference: bigint, largest: bigint): number {
  if (largest <= 0n) return 0;
  const size = difference < 0n ? -difference : difference;
  return Number((size * 1000n) / largest) / 1000;
}

/** The lowest and the highest, of which zero is one. */
function extremes(all: readonly bigint[]): [bigint, bigint] {
  let [lowest, highest] = [0n, 0n];
  for (const units of all) {
    if (units < lowest) lowest = units;
    if (units > highest) highest = units;
  }
  return [lowest, highest];
}
