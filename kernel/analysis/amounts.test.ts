import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, expect, test } from 'vitest';
import { decimalsOf, formatDecimal } from '../decimal.ts';
import type { KernelFigures } from '../kernel.ts';
import { DEFAULT_ANALYSIS_OPTIONS } from '../testing/default-options.ts';
import { type AnalysisOptions, CsvAnalysis } from './analysis.ts';

const folder = mkdtempSync(join(tmpdir(), 'tallystream-amounts-'));
const instance = await DuckDBInstance.create(':memory:');
afterAll(() => {
  instance.closeSync();
  rmSync(folder, { recursive: true });
});

/** Sales with a quantity, a price, a discount that is often missing, and figures of any sign. */
function sales(rows: number): string {
  let state = 5;
  const next = (limit: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  const lines = Array.from({ length: rows }, () => {
    const price = `${next(2_000)}.${String(next(10_000)).padStart(4, '0')}`;
    const discount = next(3) === 0 ? '' : `-0.${next(1_000_000)}`;
    const quantity = next(50) === 0 ? '' : next(500);
    return [`Shop ${next(30)}`, `2026-0${1 + next(9)}-01`, quantity, price, discount, next(9_999_999) - 5_000_000].join(
      ',',
    );
  });
  return ['Shop,Date,Quantity,Unit Price,Discount,Points', ...lines].join('\n');
}

const csv = sales(40_000);
const path = join(folder, 'sales.csv');
writeFileSync(path, csv);

function read(text: string, options: Partial<AnalysisOptions>) {
  const analysis = new CsvAnalysis({ ...DEFAULT_ANALYSIS_OPTIONS, ...options });
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += 70_001) analysis.push(bytes.subarray(at, at + 70_001));
  analysis.finish();
  const snapshot = analysis.snapshot(3);
  return {
    totals: [...analysis.totals(100)].flat(),
    snapshot,
    doubts: analysis.doubts(snapshot).map(({ code }) => code),
  };
}

const figure = (units: bigint, unitDecimals = 6) => formatDecimal(units, unitDecimals, unitDecimals);

test.each([
  [['Quantity', 'Unit Price']],
  [['Quantity*Unit Price']],
  [['Unit Price', 'Quantity*Unit Price', 'Discount', 'Points']],
  [['Discount', 'Points*Discount', 'Unit Price*Discount', 'Unit Price*Unit Price', 'Quantity', 'Points', 'Unit Price']],
])('sums of %j are those of DuckDB', async (amounts) => {
  const { totals, snapshot } = read(csv, { groupBy: ['Shop', 'Date:month'], amounts });
  const sqlOf = (amount: string) => {
    const columns = amount.split('*').map((name) => `"${name}"::DECIMAL(19,6)`);
    return columns.length > 1 ? `(${columns.join(' * ')})::DECIMAL(38,12)` : `${columns[0]}::DECIMAL(38,6)`;
  };
  const connection = await instance.connect();
  const figures = amounts.map(sqlOf).map((sql) => {
    const scale = sql.includes('12)') ? 12 : 6;
    const zero = `(0::DECIMAL(38,${scale}))`;
    return `coalesce(sum(${sql}), ${zero})::DECIMAL(38,${scale})::VARCHAR, count(${sql})::INTEGER, min(${sql})::VARCHAR, max(${sql})::VARCHAR`;
  });
  const isThere = amounts.map((amount) => `${sqlOf(amount)} IS NOT NULL`).join(' OR ');
  const result = await connection.runAndReadAll(
    `SELECT Shop, strftime(Date, '%Y-%m'), ${figures.join(', ')} FROM read_csv('${path}', header = true, types = {'Date': 'DATE',
       'Quantity': 'DECIMAL(18,6)', 'Unit Price': 'DECIMAL(18,6)', 'Discount': 'DECIMAL(18,6)', 'Points': 'DECIMAL(18,6)'})
     WHERE ${isThere} GROUP BY 1, 2 ORDER BY encode(Shop), 2`,
  );
  const ours = totals.map((total) =>
    [
      ...total.keys!,
      ...(total.figures ?? [total]).flatMap(({ sum, count, min, max, unitDecimals }) => [
        figure(sum, unitDecimals),
        count,
        ...(count === 0 ? ['null', 'null'] : [figure(min, unitDecimals), figure(max, unitDecimals)]),
      ]),
    ].join(' | '),
  );
  expect(ours).toEqual(result.getRows().map((row) => row.map(String).join(' | ')));
  const sums = amounts.map((_, index) =>
    totals.reduce((sum, total) => sum + (total.figures?.[index] ?? total).sum, 0n),
  );
  expect(snapshot.totals?.map(({ sum }) => sum)).toEqual(sums);
  expect(snapshot.total).toBe(sums[0]);
});

