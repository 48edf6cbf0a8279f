/** The walk that `npm run bench -- walk` times, with less rows: as many clicks, and the answer is that of DuckDB. */
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { DuckDBInstance } from '@duckdb/node-api';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type SalesFile, writeOrdersFile } from '../../bench/harness/sales-file.ts';
import { PageTest, SCREENSHOTS } from './page-test.ts';
import { walk } from './walk.ts';

const MOST_CLICKS = 8;

let pageTest: PageTest;
let orders: SalesFile;
beforeAll(async () => {
  pageTest = await PageTest.start();
  orders = writeOrdersFile(tmpdir(), `tallystream-walk-${process.pid}`, 200_000);
});
afterAll(async () => {
  await rm(orders.path);
  await pageTest[Symbol.asyncDispose]();
});

test('from orders to revenue per month in the North, by department, beside the year before', async () => {
  const { page, troubles } = await pageTest.open();
  const steps = await walk(page, orders.path, async (place) => {
    await page.screenshot({ path: `${SCREENSHOTS}/walk-${place}.png` });
  });
  expect(steps.length).toBeLessThanOrEqual(MOST_CLICKS);
  const id = page.url().split('/').at(-1);
  const csv = await (await fetch(`${pageTest.server.url}/jobs/${id}/totals.csv`)).text();
  const [, ...rows] = parse(csv) as string[][];
  const duckDb = await (await DuckDBInstance.create()).connect();
  const answer = await duckDb.runAndReadAll(
    `SELECT department, strftime(date, '%Y-%m') AS month, SUM(revenue)::VARCHAR AS sum
     FROM read_csv('${orders.path}', types = { revenue: 'DECIMAL(18,2)' }) WHERE region = 'North'
     GROUP BY ALL ORDER BY department, month`,
  );
  expect(rows).toEqual(answer.getRows());
  // The first row of the list that has a year before.
  const row = page
    .getByRole('row')
    .filter({ hasText: /· 202[56]-\d\d/ })
    .first();
  const [department, month = ''] = ((await row.locator('[data-column="department"]').textContent()) ?? '').split(' · ');
  const sumOf = (wanted: string) => rows.find((each) => each[0] === department && each[1] === wanted)?.[2] ?? '';
  const yearBefore = month.replace(/^\d+/, (year) => String(Number(year) - 1));
  const cents = (text: string) => BigInt(text.replaceAll(/[^\d-]/g, ''));
  const change = async () =>
    cents((await row.locator('[data-column="toYearBefore"]').textContent())?.trim().split(' ')[0] ?? '');
  await expect.poll(change).toBe(cents(sumOf(month)) - cents(sumOf(yearBefore)));
  expect(troubles).toEqual([]);
});
