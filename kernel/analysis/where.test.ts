import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, expect, test } from 'vitest';
import { formatDecimal } from '../decimal.ts';
import type { FilterOption } from '../options.ts';
import { DEFAULT_ANALYSIS_OPTIONS } from '../testing/default-options.ts';
import { orders } from '../testing/orders.ts';
import { type AnalysisOptions, CsvAnalysis, inspectSample } from './analysis.ts';

const folder = mkdtempSync(join(tmpdir(), 'tallystream-where-'));
const instance = await DuckDBInstance.create(':memory:');
afterAll(() => {
  instance.closeSync();
  rmSync(folder, { recursive: true });
});

/** A file, and how DuckDB reads the date of it. */
interface Table {
  path: string;
  texts: string[];
  numbers: string[];
  date?: { column: string; sql: string };
}

const vega = (name: string) => fileURLToPath(new URL(`../../node_modules/vega-datasets/data/${name}`, import.meta.url));
const made = join(folder, 'orders.csv');
writeFileSync(made, orders(30_000, 11));

const TABLES: Table[] = [
  { path: made, texts: ['Region', 'Product'], numbers: ['Revenue', 'id'], date: { column: 'iso', sql: 'iso::DATE' } },
  {
    path: made,
    texts: ['Region', 'Product'],
    numbers: ['Revenue'],
    date: { column: 'german', sql: "strptime(german, '%d.%m.%Y')::DATE" },
  },
  {
    path: vega('seattle-weather.csv'),
    texts: ['weather'],
    numbers: ['precipitation', 'temp_max', 'wind'],
    date: { column: 'date', sql: 'date::DATE' },
  },
  {
    path: vega('stocks.csv'),
    texts: ['symbol'],
    numbers: ['price'],
    date: { column: 'date', sql: "strptime(date, '%b %-d %Y')::DATE" },
  },
  { path: vega('disasters.csv'), texts: ['Entity'], numbers: ['Deaths', 'Year'] },
  {
    path: vega('birdstrikes.csv'),
    texts: ['Origin State', 'Wildlife Species', 'Time of day'],
    numbers: ['Cost Total $', 'Cost Repair', 'Speed IAS in knots'],
    date: { column: 'Flight Date', sql: '"Flight Date"::DATE' },
  },
];

