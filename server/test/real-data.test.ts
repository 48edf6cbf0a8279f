/** CSV files that nobody here made, through the whole system, with DuckDB's totals beside ours. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { totalsOf } from './support/clients.ts';
import { totalsByDuckDb } from './support/duckdb.ts';
import { ServerProcess } from './support/server-process.ts';
import { plainDecimal, readTotals } from './support/totals.ts';

const require = createRequire(import.meta.url);
// Its main file lies in a folder beside its data.
const vega = join(dirname(dirname(require.resolve('vega-datasets'))), 'data');

let server: ServerProcess;
beforeAll(async () => {
  server = await ServerProcess.start();
});
afterAll(() => server[Symbol.asyncDispose]());

test.each([
  ['stocks.csv', 'symbol', 'price'],
  ['seattle-weather.csv', 'weather', 'precipitation'],
  ['gapminder-health-income.csv', 'region', 'population'],
  ['iowa-electricity.csv', 'source', 'net_generation'],
  ['us-employment.csv', 'month', 'nonfarm'],
])('%s: %s by %s', async (name, department, amount) => {
  const file = join(vega, name);
  const query = `?filename=${name}&departmentColumn=${department}&amountColumn=${amount}&allowNegative=true`;
  const ours = readTotals(await totalsOf(server.url, await readFile(file), `${query}`));
  const theirs = await totalsByDuckDb(file, department, amount);
  expect(theirs.size).toBeGreaterThan(1);
  expect(ours).toEqual(new Map([...theirs].map(([key, sum]) => [key, plainDecimal(sum)])));
});
