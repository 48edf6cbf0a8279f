import { expect, it } from 'vitest';
import { formatDecimal } from '../format/decimal.ts';
import { changeTexts } from '../result/change-columns.ts';
import { compareSums, rowChange, unitsText } from './comparison.ts';
import { comparisonWidths, shareOfLargest } from './comparison-widths.ts';

it('no number is wider than its column', () => {
  const sums = (texts: readonly string[]) => texts.map((sum, at) => ({ keys: [String(at)], sum }));
  const comparison = compareSums(
    sums(['1', '-123456.25', '99.1', '0.001', '1234567', '10.5']),
    sums(['-7654321', '3', '9', '0.002', '1', '0.001']),
  );
  const widths = comparisonWidths(comparison);
  for (const row of comparison.rows) {
    const words = changeTexts(rowChange(comparison, row));
    const sumsOfRow = [row.here ?? 0n, row.there ?? 0n].map((units) => formatDecimal(unitsText(comparison, units)));
    for (const text of [...sumsOfRow, words.difference]) expect(text.length).toBeLessThanOrEqual(widths.sum);
    expect(words.fraction.length).toBeLessThanOrEqual(widths.change);
    expect(Math.abs(shareOfLargest(row.difference, widths.largest))).toBeLessThanOrEqual(1);
  }
  expect(shareOfLargest(-widths.largest, widths.largest)).toBe(1);
  expect(comparisonWidths(compareSums([], []))).toMatchObject({ largest: 0n });
});
