import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, expect, test } from 'vitest';
import { formatDecimal } from '../decimal.ts';
import type { KernelTotal } from '../kernel.ts';
import { DEFAULT_ANALYSIS_OPTIONS } from '../testing/default-options.ts';
import { type AnalysisOptions, CsvAnalysis } from './analysis.ts';

const instance = await DuckDBInstance.create(':memory:');
afterAll(() => instance.closeSync());

const PACKAGES = new URL('../../node_modules/', import.meta.url);

function pathOf(file: string): string {
  return fileURLToPath(new URL(file, PACKAGES));
}

/** Totals by department; the file comes in pieces of an odd size. */
function analyze(file: string, options: Partial<AnalysisOptions>): KernelTotal[] {
  const analysis = new CsvAnalysis({ ...DEFAULT_ANALYSIS_OPTIONS, ...options });
  const bytes = readFileSync(pathOf(file));
  for (let at = 0; at < bytes.length; at += 4999) analysis.push(bytes.subarray(at, at + 4999));
  analysis.finish();
  return [...analysis.totals(100)].flat();
}

/** The same by DuckDB, with DECIMAL sums; rows that do not count here are left out there. */
async function queryDuckDb(file: string, department: string, amount: string, allowNegative: boolean) {
  const connection = await instance.connect();
  // More than six decimals are out of range here; DuckDB would round them.
  const inRange = `regexp_full_match(text, '[+-]?([0-9]+\\.?[0-9]{0,6}|\\.[0-9]{1,6})')`;
  const trimmed = (column: string) => `trim("${column}", E' \\t\\n\\r\\x0b\\x0c')`;
  const result = await connection.runAndReadAll(
    `SELECT d, sum(a)::DECIMAL(38,6)::VARCHAR, count(*)::INTEGER, min(a)::VARCHAR, max(a)::VARCHAR FROM (
         SELECT ${trimmed(department)} AS d, ${trimmed(amount)} AS text,
           CASE WHEN ${inRange} THEN TRY_CAST(text AS DECIMAL(24,6)) END AS a
         FROM read_csv($1, header = true, all_varchar = true, delim = ',', quote = '"', escape = '"', strict_mode = true)
       ) WHERE d <> '' AND a IS NOT NULL AND ($2 OR a >= 0) GROUP BY d ORDER BY encode(d)`,
    [pathOf(file), allowNegative],
  );
  return result.getRows().map((row) => row.join(' | '));
}

test.each([
  ['airports.csv', 'state', 'latitude'],
  ['birdstrikes.csv', 'Airport Name', 'Cost Total $'],
  ['disasters.csv', 'Entity', 'Deaths'],
  ['flights-airport.csv', 'origin', 'count'],
  ['gapminder-health-income.csv', 'region', 'population'],
  ['iowa-electricity.csv', 'source', 'net_generation'],
  ['la-riots.csv', 'neighborhood', 'age'],
  ['seattle-weather.csv', 'weather', 'temp_min'],
  ['sp500-2000.csv', 'date', 'close'],
  ['stocks.csv', 'symbol', 'price'],
  ['us-employment.csv', 'month', 'nonfarm_change'],
  ['weather.csv', 'location', 'precipitation'],
  ['zipcodes.csv', 'state', 'latitude'],
])('%s by %s: the totals of %s are those of DuckDB', async (file, departmentColumn, amountColumn) => {
  const path = `vega-datasets/data/${file}`;
  const options = { departmentColumn, amountColumn, decimalSeparator: '.', groupSeparator: 'none' };
  for (const allowNegative of [true, false]) {
    const totals = analyze(path, { ...options, negativeAmounts: allowNegative ? 'count' : 'reject' });
    expect(totals.length).toBeGreaterThan(0);
    const ours = totals.map(({ department, sum, count, min, max }) =>
      [department, formatDecimal(sum, 6), count, formatDecimal(min, 6), formatDecimal(max, 6)].join(' | '),
    );
    expect(ours).toEqual(await queryDuckDb(path, departmentColumn, amountColumn, allowNegative));
  }
});

// The files have their own names of columns; each row is counted under one column with the help of another.
const SPECTRUM = pathOf('csv-spectrum/csvs/');

test.each(readdirSync(SPECTRUM).filter((file) => file !== 'location_coordinates.csv'))(
  '%s has the fields that csv-spectrum says',
  (file) => {
    const expected: Record<string, string>[] = JSON.parse(
      readFileSync(pathOf(`csv-spectrum/json/${file.replace('.csv', '.json')}`), 'utf8'),
    );
    const names = Object.keys(expected[0]!);
    // None of the files has an amount in every row, so each row gets one: the columns are put to the test.
    const bytes = withAmounts(readFileSync(SPECTRUM + file));
    for (const [index, name] of names.entries()) {
      const analysis = new CsvAnalysis({
        ...DEFAULT_ANALYSIS_OPTIONS,
        delimiter: ',',
        header: 'true',
        trim: false,
        departmentColumn: String(index + 1),
        amountColumn: '0',
      });
      analysis.push(bytes);
      analysis.finish();
      const counts = new Map<string, number>();
      for (const row of expected) if (row[name]) counts.set(row[name], (counts.get(row[name]) ?? 0) + 1);
      const totals = [...analysis.totals(10)].flat();
      expect(new Map(totals.map(({ department, count }) => [department, count]))).toEqual(counts);
      expect(analysis.dialect!.columns[index + 1]!.name).toBe(name);
    }
  },
);

/** Puts a column of ones in front; a line begins a record if the quotes before it are even. */
function withAmounts(bytes: Buffer): Buffer {
  let quotes = 0;
  const lines = bytes.toString('utf8').split(/(?<=\n)/);
  const marked = lines.map((line, index) => {
    const isStart = quotes % 2 === 0 && line.trim() !== '';
    quotes += line.split('"').length - 1;
    return isStart ? `${index === 0 ? 'one' : '1'},${line}` : line;
  });
  return Buffer.from(marked.join(''));
}
