import { parse } from 'csv-parse/sync';
import { expect, it } from 'vitest';
import { copyTable, csvOf } from '../result/copied-totals.ts';
import { compareSums } from './comparison.ts';
import { comparisonCells } from './copied-comparison.ts';

const comparison = compareSums(
  [
    { keys: ['=1+1', 'a,"b"'], sum: '-1234.5' },
    { keys: ['North', '2026\n01'], sum: '9007199254740993.25' },
  ],
  [
    { keys: ['North', '2026\n01'], sum: '8000000000000000' },
    { keys: ['', 'x'], sum: '-3' },
  ],
);
const heads = ['Region', 'Date', 'Revenue, a.csv', 'Revenue, b.csv', 'Difference', 'Change in %'];
const cells = comparisonCells(comparison, comparison.rows, heads);
const rows = [
  heads,
  // A spreadsheet would run this name, so it has a quote before it; numbers have none.
  ["'=1+1", 'a,"b"', '-1234.50', '', '-1234.50', ''],
  ['North', '2026\n01', '9007199254740993.25', '8000000000000000.00', '1007199254740993.25', '12.6'],
  ['', 'x', '', '-3.00', '3.00', ''],
];

it('a comparison is copied and downloaded to the last digit, with a column for each group', () => {
  expect(parse(csvOf(cells))).toEqual(rows);
  expect(parse(copyTable(cells).text, { delimiter: '\t' })).toEqual(rows);
});
