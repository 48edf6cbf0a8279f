import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, expect, test } from 'vitest';
import { formatDecimal } from '../decimal.ts';
import { DEFAULT_ANALYSIS_OPTIONS } from '../testing/default-options.ts';
import { FORMS, type Form, orders } from '../testing/orders.ts';
import { CsvAnalysis } from './analysis.ts';

const folder = mkdtempSync(join(tmpdir(), 'tallystream-groups-'));
const instance = await DuckDBInstance.create(':memory:');
afterAll(() => {
  instance.closeSync();
  rmSync(folder, { recursive: true });
});

const PERIOD_SQL: Record<string, string> = {
  year: "strftime(iso, '%Y')",
  quarter: "strftime(iso, '%Y') || '-Q' || quarter(iso)",
  month: "strftime(iso, '%Y-%m')",
  week: "strftime(iso, '%G-W%V')",
  day: "strftime(iso, '%Y-%m-%d')",
};

async function byDuckDb(path: string, groupBy: readonly string[]): Promise<string[]> {
  const groups = groupBy.map((group) => {
    const [column = '', period] = group.split(':');
    return period ? PERIOD_SQL[period]! : `"${column}"`;
  });
  const keys = groups.map((group, index) => `${group} AS k${index}`).join(', ');
  const order = groups.map((_, index) => `encode(k${index})`).join(', ');
  const connection = await instance.connect();
  const result = await connection.runAndReadAll(
    `SELECT ${keys}, sum(Revenue)::DECIMAL(38,2)::VARCHAR, count(*)::INTEGER, min(Revenue)::VARCHAR, max(Revenue)::VARCHAR
     FROM read_csv('${path}', header = true, types = {'Revenue': 'DECIMAL(18,2)', 'iso': 'DATE'})
     GROUP BY ${groups.map((_, index) => `k${index}`).join(', ')} ORDER BY ${order}`,
  );
  return result.getRows().map((row) => row.join(' | '));
}

function byUs(csv: string, groupBy: string[]) {
  const analysis = new CsvAnalysis({ ...DEFAULT_ANALYSIS_OPTIONS, groupBy, amountColumn: 'Revenue' });
  analysis.push(Buffer.from(csv));
  analysis.finish();
  const figure = (units: bigint) => formatDecimal(units, 2);
  const totals = [...analysis.totals(1_000)].flat().map(({ department, keys, sum, count, min, max }) => {
    return [...(keys ?? [department]), figure(sum), count, figure(min), figure(max)].join(' | ');
  });
  const snapshot = analysis.snapshot(0);
  return { totals, snapshot, doubts: analysis.doubts(snapshot).map(({ code }) => code) };
}

const csv = orders(40_000, 7);
const path = join(folder, 'orders.csv');
writeFileSync(path, csv);

test.each([
  [['Region']],
  [['Region', 'Product']],
  [['Product', 'Region', 'iso:year']],
  [['iso:year', 'iso:month', 'iso:day', 'Region']],
  [['Region', 'iso:week']],
  ...(Object.keys(FORMS) as Form[]).flatMap((form) => Object.keys(PERIOD_SQL).map((period) => [[`${form}:${period}`]])),
])('groups by %j are those of DuckDB', async (groupBy) => {
  const { totals, snapshot, doubts } = byUs(csv, groupBy);
  expect(snapshot.rowsRejected).toBe(0);
  expect(totals).toEqual(await byDuckDb(path, groupBy));
  expect(doubts.filter((code) => code.startsWith('DATE'))).toEqual([]);
});