const texts = (figures: KernelFigures) => {
  const { sum, min, max, mean } = decimalsOf(figures);
  return [sum, figures.count, min, max, mean].join(' ');
};

test('an amount that is missing is not counted, a wrong one rejects the row, and so does a row without any', () => {
  const text = 'Shop,A,B\nx,1,\nx,,2.50\nx,,\nx,3,wrong\ny,,5\n';
  const { totals, snapshot } = read(text, { amounts: ['A', 'B', 'A*B'] });
  expect(totals.map(({ department, figures }) => [department, ...figures!.map(texts)])).toEqual([
    ['x', '1 1 1 1 1', '2.50 1 2.50 2.50 2.5', '0 0   '],
    ['y', '0 0   ', '5 1 5 5 5', '0 0   '],
  ]);
  expect(snapshot).toMatchObject({ rows: 3, rowsRejected: 2 });
  expect([snapshot.rejectedByReason[3], snapshot.rejectedByReason[4]]).toEqual([1, 1]);
});

test('products are exact to their last digit, and too large ones are rejected', () => {
  const text = `Shop,A,B
x,0.000001,0.000001
x,-123456.654321,987654.123456
y,999999999999999999,0.001
y,999999999999999999,1000
z,31622776,31622776
`;
  const { totals, snapshot } = read(text, { amounts: ['A*B'] });
  expect(totals.map((total) => texts(total).split(' ').slice(0, 4).join(' '))).toEqual([
    `${formatDecimal(1n - 123456654321n * 987654123456n, 12, 12)} 2 ${formatDecimal(-123456654321n * 987654123456n, 12, 12)} 0.000000000001`,
    '999999999999999.999 1 999999999999999.999 999999999999999.999',
    '999999961946176 1 999999961946176 999999961946176',
  ]);
  expect(snapshot.rejectedByReason[6]).toBe(1);
});

test('a column may be called like a product, and be the same twice in one', () => {
  const text = 'Shop,A*B,A,B\nx,7,2,3\n';
  expect(read(text, { amounts: ['A*B'] }).totals).toMatchObject([{ sum: 7_000000n }]);
  expect(read(text, { amounts: ['B*A', 'A*A'] }).totals[0]?.figures?.map(texts)).toEqual(['6 1 6 6 6', '4 1 4 4 4']);
  expect(read('Shop,A*B,C\nx,7,2\n', { amounts: ['A*B*C'] }).totals.map(texts)).toEqual(['14 1 14 14 14']);
});

test('pieces do not show how the prices beside them are written', () => {
  const text = 'Shop,Pieces,Price\nx,1,"1,234"\nx,2,"2,500"\ny,3,"3,125"\n';
  expect(read(text, { amounts: ['Price'] }).doubts).toEqual(['DECIMAL_SEPARATOR_UNCERTAIN']);
  expect(read(text, { amounts: ['Pieces', 'Price'] }).doubts).toEqual(['DECIMAL_SEPARATOR_UNCERTAIN']);
  expect(read(text, { amounts: ['Pieces*Price'] }).doubts).toEqual(['DECIMAL_SEPARATOR_UNCERTAIN']);
  // Those below a thousand do, in their own column.
  const more = `${text}y,1,5\ny,1,6\ny,1,7\n`;
  expect(read(more, { amounts: ['Pieces', 'Price'] }).doubts).toEqual([]);
});

test('no amount is the column to group by, and the analysis goes on from a checkpoint', () => {
  const text = 'Pieces,Price,Size\n2,1.5,10\n3,1.5,20\n2,2.5,10\n';
  const options = { ...DEFAULT_ANALYSIS_OPTIONS, amounts: ['Pieces', 'Pieces*Price'] };
  const analysis = new CsvAnalysis(options);
  analysis.push(Buffer.from(text));
  analysis.decide();
  const resumed = new CsvAnalysis(options, { resume: analysis.checkpoint() });
  resumed.finish();
  expect([...resumed.totals(10)].flat()).toMatchObject([
    { department: '10', sum: 4_000000n },
    { department: '20', sum: 3_000000n },
  ]);
});

