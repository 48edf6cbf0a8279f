import { expect, test } from 'vitest';
import { type AnalysisOptions, CsvAnalysis, SAMPLE_BYTES } from '../analysis/analysis.ts';
import { DEFAULT_ANALYSIS_OPTIONS } from '../testing/default-options.ts';

/** The doubts of a whole file as `CODE: message`, and the analysis cut in two and resumed must say the same. */
function doubtsOf(csv: string | Uint8Array, options: Partial<AnalysisOptions> = {}): string[] {
  const bytes = Buffer.from(csv as string);
  const all = { ...DEFAULT_ANALYSIS_OPTIONS, ...options };
  const whole = new CsvAnalysis(all);
  whole.push(bytes);
  whole.finish();
  const first = new CsvAnalysis(all);
  const cut = Math.floor(bytes.length * 0.6);
  first.push(bytes.subarray(0, cut));
  const second = new CsvAnalysis(all, { resume: first.checkpoint() });
  second.push(bytes.subarray(cut));
  second.finish();
  const doubts = whole.doubts(whole.snapshot(0));
  expect(second.doubts(second.snapshot(0))).toEqual(doubts);
  return doubts.map(({ code, message }) => `${code}: ${message}`);
}

/** A file of whole amounts that is longer than what its dialect is detected from. */
function head(delimiter: string): string {
  const row = `Toys${delimiter}12\n`;
  return `Department${delimiter}Amount\n${row.repeat(Math.ceil(SAMPLE_BYTES / row.length))}`;
}

const linesOf = (text: string) => text.split('\n').length - 1;

test('a file without anything odd has no doubt', () => {
  expect(doubtsOf('Department,Amount\nToys,1.50\nGames,2\n')).toEqual([]);
});

test('amounts below zero are counted, and told with their sum', () => {
  const csv = 'Department,Amount\nToys,-1.50\nGames,2\nToys,(3)\n';
  expect(doubtsOf(csv)).toEqual([
    'NEGATIVE_AMOUNTS: 2 amounts are below zero, -4.50 in total; they count. Set negativeAmounts to reject to leave them out.',
  ]);
  expect(doubtsOf(csv, { negativeAmounts: 'reject' })).toEqual([
    expect.stringMatching(
      /^ROWS_REJECTED: 2 of 3 rows are left out: 2 with an amount below zero\. .*: -4\.50 in 2 rows\./,
    ),
  ]);
});

test('rows left out are told by reason, and in money where that can be read', () => {
  expect(doubtsOf('Department,Amount\nToys,1\n,2.5\n,4\nGames\nGames,x\n')).toEqual([
    'ROWS_REJECTED: 4 of 5 rows are left out: 2 with no department, 1 with a different number of columns, 1 with an amount that is not a number. Readable amounts in them: 6.5 in 2 rows. See the rejected rows for details.',
  ]);
});

test.each([
  [';', '1.234', ','],
  [',', '"1,234"', '.'],
  ['\t', '1,234', '.'],
])('behind a beginning without decimals, %j and %s are doubtful', (delimiter, amount) => {
  const text = head(delimiter);
  expect(doubtsOf(`${text}Toys${delimiter}${amount}\n`)).toEqual([
    expect.stringMatching(`^DECIMAL_SEPARATOR_UNCERTAIN: .* first on line ${linesOf(text) + 1}\\.$`),
  ]);
});

test('so are decimals of which all have three digits', () => {
  expect(doubtsOf(`${head(',')}Toys,1.234\nToys,12.345\n`)).toEqual([
    expect.stringMatching(/^DECIMAL_SEPARATOR_UNCERTAIN: All amounts with decimals have exactly three\./),
  ]);
  expect(doubtsOf(`${head(',')}Toys,1.234\nToys,12.5\n`)).toEqual([
    expect.stringMatching(
      /^DECIMAL_SEPARATOR_UNCERTAIN: Some amounts have three decimals, all others with decimals have 1:/,
    ),
  ]);
  expect(doubtsOf(`${head(',')}Toys,1.234\nToys,12.5\nToys,1.25\n`)).toEqual([]);
  expect(doubtsOf(`${head(',')}Toys,1.234\nToys,12.5\n`, { decimalSeparator: '.' })).toEqual([]);
});

test('a decimal separator that was given is no doubt', () => {
  expect(doubtsOf(`${head(';')}Toys;1.234\n`, { decimalSeparator: ',' })).toEqual([]);
});