test.each([
  ['1/2/2026\n3/4/2026', ',', 'month first', '2026-01', ['DATE_ORDER_UNCERTAIN']],
  ['1/2/2026\n3/4/2026', ';', 'day first', '2026-02', ['DATE_ORDER_UNCERTAIN']],
  ['1/2/2026\n13/4/2026', ',', 'day first', '2026-02', []],
  ['1/2/2026\n3/14/2026', ',', 'month first', '2026-01', []],
  // Whatever their order, they are the same.
  ['1/1/2026\n2/2/2026', ',', 'any', '2026-01', []],
  ['2026-01-02\n2026-03-04', ',', 'any', '2026-01', []],
])('the order of %j with %j is %s', (dates, delimiter, _, firstMonth, doubts) => {
  const rows = dates.split('\n').map((date) => `a${delimiter}${date}${delimiter}1`);
  const text = [['Region', 'Day', 'Sales'].join(delimiter), ...rows].join('\n');
  const analysis = new CsvAnalysis({ ...DEFAULT_ANALYSIS_OPTIONS, groupBy: ['Day:month'] });
  analysis.push(Buffer.from(text));
  analysis.finish();
  expect([...analysis.totals(10)].flat()[0]?.department).toBe(firstMonth);
  const found = analysis.doubts(analysis.snapshot(0)).map(({ code }) => code);
  expect(found.filter((code) => code.startsWith('DATE'))).toEqual(doubts);
});

/** Rows behind the sample that the order of dates is decided by. */
const LATER = ['02/01/2026', '03/01/2026', '2026-01-04'];

test.each([
  // All of one day, as in a file that is sorted by its dates: what comes later tells the orders apart.
  ['01/01/2026', 'month first', ['2026-01', '2026-02', '2026-03'], 0, ['DATE_ORDER_UNCERTAIN', 'ROWS_REJECTED']],
  ['2026-01-01', 'nothing to decide', ['2026-01'], 2, ['ROWS_REJECTED']],
  ['', 'nothing to decide', ['2026-01'], 2, ['ROWS_REJECTED']],
  ['13/01/2026', 'day first', ['2026-01'], 0, ['ROWS_REJECTED']],
])('dates behind a sample of %j, which says %s, are not guessed in silence', (date, _, months, rejected, doubts) => {
  const sample = `a,${date},1\n`.repeat(20_000);
  const text = `Region,Day,Sales\n${sample}${LATER.map((each) => `a,${each},1\n`).join('')}a,soon,1\n`;
  const analysis = new CsvAnalysis({ ...DEFAULT_ANALYSIS_OPTIONS, groupBy: ['Day:month'] });
  analysis.push(Buffer.from(text));
  analysis.finish();
  expect([...analysis.totals(10)].flat().map(({ department }) => department)).toEqual(months);
  const snapshot = analysis.snapshot(0);
  expect(snapshot.rowsRejected).toBe((date === '' ? 20_000 : 0) + rejected + 1);
  expect(analysis.doubts(snapshot).map(({ code }) => code)).toEqual(doubts);
});

test.each([
  [['26-01-05', '26-02-13', '25-12-31'], ['DATE_ORDER_UNCERTAIN']],
  [['26-01-05'], ['DATE_ORDER_UNCERTAIN']],
  [['05.01.26', '13.02.26', '31.12.25'], []],
  [['26-01-95', '27-02-96', '28-02-97'], []],
  [['26-01-2005', '27-02-2006'], []],
  [['13/01/26 10:00', '14/01/26 11:00'], []],
])('years of two digits are read last in %j, with a doubt where they may come first', (dates, doubts) => {
  const analysis = new CsvAnalysis({ ...DEFAULT_ANALYSIS_OPTIONS, groupBy: ['Day:month'] });
  analysis.push(Buffer.from(`Region,Day,Sales\n${dates.map((date) => `a,${date},1`).join('\n')}`));
  analysis.finish();
  const snapshot = analysis.snapshot(0);
  expect(snapshot.rows).toBe(dates.length);
  expect(analysis.doubts(snapshot).map(({ code }) => code)).toEqual(doubts);
});

