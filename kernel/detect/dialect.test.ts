import { expect, test } from 'vitest';
import { type AnalysisOptions, CsvAnalysis, type Dialect, inspectSample } from '../analysis/analysis.ts';
import { KernelError } from '../kernel.ts';
import { DEFAULT_ANALYSIS_OPTIONS } from '../testing/default-options.ts';

function inspect(csv: string, options: Partial<AnalysisOptions> = {}) {
  const inspection = inspectSample(Buffer.from(csv), true, { ...DEFAULT_ANALYSIS_OPTIONS, ...options });
  return { ...inspection, doubts: inspection.doubts.map(({ message }) => message) };
}

function dialectOf(csv: string, options: Partial<AnalysisOptions> = {}): Dialect {
  return inspect(csv, options).dialect;
}

/** The names, or indexes where there are none, of the department and the amount column. */
function columnsOf(csv: string, options: Partial<AnalysisOptions> = {}): [string | number, string | number] {
  const { columns, departmentIndex, amountIndex } = dialectOf(csv, options);
  return [columns[departmentIndex]!.name || departmentIndex, columns[amountIndex]!.name || amountIndex];
}

test('the usual file is read the usual way', () => {
  expect(dialectOf('Department Name,Date,Number of Sales\nSports,2024-01-31,123\n')).toEqual({
    delimiter: ',',
    quote: '"',
    hasHeader: true,
    encoding: 'utf-8',
    decimalSeparator: '.',
    groupSeparator: ',',
    columns: [
      { index: 0, name: 'Department Name' },
      { index: 1, name: 'Date' },
      { index: 2, name: 'Number of Sales' },
    ],
    departmentIndex: 0,
    groupBy: [],
    amountIndex: 2,
    amounts: [],
    skipLines: 0,
    currency: '',
  });
});

test.each([
  [',', 'Department,Amount\na,1\nb,2\n'],
  [';', 'Department;Amount\na;1,5\nb;2,5\n'],
  [';', 'a;1,5\nb;2,5\n'],
  [';', 'Name;Amount\nSmith, J;1\nDoe, A;2\n'],
  ['\t', 'Department\tAmount\na, b\t1\nc; d\t2\n'],
  ['|', 'Department|Amount\na|1\n'],
  [',', 'Department,Notes,Amount\na,x;y|z,1\nb,x;y|z,2\n'],
  [',', 'Department,Notes,Amount\na,"x;y;z;w",1\nb,"x;y;z;w",2\n'],
  [',', 'Department,Amount\na,1\nb\nc,3\nd,4\ne,5\nf,6\n'],
  [';', 'Department;Amount'],
  ['\t', 'a\t1\n'],
])('the delimiter %j is found in %j', (delimiter, csv) => {
  expect(dialectOf(csv).delimiter).toBe(delimiter);
});

test.each([
  ['"', 'Department,Amount\na,1\n'],
  ['"', 'Department,Amount\n"a",1\n'],
  ["'", "Department,Amount\n'a, b',1\n'c',2\n"],
  ["'", "'Department','Amount'\n'it''s','1'\n"],
  ['"', "Department,Amount\n'n Sync,1\nit's,2\n"],
  ['"', 'Department,Amount\n"a",1\n\'b\',2\n'],
])('the quote %s is found in %j', (quote, csv) => {
  expect(dialectOf(csv).quote).toBe(quote);
});

test.each([
  [true, 'Department,Amount\na,1\n'],
  [true, 'foo,bar\na,1\nb,2\n'],
  [true, 'Department,Amount\n'],
  [true, 'foo,bar\n'],
  [true, 'Store,Sales\na,n/a\nb,n/a\n'],
  [false, 'Sports,2024-01-31,123\nToys,2024-01-31,5\n'],
  [false, 'Store,5\nToys,6\n'],
  [false, 'Sports,123\n'],
  [false, '1,2\n3,4\n'],
  [true, 'foo,bar\na,1\nb,x\nc,2\n'],
])('whether there is a header: %s for %j', (hasHeader, csv) => {
  expect(dialectOf(csv).hasHeader).toBe(hasHeader);
});

test('a column that was asked for by its name makes the first record the header', () => {
  expect(dialectOf('x,1\ny,2\n', { departmentColumn: 'x' }).hasHeader).toBe(true);
});

test('text throughout is doubtful as a header', () => {
  expect(inspect('foo,bar\na,b\n').doubts).toContainEqual(expect.stringMatching(/first record .* header/));
});

test.each([
  ['.', ',', 'd;a\nx;1.5\n'],
  [',', '.', 'd;a\nx;1,5\n'],
  [',', '.', 'd;a\nx;1.234,50\n'],
  ['.', ',', 'd;a\nx;1,234.50\n'],
  [',', '.', 'd;a\nx;1.234.567\n'],
  ['.', ',', 'd;a\nx;1,234,567\n'],
  [',', '.', 'd,a\nx,"1,50"\n'],
  [',', '.', 'd;a\nx;0,125\n'],
  [',', '.', 'd;a\nx;12\n'],
  ['.', ',', 'd,a\nx,12\n'],
  ['.', ' ', 'd;a\nx;1 234.5\n'],
  [',', "'", "d;a\nx;1'234,5\n"],
])('decimals are after %s and groups before %s in %j', (decimalSeparator, groupSeparator, csv) => {
  expect(dialectOf(csv)).toMatchObject({ decimalSeparator, groupSeparator });
});

