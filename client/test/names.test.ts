/// <reference lib="dom" />
/** Totals are called by the columns that they are of. */
import { parse } from 'csv-parse/sync';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { endedJob } from '../../server/test/support/clients.ts';
import { PageTest, SCREENSHOTS } from './page-test.ts';

let pageTest: PageTest;
beforeAll(async () => {
  pageTest = await PageTest.start();
});
afterAll(() => pageTest[Symbol.asyncDispose]());

const idOf = (page: Page) => new URL(page.url()).hash.split('/').at(-1) ?? '';

async function openJob(name: string, body: string) {
  const url = `${pageTest.server.url}/upload?filename=${name}`;
  const { id } = (await (await fetch(url, { method: 'POST', body })).json()) as { id: string };
  await endedJob(pageTest.server.url, id);
  const permissions = ['clipboard-read', 'clipboard-write'];
  return (await pageTest.open({ permissions }, `${pageTest.server.url}/#/jobs/${id}`)).page;
}

test('a result has the names of its columns in its headings, its search, its heads and what is copied', async () => {
  const page = await openJob('regions.csv', 'Id,Region,Revenue\n1,North,5\n2,South,7\n');
  await page.getByRole('heading', { name: 'Totals per Region', exact: true }).waitFor();
  await page.getByRole('heading', { name: 'Largest sums per Region' }).waitFor();
  await page.getByRole('cell', { name: 'South' }).waitFor();
  expect((await page.getByRole('columnheader').allTextContents()).slice(0, 2)).toEqual(['Region', 'Revenue']);
  await page.getByRole('button', { name: 'Copy as table' }).click();
  await page.getByText('2 rows copied').waitFor();
  const copied = parse(await page.evaluate(() => navigator.clipboard.readText()), { delimiter: '\t' });
  expect(copied[0]).toEqual(['Region', 'Revenue', 'Rows', 'Mean', 'Smallest', 'Largest']);
  await page.getByRole('searchbox', { name: 'Search Region' }).fill('nowhere');
  await page.getByText('No Region contains “nowhere”.').waitFor();
});

test('what is copied has the decimal sign that a reader in Germany has in a spreadsheet', async () => {
  const id = idOf(await openJob('deutsch.csv', 'Region,Umsatz\nNord,1234.50\nSüd,0.25\n'));
  const permissions = ['clipboard-read', 'clipboard-write'];
  const { page } = await pageTest.open({ permissions, locale: 'de-DE' }, `${pageTest.server.url}/#/jobs/${id}`);
  await page.getByRole('cell', { name: '1.234,50' }).first().waitFor();
  await page.getByRole('button', { name: 'Copy as table' }).click();
  await page.getByText('2 rows copied').waitFor();
  const copied = parse(await page.evaluate(() => navigator.clipboard.readText()), { delimiter: '\t' });
  expect(copied[1]?.slice(0, 2)).toEqual(['Nord', '1234,50']);
});

test('a file without a header is called by the places of its columns', async () => {
  const page = await openJob('bare.csv', 'North,5\nSouth,7\nNorth,8\n');
  await page.getByRole('heading', { name: 'Totals per column 1', exact: true }).waitFor();
  expect((await page.getByRole('columnheader').allTextContents()).slice(0, 2)).toEqual(['Column 1', 'Column 2']);
});

test.each([320, 1440])('a name without an end neither widens the page at %i px nor hides a number', async (width) => {
  const page = await openJob('long.csv', `${'Region'.repeat(30)},${'Revenue'.repeat(30)}\nNorth,5\nSouth,7\n`);
  await page.setViewportSize({ width, height: 800 });
  await page.getByRole('cell', { name: 'South' }).waitFor();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  const scroller = page.getByRole('region', { name: 'Rows of the totals' });
  expect(await scroller.evaluate((area) => area.scrollWidth - area.clientWidth)).toBeLessThanOrEqual(0);
  await page.screenshot({ path: `${SCREENSHOTS}/long-names-${width}.png`, fullPage: true });
});

test('the classic file has departments', async () => {
  const page = await openJob('classic.csv', 'Department Name,Number of Sales\nToys,5\n');
  await page.getByRole('heading', { name: 'Totals per department', exact: true }).waitFor();
  await page.getByRole('searchbox', { name: 'Search departments' }).waitFor();
  expect((await page.getByRole('columnheader').allTextContents()).slice(0, 2)).toEqual(['Department', 'Sum']);
});