test('of several files the first one is not all: dates of others may tell their orders apart', () => {
  const first = Buffer.from('Region,Day,Sales\na,01/01/2026,1\n');
  const doubtsOf = (analysis: CsvAnalysis) => analysis.doubts(analysis.snapshot(0)).map(({ code }) => code);
  const several = new CsvAnalysis({ ...DEFAULT_ANALYSIS_OPTIONS, groupBy: ['Day:month'] });
  several.push(first);
  several.decide();
  several.addFile('second.csv', Buffer.from('Region,Day,Sales\na,02/01/2026,1\n'), true);
  expect(doubtsOf(several)).toEqual(['DATE_ORDER_UNCERTAIN']);
  const alone = new CsvAnalysis({ ...DEFAULT_ANALYSIS_OPTIONS, groupBy: ['Day:month'] });
  alone.push(first);
  alone.finish();
  expect(doubtsOf(alone)).toEqual([]);
});

test('the order of dates is decided by all rows, also by those without an amount', () => {
  const text = 'Region,Day,Sales\na,13/02/2026,\na,14/02/2026,\na,01/03/2026,4\n';
  const analysis = new CsvAnalysis({ ...DEFAULT_ANALYSIS_OPTIONS, groupBy: ['Day:month'] });
  analysis.push(Buffer.from(text));
  analysis.finish();
  expect([...analysis.totals(10)].flat()).toMatchObject([{ department: '2026-03', sum: 4_000000n }]);
  expect(analysis.doubts(analysis.snapshot(0)).map(({ code }) => code)).toEqual(['ROWS_REJECTED']);
});

test('a column may be called like a period, and a period of no date rejects every row', () => {
  const text = 'Region,Day:month,Sales\na,x,1\nb,y,2\n';
  const totalsOf = (groupBy: string[]) => {
    const analysis = new CsvAnalysis({ ...DEFAULT_ANALYSIS_OPTIONS, groupBy });
    analysis.push(Buffer.from(text));
    analysis.finish();
    return { totals: [...analysis.totals(10)].flat(), ...analysis.snapshot(0) };
  };
  expect(totalsOf(['Day:month']).totals).toMatchObject([{ department: 'x' }, { department: 'y' }]);
  expect(totalsOf(['Region:month'])).toMatchObject({ totals: [], rowsRejected: 2 });
});

test.each([
  [['Region', 'Sales'], { amountColumn: 'Sales' }, 'OPTION_INVALID'],
  [['Region', 'None'], {}, 'COLUMN_NOT_FOUND'],
  [['Region:decade'], {}, 'COLUMN_NOT_FOUND'],
  [['Region', 'region'], {}, 'OPTION_INVALID'],
  [['Day:month', 'Region', 'Day:month'], {}, 'OPTION_INVALID'],
  [['Region', ''], {}, 'OPTION_INVALID'],
  [['Region', 'Day', 'Region', 'Day', 'Region'], {}, 'OPTION_INVALID'],
  [['Region'], { departmentColumn: 'Day' }, 'OPTION_INVALID'],
])('groups by %j with %j are refused: %s', (groupBy, more, code) => {
  const read = () => {
    const analysis = new CsvAnalysis({ ...DEFAULT_ANALYSIS_OPTIONS, groupBy, ...more });
    analysis.push(Buffer.from('Region,Day,Sales\na,2026-01-01,1\n'));
    analysis.finish();
  };
  expect(read).toThrow(expect.objectContaining({ code }));
});

test('a row that sums up others is told, in whichever column it says so', () => {
  const text = 'Region,Day,Sales\nNorth,2026-01-01,1\nSouth,2026-01-01,2\nTotal,2026-01-01,3\n';
  for (const groupBy of [
    ['Region', 'Day:month'],
    ['Day:month', 'Region'],
  ]) {
    const analysis = new CsvAnalysis({ ...DEFAULT_ANALYSIS_OPTIONS, groupBy });
    analysis.push(Buffer.from(text));
    analysis.finish();
    expect(analysis.doubts(analysis.snapshot(0)).map(({ code }) => code)).toContain('TOTAL_ROW');
  }
});