test.each([
  [['A'], ['NEGATIVE_AMOUNTS'], '2 amounts are below zero, -4 in total; they count. Set negativeAmounts'],
  [['A', 'C'], ['NEGATIVE_AMOUNTS'], '2 amounts are below zero, -4 in total; they count. Set negativeAmounts'],
  [
    ['C', 'A', 'B', 'D'],
    ['NEGATIVE_AMOUNTS'],
    'Amounts below zero count in the 2nd and the 4th of those asked for. Set negativeAmounts',
  ],
  [
    ['A', 'A*C'],
    ['NEGATIVE_AMOUNTS'],
    '-4 in total; they count. Amounts below zero also count in the 2nd of those asked for.',
  ],
  [['A*C'], ['NEGATIVE_AMOUNTS'], 'Amounts below zero count. Set negativeAmounts'],
  [['A*A', 'C'], [], ''],
  [['C', 'A*A'], [], ''],
])('of %j those below zero are told: %j', (amounts, doubts, words) => {
  const text = 'Shop,A,B,C,D\nx,-1,2,5,1\ny,-3,4,7000000,-90000000000000\nz,8,,1,2\n';
  const analysis = new CsvAnalysis({ ...DEFAULT_ANALYSIS_OPTIONS, amounts, departmentColumn: 'Shop' });
  analysis.push(Buffer.from(text));
  analysis.finish();
  const found = analysis.doubts(analysis.snapshot(0));
  expect(found.map(({ code }) => code)).toEqual(doubts);
  expect(found[0]?.message ?? '').toContain(words);
});

test('a single amount of the list is the amount column', () => {
  const text = 'Shop,A,B\nx,1,2\n';
  const { totals, snapshot } = read(text, { amounts: ['A'] });
  expect(totals).toEqual([{ department: 'x', sum: 1_000000n, count: 1, min: 1_000000n, max: 1_000000n, scale: 0 }]);
  expect(snapshot.totals).toBeUndefined();
});

test.each([
  [{ amounts: ['None'] }, 'COLUMN_NOT_FOUND'],
  [{ amounts: ['A*None'] }, 'COLUMN_NOT_FOUND'],
  [{ amounts: ['A', 'a'] }, 'OPTION_INVALID'],
  [{ amounts: [''] }, 'OPTION_INVALID'],
  [{ amounts: ['A', 'Shop'], departmentColumn: 'Shop' }, 'OPTION_INVALID'],
  [{ amounts: ['A*B'], groupBy: ['B', 'Shop'] }, 'OPTION_INVALID'],
  [{ amounts: ['A'], amountColumn: 'B' }, 'OPTION_INVALID'],
  [{ amounts: ['A', 'B', 'Shop'] }, 'OPTION_INVALID'],
  [{ amounts: ['A', 'é'.repeat(4_000), 'B'.repeat(8_001)], groupBy: ['Shop', 'C'.repeat(400)] }, 'OPTION_INVALID'],
  [{ amounts: ['A*B', 'Shop'] }, 'OPTION_INVALID'],
  [{ groupBy: ['A', 'B', 'Shop'] }, 'OPTION_INVALID'],
  [{ amounts: ['A', 'B', 'A*B', 'A*A', 'B*B', 'B*A', '1', '2', '1*2'] }, 'OPTION_INVALID'],
])('%j is refused: %s', (options, code) => {
  expect(() => read('Shop,A,B\nx,1,2\n', options)).toThrow(expect.objectContaining({ code }));
});

test.each([
  ['A*None', 'amounts is "None"'],
  ['None*B', 'amounts is "None"'],
  ['x*y', 'amounts is "x*y"'],
  // As many ways to take it apart as it has characters.
  ['*'.repeat(8_001), `amounts is "${'*'.repeat(60)}…"`],
])('%j is refused with what is not there: %s', (amount, words) => {
  expect(() => read('Shop,A,B\nx,1,2\n', { amounts: [amount] })).toThrow(
    expect.objectContaining({ code: 'COLUMN_NOT_FOUND', message: expect.stringContaining(words) }),
  );
});

test('a product is found among names with stars, in any case', () => {
  const text = 'Shop,a*,*B,C\nx,2,3,5\n';
  expect(read(text, { amounts: ['A***b'] }).totals.map(texts)).toEqual(['6 1 6 6 6']);
  expect(read(text, { amounts: ['a**c'] }).totals.map(texts)).toEqual(['10 1 10 10 10']);
});

test('an analysis with several amounts goes on from a checkpoint, and nothing forged does', () => {
  const options = { ...DEFAULT_ANALYSIS_OPTIONS, amounts: ['Discount', 'Quantity*Unit Price'], groupBy: ['Shop'] };
  const bytes = Buffer.from(csv);
  const analysis = new CsvAnalysis(options);
  analysis.push(bytes.subarray(0, 500_000));
  const checkpoint = analysis.checkpoint();
  const resumed = new CsvAnalysis(options, { resume: checkpoint });
  for (const each of [analysis, resumed]) {
    each.push(bytes.subarray(500_000));
    each.finish();
  }
  expect([...resumed.totals(100)].flat()).toEqual([...analysis.totals(100)].flat());
  const other = { ...options, amounts: ['Discount', 'Quantity*Points'] };
  expect(() => new CsvAnalysis(other, { resume: checkpoint })).toThrow('different options');
});
