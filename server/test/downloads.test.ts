/** Results as files, read back by programs that nobody here wrote. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { endedJob, gatewayClient, upload } from './support/clients.ts';
import { queryDuckDb } from './support/duckdb.ts';
import { generateSales } from './support/sales.ts';
import { ServerProcess } from './support/server-process.ts';
import { plainDecimal, readTotals } from './support/totals.ts';

let server: ServerProcess;
let folder: string;

beforeAll(async () => {
  server = await ServerProcess.start();
  folder = await mkdtemp(join(tmpdir(), 'tallystream-files-'));
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

async function job(csv: string | Buffer, query = ''): Promise<string> {
  const { id } = await upload(server.url, csv, query);
  await endedJob(server.url, id);
  return id;
}

const get = (id: string, file: string) => fetch(`${server.url}/jobs/${id}/${file}`);

test('CSV, JSON and Parquet hold the same exact totals', async () => {
  const sales = generateSales(30_000, 8);
  const id = await job(sales.csv);
  const right = sales.truth.departments.map(({ department, sum, count }) => [
    department,
    plainDecimal(sum),
    String(count),
  ]);
  const csv: string[][] = parse(await (await get(id, 'totals.csv?columns=all')).text(), { from: 2 });
  expect(csv.map(([department, sum = '', count]) => [department, plainDecimal(sum), count])).toEqual(right);
  const json = (await (await get(id, 'totals.json')).json()) as { department: string; sum: string; count: number }[];
  expect(json.map(({ department, sum, count }) => [department, plainDecimal(sum), String(count)])).toEqual(right);
  const file = join(folder, 'totals.parquet');
  await writeFile(file, Buffer.from(await (await get(id, 'totals.parquet')).arrayBuffer()));
  const rows = await queryDuckDb(`SELECT department, sum, count, min, max, mean FROM '${file}'`);
  expect(rows.map(([department, sum = '', count]) => [department, plainDecimal(sum), count])).toEqual(right);
  const statistics = (values: string[]) => values.map(plainDecimal);
  expect(rows.map((row) => statistics(row.slice(3)))).toEqual(csv.map((row) => statistics(row.slice(3))));
  expect(await queryDuckDb(`SELECT DISTINCT typeof(sum) FROM '${file}'`)).toEqual([['DECIMAL(38,6)']]);
});

test('sums beyond 64 bits and negative ones keep every digit in every format', async () => {
  const lines = Array.from({ length: 30 }, () => 'Huge,999999999999999999\nLow,-0.000001\n').join('');
  const id = await job(`Department,Sales\n${lines}`, '?allowNegative=true');
  const text = await (await get(id, 'totals.csv')).text();
  expect(text).toBe('Department,Sales\nHuge,29999999999999999970\nLow,-0.000030\n');
  const file = join(folder, 'huge.parquet');
  await writeFile(file, Buffer.from(await (await get(id, 'totals.parquet')).arrayBuffer()));
  expect(await queryDuckDb(`SELECT sum FROM '${file}'`)).toEqual([['29999999999999999970.000000'], ['-0.000030']]);
});

test('departments are sorted by code point and quoted by RFC 4180; formulas are made harmless unless raw', async () => {
  const names = [
    'Zoo',
    'apple',
    'Äpfel',
    '=1+1',
    '@cmd',
    '-5',
    '+4',
    'a"b',
    'a,b',
    'line\nbreak',
    '日本',
    '😀',
    '\uffee',
  ];
  const id = await job(`Department,Sales\n${names.map((name) => `"${name.replaceAll('"', '""')}",1\n`).join('')}`);
  const byCodePoint = names.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  const raw = await (await get(id, 'totals.csv?raw=1')).text();
  expect([...readTotals(raw).keys()]).toEqual(byCodePoint);
  const safe = await (await get(id, 'totals.csv')).text();
  const escaped = byCodePoint.map((name) => (/^[=@+-]/.test(name) ? `'${name}` : name));
  expect([...readTotals(safe).keys()]).toEqual(escaped);
});

test('a byte order mark comes when asked for, and names are those of the upload', async () => {
  const id = await job('Department,Sales\nA,1\n', `?filename=${encodeURIComponent('Umsätze "Q1".csv')}`);
  const plain = await get(id, 'totals.csv');
  expect(plain.headers.get('content-type')).toMatch(/^text\/csv; charset=utf-8/);
  const disposition = plain.headers.get('content-disposition') ?? '';
  expect(decodeURIComponent(disposition.split("UTF-8''")[1] ?? '')).toBe('Umsätze "Q1".totals.csv');
  expect(
    Buffer.from(await plain.arrayBuffer())
      .subarray(0, 3)
      .toString('hex'),
  ).not.toBe('efbbbf');
  const marked = Buffer.from(await (await get(id, 'totals.csv?bom=1')).arrayBuffer());
  expect(marked.subarray(0, 3).toString('hex')).toBe('efbbbf');
});

test('rejected rows can be downloaded', async () => {
  const id = await job('Department,Sales\nA,1\n"B, c",x\n=D,\n');
  const records: string[][] = parse(await (await get(id, 'rejects.csv')).text());
  expect(records).toEqual([
    ['Line', 'Byte Offset', 'Reason', 'Raw', 'Lines'],
    ['3', '21', 'AMOUNT_NOT_A_NUMBER', '"B, c",x', '1'],
    ['4', '30', 'EMPTY_AMOUNT', "'=D,", '1'],
  ]);
});

test('what is not there, or not possible, is answered in words', async () => {
  const id = await job('Department,Sales\nA,1\n');
  expect((await get(id, 'totals.csv?columns=some')).status).toBe(400);
  expect((await get('nothing', 'totals.csv')).status).toBe(404);
  expect((await fetch(`${server.url}/jobs/${id}/totals.csv`, { method: 'POST' })).status).toBe(405);
  const head = await fetch(`${server.url}/jobs/${id}/totals.csv`, { method: 'HEAD' });
  expect(head.status).toBe(200);
  expect((await fetch(`${server.url}/jobs/${id}/totals.xls`)).status).toBe(404);
});

test('300,000 departments are downloaded whole and in order', async () => {
  const lines = Array.from({ length: 300_000 }, (_, index) => `D${index},${index}\n`);
  const id = await job(`Department,Sales\n${lines.join('')}`);
  const totals = readTotals(await (await get(id, 'totals.csv')).text());
  expect(totals.size).toBe(300_000);
  expect([...totals.keys()]).toEqual([...totals.keys()].toSorted());
  // A job that is deleted meanwhile must not look like a file that has ended.
  const response = await get(id, 'totals.csv');
  const reader = response.body?.getReader();
  await reader?.read();
  await gatewayClient(server.url).deleteJob({ id });
  const rest = (async () => {
    for (let part = await reader?.read(); part && !part.done; part = await reader?.read());
  })();
  await expect(rest).rejects.toThrow();
  expect([...totals].every(([name, sum]) => name === `D${sum}`)).toBe(true);
});

test('totals have the names of their columns, those that were asked for', async () => {
  const csv = 'Region,Team,Revenue,Units\nNorth,a,1.50,1\nSouth,b,2,2\n';
  const header = async (query: string) => {
    const id = await job(csv, query);
    const [first = '', all = ''] = await Promise.all(
      ['totals.csv', 'totals.csv?columns=all'].map(async (file) => (await (await get(id, file)).text()).split('\n')[0]),
    );
    expect(all).toBe(`${first},Count,Min,Max,Mean`);
    return first;
  };
  expect(await header('')).toBe('Region,Revenue');
  expect(await header('?departmentColumn=Team&amountColumn=3')).toBe('Team,Units');
  expect(await header('?header=false&departmentColumn=1&amountColumn=2')).toBe('Column 2,Column 3');
  const odd = await job('"Dept, ""A""",=Sum\nx,1\n', '?header=true');
  expect(await (await get(odd, 'totals.csv')).text()).toBe('"Dept, ""A""",\'=Sum\nx,1\n');
  expect(await (await get(odd, 'totals.csv?raw=1')).text()).toBe('"Dept, ""A""",=Sum\nx,1\n');
  const classic = await job('Department Name,Date,Number of Sales\nx,2024-01-01,1\n');
  expect(await (await get(classic, 'totals.csv')).text()).toBe('Department Name,Total Number of Sales\nx,1\n');
});

test('totals come in the order and with the departments that are asked for, in every format', async () => {
  const id = await job('Region,Revenue\nNorth,1\nSouth,30\nNorth-West,20\n');
  expect(await (await get(id, 'totals.csv?orderBy=sum%20desc&search=north')).text()).toBe(
    'Region,Revenue\nNorth-West,20\nNorth,1\n',
  );
  const json = (await (await get(id, 'totals.json?orderBy=sum%20desc')).json()) as { department: string }[];
  expect(json.map(({ department }) => department)).toEqual(['South', 'North-West', 'North']);
  const file = join(folder, 'ordered.parquet');
  await writeFile(file, Buffer.from(await (await get(id, 'totals.parquet?search=SOUTH')).arrayBuffer()));
  expect(await queryDuckDb(`SELECT department FROM '${file}'`)).toEqual([['South']]);
});

test('two downloads of one file have two names', async () => {
  const nameOf = async (query: string, file: string) => {
    const id = await job('Region,Team,Revenue\nNorth,a,1\n', `?filename=sales.csv${query}`);
    const disposition = (await get(id, file)).headers.get('content-disposition') ?? '';
    return /filename="([^"]*)"/.exec(disposition)?.[1];
  };
  expect(await nameOf('', 'totals.csv')).toBe('sales.totals.csv');
  expect(await nameOf('', 'totals.csv?columns=all')).toBe('sales.totals-all-columns.csv');
  expect(await nameOf('', 'totals.csv?search=n')).toBe('sales.totals-found.csv');
  expect(await nameOf('&departmentColumn=Team', 'totals.json')).toBe('sales.totals-by-Team.json');
  expect(await nameOf('', 'rejects.csv')).toBe('sales.rejects.csv');
});

test.each([
  ['totals.csv?column=all', /no parameter "column": use columns, /],
  ['totals.csv?columns=some', /columns is "some"/],
  ['totals.csv?bom=yes', /bom is "yes"/],
  ['totals.csv?orderBy=size', /orderBy is "size"/],
  ['totals.json?columns=all', /no parameter "columns"/],
  [`totals.csv?search=${'x'.repeat(1_001)}`, /search is .* at most 1000 are allowed/],
  ['rejects.csv?search=a', /no parameter "search"/],
])('%s is refused, not ignored', async (file, message) => {
  const id = await job('Department,Sales\nA,1\n');
  const response = await get(id, file);
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ message: expect.stringMatching(message) });
});
