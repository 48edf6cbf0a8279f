import { expect, test } from 'vitest';
import { DEFAULT_ANALYSIS_OPTIONS } from '../testing/default-options.ts';
import { type AnalysisOptions, CsvAnalysis } from './analysis.ts';
import { noRowCounts } from './no-row-counts.ts';

test.each([
  [
    'Department,Amount\na,1,50\nb,2,50\n',
    /^None of the 2 rows counts: 2 with a different number of columns\..*quotes\.$/,
  ],
  ['Department,Amount\n,5\n', /^The only row does not count: 1 with no department\. .*"Department".*departmentColumn/],
  ['Department,Amount\na,\n', /no amount\. .*"Amount".* amountColumn/],
  ['Department,Amount\na,x\n', /not a number\. .*amountColumn/],
  ['Department,Amount\na,12345678901234567890123\n', /more than 18 digits.*too many digits/],
  ['Department,Amount\n"a"b,1\n', /after a closing quote\. .*quote to none/],
  [
    'Department,Amount\na,1\n',
    /not readable\. .*2026-12-31.*group by the column as it stands/,
    { groupBy: ['0:month'] },
  ],
  ['D,A,B\na,99999999999,99999\n', /a product of 10\^15 or more\. Add up the columns/, { amounts: ['A*B'] }],
  ['D,A,B\na,1234567890123456789,1\n', /more than 18 digits/, { amounts: ['B', 'A'] }],
] as [string, RegExp, Partial<AnalysisOptions>?][])(
  'a file of which no row counts says what to do: %j',
  (csv, message, options = {}) => {
    const analysis = new CsvAnalysis({ ...DEFAULT_ANALYSIS_OPTIONS, ...options });
    analysis.push(Buffer.from(csv));
    analysis.finish();
    expect(noRowCounts(analysis.snapshot(0), analysis.dialect)).toEqual([
      { code: 'NO_ROW_COUNTS', message: expect.stringMatching(message) },
    ]);
  },
);

test('the other decimal separator is named if it would explain the amounts', () => {
  const analysis = new CsvAnalysis({ ...DEFAULT_ANALYSIS_OPTIONS, decimalSeparator: '.' });
  analysis.push(Buffer.from('Department;Amount\na;1,50\nb;2,5\n'));
  analysis.finish();
  expect(noRowCounts(analysis.snapshot(0), analysis.dialect)[0]?.message).toMatch(
    /"1,50".*set decimalSeparator to ","/,
  );
});

test.each(['', 'Department,Amount\n', 'Department,Amount\na,1\nb,x\n'])(
  'a file without rows, or with one that counts, has no such error: %j',
  (csv) => {
    const analysis = new CsvAnalysis(DEFAULT_ANALYSIS_OPTIONS);
    analysis.push(Buffer.from(csv));
    analysis.finish();
    expect(noRowCounts(analysis.snapshot(0), analysis.dialect)).toEqual([]);
  },
);