test('amounts that only the other decimal separator explains are told with their number and the first line', () => {
  const text = head(';');
  expect(doubtsOf(`${text}Toys;1.50\nToys;2.75\n`)).toEqual([
    `DECIMAL_SEPARATOR_CONTRADICTED: 2 amounts were rejected that would be valid with "." as the decimal separator, such as "1.50" on line ${linesOf(text) + 1}; if most amounts are written that way, set decimalSeparator to ".".`,
    expect.stringMatching(/^ROWS_REJECTED: 2 of/),
  ]);
});

test('amounts in another currency are rejected, and told', () => {
  expect(doubtsOf('Department,Amount\nToys,$1\nGames,€2\nToys,$3\n')).toEqual([
    'MIXED_CURRENCIES: One amount was rejected because of a different currency or unit (the file\'s is $), such as "€2" on line 3; put each currency in its own file.',
    expect.stringMatching(/^ROWS_REJECTED/),
  ]);
});

test.each([
  ['a quote that is never closed', `Toys,"1\n${'Toys,1\n'.repeat(200)}`, 'rejected', 202],
  ['a quote that is closed by the next stray one', `"Toys,1\n${'Toys,1\n'.repeat(200)}Games",1\n`, 'read', 202],
  ['the same in long rows', `"Toys,1\n${`${'T'.repeat(100)},1\n`.repeat(200)}Games",1\n`, 'read', 202],
  ['text behind quotes', `"Toys,1\n${'Toys,1\n'.repeat(20)}"Games,1\n`, 'rejected', 22],
])('lines that are swallowed by %s are told', (_what, rows, how, lines) => {
  const doubts = doubtsOf(`Department,Amount\nToys,1\nToys,2\n${rows}`);
  expect(doubts).toContainEqual(
    expect.stringMatching(`^LINES_SWALLOWED: The text from line 4 .*${how}.* of ${lines} lines`),
  );
});

test('a few line breaks in quotes are usual', () => {
  expect(doubtsOf(`Department,Note,Amount\n${'Toys,"a\nb\nc",1\n'.repeat(300)}`)).toEqual([]);
});

test('lines count from the start of the file, although lines above the header are left out', () => {
  const doubts = doubtsOf('Report\n\nDepartment,Amount\nToys,1.50\nToys,"1,50"\nGames,2.25\n');
  expect(doubts).toContainEqual(expect.stringMatching(/^DECIMAL_SEPARATOR_CONTRADICTED: .* on line 5;/));
});

test.each([
  ['Department,Amount\nToys,1\nGames,2\nTotal,3\n', /^TOTAL_ROW: "Total" \(3\) is the sum of all others, /],
  ['Department,Amount\nToys,1\nGames,2\nGrand Total:,3\n', /^TOTAL_ROW: "Grand Total:" \(3\) is the sum/],
  [
    'Department,Amount\nToys,1\nToys Total,1\nGames,2\nGames Total,2\n',
    /^TOTAL_ROW: "Toys Total" \(1\) may be a sum of others/,
  ],
  ['Department,Amount\nToys,1\nGames,2\nSumme,2\n', /^TOTAL_ROW: "Summe" \(2\) may be a sum of others/],
])('a row that sums up the others is told: %j', (csv, doubt) => {
  expect(doubtsOf(csv)).toEqual([expect.stringMatching(doubt)]);
});

test.each([
  ['Toys', 'TOYS', '"Toys" and "TOYS"'],
  ['Home Office', 'Home  Office', '"Home Office" and "Home  Office"'],
  ['Café', 'Cafe\u0301', '"Café" and "Cafe\u0301"'],
  ['Toys', 'To\u00adys', '"Toys" and "To\\u00adys"'],
  ['Home Office', 'Home\u00a0Office', '"Home Office" and "Home\\u00a0Office"'],
  ['ÄRZTE', 'Ärzte', '"ÄRZTE" and "Ärzte"'],
])('departments that look alike are told: %j and %j', (first, second, pair) => {
  const csv = `Department,Amount\n${first},1\nOther,2\n${second},3\n`;
  expect(doubtsOf(csv)).toEqual([
    expect.stringMatching(`^SIMILAR_DEPARTMENTS: One department differs .*such as ${pair.replaceAll('\\', '\\\\')}; `),
  ]);
});