test.each(['d;a\nx;1,234\n', 'd;a\nx;1.234\n', 'd;a\nx;1,5\ny;1.5\n'])(
  'amounts that could be read in two ways are doubtful: %j',
  (csv) => {
    expect(inspect(csv).doubts).toContainEqual(expect.stringMatching(/decimal ?separator/i));
    expect(inspect('d;a\nx;12.5\n').doubts).not.toContainEqual(expect.stringMatching(/decimal ?separator/i));
  },
);

test.each([
  ['Department Name', 'Number of Sales', 'Date,Number of Sales,Price,Department Name,Region\nx,1,2,a,b\n'],
  ['dept_name', 'TOTAL-SALES', 'id,TOTAL-SALES,dept_name,note\n1,2,a,b\n'],
  ['Region', 'Revenue (EUR)', 'Product,Revenue (EUR),Region,Price\na,1,b,2\n'],
  ['departmentName', 'salesAmount', 'x,salesAmount,departmentName,y\n1,2,a,b\n'],
  ['Category', 'foo', 'id,Category,foo\n1,a,2\n'],
  ['foo', 'qty', 'foo,qty,bar\na,1,2\n'],
  ['foo', 'bar', 'foo,x,bar\na,b,2\n'],
  ['foo', 'amount', 'amount,foo\n1,a\n'],
  ['foo', 'Amount', 'Amount,foo,id\n1,a,7\n'],
  ['department', 'foo', 'x,foo,department\n1,2,a\n'],
])('department %j and amount %j are recognized in %j', (department, amount, csv) => {
  const [first, second] = columnsOf(csv);
  // Where only the amount is known and stands first, the department is the next column.
  expect([first, second]).toEqual([department, amount]);
});

test('columns of which there is only one of their kind are certain, whatever they are called', () => {
  expect(inspect('Land,Population\na,1\n').doubts).toEqual([]);
  // A single text above numbers may be a typing error of the first row.
  expect(inspect('foo,bar\na,1\n').doubts).toEqual([expect.stringMatching(/first record is taken as the header/)]);
  expect(inspect('Department,Amount\na,1\n').doubts).toEqual([]);
});

test('an amount column without numbers is doubtful, and another one that has them is taken', () => {
  expect(columnsOf('Department,Amount,x\na,b,1\nc,d,2\n')).toEqual(['Department', 'x']);
  expect(inspect('Department,Amount,x\na,b,1\nc,d,2\n').doubts).toEqual([
    'The 3rd column ("x") is added up, because the 2nd column ("Amount") holds no numbers; set amountColumn to choose.',
  ]);
});

test('a doubt about a column without a name counts as people do, from 1', () => {
  expect(inspect('a,b,1\nc,d,2\n', { header: 'false', amountColumn: '1' }).doubts).toContain(
    'Most values of the 2nd column (index 1), taken as the amount, are not numbers; set amountColumn to choose another.',
  );
});

test.each([
  [{ departmentColumn: 'b' }, ['b', 'c']],
  [{ departmentColumn: ' B ' }, ['b', 'c']],
  [{ departmentColumn: '1' }, ['b', 'c']],
  [{ amountColumn: 'b' }, ['a', 'b']],
  [{ amountColumn: '0' }, ['b', 'a']],
  [{ departmentColumn: 'c' }, ['c', 'b']],
  [{ departmentColumn: 'c', amountColumn: 'a' }, ['c', 'a']],
])('columns are chosen by %j', (options, columns) => {
  expect(columnsOf('a,b,c\n1,2,3\n', { header: 'true', ...options })).toEqual(columns);
});

test('a name counts before an index, and an exact name before one in another case', () => {
  expect(dialectOf('x,2,y\na,1,1\n', { header: 'true', amountColumn: '2' }).amountIndex).toBe(1);
  expect(dialectOf('SALES,x,sales\n1,a,2\n', { amountColumn: 'SALES' }).amountIndex).toBe(0);
});

test('without a header columns have indexes only', () => {
  expect(columnsOf('a,b,1\nc,d,2\n', { departmentColumn: '1' })).toEqual([1, 2]);
  expect(() => dialectOf('a,b,1\n', { header: 'false', departmentColumn: 'a' })).toThrow(
    expect.objectContaining({ code: 'COLUMN_NOT_FOUND', message: expect.stringMatching(/0 to 2/) }),
  );
});