/** Numbers by chance, but always the same. */
class Chance {
  #state: number;
  constructor(seed: number) {
    this.#state = seed;
  }
  below(limit: number): number {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0;
    return Math.floor((this.#state / 2 ** 32) * limit);
  }
  oneOf<T>(values: readonly T[]): T {
    return values[this.below(values.length)]!;
  }
}

const ROWS = (path: string) =>
  `read_csv('${path}', header = true, all_varchar = true, delim = ',', quote = '"', escape = '"')`;
const text = (value: string) => `'${value.replaceAll("'", "''")}'`;
const number = (column: string) => `TRY_CAST(trim("${column}") AS DECIMAL(24,6))`;

async function query(sql: string): Promise<unknown[][]> {
  const connection = await instance.connect();
  return (await connection.runAndReadAll(sql)).getRows();
}

/** A filter by chance whose values the file has, with the condition that says the same. */
async function anyFilter(table: Table, chance: Chance): Promise<{ filter: FilterOption; sql: string }> {
  const kind = chance.below(table.date ? 4 : 3);
  if (kind < 2) {
    const column = chance.oneOf(table.texts);
    const found = await query(
      `SELECT DISTINCT coalesce(trim("${column}"), '') AS v FROM ${ROWS(table.path)} ORDER BY v`,
    );
    const all = found.map(([value]) => String(value));
    const values = Array.from({ length: 1 + chance.below(4) }, () => chance.oneOf([...all, '', 'none of them']));
    const isNegated = chance.below(2) === 1;
    const list = values.map(text).join(', ');
    const sql = `coalesce(trim("${column}"), '') ${isNegated ? 'NOT ' : ''}IN (${list})`;
    return { filter: { column, values, isNegated }, sql };
  }
  if (kind === 2) {
    const column = chance.oneOf(table.numbers);
    const [[low, high] = []] = (await query(
      `SELECT quantile_cont(${number(column)}, 0.${chance.below(5)})::DECIMAL(18,2)::VARCHAR,
        quantile_cont(${number(column)}, 0.${5 + chance.below(5)})::DECIMAL(18,2)::VARCHAR FROM ${ROWS(table.path)}`,
    )) as [string, string][];
    const isOpen = chance.below(3) === 0;
    const sql = isOpen ? `${number(column)} >= ${low}` : `${number(column)} BETWEEN ${low} AND ${high}`;
    return { filter: { column, from: low!, to: isOpen ? '' : high! }, sql };
  }
  const { column, sql } = table.date!;
  const [[from, to] = []] = (await query(
    `SELECT strftime(quantile_disc(${sql}, 0.${chance.below(5)}), '%Y-%m'),
      strftime(quantile_disc(${sql}, 0.${5 + chance.below(5)}), '%Y-%m-%d') FROM ${ROWS(table.path)}`,
  )) as [string, string][];
  return {
    filter: { column, from: from!, to: to! },
    sql: `${sql} BETWEEN (${text(from!)} || '-01')::DATE AND ${text(to!)}::DATE`,
  };
}

const PERIOD_SQL = { year: '%Y', month: '%Y-%m', week: '%G-W%V', day: '%Y-%m-%d' };

test.each(Array.from({ length: 30 }, (_, seed) => seed))(
  'question %i of any columns is answered as by DuckDB',
  async (seed) => {
    const chance = new Chance(seed * 7919 + 1);
    const table = TABLES[seed % TABLES.length]!;
    const amount = chance.oneOf(table.numbers);
    const groups = table.texts
      .slice(0, 1 + chance.below(2))
      .map((column) => ({ name: column, sql: `trim("${column}")` }));
    if (table.date && chance.below(2) === 0) {
      const [period, format] = chance.oneOf(Object.entries(PERIOD_SQL));
      groups.push({ name: `${table.date.column}:${period}`, sql: `strftime(${table.date.sql}, '${format}')` });
    }
    const filters = [];
    for (let left = 1 + chance.below(3); left > 0; left--) filters.push(await anyFilter(table, chance));

    const analysis = new CsvAnalysis({
      ...DEFAULT_ANALYSIS_OPTIONS,
      groupBy: groups.map(({ name }) => name),
      amountColumn: amount,
      where: filters.map(({ filter }) => filter),
    });
    const bytes = readFileSync(table.path);
    for (let at = 0; at < bytes.length; at += 49_999) analysis.push(bytes.subarray(at, at + 49_999));
    analysis.finish();
    const ours = [...analysis.totals(100)].flat().map(({ department, keys, sum, count, min, max }) => {
      const figures = [formatDecimal(sum, 6), count, formatDecimal(min, 6), formatDecimal(max, 6)];
      return [...(keys ?? [department]), ...figures].join(' | ');
    });

    const passes = filters.map(({ sql }) => `(${sql})`).join(' AND ');
    const names = groups.map((_, index) => `k${index}`);
    const theirs = await query(
      `SELECT ${names.join(', ')}, sum(a)::DECIMAL(38,6)::VARCHAR, count(*)::INTEGER, min(a)::VARCHAR, max(a)::VARCHAR
     FROM (SELECT ${groups.map(({ sql }, index) => `${sql} AS k${index}`).join(', ')}, ${number(amount)} AS a
       FROM ${ROWS(table.path)} WHERE ${passes})
     WHERE a IS NOT NULL AND ${names.map((name) => `${name} <> ''`).join(' AND ')}
     GROUP BY ${names.join(', ')} ORDER BY ${names.map((name) => `encode(${name})`).join(', ')}`,
    );
    expect(ours).toEqual(theirs.map((row) => row.join(' | ')));
    const [[rows, passed] = []] = (await query(
      `SELECT count(*)::INTEGER, (count(*) FILTER (WHERE ${passes}))::INTEGER FROM ${ROWS(table.path)}`,
    )) as [number, number][];
    const snapshot = analysis.snapshot(0);
    expect(snapshot.rows + snapshot.rowsRejected).toBe(passed);
    expect(snapshot.rowsFiltered).toBe(rows! - passed!);
  },
);

const CSV =
  'Region,Day,Sales,Note\nNorth,2026-01-31,1,\nSouth,2026-02-01,-2.5,x\n"East, far",2027-01-03,1000,"a ""b"""\n';

function read(where: FilterOption[], more: Partial<AnalysisOptions> = {}, csv = CSV) {
  const analysis = new CsvAnalysis({ ...DEFAULT_ANALYSIS_OPTIONS, amountColumn: 'Sales', ...more, where });
  analysis.push(Buffer.from(csv));
  analysis.finish();
  const snapshot = analysis.snapshot(0);
  return {
    names: [...analysis.totals(10)].flat().map(({ department }) => department),
    ...snapshot,
    doubts: analysis.doubts(snapshot).map(({ code }) => code),
    sentences: analysis.doubts(snapshot).map(({ message }) => message),
  };
}

const values = (column: string, ...list: string[]) => ({ column, values: list, isNegated: false });
const not = (column: string, ...list: string[]) => ({ column, values: list, isNegated: true });
const between = (column: string, from: string, to: string) => ({ column, from, to });

test.each([
  [[values('Region', 'North')], ['North']],
  [[values('region', 'East, far', 'none')], ['East, far']],
  [[values('Region', ' North ')], ['North']],
  [[not('Region', 'North')], ['East, far', 'South']],
  [[values('Note', '')], ['North']],
  [[not('Note', '')], ['East, far', 'South']],
  [[values('Note', 'a "b"')], ['East, far']],
  [[values('Region', 'north')], []],
  [[values('Region')], []],
  [[between('Sales', '-2.5', '1')], ['North', 'South']],
  [[between('Sales', '1.000001', '')], ['East, far']],
  [[between('Sales', '', '0')], ['South']],
  [[between('Day', '2026', '2026')], ['North', 'South']],
  [[between('Day', '2026-01', '2026-01')], ['North']],
  [[between('Day', '2026-Q1', '2026-Q1')], ['North', 'South']],
  [[between('Day', '2026-W53', '2026-W53')], ['East, far']],
  [[between('Day', '2026-W05', '')], ['East, far', 'North', 'South']],
  [[between('Day', '', '2026-02-01')], ['North', 'South']],
  [[between('Day', '2026', ''), not('Region', 'North'), between('Sales', '0', '')], ['East, far']],
])('with %j count %j', (where, names) => {
  const result = read(where);
  expect(result.names).toEqual(names);
  expect(result.rowsFiltered).toBe(3 - names.length);
});

test.each([
  ['\ta', '\t', ['\ta']],
  ['a', '\t', ['a']],
  [' \u00a0a\u200b ', '\t', ['a']],
  [' a', ' ', [' a']],
  ['\ta', ' ', ['a']],
])('%j is looked for as it is read where %j separates', (value, delimiter, names) => {
  const csv = `Region${delimiter}Sales\n"${delimiter}a"${delimiter}1\na${delimiter}2\n`;
  expect(read([values('Region', value)], { delimiter: delimiter === '\t' ? 'tab' : delimiter }, csv).names).toEqual(
    names,
  );
});

test('filters that leave out all rows are told', () => {
  const { doubts, sentences, rows, rowsFiltered } = read([values('Region', 'north')]);
  expect({ doubts, rows, rowsFiltered }).toEqual({ doubts: ['NO_ROW_PASSES'], rows: 0, rowsFiltered: 3 });
  expect(sentences[0]).toContain('all 3 rows');
});

test('a value that a range cannot judge is rejected, unless another filter leaves the row out', () => {
  const csv =
    'Region,Day,Size,Sales\na,soon,1,1\nb,2026-01-01,large,2\nc,soon,large,3\nd,,1,4\ne,2026-01-01,,5\nf,2026-01-01,1,6\n';
  const range = [between('Day', '2026-01-01', ''), between('Size', '0', '')];
  const { rejectedByReason, rowsFiltered, names } = read(range, {}, csv);
  expect({ names, rowsFiltered }).toEqual({ names: ['f'], rowsFiltered: 2 });
  expect([rejectedByReason[11], rejectedByReason[4]]).toEqual([2, 1]);
  expect(read([...range, not('Region', 'a', 'b', 'c')], {}, csv)).toMatchObject({ rowsRejected: 0, rowsFiltered: 5 });
});

test('rows of which a filter leaves out are judged in nothing else but their form', () => {
  const csv = 'Region,Sales\nNorth,x\nSouth,5\n,7\nWest,1,2\n';
  expect(read([values('Region', 'South')], {}, csv)).toMatchObject({ rows: 1, rowsFiltered: 2, rowsRejected: 1 });
});

test('the order of dates that only a filter has is found, and told where it is not certain', () => {
  const csv = 'Region,Day,Sales\na,1/2/2026,1\nb,3/4/2026,2\n';
  expect(read([between('Day', '2026-01', '2026-01')], {}, csv)).toMatchObject({
    names: ['a'],
    doubts: expect.arrayContaining(['DATE_ORDER_UNCERTAIN']),
  });
  expect(read([between('Day', '2026-02', '2026-02')], {}, `${csv}c,13/2/2026,3\n`).names).toEqual(['a', 'c']);
});

test.each([
  ['decimal commas that only they have', ['"1,23"', '"2,5"', '"12,5"'], ['a', 'b'], []],
  ['a currency that only they have', ['€1', '2.5 €', '€12'], ['a', 'b'], []],
  ['a currency in some of them', ['€1', '2.5', '12'], ['a', 'b'], []],
  ['numbers of two readings', ['"1,234"', '"2,500"', '"3,125"'], [], ['DECIMAL_SEPARATOR_UNCERTAIN', 'NO_ROW_PASSES']],
])('numbers of filters are read as they are written: %s', (_, prices, names, doubts) => {
  const csv = `Region,Price,Pieces\n${prices.map((price, at) => `${'abc'[at]},${price},${at}\n`).join('')}`;
  const result = read([between('Price', '0', '10')], { amountColumn: 'Pieces' }, csv);
  expect(result).toMatchObject({ names, doubts, rowsRejected: 0 });
});

test('amounts decide how numbers are written before filters do', () => {
  const csv = 'Region,Price,Sales\na,"2,5",1.5\nb,"1,5",$2.25\nc,3,€3\nd,€4,$4\n';
  const result = read([between('Price', '0', '10')], {}, csv);
  expect(result.names).toEqual([]);
  expect(result.rejectedByReason[4]).toBe(4);
  expect(read([], {}, csv).names).toEqual(['a', 'b', 'd']);
});

test('a number below zero that has too many digits passes no range, whether such amounts count or not', () => {
  const csv = 'Region,Longitude,Sales\na,-0.1234567,1\nb,-1234567890123456789,2\nc,0.5,3\nd,-0.5,4\ne,-0,5\n';
  for (const negativeAmounts of ['count', 'reject']) {
    const result = read([between('Longitude', '-1', '1')], { negativeAmounts }, csv);
    expect(result.names).toEqual(['c', 'd', 'e']);
    expect(result.rejectedByReason[6]).toBe(2);
  }
});

test.each([
  [[values('None', 'x')], 'COLUMN_NOT_FOUND', 'where is "None"'],
  [[values('', 'x')], 'OPTION_INVALID', "column's name"],
  [[between('Sales', '', '')], 'OPTION_INVALID', 'first or a last'],
  [[between('Sales', '5', '1')], 'OPTION_INVALID', 'turn it around'],
  [[between('Sales', 'a', 'b')], 'OPTION_INVALID', 'two numbers'],
  [[between('Day', '2026-13', '')], 'OPTION_INVALID', 'two dates'],
  [[between('Day', '2026-02-30', '')], 'OPTION_INVALID', 'two dates'],
  [[between('Day', '2025-W53', '')], 'OPTION_INVALID', 'two dates'],
  [Array.from({ length: 17 }, () => values('Region', 'x')), 'OPTION_INVALID', 'at most 16'],
  [[values('Region', ...Array.from({ length: 1001 }, () => 'x'))], 'OPTION_INVALID', 'at most 1000'],
  [[values('Region', 'x'.repeat(17_000))], 'OPTION_INVALID', '16384 bytes'],
  [[between('Sales', '1', '2'.repeat(17_000))], 'OPTION_INVALID', '16384 bytes'],
] as [FilterOption[], string, string][])('%j is refused: %s', (where, code, words) => {
  expect(() => read(where)).toThrow(expect.objectContaining({ code, message: expect.stringContaining(words) }));
});

test('numbers of two readings that come behind the sample are told, also of rows that they leave out', () => {
  const begin = `Region,Price,Qty\n${'a,1,1\n'.repeat(12_000)}`;
  const priced = (...prices: string[]) =>
    read(
      [between('Price', '0', '10')],
      { amountColumn: 'Qty' },
      begin + prices.map((price) => `c,"${price}",7\n`).join(''),
    );
  expect(priced('1,235')).toMatchObject({ rowsFiltered: 1, doubts: ['DECIMAL_SEPARATOR_UNCERTAIN'] });
  expect(priced('1,235,000', '12')).toMatchObject({ rowsFiltered: 2, doubts: [] });
});

test('as many values of as many bytes as are allowed are told apart', () => {
  const list = Array.from({ length: 1000 }, (_, index) => `${'x'.repeat(12)}${String(index).padStart(4, '0')}`);
  const csv = `Region,Sales\n${list.map((name) => `${name},1\n${name}x,2\n`).join('')}`;
  expect(read([values('Region', ...list)], {}, csv)).toMatchObject({
    rows: 1000,
    rowsFiltered: 1000,
    total: 1000_000000n,
  });
  const spread = list.map((name, index) => ({ name, filter: index % 16 }));
  const where = Array.from({ length: 16 }, (_, filter) =>
    not('Region', ...spread.filter((each) => each.filter === filter).map(({ name }) => name)),
  );
  expect(read(where, {}, csv)).toMatchObject({ rows: 1000, rowsFiltered: 1000, total: 2000_000000n });
});

test('a sample says which rows a filter leaves out, and how its columns look', () => {
  const options = { ...DEFAULT_ANALYSIS_OPTIONS, amountColumn: 'Sales', where: [between('Day', '2026-02', '')] };
  const { rows, columns } = inspectSample(Buffer.from(CSV), true, options);
  expect(rows.map(({ isFiltered }) => isFiltered)).toEqual([true, false, false]);
  expect(columns).toMatchObject([
    { kind: 'text', values: 3, empty: 0, distinct: 3, frequent: ['East, far', 'North', 'South'] },
    { kind: 'date' },
    { kind: 'number', distinct: 3 },
    { kind: 'text', values: 2, empty: 1, distinct: 2 },
  ]);
});