test('among many departments the few that look alike are found', () => {
  const names = Array.from({ length: 30_000 }, (_, number) => `Dept ${number}`);
  const csv = ['Department,Amount', ...names.map((name) => `${name},1`), 'DEPT 77,1', 'dept77,1', 'TOTAL,30002'].join(
    '\n',
  );
  expect(doubtsOf(csv)).toEqual([
    expect.stringMatching(/^TOTAL_ROW: "TOTAL" \(30002\) is the sum/),
    'SIMILAR_DEPARTMENTS: 2 departments differ from another only in case, white space or invisible characters, such as "Dept 77" and "DEPT 77"; they are totalled separately.',
  ]);
});

test.each(['', '\n\n', 'Department,Amount\n'])('a file without rows is told: %j', (csv) => {
  expect(doubtsOf(csv)).toEqual(['NO_ROWS: The file has no rows, at most a header; there is nothing to total.']);
});

test.each([
  [0, 'A,1\nB,2\n', { skipLines: 2 }],
  [0, 'Department,Amount\nA,1\n', { skipLines: 50 }],
  [0, 'sep=;\n', {}],
])('lines that are all left out are no rows: %i for %j', (rows, csv, options) => {
  const analysis = new CsvAnalysis({ ...DEFAULT_ANALYSIS_OPTIONS, ...options });
  analysis.push(Buffer.from(csv));
  analysis.finish();
  expect(analysis.snapshot(0)).toMatchObject({ rows, rowsRejected: 0 });
  expect(doubtsOf(csv, options)).toEqual([expect.stringMatching(/^NO_ROWS/)]);
});

test.each([
  ['Toys,1,50\nGames,2,75\nBooks,10,00\n', 'DELIMITER_UNCERTAIN'],
  ['Toys,12,500\nGames,22,750\nBooks,10,000\n', 'DELIMITER_UNCERTAIN'],
  ['Department,Amount,\nToys,1,250\nGames,2,750\nBooks,10,125\n', 'DELIMITER_UNCERTAIN'],
  // Numbers of columns without names: pieces sold, years that may be amounts, a count of three.
  ['Toys,0,100231\nToys,0,100232\nToys,0,100233\n', 'AMOUNT_COLUMN_UNCERTAIN'],
  ['Toys,1,100231\nGames,0,100239\nBooks,1,100233\nToys,1,100235\nToys,0,1\n', 'AMOUNT_COLUMN_UNCERTAIN'],
  ['Toys,1999,4.5\nGames,2020,7.25\n', 'AMOUNT_COLUMN_UNCERTAIN'],
  ['Toys,1,450\nGames,2,730\nBooks,3,90\n', 'AMOUNT_COLUMN_UNCERTAIN'],
  ['Toys,010,450\nGames,200,730\nBooks,300,90\n', 'AMOUNT_COLUMN_UNCERTAIN'],
  ['Department,Currency,Amount\nA,USD,100\nB,EUR,200\n', 'MIXED_CURRENCIES'],
  ['Abteilung;Währung;Betrag\nA;€;100\nB;$;200\n', 'MIXED_CURRENCIES'],
  ['Department,Product,Amount\nA,x,10\nA,y,20\nA,Total,30\n', 'TOTAL_ROW'],
  ['Region,Sales\nNorth,10\nNorth,20\nTotal North,30\nSouth,5\n', 'TOTAL_ROW'],
  ['Region,Sales\nNorth,10\nSouth,20\nGesamtergebnis,30\n', 'TOTAL_ROW'],
  ['Region,Sales\nNorth,10\nSouth,20\nT O T A L,30\n', 'TOTAL_ROW'],
  ['Region,Sales\nNorth,10\nSouth,20\nEast,7\nWest,9\nCompany,46\n', 'TOTAL_ROW'],
  ['Department,Amount\nGames,1\n"Toys,10\nGames,20\nBooks",30\nOther,5\n', 'LINES_SWALLOWED'],
  ['Toys,TBD\nGames,5\nBooks,6\n', 'HEADER_UNCERTAIN'],
  ['id,1,2,3\nname,germany,france,spain\npopulation,83,66,47\n', 'HEADER_UNCERTAIN'],
  [`Department;Amount\n${'A;12,50\n'.repeat(50)}B;1,234\n`, 'DECIMAL_SEPARATOR_UNCERTAIN'],
])('%j is doubtful: %s', (csv, code) => {
  expect(doubtsOf(csv)).toContainEqual(expect.stringMatching(`^${code}: `));
});