test.each([
  ['COLUMN_NOT_FOUND', 'a,b\n1,2\n', { amountColumn: 'zz' }, /amountColumn is "zz".* 0 "a", 1 "b"/],
  ['COLUMN_NOT_FOUND', 'a,b\n1,2\n', { departmentColumn: '2' }, /departmentColumn is "2"/],
  ['COLUMN_AMBIGUOUS', 'a,b,a\n1,2,3\n', { departmentColumn: 'a', header: 'true' }, /columns 0 and 2/],
  ['COLUMN_AMBIGUOUS', 'A,b,a \n1,2,3\n', { departmentColumn: 'a', header: 'true', trim: false }, /columns 0 and 2/],
  ['TOO_FEW_COLUMNS', 'a\n1\n', {}, /only one column \("a"\).*delimiter/],
  ['TOO_FEW_COLUMNS', 'a,b\n1,2\n', { delimiter: ';' }, /delimiter/],
  ['TOO_FEW_COLUMNS', '\n \n', {}, /blank/],
  ['OPTION_INVALID', 'a,b\n1,2\n', { departmentColumn: 'b', amountColumn: '1' }, /two different columns/],
  ['OPTION_INVALID', 'a\n', { delimiter: 'ab' }, /delimiter is "ab"; use/],
  ['OPTION_INVALID', 'a\n', { delimiter: 'é' }, /delimiter/],
  ['OPTION_INVALID', 'a\n', { delimiter: '\n' }, /delimiter/],
  ['OPTION_INVALID', 'a\n', { quote: ' ' }, /quote is " "/],
  ['OPTION_INVALID', 'a\n', { quote: 'x' }, /quote/],
  ['OPTION_INVALID', 'a\n', { header: 'yes' }, /header is "yes"; use true, false or auto/],
  ['OPTION_INVALID', 'a\n', { decimalSeparator: ';' }, /decimalSeparator/],
  ['OPTION_INVALID', 'a\n', { groupSeparator: '5' }, /groupSeparator/],
  ['OPTION_INVALID', 'a\n', { groupSeparator: '-' }, /groupSeparator/],
  ['OPTION_INVALID', 'a\n', { maxDepartments: 0 }, /maxDepartments is 0/],
  ['OPTION_INVALID', 'a\n', { maxRejects: -1 }, /maxRejects is -1/],
  ['OPTION_INVALID', 'a\n', { delimiter: "'", quote: "'" }, /delimiter and quote are both/],
  ['OPTION_INVALID', 'a\n', { decimalSeparator: ',', groupSeparator: ',' }, /decimalSeparator and groupSeparator/],
  ['OPTION_INVALID', 'a\n', { quote: "'", groupSeparator: "'" }, /quote and groupSeparator/],
  ['OPTION_INVALID', 'a\n', { delimiter: ',', quote: 'none', decimalSeparator: ',' }, /no quotes/],
  ['ENCODING_UNKNOWN', 'a\n', { encoding: 'klingon' }, /"klingon"/],
  ['ENCODING_UNKNOWN', 'a\n', { encoding: 'base64' }, /"base64"/],
])('%s for %j with %j', (code, csv, options, message) => {
  expect(() => inspect(csv, options)).toThrow(
    expect.objectContaining({ name: 'KernelError', code, message: expect.stringMatching(message) }),
  );
});

test('options that are given are taken as they are', () => {
  const options = {
    delimiter: 'tab',
    quote: 'none',
    header: 'false',
    encoding: 'UTF-8',
    decimalSeparator: ',',
    groupSeparator: 'none',
  };
  expect(dialectOf('Department\tAmount\n', options)).toEqual({
    delimiter: '\t',
    quote: '',
    hasHeader: false,
    encoding: 'utf-8',
    decimalSeparator: ',',
    groupSeparator: '',
    columns: [
      { index: 0, name: '' },
      { index: 1, name: '' },
    ],
    departmentIndex: 0,
    groupBy: [],
    amountIndex: 1,
    amounts: [],
    skipLines: 0,
    currency: '',
  });
  expect(dialectOf('a\tb\n', { delimiter: '\\t' }).delimiter).toBe('\t');
  expect(dialectOf('a:b\n', { delimiter: ':' }).delimiter).toBe(':');
  expect(dialectOf('a;b\n', { groupSeparator: '.' }).decimalSeparator).toBe(',');
});

test('auto means the same as nothing', () => {
  const auto = {
    delimiter: 'auto',
    quote: 'auto',
    header: 'auto',
    encoding: 'auto',
    departmentColumn: 'auto',
    amountColumn: 'auto',
    decimalSeparator: 'auto',
    groupSeparator: 'auto',
  };
  expect(inspect('Department;Amount\na;1,5\n', auto)).toEqual(inspect('Department;Amount\na;1,5\n'));
});

test.each(['(', '((((', '[a', '1-', '"', ',', 'a,(', '- ', 'jan ', "'", '\u00a0', '1.', 'a;b,'])(
  'a sample of nothing but %j is read or refused like any other: no work grows with its square',
  (text) => {
    // The square of a megabyte would take minutes.
    const sample = Buffer.from(text.repeat(2 ** 20 / text.length));
    const analysis = new CsvAnalysis(DEFAULT_ANALYSIS_OPTIONS);
    try {
      analysis.push(sample);
      analysis.finish();
    } catch (error) {
      expect(error).toBeInstanceOf(KernelError);
    }
    expect(analysis.bytes).toBe(sample.length);
  },
);
